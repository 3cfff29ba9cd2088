/** Lets one holder in at a time, in the order in which they asked. */
export interface FifoMutex {
  /** Waits for its turn; the answer gives the mutex back, once. */
  acquire(): Promise<() => void>;
}

export function createFifoMutex(): FifoMutex {
  let last: Promise<void> = Promise.resolve();
  return {
    async acquire() {
      const before = last;
      let release: () => void = () => undefined;
      last = new Promise((resolve) => {
        release = resolve;
      });
      await before;
      return release;
    },
  };
}
