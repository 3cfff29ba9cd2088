import type { Policy, PolicySet } from '../contracts/policy.ts';

const VERSION = '2';

const shared = {
  name: 'cern',
  version: VERSION,
  timeZone: 'Europe/Zurich',
  noticeTime: '08:00',
  spreadMinutes: 60,
  deleteAfterBlockDays: 8,
  blockAfterNoticeDays: 7,
  transferWaitDays: 60,
  restoreDays: 30,
  ignoreDays: 90,
  reminderDays: 7,
} satisfies Partial<Policy>;

/** The rules of CERN's accounts. Source: `docs/rules.md`, "The calendar" and "The life of a CERN account". */
export const cern: PolicySet = {
  name: 'cern',
  version: VERSION,
  policies: {
    primary: {
      ...shared,
      kind: 'primary',
      noticesBy: 'self',
      milestones: [
        { action: 'notice', offset: -60, tellSupervisor: false },
        { action: 'notice', offset: -27, tellSupervisor: false },
        { action: 'notice', offset: -7, tellSupervisor: true },
        { action: 'leaving', offset: 0 },
        { action: 'guest', offset: 0 },
        { action: 'block', offset: 60 },
        { action: 'delete', offset: 180 },
      ],
    },
    secondary: {
      ...shared,
      kind: 'secondary',
      noticesBy: 'primary',
      milestones: [
        { action: 'leaving', offset: 0 },
        { action: 'block', offset: 60 },
        { action: 'delete', offset: 180 },
      ],
    },
    service: {
      ...shared,
      kind: 'service',
      noticesBy: 'nobody',
      milestones: [{ action: 'transfer', offset: 0 }],
    },
  },
};
