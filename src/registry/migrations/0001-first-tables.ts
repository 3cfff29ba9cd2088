import type { Migration } from './migration.ts';

const CLOCK = `
create table clock (
  id integer primary key default 1 check (id = 1),
  real_ms double precision not null,
  virtual_ms double precision not null,
  speed double precision not null check (speed > 0)
)`;

const PERSONS = `
create table persons (
  person_id text collate "C" primary key,
  person_order text collate "C" not null,
  given_name text not null,
  family_name text not null,
  email text,
  external_email text,
  language text,
  supervisor_id text,
  department text,
  group_name text,
  section text,
  institute text,
  last_known_supervisor_id text,
  observation jsonb,
  outcome text,
  digest text,
  applied_outcome text,
  applied_digest text,
  no_person_count integer,
  no_person_first_at bigint,
  had_contracts boolean not null,
  looked_number bigint not null,
  check ((observation is null) = (outcome is null)),
  check ((no_person_count is null) = (no_person_first_at is null))
)`;

const OBSERVATIONS = `
create table observations (
  number bigint primary key,
  person_id text collate "C" not null,
  at bigint not null,
  outcome text not null check (outcome in ('found', 'no-person', 'unavailable')),
  digest text,
  ties jsonb not null,
  source text not null,
  detail text
)`;

const ACCOUNTS = `
create table accounts (
  account_id text collate "C" primary key,
  kind text not null check (kind in ('primary', 'secondary', 'service', 'guest', 'experiment')),
  login text not null,
  login_key text collate "C" not null,
  person_id text collate "C" not null,
  experiment text,
  created_at bigint not null,
  stage text not null,
  state jsonb not null,
  state_sequence bigint not null,
  note_sequence bigint not null,
  next_step text,
  next_step_at bigint,
  problem text
)`;

const OWNERSHIP = `
create table ownership (
  ownership_id bigint generated always as identity primary key,
  account_id text collate "C" not null references accounts,
  person_id text collate "C" not null,
  since bigint not null,
  until bigint,
  reason text not null
)`;

const FENCES = `
create table fences (
  account_id text collate "C" primary key,
  sequence bigint not null,
  attempt bigint not null
)`;

const EFFECTS = `
create table effects (
  effect_id bigint generated always as identity primary key,
  account_id text collate "C" not null,
  epoch bigint not null,
  action text not null,
  target text not null,
  last_day date,
  sequence bigint not null,
  attempt bigint not null,
  state text not null check (state in ('intent', 'done')),
  intent_at bigint not null,
  done_at bigint,
  note text,
  constraint effect_once unique nulls not distinct (account_id, epoch, action, target, last_day),
  check ((state = 'done') = (done_at is not null))
)`;

const NOTICES = `
create table notices (
  key text collate "C" not null,
  audience text not null,
  person_id text collate "C" not null,
  account_id text collate "C" not null,
  template text not null,
  offset_days integer,
  last_day date,
  due_at bigint not null,
  state text not null check (state in ('due', 'sent', 'failed')),
  message_id text,
  sent_at bigint,
  failed_at bigint,
  primary key (key, audience),
  check ((state = 'sent') = (sent_at is not null))
)`;

const AUDIT = `
create table audit (
  audit_id bigint generated always as identity primary key,
  at bigint not null,
  what text not null,
  actor text not null,
  account_id text collate "C",
  person_id text collate "C",
  reason text,
  command_id text,
  facts jsonb not null,
  note_sequence bigint,
  constraint note_once unique (account_id, note_sequence)
)`;

const ALARMS = `
create table alarms (
  key text collate "C" primary key,
  message text not null,
  first_seen bigint not null,
  last_seen bigint not null,
  cleared_at bigint,
  mailed_at bigint
)`;

const SERVICE_DESK_CASES = `
create table service_desk_cases (
  person_id text collate "C" not null,
  leaving text not null,
  cause text not null,
  opened_at bigint not null,
  primary key (person_id, leaving, cause)
)`;

const LEASES = `
create table leases (
  name text primary key,
  holder text not null,
  until_ms bigint not null
)`;

const DIRECTORY_ENTRIES = `
create table directory_entries (
  directory text not null,
  login_key text collate "C" not null,
  login text not null,
  kind text not null,
  person_id text not null,
  display_name text not null,
  given_name text not null,
  family_name text not null,
  mail text,
  department text,
  group_name text,
  section text,
  institute text,
  language text,
  active_status text,
  access text not null check (access in ('on', 'off')),
  mail_routing text,
  password_hash text,
  primary key (directory, login_key)
)`;

const DIRECTORY_MEMBERSHIPS = `
create table directory_memberships (
  directory text not null,
  login_key text collate "C" not null,
  group_name text collate "C" not null,
  primary key (directory, login_key, group_name),
  foreign key (directory, login_key) references directory_entries on delete cascade
)`;

const INDEXES = [
  `create index persons_in_order on persons (person_order)`,
  // Only the few persons with something to apply: a run over a hundred thousand persons asks for them often.
  `create index persons_unapplied on persons (person_order)
     where outcome is not null
       and (applied_outcome is distinct from outcome or applied_digest is distinct from digest)`,
  `create index observations_of_person on observations (person_id, number)`,
  // For ever: rows are never deleted. Experiment accounts live in their instance's own namespace.
  `create unique index login_once on accounts (login_key) where kind <> 'experiment'`,
  `create unique index one_primary on accounts (person_id)
     where kind = 'primary' and stage not in ('deleted', 'released', 'neverJoined', 'deletedOutside')`,
  `create index accounts_of_person on accounts (person_id, account_id)`,
  `create index accounts_by_stage on accounts (kind, stage, account_id)`,
  `create index accounts_by_next_step on accounts (next_step_at) where next_step_at is not null`,
  `create unique index one_owner on ownership (account_id) where until is null`,
  `create index ownership_of_person on ownership (person_id)`,
  `create index notices_of_person on notices (person_id, due_at)`,
  `create index audit_of_account on audit (account_id, at)`,
  `create index audit_of_person on audit (person_id, at)`,
  `create index alarms_open on alarms (first_seen) where cleared_at is null`,
];

/** `LC001` is the registry's own SQLSTATE for "rows of this table stay as they are". */
const GUARDS = [
  `create function refuse_change() returns trigger language plpgsql as $$
   begin
     raise exception '% on % is refused: its rows stay for ever', tg_op, tg_table_name using errcode = 'LC001';
   end $$`,
  `create trigger audit_append_only before update or delete or truncate on audit
     for each statement execute function refuse_change()`,
  `create trigger accounts_stay before delete or truncate on accounts
     for each statement execute function refuse_change()`,
  `create trigger logins_stay before update of login, login_key on accounts
     for each statement execute function refuse_change()`,
];

/** Everything the registry begins with. */
export const firstTables: Migration = {
  version: 1,
  name: 'first-tables',
  statements: [
    CLOCK,
    'create sequence observation_number',
    PERSONS,
    OBSERVATIONS,
    ACCOUNTS,
    OWNERSHIP,
    FENCES,
    EFFECTS,
    NOTICES,
    AUDIT,
    ALARMS,
    SERVICE_DESK_CASES,
    LEASES,
    DIRECTORY_ENTRIES,
    DIRECTORY_MEMBERSHIPS,
    ...INDEXES,
    ...GUARDS,
  ],
};
