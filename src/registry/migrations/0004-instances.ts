import type { Migration } from './migration.ts';

/** Accounts of an INDIGO IAM instance as they were last read, and which account of ours follows each. */
const INSTANCE_ACCOUNTS = `
create table instance_accounts (
  external_id text collate "C" primary key,
  account_id text collate "C" references accounts,
  person_id text collate "C",
  nameless boolean not null,
  presence text not null check (presence in ('there', 'released', 'deleted', 'deletedOutside')),
  suspended_by text check (suspended_by in ('lifecycle', 'admin')),
  snapshot jsonb not null,
  number bigint not null,
  at bigint not null,
  sightings_count integer,
  sightings_run text collate "C",
  is_stamped boolean not null,
  check (account_id is null or person_id is not null),
  check ((sightings_count is null) = (sightings_run is null))
)`;

/** Persons of whom HR gave no answer in a run. */
const UNHEARD = `
create table unheard (
  run text collate "C" not null,
  person_id text collate "C" not null,
  primary key (run, person_id)
)`;

/** Accounts of an INDIGO IAM instance. */
export const instances: Migration = {
  version: 4,
  name: 'instances',
  statements: [
    INSTANCE_ACCOUNTS,
    `create unique index instance_account_followed on instance_accounts (account_id)
       where account_id is not null`,
    UNHEARD,
  ],
};
