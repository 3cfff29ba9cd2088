/** What must be ended, the last first, whatever becomes of the others. */
export interface Cleanup {
  add(task: () => Promise<void> | void): void;
  run(): Promise<void>;
}

export function createCleanup(): Cleanup {
  const tasks: (() => Promise<void> | void)[] = [];
  return {
    add(task) {
      tasks.push(task);
    },
    async run() {
      for (const task of tasks.splice(0).reverse()) {
        try {
          await task();
        } catch {
          // The others must be ended all the same.
        }
      }
    },
  };
}
