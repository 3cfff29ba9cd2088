import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { walkList } from '../../../src/connectors/indigo-iam/walk-list.ts';

interface Row {
  readonly id: string;
}

const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, index) => ({ id: `a${index}` }));

/** Reads a list that `between` changes after each page; answers what came, and how often was asked. */
async function read(list: Row[], pageSize: number, between: (asked: number) => void = () => undefined) {
  let asked = 0;
  const walked = walkList<Row>(async (startIndex) => {
    const rows = list.slice(startIndex - 1, startIndex - 1 + pageSize);
    const answer = { rows, total: list.length };
    between((asked += 1));
    return answer;
  });
  const ids: string[] = [];
  let isWhole: boolean | null = null;
  for await (const one of walked) {
    expect(isWhole).toBeNull();
    if (one.outcome === 'page') ids.push(...one.rows.map(({ id }) => id));
    else ({ isWhole } = one);
  }
  return { ids, isWhole, asked };
}

const idsOf = (rows: readonly Row[]): string[] => rows.map(({ id }) => id);

describe('reading a list page by page', () => {
  test.each([
    [0, 1],
    [1, 1],
    [4, 1],
    [5, 1],
    [6, 2],
    [9, 2],
    [10, 3],
    [101, 25],
  ])('%i rows that stand still are read once, in %i pages', async (count, pages) => {
    const list = rowsOf(count);
    expect(await read(list, 5)).toEqual({ ids: idsOf(list), isWhole: true, asked: pages });
  });

  test('rows that go while it is read push no other one out', async () => {
    const list = rowsOf(20);
    const stay = idsOf(list.slice(4));
    const { ids, isWhole } = await read(list, 5, (asked) => asked === 1 && list.splice(0, 4));
    expect(ids).toEqual(expect.arrayContaining(stay));
    expect(isWhole).toBe(true);
  });

  test('also when all of them go that were read', async () => {
    const list = rowsOf(20);
    const { ids } = await read(list, 5, (asked) => asked === 2 && list.splice(0, 9));
    expect(ids).toEqual(idsOf(rowsOf(20)));
  });

  test('rows that come are no reason to show another one twice', async () => {
    const list = rowsOf(20);
    const { ids, isWhole } = await read(list, 5, (asked) => asked === 2 && list.unshift({ id: 'new' }));
    expect(ids.toSorted()).toEqual([...idsOf(rowsOf(20)), 'new'].toSorted());
    expect(isWhole).toBe(true);
  });

  test('a row that moves from what is to be read into what has been is found by a second read', async () => {
    const list = rowsOf(20);
    const { ids, isWhole } = await read(list, 5, (asked) => {
      // A list that IAM gives in no certain order: one written to anew stands elsewhere.
      if (asked !== 2) return;
      list.unshift(...list.splice(15, 1));
      list.push(...list.splice(1, 1));
    });
    expect(ids.toSorted()).toEqual(idsOf(rowsOf(20)).toSorted());
    expect(isWhole).toBe(true);
  });

  test('a list that does not hold still is left in the end, and that is said', async () => {
    const list = rowsOf(30);
    let next = 0;
    const { ids, isWhole, asked } = await read(list, 5, () => {
      list.shift();
      list.push({ id: `new${(next += 1)}` });
    });
    expect(isWhole).toBe(false);
    expect(new Set(ids).size).toBe(ids.length);
    expect(asked).toBeLessThan(500);
  });

  test('a list that shrinks to nothing ends', async () => {
    const list = rowsOf(30);
    const { isWhole } = await read(list, 5, (asked) => asked === 2 && list.splice(0));
    expect(isWhole).toBe(true);
  });

  test('a count that is never reached ends it, too, and that is said', async () => {
    const walked = walkList<Row>(async (startIndex) => ({
      rows: rowsOf(7).slice(startIndex - 1, startIndex + 4),
      total: 9,
    }));
    const ends: unknown[] = [];
    for await (const one of walked) if (one.outcome === 'end') ends.push(one);
    expect(ends).toEqual([{ outcome: 'end', isWhole: false, total: 9 }]);
  });

  test('whatever comes and goes, who was there all the while is in exactly one page', async () => {
    const at = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    const change = fc.record({ kind: fc.constantFrom('come', 'go', 'go'), at });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 2, max: 8 }),
        fc.array(fc.array(change, { maxLength: 6 }), { maxLength: 30 }),
        async (count, pageSize, rounds) => {
          const list = rowsOf(count);
          const gone = new Set<string>();
          let next = 0;
          const { ids } = await read(list, pageSize, (asked) => {
            for (const { kind, at: where } of rounds[asked - 1] ?? []) {
              const index = Math.floor(where * list.length);
              if (kind === 'come') list.splice(index, 0, { id: `new${(next += 1)}` });
              else for (const { id } of list.splice(index, 1)) gone.add(id);
            }
          });
          expect(new Set(ids).size).toBe(ids.length);
          const stayed = idsOf(rowsOf(count)).filter((id) => !gone.has(id));
          expect(ids).toEqual(expect.arrayContaining(stayed));
        },
      ),
      { numRuns: 200 },
    );
  });
});
