import type { Migration } from './migration.ts';

/** Person ids that HR gave up for another one, and what went over with each. */
const MERGES = `
create table merges (
  request_id text collate "C" primary key,
  from_person text collate "C" not null,
  to_person text collate "C" not null,
  actor text not null,
  reason text not null,
  at bigint not null,
  moves jsonb not null,
  told_at bigint,
  check (from_person <> to_person)
)`;

/** Merged persons. */
export const merges: Migration = {
  version: 11,
  name: 'merges',
  statements: [
    MERGES,
    // An id goes once.
    'create unique index merge_of_person on merges (from_person)',
    // Never an id that went itself: a later merge passes on to the last one.
    'alter table persons add column merged_into text collate "C"',
    'create index persons_merged on persons (merged_into) where merged_into is not null',
    'create index reassignments_of_owner on reassignments (owner) where done_at is null',
  ],
};
