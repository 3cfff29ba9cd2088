import type { LookCounts } from '../../src/contracts/plan.ts';
import type { ObserveRange } from '../../src/contracts/sync.ts';
import type { HrAnswer, HrRecord } from '../../src/connectors/hr-source.ts';
import { comparePersonIds } from '../../src/connectors/person-id.ts';
import { LifecycleError } from '../../src/errors.ts';
import { addLooks, NO_LOOKS } from '../../src/policy/sync-counts.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { assessLook, type Look } from '../store-look.ts';
import type { SyncContext } from '../sync-activities.ts';
import { forEachOf } from './for-each-of.ts';
import { createHrSilence, type HrSilence, type Waited } from './hr-silence.ts';
import { whomToAsk } from './departed.ts';
import { instanceChangesOf } from './instance-changes.ts';
import { isMerged, reportMerged } from './merged-persons.ts';
import { changesOf, isApplied, mayJoin } from './plan-change.ts';

export interface ObserveInput {
  readonly planId: string;
  readonly range: ObserveRange;
  /** Nothing is stored but the plan's rows. */
  readonly dryRun: boolean;
  /** The pause before this attempt, in real ms. */
  readonly backoffMs: number;
}

/** Where a range stands: what a heartbeat carries, so that the next attempt goes on from there. */
interface Progress {
  readonly after: string | null;
  readonly counts: LookCounts;
  readonly waited?: Waited;
}

/** An attempt at a range: where it stands, and how it listens to HR. */
interface Walk {
  readonly from: Progress;
  readonly silence: HrSilence;
  /** Says how far it is: the next attempt goes on behind it. */
  readonly advance: (after: string | null, counts: LookCounts) => void;
  /** HR is down: the error to throw. */
  readonly stop: (code: string, error?: LifecycleError) => LifecycleError;
}

function isProgress(value: unknown): value is Progress {
  return typeof value === 'object' && value !== null && 'after' in value && 'counts' in value;
}

/** One look at one person, and what is known of them after it. */
interface Looked {
  readonly look: Look;
  readonly before: PersonRow | null;
  /** `null` = nobody knows them. */
  readonly person: PersonRow | null;
}

/** Adds what looks came to. Who has no account is counted apart: they can lose nothing. */
async function countedWith(
  context: SyncContext,
  counts: LookCounts,
  looks: readonly Looked[],
): Promise<LookCounts> {
  const personIds = looks.flatMap(({ person }) => (person ? [person.personId] : []));
  const holders = await context.deps.registry.holdersAmong(personIds);
  return looks.reduce(
    (sum, looked) => addLooks(sum, countsOf(looked, holders.has(looked.person?.personId ?? ''))),
    counts,
  );
}

function countsOf({ look, before }: Looked, isHolder: boolean): LookCounts {
  // HR answered last time; or an absence became a fact and no account was told of it yet: somebody is still missing.
  const isExpected = before?.observation?.outcome === 'found' || before?.applied?.outcome === 'found';
  const one = (is: boolean) => (is ? 1 : 0);
  const isAnswered = isExpected && look.outcome === 'found';
  return {
    looked: 1,
    expected: one(isExpected),
    answered: one(isAnswered),
    holders: {
      looked: one(isHolder),
      expected: one(isHolder && isExpected),
      answered: one(isHolder && isAnswered),
    },
    changed: one(look.outcome === 'found' && look.changed),
    noPerson: one(look.outcome === 'no-person'),
    unavailable: one(look.outcome === 'unavailable'),
  };
}

/** Looks at one person and stores what changed; in a dry run, only sees what it would. */
async function lookAt(
  context: SyncContext,
  input: ObserveInput,
  asked: { number: number; personId: string; answer: HrAnswer; before: PersonRow | null },
): Promise<Looked> {
  const { registry, settings, log } = context.deps;
  const looking = { ...asked, at: context.now(), source: 'sync', run: input.planId };
  const { look, writes } = assessLook(looking, settings.sightings);
  const remarks = asked.answer.outcome === 'found' ? asked.answer.record.remarks : [];
  if (remarks.length > 0 && look.outcome === 'found' && look.changed) {
    log.warn("a part of HR's record is ignored", { planId: input.planId, personId: asked.personId, remarks });
  }
  if (writes && !input.dryRun) await registry.storeObservation(writes);
  return { look, before: asked.before, person: writes?.person ?? asked.before };
}

/** Asks HR for everyone of a page, at most so many at once. */
async function askEach(
  context: SyncContext,
  input: ObserveInput,
  walk: Walk,
  rows: readonly PersonRow[],
): Promise<readonly Looked[]> {
  const { registry, hr, settings } = context.deps;
  const { persons, departed } = await whomToAsk(context, rows);
  // Taken before HR is asked: of two answers, the one that was asked for later has the higher number.
  const numbers = await registry.observationNumbers(persons.length);
  const looks: Looked[] = [];
  await forEachOf([...persons.entries()], settings.hrConcurrency, async ([index, before]) => {
    const { personId } = before;
    const answer = await hr.readPerson({ personId, signal: context.signal });
    if (walk.silence.listen(answer) && answer.outcome === 'unavailable') throw walk.stop(answer.code);
    looks.push(await lookAt(context, input, { number: numberAt(numbers, index), personId, answer, before }));
  });
  if (!input.dryRun) {
    const personIds = looks.flatMap(({ look, person }) =>
      look.outcome === 'no-person' && person && departed.has(person.personId) ? [person.personId] : [],
    );
    await registry.departedAsked({ personIds, at: context.now() });
  }
  return looks;
}

function numberAt(numbers: readonly number[], index: number): number {
  const number = numbers[index];
  if (number === undefined) throw new RangeError('fewer numbers than persons');
  return number;
}

/** Adds a row to the plan for everyone whose newest fact, or their instance's, is not applied, whatever this look came to. */
async function planChanges(
  context: SyncContext,
  { planId }: ObserveInput,
  looks: readonly Looked[],
  merged: readonly PersonRow[],
): Promise<void> {
  const { registry } = context.deps;
  const seen = looks.flatMap(({ person }) => (person ? [person] : []));
  const personIds = [...seen, ...merged].map(({ personId }) => personId);
  const instanceChanges = await instanceChangesOf(context, personIds);
  // Of an id that HR gave up nothing is told but what its accounts in an instance do by themselves.
  const isLeft = ({ personId }: PersonRow) => (instanceChanges.get(personId)?.leaving ?? []).length > 0;
  const persons = [
    ...seen.filter((person) => !isApplied(person) || instanceChanges.has(person.personId)),
    ...merged.filter(isLeft),
  ];
  if (persons.length === 0) return;
  await registry.addChanges({ planId, changes: await changesOf(context, persons, instanceChanges) });
}

/** Notes of whom HR gave no answer: their accounts in an instance say so. An attempt before may have heard less of HR. */
async function noteUnheard(
  context: SyncContext,
  { planId, dryRun }: ObserveInput,
  looks: readonly Looked[],
): Promise<void> {
  const { registry, instance } = context.deps;
  if (instance === null || dryRun) return;
  const among = (isSilent: boolean) =>
    looks.flatMap(({ look, before }) =>
      before && (look.outcome === 'unavailable') === isSilent ? [before.personId] : [],
    );
  await registry.addUnheard({ run: planId, personIds: among(true) });
  await registry.removeUnheard({ run: planId, personIds: among(false) });
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
    const within = page.filter(({ personId }) => isUpTo(personId, upTo));
    known.push(...within);
    const last = page.at(-1);
    if (!last || within.length < page.length || page.length < settings.pageSize) return known;
    // As a rule a page of HR's list ends where ours does: behind it there is nobody of this stretch.
    if (last.personId === upTo) return known;
    from = last.personId;
  }
}

function isUpTo(personId: string, upTo: string | null): boolean {
  return upTo === null || comparePersonIds(personId, upTo) <= 0;
}

/** One page of HR's list, and a look of its own at everyone the registry knows in its stretch and the list left out. */
async function observeStretch(
  context: SyncContext,
  input: ObserveInput,
  walk: Walk,
  stretch: {
    records: readonly HrRecord[];
    numbers: readonly number[];
    after: string | null;
    upTo: string | null;
  },
): Promise<{ readonly looks: readonly Looked[]; readonly merged: readonly PersonRow[] }> {
  const known = await knownBetween(context, stretch.after, stretch.upTo);
  const rows = new Map(known.map((row) => [row.personId, row]));
  const merged = known.filter(isMerged);
  const records = new Map(stretch.records.map((record) => [record.personId, record]));
  const shown = merged.map((person) => ({ person, record: records.get(person.personId) ?? null }));
  if (!input.dryRun) await reportMerged(context, shown);
  const looks: Looked[] = [];
  for (const [index, record] of stretch.records.entries()) {
    const { personId } = record;
    const before = rows.get(personId) ?? null;
    if ((before === null && !mayJoin(context)) || (before !== null && isMerged(before))) continue;
    const number = numberAt(stretch.numbers, index);
    looks.push(
      await lookAt(context, input, { number, personId, before, answer: { outcome: 'found', record } }),
    );
    rows.delete(personId);
  }
  // Absence from a list is no departure: HR is asked for each of them.
  return { looks: [...looks, ...(await askEach(context, input, walk, [...rows.values()]))], merged };
}

async function observeByList(
  context: SyncContext,
  input: ObserveInput,
  walk: Walk,
): Promise<LookCounts | null> {
  const { registry, hr, settings } = context.deps;
  const { range } = input;
  let { after, counts } = walk.from;
  for (;;) {
    context.signal.throwIfAborted();
    const numbers = await registry.observationNumbers(settings.pageSize);
    const page = await hr.listPersons({ after, limit: settings.pageSize, signal: context.signal });
    if (page.outcome === 'unsupported') return null;
    if (page.outcome === 'unavailable') throw walk.stop(page.code);
    if (after === null && page.lastId === null) await refuseEmptyList(context, walk);
    walk.silence.listen(page);
    const isEnd = page.lastId === null || (range.upTo !== null && !isUpTo(page.lastId, range.upTo));
    const upTo = isEnd ? range.upTo : page.lastId;
    const records = page.records.filter(({ personId }) => isUpTo(personId, upTo));
    const { looks, merged } = await observeStretch(context, input, walk, { records, numbers, after, upTo });
    await noteUnheard(context, input, looks);
    await planChanges(context, input, looks, merged);
    counts = await countedWith(context, counts, looks);
    if (isEnd || upTo === range.upTo) return counts;
    after = page.lastId;
    walk.advance(after, counts);
  }
}

/** An empty list, where there were people, is an error and no mass departure. */
async function refuseEmptyList(context: SyncContext, walk: Walk): Promise<void> {
  const [known] = await context.deps.registry.persons({ after: null, limit: 1 });
  if (!known) return;
  const code = 'HR_LIST_EMPTY';
  const message = "HR's list is empty although HR knew people before; nothing is changed, waiting for HR";
  throw walk.stop(code, new LifecycleError({ code, message, retryable: true }));
}

/**
 * Asks HR for everyone the registry knows in the range. The next page is begun while the last answers of the one before
 * are still out, so that HR always has as many requests as it may have; pages are finished in their order.
 */
async function observeOneByOne(context: SyncContext, input: ObserveInput, walk: Walk): Promise<LookCounts> {
  const { registry, settings } = context.deps;
  const { upTo } = input.range;
  let { after } = walk.from;
  let before = Promise.resolve(walk.from.counts);
  for (;;) {
    context.signal.throwIfAborted();
    const page = await registry.persons({ after, limit: settings.pageSize });
    const within = page.filter(({ personId }) => isUpTo(personId, upTo));
    const last = page.at(-1);
    const isEnd = !last || within.length < page.length || page.length < settings.pageSize;
    const asked = askEach(context, input, walk, within);
    const finish = async (earlier: Promise<LookCounts>): Promise<LookCounts> => {
      // Nothing of this page goes on after the range has failed.
      const [counts, looks] = await bothEnded(earlier, asked);
      await noteUnheard(context, input, looks);
      await planChanges(context, input, looks, within.filter(isMerged));
      const sum = await countedWith(context, counts, looks);
      if (!isEnd) walk.advance(last.personId, sum);
      return sum;
    };
    const now = finish(before);
    if (isEnd) return await now;
    // Whoever waits for it comes later: until then nobody is to be told that it failed.
    now.catch(() => undefined);
    // Two pages at most. The second is let go only when it has ended as well.
    await before.catch(() => now);
    before = now;
    after = last.personId;
  }
}

/** Both results, once both have ended; the first error, if there was one. */
async function bothEnded<A, B>(a: Promise<A>, b: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}

/**
 * Looks at every person of a range, by HR's list where it has one, else one at a time, and writes the rows of the plan.
 * Throws, to be retried, while HR is unavailable as a whole, and `HR_GAVE_UP` once that has lasted too long.
 */
export async function observePersons(context: SyncContext, input: ObserveInput): Promise<LookCounts> {
  const walk = beginWalk(context, input);
  const byList = await observeByList(context, input, walk);
  return byList ?? (await observeOneByOne(context, input, walk));
}

function beginWalk(context: SyncContext, { range, backoffMs }: ObserveInput): Walk {
  const from: Progress = isProgress(context.resumeFrom)
    ? context.resumeFrom
    : { after: range.after, counts: NO_LOOKS };
  const silence = createHrSilence({
    before: from.waited ?? null,
    backoffMs,
    giveUpMs: context.deps.settings.giveUpMs,
    nowMs: () => performance.now(),
  });
  let reached = from;
  return {
    from,
    silence,
    advance(after, counts) {
      silence.advanced();
      reached = { after, counts, waited: silence.waited() };
      context.beat(reached);
    },
    stop(code, error) {
      const over = silence.over({ code, ...reached, ...(error && { error }) });
      context.beat({ ...reached, waited: over.waited } satisfies Progress);
      return over.error;
    },
  };
}
