import type { Policy } from '../contracts/policy.ts';

/** The settings that a policy file may give once for all kinds, under `defaults`, or under one kind. */
export type Settings = Omit<Policy, 'name' | 'version' | 'kind' | 'milestones' | 'noticesBy'>;

export const TEXT_SETTINGS = ['timeZone', 'noticeTime'] as const;
export const NUMBER_SETTINGS = [
  'spreadMinutes',
  'deleteAfterBlockDays',
  'blockAfterNoticeDays',
  'transferWaitDays',
  'restoreDays',
  'ignoreDays',
  'reminderDays',
] as const;

/** What a policy file need not say. The time zone has no default: it must be said. */
export const SETTING_DEFAULTS: Omit<Settings, 'timeZone'> = {
  noticeTime: '08:00',
  spreadMinutes: 60,
  deleteAfterBlockDays: 8,
  blockAfterNoticeDays: 7,
  transferWaitDays: 60,
  restoreDays: 30,
  ignoreDays: 90,
  reminderDays: 7,
};

export const ACTIONS = ['notice', 'leaving', 'transfer', 'guest', 'block', 'delete'] as const;
/** The kinds that have a workflow, and so a policy, of their own; guests have none. */
export const KINDS = ['primary', 'secondary', 'service', 'experiment'] as const;
export const NOTICES_BY = ['self', 'primary', 'nobody'] as const;

export const SETTING_KEYS = [...TEXT_SETTINGS, ...NUMBER_SETTINGS];
export const FILE_KEYS = ['name', 'version', 'defaults', 'policies'];
export const POLICY_KEYS = ['noticesBy', 'milestones', ...SETTING_KEYS];
export const MILESTONE_KEYS = ['action', 'offset', 'tellSupervisor'];
