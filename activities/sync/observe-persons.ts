import type { HrRecord, HrAnswer } from '../../src/connectors/hr-source.ts';
import type { ObserveRange, ObserveResult } from '../../src/contracts/sync.ts';
import { LifecycleError } from '../../src/errors.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { throwRejected } from '../failures.ts';
import type { Look } from '../store-look.ts';
import { storeLook } from '../store-look.ts';
import type { SyncContext } from '../sync-activities.ts';
import { comparePersonIds } from '../../src/connectors/person-id.ts';

/** Where a range stands: what a heartbeat carries, so that the next attempt goes on from there. */
interface Progress {
  readonly after: string | null;
  readonly counts: ObserveResult;
}

const NOTHING: ObserveResult = { looked: 0, changed: 0, noPerson: 0, unavailable: 0 };

function isProgress(value: unknown): value is Progress {
  return typeof value === 'object' && value !== null && 'after' in value && 'counts' in value;
}

function counted(counts: ObserveResult, look: Look): ObserveResult {
  return {
    looked: counts.looked + 1,
    changed: counts.changed + (look.outcome === 'found' && look.changed ? 1 : 0),
    noPerson: counts.noPerson + (look.outcome === 'no-person' ? 1 : 0),
    unavailable: counts.unavailable + (look.outcome === 'unavailable' ? 1 : 0),
  };
}

/** Works on every item, at most `limit` at once; the first error ends it, after those under way have ended. */
async function forEachOf<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  throwRejected(await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker)));
}

async function lookAt(
  context: SyncContext,
  input: { number: number; personId: string; answer: HrAnswer; before: PersonRow | null },
): Promise<Look> {
  return storeLook(context.deps, { ...input, at: context.now(), source: 'sync' });
}

/** Asks HR for one person. */
async function single(context: SyncContext, before: PersonRow): Promise<Look> {
  const number = await context.deps.registry.nextObservationNumber();
  const { personId } = before;
  const answer = await context.deps.hr.readPerson({ personId, signal: context.signal });
  return lookAt(context, { number, personId, answer, before });
}

/** Whom the registry knows behind `after`, up to and with `upTo` (`null` = to the end). */
async function knownBetween(
  context: SyncContext,
  after: string | null,
  upTo: string | null,
): Promise<readonly PersonRow[]> {
  const { registry, settings } = context.deps;
  const known: PersonRow[] = [];
  for (let from = after; ;) {
    const page = await registry.persons({ after: from, limit: settings.pageSize });
    const within = page.filter(({ personId }) => upTo === null || comparePersonIds(personId, upTo) <= 0);
    known.push(...within);
    const last = page.at(-1);
    if (!last || within.length < page.length) return known;
    from = last.personId;
  }
}

/** One page of HR's list, and a look of its own at everyone the registry knows in its stretch and the list left out. */
async function observeStretch(
  context: SyncContext,
  input: {
    records: readonly HrRecord[];
    numbers: readonly number[];
    after: string | null;
    upTo: string | null;
  },
): Promise<readonly Look[]> {
  const known = await knownBetween(context, input.after, input.upTo);
  const rows = new Map(known.map((row) => [row.personId, row]));
  const looks: Look[] = [];
  for (const [index, record] of input.records.entries()) {
    const number = input.numbers[index];
    if (number === undefined) throw new RangeError('fewer numbers than records');
    const { personId } = record;
    const before = rows.get(personId) ?? null;
    looks.push(await lookAt(context, { number, personId, before, answer: { outcome: 'found', record } }));
  }
  const listed = new Set(input.records.map(({ personId }) => personId));
  const absent = known.filter(({ personId }) => !listed.has(personId));
  // Absence from a list is no departure: HR is asked for each of them.
  await forEachOf(absent, context.deps.settings.hrConcurrency, async (row) => {
    looks.push(await single(context, row));
  });
  return looks;
}

async function observeByList(
  context: SyncContext,
  range: ObserveRange,
  start: Progress,
): Promise<ObserveResult | null> {
  const { registry, hr, settings } = context.deps;
  let { after, counts } = start;
  for (;;) {
    // Taken before HR is asked: of two answers, the one that was asked for later has the higher number.
    const numbers = await registry.observationNumbers(settings.pageSize);
    const page = await hr.listPersons({ after, limit: settings.pageSize, signal: context.signal });
    if (page.outcome === 'unsupported') return null;
    if (page.outcome === 'unavailable') {
      throw new LifecycleError({
        code: 'HR_UNAVAILABLE',
        message: `HR's list is unavailable (${page.code}); waiting for HR`,
        retryable: true,
      });
    }
    await refuseEmptyList(context, range, { after, isEmpty: page.lastId === null });
    const isEnd = page.lastId === null;
    const upTo = isEnd ? range.upTo : page.lastId;
    const looks = await observeStretch(context, { records: page.records, numbers, after, upTo });
    counts = looks.reduce(counted, counts);
    if (isEnd) return counts;
    after = page.lastId;
    context.beat({ after, counts } satisfies Progress);
  }
}

/** An empty list, where there were people, is an error and no mass departure. */
async function refuseEmptyList(
  context: SyncContext,
  range: ObserveRange,
  page: { after: string | null; isEmpty: boolean },
): Promise<void> {
  if (!page.isEmpty || page.after !== range.after) return;
  const [known] = await context.deps.registry.persons({ after: range.after, limit: 1 });
  if (!known) return;
  throw new LifecycleError({
    code: 'HR_LIST_EMPTY',
    message: "HR's list is empty although HR knew people before; nothing is changed, waiting for HR",
    retryable: true,
  });
}

async function observeOneByOne(
  context: SyncContext,
  range: ObserveRange,
  start: Progress,
): Promise<ObserveResult> {
  const { registry, settings } = context.deps;
  let { after, counts } = start;
  for (;;) {
    const page = await registry.persons({ after, limit: settings.pageSize });
    const within = page.filter(
      ({ personId }) => range.upTo === null || comparePersonIds(personId, range.upTo) <= 0,
    );
    await forEachOf(within, settings.hrConcurrency, async (row) => {
      const look = await single(context, row);
      // Only now: several are under way at once.
      counts = counted(counts, look);
    });
    const last = page.at(-1);
    if (!last || within.length < page.length) return counts;
    after = last.personId;
    context.beat({ after, counts } satisfies Progress);
  }
}

/** Looks at every person of a range: by HR's list where it has one, else one at a time. */
export async function observePersons(context: SyncContext, range: ObserveRange): Promise<ObserveResult> {
  const start = isProgress(context.resumeFrom) ? context.resumeFrom : { after: range.after, counts: NOTHING };
  const byList = await observeByList(context, range, start);
  return byList ?? (await observeOneByOne(context, range, start));
}
