import type { Migration } from './migration.ts';

const PLANS = `
create table plans (
  plan_id text collate "C" primary key,
  state text not null check (state in (
    'observing', 'open', 'held', 'approved', 'rejected', 'superseded', 'lapsed', 'applied', 'dryRun')),
  created_at bigint not null,
  settled_at bigint,
  looks jsonb,
  held_because jsonb not null default '[]',
  lapses_at bigint,
  verdict text check (verdict in ('approved', 'rejected')),
  actor text,
  decision_reason text,
  decided_at bigint,
  superseded_by text collate "C",
  goes_on_as text collate "C",
  check (settled_at is not null or state in ('observing', 'dryRun')),
  check (settled_at is null or state <> 'observing'),
  check ((settled_at is null) = (looks is null)),
  check (state <> 'held' or lapses_at is not null),
  check ((state = 'superseded') = (superseded_by is not null)),
  check ((verdict is null) = (decided_at is null)),
  check ((verdict is null) = (actor is null)),
  check ((verdict is null) = (decision_reason is null))
)`;

const PLAN_ROWS = `
create table plan_rows (
  plan_id text collate "C" not null references plans,
  person_id text collate "C" not null,
  person_order text collate "C" not null,
  kind text not null check (kind in ('loss', 'shortening', 'join', 'return', 'extension', 'correction')),
  reason text not null,
  before jsonb not null,
  after jsonb not null,
  before_number bigint,
  number bigint not null,
  after_outcome text not null check (after_outcome in ('found', 'no-person')),
  after_digest text,
  state text not null check (state in (
    'open', 'held', 'approved', 'rejected', 'superseded', 'lapsed', 'applied', 'stale')),
  at bigint,
  primary key (plan_id, person_id),
  check (at is not null or state in ('open', 'held'))
)`;

const DEPLOYMENT_FREEZE = `
create table deployment_freeze (
  id integer primary key default 1 check (id = 1),
  frozen_at bigint not null,
  actor text not null,
  reason text not null
)`;

const INDEXES = [
  // An admin decides on one plan at a time.
  `create unique index one_held_plan on plans (state) where state = 'held'`,
  `create index plans_by_age on plans (created_at)`,
  `create index plan_rows_in_order on plan_rows (plan_id, person_order)`,
  `create index plan_rows_waiting on plan_rows (plan_id, person_order)
     where state in ('open', 'approved', 'held')`,
  `create index plan_rows_decided on plan_rows (person_id, at) where state in ('approved', 'rejected')`,
  `create index plan_losses_applied on plan_rows (at) where kind = 'loss' and state = 'applied'`,
  `create index persons_sighted on persons (person_order) where no_person_count is not null`,
  `create index accounts_never_heard_of on accounts (created_at)
     where state_sequence = 0 and next_step is null and problem is null`,
  // A plan says what is to be applied: nobody looks for it in the persons any more.
  'drop index persons_unapplied',
];

/** Plans of synchronisations, the freeze, and what each person's accounts were last told. */
export const plans: Migration = {
  version: 2,
  name: 'plans',
  statements: [
    'alter table persons add column applied_observation jsonb',
    // Without it the first plan after the update would take everyone for somebody new.
    `update persons set applied_observation = observation
       where applied_outcome = outcome and applied_digest is not distinct from digest`,
    `update persons set applied_observation = (
         select jsonb_build_object('number', told.number, 'personId', told.person_id, 'outcome', told.outcome,
                                   'ties', told.ties, 'at', told.at)
         from observations as told
         where told.person_id = persons.person_id and told.outcome = persons.applied_outcome
           and told.digest is not distinct from persons.applied_digest
         order by told.number desc limit 1)
       where applied_outcome is not null and applied_observation is null`,
    PLANS,
    PLAN_ROWS,
    DEPLOYMENT_FREEZE,
    ...INDEXES,
  ],
};
