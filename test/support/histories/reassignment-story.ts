import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ReassignmentActivities } from '../../../activities/reassignment-activities.ts';
import { DAY_MS, virtualNow } from '../../../src/contracts/time.ts';

/** A request that is opened at the second attempt, and mails of which the outcome goes out at the second. */
export function reassignmentStory(): ReassignmentActivities {
  const again = () => {
    if (Context.current().info.attempt < 2) {
      throw ApplicationFailure.retryable('as the story goes', 'REGISTRY_BUSY');
    }
  };
  return {
    openReassignment: async ({ clock }) => {
      again();
      const askedAt = virtualNow(clock, Date.now());
      return { type: 'opened', owner: '900123', askedAt, lapsesAt: askedAt + 14 * DAY_MS };
    },
    mailReassignment: async ({ mail }) => {
      if (mail === 'outcome') again();
    },
    settleReassignment: ({ decision }) =>
      Promise.resolve({ type: 'settled', status: decision.verdict, why: decision.why }),
  };
}
