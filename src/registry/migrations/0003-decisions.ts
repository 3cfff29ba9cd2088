import type { Migration } from './migration.ts';

/** The newest word of an admin on each person: it outlives the row it was said of, whatever becomes of that one. */
const DECISIONS = `
create table decisions (
  person_id text collate "C" primary key,
  plan_id text collate "C" not null,
  verdict text not null check (verdict in ('approved', 'rejected')),
  decided_at bigint not null,
  before_number bigint,
  after_outcome text not null check (after_outcome in ('found', 'no-person')),
  after_digest text
)`;

const INDEXES = [
  // Until now rows remembered what was decided.
  'drop index plan_rows_decided',
  `create index plans_waiting on plans (state, created_at) where state in ('held', 'approved')`,
  `create index observations_by_age on observations (at)`,
];

/** Decisions apart from plans, and what a synchronisation notes of people whom HR does not know. */
export const decisions: Migration = {
  version: 3,
  name: 'decisions',
  statements: [
    DECISIONS,
    `insert into decisions (person_id, plan_id, verdict, decided_at, before_number, after_outcome, after_digest)
       select distinct on (person_id)
         person_id, plan_id, plan_rows.state, plan_rows.at, before_number, after_outcome, after_digest
       from plan_rows join plans using (plan_id)
       where plan_rows.state in ('approved', 'rejected') and plans.state <> 'dryRun'
       order by person_id, plan_rows.at desc, number desc, plan_id desc`,
    'alter table persons add column no_person_run text collate "C"',
    'alter table persons add column departed_asked_at bigint',
    ...INDEXES,
  ],
};
