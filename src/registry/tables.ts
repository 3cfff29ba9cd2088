import type { ColumnType, Generated } from 'kysely';
import type { AccountKind, AccountState, ActiveStatus } from '../contracts/account.ts';
import type { Observation, Tie } from '../contracts/affiliation.ts';
import type { Presence } from '../contracts/instance.ts';
import type { MergeMoves } from '../contracts/merge.ts';
import type { ReassignmentStatus } from '../contracts/reassignment.ts';
import type { ChangeSide, LookCounts, PlanDecision, PlanRow, PlanState } from '../contracts/plan.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import type { InstanceRow, InstanceSnapshot } from './instance-registry.ts';
import type { EffectRow, NoticeRow, ObservationRow } from './registry.ts';

/** A `jsonb` column: read as a value, written as text, since drivers disagree on what to do with an array. */
type Json<T> = ColumnType<T, string, string>;

export interface ClockTable {
  id: Generated<number>;
  real_ms: number;
  virtual_ms: number;
  speed: number;
}

export interface PersonsTable {
  person_id: string;
  /** Sorts ids as numbers, see `column-values.ts`. */
  person_order: string;
  given_name: string;
  family_name: string;
  email: string | null;
  external_email: string | null;
  language: string | null;
  supervisor_id: string | null;
  department: string | null;
  group_name: string | null;
  section: string | null;
  institute: string | null;
  last_known_supervisor_id: string | null;
  observation: ColumnType<Observation | null, string | null, string | null>;
  outcome: Observation['outcome'] | null;
  digest: string | null;
  applied_outcome: Observation['outcome'] | null;
  applied_digest: string | null;
  /** What accounts were told last; unlike the two above it stays while something newer is being told. */
  applied_observation: ColumnType<Observation | null, string | null, string | null>;
  no_person_count: number | null;
  no_person_first_at: Instant | null;
  /** The run that saw it last: it counts once. */
  no_person_run: string | null;
  /** When HR was last asked of somebody whom it does not know and who has no account any more. */
  departed_asked_at: Instant | null;
  had_contracts: boolean;
  /** The id that HR goes on with; `null` = it did not give this one up. */
  merged_into: string | null;
  /** Number of the newest look that wrote this row. */
  looked_number: number;
}

export interface ObservationsTable {
  number: number;
  person_id: string;
  at: Instant;
  outcome: ObservationRow['outcome'];
  digest: string | null;
  ties: Json<readonly Tie[]>;
  source: string;
  detail: string | null;
}

export interface AccountsTable {
  account_id: string;
  kind: AccountKind;
  login: string;
  login_key: string;
  person_id: string;
  experiment: string | null;
  created_at: Instant;
  stage: string;
  state: Json<AccountState>;
  state_sequence: number;
  note_sequence: number;
  next_step: string | null;
  next_step_at: Instant | null;
  problem: string | null;
  uid_number: Generated<number>;
}

export interface OwnershipTable {
  ownership_id: Generated<number>;
  account_id: string;
  person_id: string;
  since: Instant;
  until: Instant | null;
  reason: string;
}

export interface FencesTable {
  account_id: string;
  sequence: number;
  attempt: number;
}

export interface EffectsTable {
  effect_id: Generated<number>;
  account_id: string;
  epoch: number;
  action: string;
  target: string;
  last_day: CalendarDate | null;
  sequence: number;
  attempt: number;
  state: EffectRow['state'];
  intent_at: Instant;
  done_at: Instant | null;
  note: string | null;
}

export interface NoticesTable {
  key: string;
  audience: NoticeRow['audience'];
  person_id: string;
  account_id: string;
  template: string;
  offset_days: number | null;
  last_day: CalendarDate | null;
  due_at: Instant;
  state: NoticeRow['state'];
  message_id: string | null;
  sent_at: Instant | null;
  failed_at: Instant | null;
}

export interface AuditTable {
  audit_id: Generated<number>;
  at: Instant;
  what: string;
  actor: string;
  account_id: string | null;
  person_id: string | null;
  reason: string | null;
  command_id: string | null;
  facts: Json<Readonly<Record<string, unknown>>>;
  /** Number of the account's own note that this entry is; `null` = none. */
  note_sequence: number | null;
}

export interface AlarmsTable {
  key: string;
  message: string;
  first_seen: Instant;
  last_seen: Instant;
  cleared_at: Instant | null;
  mailed_at: Instant | null;
}

export interface ServiceDeskCasesTable {
  person_id: string;
  leaving: string;
  cause: string;
  opened_at: Instant;
}

export interface LeasesTable {
  name: string;
  holder: string;
  /** Real time, milliseconds since the epoch. */
  until_ms: number;
}

export interface PlansTable {
  plan_id: string;
  state: PlanState;
  created_at: Instant;
  settled_at: Instant | null;
  looks: ColumnType<LookCounts | null, string | null, string | null>;
  held_because: ColumnType<readonly string[], string | undefined, string>;
  lapses_at: Instant | null;
  verdict: PlanDecision['verdict'] | null;
  actor: string | null;
  decision_reason: string | null;
  decided_at: Instant | null;
  superseded_by: string | null;
  /** The plan held from before that holds what this one would have. */
  goes_on_as: string | null;
}

export interface PlanRowsTable {
  plan_id: string;
  person_id: string;
  /** Sorts ids as numbers, see `column-values.ts`. */
  person_order: string;
  kind: PlanRow['kind'];
  reason: string;
  before: Json<ChangeSide>;
  after: Json<ChangeSide>;
  before_number: number | null;
  number: number;
  after_outcome: PlanRow['afterOutcome'];
  after_digest: string | null;
  instance_changes: Json<readonly string[]>;
  state: PlanRow['state'];
  /** When it was decided on, applied or put aside; `null` before. */
  at: Instant | null;
}

export interface DecisionsTable {
  person_id: string;
  plan_id: string;
  verdict: PlanDecision['verdict'];
  decided_at: Instant;
  before_number: number | null;
  after_outcome: PlanRow['afterOutcome'];
  after_digest: string | null;
  instance_changes: Json<readonly string[]>;
}

export interface DeploymentFreezeTable {
  id: Generated<number>;
  frozen_at: Instant;
  actor: string;
  reason: string;
}

export interface GuestsTable {
  guest_id: string;
  person_id: string;
  account_id: string;
  provider: string;
  subject: string;
  email: string | null;
  uid_number: Generated<number>;
  is_open: boolean;
  since: Instant;
  request_id: Generated<string | null>;
  released_at: Generated<Instant | null>;
}

export interface ExpiryTracesTable {
  external_id: string;
  seen_at: Instant;
}

export interface InstanceAccountsTable {
  external_id: string;
  account_id: string | null;
  person_id: string | null;
  nameless: boolean;
  presence: Presence;
  suspended_by: InstanceRow['suspendedBy'];
  snapshot: Json<InstanceSnapshot>;
  number: number;
  at: Instant;
  sightings_count: number | null;
  sightings_run: string | null;
  is_stamped: boolean;
}

export interface UnheardTable {
  run: string;
  person_id: string;
}

export interface DeploymentKeysTable {
  name: string;
  value: string;
}

export interface ReassignmentsTable {
  request_id: string;
  account_id: string;
  owner: string;
  new_owner: string;
  actor: string;
  reason: string;
  asked_at: Instant;
  lapses_at: Instant;
  status: ReassignmentStatus;
  decided_at: Instant | null;
  decided_by: string | null;
  decided_why: string | null;
  done_at: Instant | null;
}

export interface MergesTable {
  request_id: string;
  from_person: string;
  to_person: string;
  actor: string;
  reason: string;
  at: Instant;
  moves: Json<MergeMoves>;
  told_at: Instant | null;
}

export interface DirectoryEntriesTable {
  directory: string;
  login_key: string;
  login: string;
  kind: AccountKind;
  person_id: string;
  display_name: string;
  given_name: string;
  family_name: string;
  mail: string | null;
  department: string | null;
  group_name: string | null;
  section: string | null;
  institute: string | null;
  language: string | null;
  active_status: ActiveStatus | null;
  access: 'on' | 'off';
  mail_routing: string | null;
  password_hash: string | null;
}

export interface DirectoryMembershipsTable {
  directory: string;
  login_key: string;
  group_name: string;
}

/** Every table of the registry, as kysely sees it. `migrations/` makes them. */
export interface Tables {
  clock: ClockTable;
  persons: PersonsTable;
  observations: ObservationsTable;
  accounts: AccountsTable;
  ownership: OwnershipTable;
  fences: FencesTable;
  effects: EffectsTable;
  notices: NoticesTable;
  audit: AuditTable;
  alarms: AlarmsTable;
  service_desk_cases: ServiceDeskCasesTable;
  leases: LeasesTable;
  plans: PlansTable;
  plan_rows: PlanRowsTable;
  decisions: DecisionsTable;
  deployment_freeze: DeploymentFreezeTable;
  instance_accounts: InstanceAccountsTable;
  expiry_traces: ExpiryTracesTable;
  unheard: UnheardTable;
  reassignments: ReassignmentsTable;
  guests: GuestsTable;
  merges: MergesTable;
  deployment_keys: DeploymentKeysTable;
  directory_entries: DirectoryEntriesTable;
  directory_memberships: DirectoryMembershipsTable;
}
