const LOOK_EVERY_MS = 20;

/**
 * Does something whenever the clock has moved on by `everyMs`, however fast it runs: it looks at the clock in real
 * time, and does it once, not once for each time that was missed. Returns what ends it.
 */
export function everySoOften(everyMs: number, now: () => number, act: () => void): () => void {
  let last = now();
  const timer = setInterval(() => {
    if (now() - last < everyMs) return;
    last = now();
    act();
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
