import { CancellationScope } from '@temporalio/workflow';

/** Does them side by side. When one fails for good, the others are called off: the run is over. */
export async function together<T>(works: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const scope = new CancellationScope();
  try {
    return await scope.run(() => Promise.all(works.map((work) => work())));
  } catch (error) {
    scope.cancel();
    throw error;
  }
}
