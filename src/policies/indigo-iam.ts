import type { PolicySet } from '../contracts/policy.ts';

/**
 * The rules of INDIGO IAM's own expiry: suspended after 7 days, removed after 30, both counted from the end.
 * Source: `docs/rules.md`, "Experiment accounts".
 */
export const indigoIam: PolicySet = {
  name: 'indigo-iam',
  version: '1',
  policies: {
    experiment: {
      name: 'indigo-iam',
      version: '1',
      kind: 'experiment',
      timeZone: 'UTC',
      noticeTime: '08:00',
      spreadMinutes: 60,
      noticesBy: 'nobody',
      milestones: [
        { action: 'leaving', offset: 0 },
        { action: 'block', offset: 7 },
        { action: 'delete', offset: 30 },
      ],
      deleteAfterBlockDays: 8,
      blockAfterNoticeDays: 0,
      transferWaitDays: 60,
      restoreDays: 30,
      ignoreDays: 90,
      reminderDays: 7,
    },
  },
};
