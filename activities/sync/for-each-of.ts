import { throwRejected } from '../failures.ts';

/** Works on every item, at most `limit` at once; the first error ends it, after those under way have ended. */
export async function forEachOf<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  let isBroken = false;
  const worker = async () => {
    while (next < items.length && !isBroken) {
      const item = items[next];
      next += 1;
      if (item === undefined) continue;
      try {
        await work(item);
      } catch (error) {
        isBroken = true;
        throw error;
      }
    }
  };
  throwRejected(await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker)));
}
