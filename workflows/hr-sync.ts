import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  getExternalWorkflowHandle,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { UnheardRange } from '../activities/instance/handle-instance.ts';
import type { Settled } from '../activities/sync/settle-plan.ts';
import type { LookCounts, Plan } from '../src/contracts/plan.ts';
import {
  HR_GAVE_UP,
  type ApplyCounts,
  type HrSyncInput,
  type HrSyncResult,
  type ObserveRange,
} from '../src/contracts/sync.ts';
import { countWords } from '../src/policy/plan-words.ts';
import { addApplied, addLooks, NO_LOOKS, NOTHING_APPLIED } from '../src/policy/sync-counts.ts';
import { handleInstance, instanceCounts, instanceEnd, instanceWords, readInstance } from './instance-sync.ts';
import { planApprovalId, planSuperseded } from './messages.ts';
import { together } from './together.ts';
import type { planApproval } from './plan-approval.ts';
import { syncActivities } from './sync-proxies.ts';

/**
 * One synchronisation with HR: observe → plan → check → apply. What the safeguard holds waits in a workflow of its own,
 * so that this one ends and the next one runs. What was observed and what is planned is in the registry; nothing
 * personal and no list passes through here. Rule: "The safeguard".
 */
export async function hrSync(input: HrSyncInput): Promise<HrSyncResult> {
  const { tuning, dryRun = false, replanRejected = false } = input;
  const planId = workflowInfo().runId;
  let run = { clock: input.clock, planId };
  const activities = (summary: string) => syncActivities(tuning, summary);
  try {
    setCurrentDetails('Waiting for its turn');
    const begun = await activities('begin: a plan, and ranges of persons').beginRun({ ...run, dryRun });
    const { clock } = begun;
    run = { clock, planId };
    const read = begun.keepsInstance ? await readInstance(activities, { ...run, dryRun }) : null;
    const ranges = read?.ranges ?? begun.ranges;
    setCurrentDetails(`Looking at everyone HR knows, in ${String(ranges.length)} ranges`);
    const observed = await together(
      ranges.map(
        (range) => () =>
          observe(range, () =>
            activities(rangeWords('look at', range)).observePersons({ ...run, range, dryRun }),
          ),
      ),
    );
    const looks = observed.reduce((all, { counts }) => addLooks(all, counts), NO_LOOKS);
    const gaveUp = observed.filter(({ unheard }) => unheard !== null).length;
    const settled = await activities('check the whole plan').settlePlan({
      ...run,
      looks,
      dryRun,
      replanRejected,
      gaveUp,
    });
    const { plan } = settled;
    let applied: ApplyCounts = NOTHING_APPLIED;
    let heldPlan: string | null = null;
    let instance = instanceCounts(read, null);
    if (!dryRun) {
      heldPlan = await passOn({ clock, tuning }, settled);
      setCurrentDetails(`Looked at ${String(looks.looked)} persons; applying ${countWords(plan.rows)}`);
      const parts = await together(
        ranges.map((range) => () => activities(rangeWords('apply', range)).applyRows({ ...run, range })),
      );
      applied = parts.reduce(addApplied, NOTHING_APPLIED);
      const handled = read && (await handleInstance(activities, run, read, unheardOf(observed)));
      instance = instanceCounts(read, handled);
      await activities('alarms').endRun({
        ...run,
        shrunk: settled.shrunk !== null,
        failed: applied.failed,
        ...(handled && { instance: instanceEnd(handled) }),
      });
    } else {
      await activities('end of the dry run').giveUpRun(run);
    }
    setCurrentDetails([summaryOf(looks, settled, applied), ...instanceWords(instance)].join(' '));
    return {
      ...looks,
      ...applied,
      planId,
      rows: plan.rows,
      heldBecause: plan.heldBecause,
      heldPlan,
      hrProblem: settled.shrunk,
      ...(instance && { instance }),
    };
  } catch (error) {
    const why = isCancellation(error) ? 'cancelled' : 'failed';
    await CancellationScope.nonCancellable(() => activities(`${why}: let the next one run`).giveUpRun(run));
    throw error;
  }
}

function rangeWords(what: string, { after, upTo }: ObserveRange): string {
  const from = after === null ? 'the first' : `behind ${after}`;
  return `${what} persons from ${from} to ${upTo ?? 'the last'}`;
}

/** What looking at a range came to. */
interface Observed {
  readonly counts: LookCounts;
  /** Persons of it that HR gave no answer for, since the range gave up; `null` = it did not. */
  readonly unheard: UnheardRange | null;
}

/**
 * Whom HR had no answer for when the range gave up counts as not answered; those it had looked at by then count as they
 * are. Whatever else fails is told as what it is: it says nothing about HR.
 */
async function observe(range: ObserveRange, look: () => Promise<LookCounts>): Promise<Observed> {
  try {
    return { counts: await look(), unheard: null };
  } catch (error) {
    const gaveUp = gaveUpOf(error);
    if (gaveUp === null) throw error;
    const { had, after } = gaveUp;
    const missing = Math.max(0, range.expected - had.expected);
    const rest = { ...NO_LOOKS, expected: missing, unavailable: missing };
    const unheard = { after: after ?? range.after, upTo: range.upTo };
    return { counts: addLooks(had, rest), unheard };
  }
}

/** What a range had done before it gave up waiting for HR, and whom it did last; `null` = that is not what happened. */
function gaveUpOf(error: unknown): { readonly had: LookCounts; readonly after: string | null } | null {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return null;
  if (error.cause.type !== HR_GAVE_UP) return null;
  const [facts] = error.cause.details ?? [];
  return isLooks(facts) ? { had: facts, after: personIn(facts) } : { had: NO_LOOKS, after: null };
}

function personIn(facts: object): string | null {
  return 'after' in facts && typeof facts.after === 'string' ? facts.after : null;
}

/** Persons for whom HR gave no answer, by ranges. */
function unheardOf(observed: readonly Observed[]): readonly UnheardRange[] {
  return observed.flatMap(({ unheard }) => (unheard === null ? [] : [unheard]));
}

function isLooks(value: unknown): value is LookCounts {
  if (typeof value !== 'object' || value === null) return false;
  const has: Readonly<Partial<Record<string, unknown>>> = { ...value };
  return Object.keys(NO_LOOKS).every((name) => typeof has[name] === 'number');
}

/** Starts the workflow in which a held plan waits, and ends that of a plan that waits for nothing any more. */
async function passOn(input: HrSyncInput, settled: Settled): Promise<string | null> {
  const { heldPlan, superseded } = settled;
  if (superseded !== null) {
    try {
      await getExternalWorkflowHandle(planApprovalId(superseded)).signal(planSuperseded);
    } catch (error) {
      if (isCancellation(error)) throw error;
      // It is not there any more: then nothing waits.
    }
  }
  for (const one of [...settled.approved, ...(heldPlan === null ? [] : [heldPlan])]) {
    await ensureApproval(input, one);
  }
  return heldPlan?.planId ?? null;
}

/** Starts the workflow in which a plan waits, or is applied, unless it runs. */
async function ensureApproval({ clock, tuning }: HrSyncInput, plan: Plan): Promise<void> {
  const { planId, lapsesAt, rows } = plan;
  try {
    await startChild<typeof planApproval>('planApproval', {
      workflowId: planApprovalId(planId),
      args: [{ planId, clock, tuning, lapsesAt: lapsesAt ?? plan.createdAt }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `held plan: ${countWords(rows, ['held'])}`,
      staticDetails:
        'Changes of HR that the safeguard holds. Send approve or reject, as an Update or a signal: ' +
        '{"actor":"…","reason":"…"}. Current details say why they are held.',
    });
  } catch (error) {
    // A plan that goes on being held has its workflow, as a rule.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

function summaryOf(looks: LookCounts, settled: Settled, applied: ApplyCounts): string {
  const { plan, shrunk } = settled;
  return [
    `Looked at ${String(looks.looked)} persons: ${String(looks.changed)} changed,`,
    `${String(looks.noPerson)} unknown to HR, ${String(looks.unavailable)} without an answer.`,
    `Planned: ${countWords(plan.rows)}.`,
    `${String(applied.joiners)} joined, ${String(applied.told)} told, ${String(applied.stale)} stale, ${String(applied.failed)} failed.`,
    ...(plan.state === 'held' ? [`Losses and shortenings are held: ${plan.heldBecause.join('; ')}.`] : []),
    ...(shrunk === null ? [] : [`${shrunk}.`]),
  ].join(' ');
}
