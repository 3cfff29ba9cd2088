import type { PlanRow } from '../../src/contracts/plan.ts';
import type { ApplyCounts, ObserveRange } from '../../src/contracts/sync.ts';
import { LifecycleError } from '../../src/errors.ts';
import { addApplied, NOTHING_APPLIED } from '../../src/policy/sync-counts.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { errorFacts } from '../failures.ts';
import { storeLook } from '../store-look.ts';
import type { SyncContext } from '../sync-activities.ts';
import { applyPerson, correctEntries } from './apply-person.ts';
import { forEachOf } from './for-each-of.ts';
import { isBase } from './plan-change.ts';

/** Persons that are applied at the same time. */
const AT_ONCE = 16;

/** HR gave no answer right before an approved row was to be applied. */
class StillUnavailable extends LifecycleError {}

/** Whether what the row was found on is still so: what accounts were told, and what HR says now. */
function stands(row: PlanRow, person: PersonRow | null): boolean {
  if (!person?.observation || !isBase(row, person.applied)) return false;
  return person.observation.outcome === row.afterOutcome && person.digest === row.afterDigest;
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
  const isSilent = look.outcome === 'unavailable' || (look.outcome === 'no-person' && !look.confirmed);
  if (isSilent) {
    throw new StillUnavailable({
      code: 'HR_UNAVAILABLE',
      message: 'HR gives no answer for a person of the plan; waiting for HR',
      retryable: true,
    });
  }
  return deps.registry.person(personId);
}

async function applyRow(context: SyncContext, row: PlanRow): Promise<Partial<ApplyCounts>> {
  const { registry } = context.deps;
  const mark = (state: 'applied' | 'stale') =>
    registry.markRow({ planId: row.planId, personId: row.personId, state, at: context.now() });
  let person = await registry.person(row.personId);
  if (person && row.state === 'approved' && stands(row, person)) person = await lookAgain(context, person);
  if (!person || !stands(row, person)) {
    await mark('stale');
    return { stale: 1 };
  }
  if (row.state === 'held') {
    // Names and addresses are no loss: they do not wait with it.
    await correctEntries(context, person, await registry.accounts({ personId: row.personId }));
    return {};
  }
  const { joined, told } = await applyPerson(context, person);
  await mark('applied');
  return { joiners: joined ? 1 : 0, told: told ? 1 : 0 };
}

/**
 * Applies the rows of a range that are open, or that an admin approved: those are looked at once more. Of held ones only
 * names and addresses are written. Each person apart:
 * one that fails stays as it is and stops nobody. A repeated run repeats only what is not marked. Throws, to be retried,
 * when HR was silent about approved ones, after all others are done. Rule: "The safeguard".
 */
export async function applyRows(
  context: SyncContext,
  input: { readonly planId: string; readonly range: ObserveRange },
): Promise<ApplyCounts> {
  const { registry, settings, log } = context.deps;
  const { planId, range } = input;
  let counts = NOTHING_APPLIED;
  const silent: StillUnavailable[] = [];
  for (let { after } = range; ;) {
    const rows = await registry.planRows({
      planId,
      states: ['open', 'approved', 'held'],
      after,
      upTo: range.upTo,
      limit: settings.pageSize,
    });
    await forEachOf(rows, AT_ONCE, async (row) => {
      try {
        const done = await applyRow(context, row);
        counts = addApplied(counts, done);
      } catch (error) {
        if (context.signal.aborted) throw error;
        if (error instanceof StillUnavailable) silent.push(error);
        else counts = addApplied(counts, { failed: 1 });
        log.warn('person not applied', { planId, personId: row.personId, ...errorFacts(error) });
      }
    });
    const last = rows.at(-1);
    if (!last) break;
    after = last.personId;
    context.beat(counts);
  }
  const [first] = silent;
  if (first) throw first;
  return counts;
}
