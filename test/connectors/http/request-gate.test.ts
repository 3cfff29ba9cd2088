import { describe, expect, test } from 'vitest';
import { createRequestGate } from '../../../src/connectors/http/request-gate.ts';
import type { GateClock, RequestGate } from '../../../src/connectors/http/request-gate.ts';

/** A clock that jumps to the next moment somebody waits for, when told to. */
function testClock() {
  let now = 0;
  const sleepers: { at: number; wake: () => void }[] = [];
  const clock: GateClock = {
    now: () => now,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        sleepers.push({ at: now + ms, wake: resolve });
        if (signal !== never) signal.addEventListener('abort', () => reject(new Error('called off')));
      }),
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    settle,
    /** Runs until nobody waits any more. */
    run: async () => {
      await settle();
      while (sleepers.length > 0) {
        sleepers.sort((a, b) => a.at - b.at);
        const next = sleepers.shift();
        now = Math.max(now, next?.at ?? now);
        next?.wake();
        await settle();
      }
    },
  };
}

const never = new AbortController().signal;

function enterAt(gate: RequestGate, clock: GateClock, times: number[]): void {
  void gate.enter(never).then((entry) => {
    if (!entry.entered) return;
    times.push(clock.now());
    entry.leave();
  });
}

describe('the gate in front of a server', () => {
  test('lets so many in a second, evenly', async () => {
    const { clock, run } = testClock();
    const gate = createRequestGate({ concurrency: 10, ratePerSecond: 4, patienceMs: 1e6, clock });
    const times: number[] = [];
    for (let caller = 0; caller < 6; caller += 1) enterAt(gate, clock, times);
    await run();
    expect(times).toEqual([0, 250, 500, 750, 1000, 1250]);
  });

  test('lets everybody in at once without a rate', async () => {
    const { clock, run } = testClock();
    const gate = createRequestGate({ concurrency: 10, ratePerSecond: null, patienceMs: 1e6, clock });
    const times: number[] = [];
    for (let caller = 0; caller < 6; caller += 1) enterAt(gate, clock, times);
    await run();
    expect(times).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('holds so many inside at a time, in the order of arrival', async () => {
    const { clock, settle } = testClock();
    const gate = createRequestGate({ concurrency: 2, ratePerSecond: null, patienceMs: 1e6, clock });
    const inside: number[] = [];
    const leave: (() => void)[] = [];
    for (const caller of [1, 2, 3, 4]) {
      void gate.enter(never).then((entry) => {
        inside.push(caller);
        if (entry.entered) leave.push(entry.leave);
      });
    }
    await settle();
    expect(inside).toEqual([1, 2]);
    leave[0]?.();
    leave[0]?.();
    await settle();
    expect(inside).toEqual([1, 2, 3]);
  });

  test('closed, it opens for nobody before its time, and then one by one', async () => {
    const { clock, run } = testClock();
    const gate = createRequestGate({ concurrency: 10, ratePerSecond: 10, patienceMs: 1e6, clock });
    const times: number[] = [];
    for (let caller = 0; caller < 3; caller += 1) enterAt(gate, clock, times);
    gate.closeFor(5000);
    gate.closeFor(10);
    await run();
    expect(times).toEqual([5000, 5100, 5200]);
  });

  test('closed while callers wait for their turn, it gives them new turns behind its reopening', async () => {
    const { clock, run, settle } = testClock();
    const gate = createRequestGate({ concurrency: 10, ratePerSecond: 10, patienceMs: 1e6, clock });
    const times: number[] = [];
    for (let caller = 0; caller < 4; caller += 1) enterAt(gate, clock, times);
    await settle();
    expect(times).toEqual([0]);
    gate.closeFor(5000);
    await run();
    expect(times).toEqual([0, 5000, 5100, 5200]);
  });

  test('closed for longer than the patience, it is not waited for', async () => {
    const { clock } = testClock();
    const gate = createRequestGate({ concurrency: 1, ratePerSecond: null, patienceMs: 1000, clock });
    gate.closeFor(1001);
    expect(await gate.enter(never)).toEqual({ entered: false, closedMs: 1001 });
    expect(await gate.enter(never)).toEqual({ entered: false, closedMs: 1001 });
  });

  test('a caller called off while waiting leaves its place to the others', async () => {
    const { clock, run, settle } = testClock();
    const gate = createRequestGate({ concurrency: 1, ratePerSecond: 1, patienceMs: 1e6, clock });
    const caller = new AbortController();
    const times: number[] = [];
    enterAt(gate, clock, times);
    await settle();
    const waiting = gate.enter(caller.signal);
    const queued = gate.enter(caller.signal);
    enterAt(gate, clock, times);
    await settle();
    caller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow();
    await expect(queued).rejects.toThrow('enough');
    await run();
    expect(times).toHaveLength(2);
  });
});
