import type { PlanRow, RowState } from '../../src/contracts/plan.ts';
import type { ApplyCounts, ObserveRange } from '../../src/contracts/sync.ts';
import { LifecycleError } from '../../src/errors.ts';
import { addApplied, NOTHING_APPLIED } from '../../src/policy/sync-counts.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { errorFacts } from '../failures.ts';
import { storeLook } from '../store-look.ts';
import type { SyncContext } from '../sync-activities.ts';
import { applyPerson, correctEntries } from './apply-person.ts';
import { forEachOf } from './for-each-of.ts';
import { ASKED_TO_WAIT, DOWN_AFTER, isSilence } from './hr-silence.ts';
import { instanceChangesOf, namesOf, NO_INSTANCE_CHANGES } from './instance-changes.ts';
import { isMerged } from './merged-persons.ts';
import { isBase } from './plan-change.ts';

/** Persons that are applied at the same time. */
const AT_ONCE = 64;

/** HR gave no answer right before an approved row was to be applied. */
class StillUnavailable extends LifecycleError {
  /** HR named a time before which it wants no request. */
  readonly asksToWait: boolean;
  /** It answered, if only with what cannot be read, or that it knows no such person, which is not confirmed. */
  readonly isAnswer: boolean;

  constructor(code: string | null) {
    super({
      code: 'HR_UNAVAILABLE',
      message: 'HR gives no answer for a person of the plan; waiting for HR',
      retryable: true,
      facts: { answer: code },
    });
    this.asksToWait = code === ASKED_TO_WAIT;
    this.isAnswer = code === null || !isSilence(code);
  }
}

/** Whether what the row was found on is still so: what accounts were told, and what HR says now. */
function isStillSo(row: PlanRow, person: PersonRow | null): person is PersonRow {
  if (!person?.observation || !isBase(row, person.applied)) return false;
  return person.observation.outcome === row.afterOutcome && person.digest === row.afterDigest;
}

/** Whether accounts of an instance would be told nothing beside HR's answer that the row does not name. */
async function namesAll(context: SyncContext, { personId, instanceChanges }: PlanRow): Promise<boolean> {
  const changes = (await instanceChangesOf(context, [personId])).get(personId) ?? NO_INSTANCE_CHANGES;
  return namesOf(changes).every((name) => instanceChanges.includes(name));
}

/** Looks at the person once more, as an approval demands, and answers them as they are then. */
async function lookAgain(context: SyncContext, before: PersonRow): Promise<PersonRow | null> {
  const { deps } = context;
  const { personId } = before;
  const number = await deps.registry.nextObservationNumber();
  const answer = await deps.hr.readPerson({ personId, signal: context.signal });
  const looking = { number, personId, answer, before, at: context.now(), source: 'approval' };
  const look = await storeLook(deps, looking);
  // Somebody HR does not know, although it was the row's point that it knows them, is no base to act on.
  if (look.outcome === 'unavailable') throw new StillUnavailable(look.code);
  if (look.outcome === 'no-person' && !look.confirmed) throw new StillUnavailable(null);
  return deps.registry.person(personId);
}

/** Whether accounts were told just what the row says: by an attempt that was cut off before it was marked. */
function isTold(row: PlanRow, { applied, appliedDigest, appliedOutcome }: PersonRow): boolean {
  if (applied === null || isBase(row, applied) || applied.number < row.number) return false;
  return appliedOutcome === row.afterOutcome && appliedDigest === row.afterDigest;
}

async function applyRow(context: SyncContext, row: PlanRow): Promise<Partial<ApplyCounts>> {
  const { registry } = context.deps;
  const { planId, personId } = row;
  const mark = (state: 'applied' | 'stale') =>
    registry.markRow({ planId, personId, state, at: context.now() });
  let person = await registry.person(personId);
  if (person && row.state !== 'held' && isTold(row, person)) {
    await mark('applied');
    return {};
  }
  // HR gave up the id meanwhile: nothing is told any more but what its accounts in an instance do by themselves.
  const isGone = person !== null && isMerged(person);
  if (isGone && row.instanceChanges.length === 0) {
    await mark('stale');
    return { stale: 1 };
  }
  if (person && !isGone && row.state === 'approved' && isStillSo(row, person))
    person = await lookAgain(context, person);
  if (!isStillSo(row, person) || !(await namesAll(context, row))) {
    await mark('stale');
    return { stale: 1 };
  }
  if (row.state === 'held') {
    // Names and addresses are no loss: they do not wait with it.
    await correctEntries(context, person, await registry.accounts({ personId }));
    return {};
  }
  const { joined, told } = await applyPerson(context, person, planId);
  return { joiners: joined ? 1 : 0, told: told ? 1 : 0 };
}

/** What earlier attempts came to: a heartbeat carries it. Who failed then is tried again now. */
function appliedBefore(details: unknown): ApplyCounts {
  if (typeof details !== 'object' || details === null) return NOTHING_APPLIED;
  const numberOf = (key: keyof ApplyCounts): number => {
    const value: unknown = Object.entries(details).find(([name]) => name === key)?.[1];
    return typeof value === 'number' ? value : 0;
  };
  return { joiners: numberOf('joiners'), told: numberOf('told'), stale: numberOf('stale'), failed: 0 };
}

/** What rows came to, over all attempts at them. */
export interface AppliedRows {
  readonly counts: ApplyCounts;
  /** Approved rows that wait since HR was silent, of those that it came to. */
  readonly silent: number;
}

/**
 * Applies the rows of a range that are in these states: those that an admin approved are looked at once more, and of held
 * ones only names and addresses are written. Each person apart: one that fails, or of whom HR is silent, stays as it is
 * and stops nobody. When HR is silent for many in a row, it is asked no more. A repeated run repeats only what is not
 * marked. Rule: "The safeguard".
 */
export async function applyRows(
  context: SyncContext,
  input: {
    readonly planId: string;
    readonly range: ObserveRange;
    readonly states: readonly RowState[];
  },
): Promise<AppliedRows> {
  const { registry, settings, log } = context.deps;
  const { planId, range, states } = input;
  let counts = appliedBefore(context.resumeFrom);
  let silent = 0;
  let silentInARow = 0;
  const isDown = () => silentInARow >= DOWN_AFTER;
  const applyOne = async (row: PlanRow): Promise<void> => {
    if (isDown()) return;
    try {
      const done = await applyRow(context, row);
      counts = addApplied(counts, done);
      silentInARow = 0;
    } catch (error) {
      if (context.signal.aborted) throw error;
      if (error instanceof StillUnavailable) {
        silent += 1;
        silentInARow = error.asksToWait ? DOWN_AFTER : error.isAnswer ? 0 : silentInARow + 1;
      } else counts = addApplied(counts, { failed: 1 });
      log.warn('person not applied', { planId, personId: row.personId, ...errorFacts(error) });
    }
  };
  for (let { after } = range; !isDown();) {
    const rows = await registry.planRows({
      planId,
      states,
      after,
      upTo: range.upTo,
      limit: settings.pageSize,
    });
    await forEachOf(rows, AT_ONCE, applyOne);
    const last = rows.at(-1);
    if (!last) break;
    after = last.personId;
    context.beat(counts);
  }
  return { counts, silent };
}

/**
 * What a synchronisation applies of its own plan. Not what an admin approved of it in the meantime: that waits in the
 * workflow of the held plan, if HR is silent for long.
 */
export async function applyPlanned(
  context: SyncContext,
  input: { readonly planId: string; readonly range: ObserveRange },
): Promise<ApplyCounts> {
  const { planId, range } = input;
  return (await applyRows(context, { planId, range, states: ['open', 'held'] })).counts;
}
