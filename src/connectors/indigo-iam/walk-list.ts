/** Reads rows of a list by position, counted from 1. */
export type ReadRows<Row> = (startIndex: number) => Promise<{
  readonly rows: readonly Row[];
  /** Rows that the list has now. */
  readonly total: number;
}>;

export type Walked<Row> =
  | { readonly outcome: 'page'; readonly rows: readonly Row[] }
  | { readonly outcome: 'end'; readonly isWhole: boolean; readonly total: number };

/** A read that found the list moving is followed by another one, so many in all. */
const PASSES = 3;
/** So often a pass goes back. */
const PATIENCE = 50;
const MOST_PAGES = 50_000;

interface Pass {
  /** Nothing came, went or moved that could be noticed. */
  readonly isStill: boolean;
  readonly total: number;
}

/**
 * Reads a list to its end, page by page, while rows come and go in it; yields each row once.
 *
 * Each page begins with the last row of the one before. If a page has no row that this pass has read, rows before it
 * have gone, and what moved up into their places may have been missed: one goes back until a page connects. As long
 * as rows keep their order, all rows up to the last one read are then known. A list that IAM gives in no certain
 * order can move a row from what is to be read into what has been: a pass that noticed anything, or that knows fewer
 * rows than the list counts, is therefore followed by another one. Bounded: `isWhole` says whether a pass went
 * through undisturbed.
 */
export async function* walkList<Row extends { readonly id: string }>(
  read: ReadRows<Row>,
): AsyncGenerator<Walked<Row>, void, undefined> {
  const known = new Set<string>();
  let pages = 0;

  async function* walkOnce(): AsyncGenerator<Walked<Row>, Pass, undefined> {
    const inPass = new Set<string>();
    let isStill = true;
    let start = 1;
    let last: string | null = null;
    let length = 1;
    let backs = 0;
    let total: number;
    for (;;) {
      const page = await read(start);
      pages += 1;
      ({ total } = page);
      const { rows } = page;
      const connects = start === 1 || rows.some(({ id }) => inPass.has(id));
      if (last !== null && rows[0]?.id !== last) isStill = false;
      if (!connects && backs < PATIENCE) {
        backs += 1;
        // Farther each time: whatever has gone, the beginning is reached in a few steps.
        start = Math.max(1, start - length);
        length *= 2;
        last = null;
        continue;
      }
      const fresh = rows.filter(({ id }, index) => {
        const isFirst = rows.findIndex((row) => row.id === id) === index;
        return isFirst && !known.has(id);
      });
      for (const { id } of rows) {
        known.add(id);
        inPass.add(id);
      }
      if (fresh.length > 0) yield { outcome: 'page', rows: fresh };
      const end = start + rows.length - 1;
      if (rows.length === 0 || end >= total) break;
      if (pages >= MOST_PAGES) return { isStill: false, total };
      last = rows.at(-1)?.id ?? null;
      length = rows.length;
      start = Math.max(start + 1, end);
    }
    return { isStill: isStill && inPass.size >= total, total };
  }

  for (let pass = 1; ; pass += 1) {
    const { isStill, total } = yield* walkOnce();
    if (isStill || pass === PASSES || pages >= MOST_PAGES) {
      yield { outcome: 'end', isWhole: isStill, total };
      return;
    }
  }
}
