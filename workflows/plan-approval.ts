import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { Plan } from '../src/contracts/plan.ts';
import type { DecisionAnswer, PlanApprovalInput, PlanApprovalResult } from '../src/contracts/sync.ts';
import { parseActor, type Said } from '../src/policy/parse-message.ts';
import { workflowClock } from './clock.ts';
import { COMMAND_REFUSED, decisionSignals, decisionUpdates, planSuperseded } from './messages.ts';
import { syncActivities } from './sync-proxies.ts';

type Verdict = 'approved' | 'rejected';

const DESCRIPTIONS = {
  approve: 'Applies what this plan holds, each person looked at once more: {"actor":"…","reason":"…"}',
  reject: 'Applies nothing of what this plan holds: {"actor":"…","reason":"…"}',
} as const;

function answerOf(plan: Plan, verdict: Verdict): DecisionAnswer {
  const { planId, state, supersededBy } = plan;
  const isOurs = plan.decision?.verdict === verdict;
  const message = isOurs
    ? `the plan is ${verdict}`
    : state === 'superseded'
      ? `nothing was done: a newer synchronisation took its place${supersededBy === null ? '' : `, see plan ${supersededBy}`}`
      : `nothing was done: the plan is ${state} already`;
  return { planId, state, message };
}

/**
 * A plan whose losses and shortenings the safeguard holds: mails the admins and waits until somebody approves or rejects
 * it, a newer synchronisation takes its place, or it lapses. What is approved is applied. Rule: "A held plan".
 */
export async function planApproval(input: PlanApprovalInput): Promise<PlanApprovalResult> {
  const { planId, tuning, lapsesAt } = input;
  const clock = workflowClock(input.clock);
  const run = { clock: input.clock, planId };
  const activities = (summary: string) => syncActivities(tuning, summary);
  let said: (Said & { readonly verdict: Verdict }) | null = null;
  let isSuperseded = false;
  let plan: Plan | null = null;

  // One whose decision was made, and whose workflow was lost before it was carried out, waits for nobody.
  let isDecided = false;
  const isOver = () => said !== null || isSuperseded || isDecided;
  for (const [name, verdict] of [
    ['approve', 'approved'],
    ['reject', 'rejected'],
  ] as const) {
    const description = DESCRIPTIONS[name];
    // The first word counts. Handlers never throw: who sent rubbish by signal is not there to be told.
    const hear = (payload: unknown) => {
      const parsed = parseActor(payload);
      if (parsed.ok && !isOver()) said = { ...parsed.value, verdict };
    };
    setHandler(decisionSignals[name], hear, { description });
    setHandler(
      decisionUpdates[name],
      async (payload: unknown) => {
        hear(payload);
        await condition(() => plan !== null);
        if (plan === null) throw new Error('the plan is known by now');
        return answerOf(plan, verdict);
      },
      {
        description,
        validator: (payload: unknown) => {
          const parsed = parseActor(payload);
          if (!parsed.ok)
            throw ApplicationFailure.nonRetryable(`${name}: ${parsed.problem}`, COMMAND_REFUSED);
        },
      },
    );
  }
  setHandler(planSuperseded, () => {
    isSuperseded = true;
  });

  const decide = async (): Promise<Plan> => {
    if (said === null) return activities('nobody decided in time').lapsePlan(run);
    const { verdict, actor, reason } = said;
    return activities(`${verdict} by ${actor}`).decidePlan({ ...run, decision: { verdict, actor, reason } });
  };

  // A cancel request in Temporal UI must not leave losses waiting with nobody to ask.
  return CancellationScope.nonCancellable(async () => {
    setCurrentDetails(`Waits for approve or reject. All rows: account-lifecycle plan show ${planId}`);
    // Mail that does not go out holds up no decision.
    const mailing = new CancellationScope();
    const mailed = mailing
      .run(() => activities('tell the admins').mailHeldPlan(run))
      .then(({ state }) => {
        isDecided = state !== 'held';
      })
      .catch(() => undefined);
    if (clock.now() < lapsesAt) await condition(isOver, clock.realMillisecondsUntil(lapsesAt));
    mailing.cancel();
    await mailed;
    // Superseded or lapsed, the registry says so; it also knows who was faster.
    plan = await decide();
    const applied =
      plan.decision?.verdict === 'approved'
        ? await activities('apply what was approved').applyApproved(run)
        : null;
    setCurrentDetails(`The plan is ${plan.state}`);
    await condition(allHandlersFinished);
    return { planId, state: plan.state, applied };
  });
}
