import { told } from '../../../activities/reconcile/told-differences.ts';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { ReconcileActivities } from '../../../activities/reconcile-activities.ts';
import type { WatchdogActivities } from '../../../activities/watchdog-activities.ts';
import type { Difference } from '../../../src/contracts/reconcile.ts';

const DIFFERENCE: Difference = {
  accountId: 'account-7',
  kind: 'access',
  words: 'directory: access is off, and the account says on',
  repaired: true,
  note: 'access turned on',
};

/** A visit that heals one account and wakes two, whose middle part fails; a comparison of two stretches. */
export function watchStory(): WatchdogActivities & ReconcileActivities {
  return {
    healEnded: ({ visitedAt }) =>
      Promise.resolve({ comparedAt: visitedAt, difference: 1, explained: 0, healed: 1, failed: 0 }),
    reportStuck: () => {
      throw ApplicationFailure.nonRetryable('as the story goes', 'UNEXPECTED');
    },
    wakeOverdue: async () => {
      if (Context.current().info.attempt < 2) {
        throw ApplicationFailure.retryable('as the story goes', 'REGISTRY_BUSY');
      }
      return { overdue: ['account-8', 'account-9'], woken: 2, healed: 0, failed: 1 };
    },
    tellAdmins: () => Promise.resolve({ mailed: 2 }),
    surveyAccounts: () => Promise.resolve({ total: 300, directories: ['directory'] }),
    reconcileAccounts: ({ after, room }) =>
      Promise.resolve(
        after === null
          ? { accounts: 250, busy: 1, ...told([DIFFERENCE], room), next: 'account-249' }
          : { accounts: 50, busy: 0, ...told([], room), next: null },
      ),
    findUnknownWorkflows: ({ room }) => Promise.resolve(told([], room)),
    findUnknownEntries: ({ after, room }) =>
      Promise.resolve({ ...told([], room), next: after === null ? 'arossi' : null }),
  };
}
