import type { Observation } from './affiliation.ts';
import type { ActiveStatus } from './account.ts';
import type { Followed } from './merge.ts';
import type { InstanceFacts } from './instance.ts';
import type { CalendarDate, Instant } from './time.ts';

/** Facts that a notice needs, beyond the person's own, which only the registry knows. */
export interface NoticeDetails {
  /** Identifies the notice for ever: (person, leaving, offset or `all-clear`, last day, times told). */
  readonly key: string;
  readonly template: 'leaving-soon' | 'has-left' | 'all-clear' | 'returned' | 'hold-ends' | 'admin-date-ends';
  /** The offset it stands for; `null` for an all-clear or a reminder. */
  readonly offset: number | null;
  /** The last day it names; `null` = open-ended. */
  readonly lastDay: CalendarDate | null;
  readonly blockOn: CalendarDate | null;
  readonly deleteOn: CalendarDate | null;
  /** Also tell the supervisor, if official resources are still owned. */
  readonly tellSupervisor: boolean;
  /** Who set the hold or date that a reminder is about. */
  readonly actor: string | null;
}

export type StepAction =
  | 'activate'
  | 'notice'
  | 'reminder'
  | 'allClear'
  | 'leaving'
  | 'status'
  | 'transfer'
  | 'reassign'
  | 'merge'
  | 'guest'
  | 'shutGuest'
  | 'writeGuests'
  | 'block'
  | 'delete'
  | 'giveAccess'
  | 'disable'
  | 'exclude'
  | 'hold'
  | 'adminDate'
  | 'record';

/** Why access is given: decides what the fold changes besides. */
export type GiveAccessReason = 'returned' | 'corrected' | 'enabled' | 'exclusionEnded' | 'repaired';

/** One step of an account's plan. Its key is the same for as long as it is the same step. */
export interface Step {
  readonly key: string;
  readonly action: StepAction;
  readonly dueAt: Instant;
  /** From when on it is pointless: a notice gives way to the next milestone. */
  readonly deadline: Instant | null;
  /** The effective last day it follows from. */
  readonly lastDay: CalendarDate | null;
  /** In words an operator understands. */
  readonly why: string;
  readonly notice: NoticeDetails | null;
  readonly giveAccess: GiveAccessReason | null;
  /** The value that a `status` or `leaving` step writes. */
  readonly activeStatus: ActiveStatus | null;
}

/** What the account's workflow does now. */
export type NextStep =
  | { readonly type: 'act'; readonly step: Step }
  /** `until` = wake then and look again; `null` = only a message changes anything. `step` = what the wait is for. */
  | { readonly type: 'wait'; readonly until: Instant | null; readonly step: Step | null }
  | { readonly type: 'finished' };

/**
 * What a step's activity answers. It throws for everything that a retry may mend. `recorded` is the number of the
 * last audit note that it wrote to the registry along the way; `begun` says that an earlier attempt of a refused step
 * may have acted on some target.
 */
export type StepOutcome =
  | {
      readonly result: 'done';
      readonly at: Instant;
      readonly note: string;
      readonly recorded: number;
      readonly newOwner?: Observation;
      /** Whom and what an account of a merged person follows from then on. */
      readonly followed?: Followed;
      /** What the instance shows of an experiment account after the step. */
      readonly facts?: InstanceFacts;
    }
  | {
      readonly result: 'refused';
      readonly at: Instant;
      readonly recorded: number;
      readonly begun?: boolean;
      readonly why: Refusal;
    };

/** Why a step was not carried out although it was due. */
export type Refusal =
  /** HR, read afresh, says otherwise. */
  | { readonly code: 'observation'; readonly observation: Observation }
  /** The instance, read afresh, shows something else than the account was told. */
  | { readonly code: 'instance'; readonly facts: InstanceFacts }
  /** Not before this moment: the person was told too late. */
  | { readonly code: 'notBefore'; readonly at: Instant }
  /** A delete has begun on a target and is finished first. */
  | { readonly code: 'deleteBegun' };
