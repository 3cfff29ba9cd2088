import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { MergeActivities } from '../../../activities/merge-activities.ts';

/** A merge that is made at once, and of which everyone is told at the second attempt. */
export function mergeStory(): MergeActivities {
  return {
    mergePersons: ({ ask }) =>
      Promise.resolve({
        outcome: 'merged',
        merge: { ...ask, accounts: [], guests: [], reassignments: [], at: 0, toldAt: null },
      }),
    tellMerged: async () => {
      if (Context.current().info.attempt < 2) {
        throw ApplicationFailure.retryable('as the story goes', 'REGISTRY_BUSY');
      }
    },
  };
}
