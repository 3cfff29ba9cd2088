import type { Migration } from './migration.ts';

/** What a row tells accounts of an instance beside HR's answer: a decision covers that and nothing more. */
export const instanceChanges: Migration = {
  version: 5,
  name: 'instance-changes',
  statements: [
    `alter table plan_rows add column instance_changes jsonb not null default '[]'`,
    `alter table decisions add column instance_changes jsonb not null default '[]'`,
  ],
};
