import type { Migration } from './migration.ts';

const REASSIGNMENTS = `
create table reassignments (
  request_id text collate "C" primary key,
  account_id text collate "C" not null references accounts,
  owner text collate "C" not null,
  new_owner text collate "C" not null,
  actor text not null,
  reason text not null,
  asked_at bigint not null,
  lapses_at bigint not null,
  status text not null check (status in ('open', 'approved', 'rejected', 'withdrawn', 'lapsed', 'superseded')),
  decided_at bigint,
  decided_by text,
  decided_why text,
  done_at bigint,
  check ((status = 'open') = (decided_at is null)),
  check ((decided_at is null) = (decided_by is null)),
  check (done_at is null or status = 'approved')
)`;

/** Requests to re-assign service accounts. One that is open, or approved and not carried out, keeps others from its account. */
export const reassignments: Migration = {
  version: 8,
  name: 'reassignments',
  statements: [
    REASSIGNMENTS,
    `create unique index one_reassignment on reassignments (account_id)
      where status = 'open' or (status = 'approved' and done_at is null)`,
    `create index reassignments_coming on reassignments (new_owner) where status = 'approved' and done_at is null`,
    `create index reassignments_of_account on reassignments (account_id, asked_at)`,
  ],
};
