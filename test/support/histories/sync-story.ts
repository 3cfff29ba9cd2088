import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import type { SyncActivities } from '../../../activities/sync-activities.ts';
import type { LookCounts, Plan } from '../../../src/contracts/plan.ts';
import { NO_LOOKS } from '../../../src/policy/sync-counts.ts';

const LOOKS: LookCounts = {
  ...NO_LOOKS,
  looked: 20,
  expected: 20,
  answered: 18,
  changed: 5,
  noPerson: 1,
  unavailable: 1,
};

/** The deployment of the stories keeps none. */
function noInstance(): ApplicationFailure {
  return ApplicationFailure.nonRetryable('no instance is kept', 'NO_INSTANCE');
}

/** A plan with losses; `held` until somebody decides. */
function planOf(planId: string, over: Partial<Plan> = {}): Plan {
  return {
    planId,
    state: 'held',
    createdAt: 0,
    settledAt: 0,
    looks: LOOKS,
    heldBecause: ['8 losses among 40 persons (20.0 %): more than 3 and more than 5 %'],
    lapsesAt: null,
    decision: null,
    supersededBy: null,
    rows: { loss: { held: 8 }, join: { open: 1 }, extension: { open: 2 } },
    ...over,
  };
}

/** A synchronisation of two ranges, HR down for a moment, whose losses are held. */
export function syncStory(): SyncActivities {
  return {
    beginRun: ({ clock }) =>
      Promise.resolve({
        clock,
        ranges: [
          { after: null, upTo: '20', expected: 20 },
          { after: '20', upTo: null, expected: 20 },
        ],
      }),
    readInstance: () => Promise.reject(noInstance()),
    handleInstance: () => Promise.reject(noInstance()),
    observePersons: async () => {
      if (Context.current().info.attempt < 2) {
        throw ApplicationFailure.retryable('as the story goes', 'HR_UNAVAILABLE');
      }
      return LOOKS;
    },
    settlePlan: ({ planId, clock }) => {
      const plan = planOf(planId, { lapsesAt: clock.virtualMs + 14 * 86_400_000 });
      return Promise.resolve({
        plan,
        heldPlan: plan,
        approved: [],
        superseded: 'an-older-plan',
        shrunk: null,
        rejectedAgain: 0,
      });
    },
    applyRows: () => Promise.resolve({ joiners: 1, told: 2, stale: 0, failed: 0 }),
    endRun: () => Promise.resolve(),
    giveUpRun: () => Promise.resolve(),
    mailHeldPlan: () => Promise.resolve({ state: 'held' }),
    decidePlan: ({ planId, decision }) =>
      Promise.resolve(planOf(planId, { state: decision.verdict, decision: { ...decision, at: 1 } })),
    lapsePlan: ({ planId }) => Promise.resolve(planOf(planId, { state: 'lapsed' })),
    applyApproved: () => Promise.resolve({ joiners: 0, told: 7, stale: 1, failed: 0 }),
    answerOperator: ({ request }) =>
      Promise.resolve(
        request.type === 'frozen'
          ? { type: 'frozen', freeze: null, changed: false }
          : { type: 'refused', why: 'not in this story' },
      ),
  };
}
