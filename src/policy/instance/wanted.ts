import type { Observation } from '../../contracts/affiliation.ts';
import type { InstanceFacts, InstanceSettings, InstanceWishes } from '../../contracts/instance.ts';
import type { Instant } from '../../contracts/time.ts';
import type { Label } from './labels.ts';

/** Names and address as HR has them. */
export interface HrPerson {
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string | null;
}

/** What a synchronisation knows of an account's person, by what HR said and by what of it was applied. */
export type HrSaid =
  | { readonly outcome: 'unavailable' }
  /** Nothing that HR said of the person has been applied yet. */
  | { readonly outcome: 'not-applied' }
  /** `isApplied` = it is confirmed, and the plan that says so was applied. */
  | { readonly outcome: 'no-person'; readonly isApplied: boolean }
  | {
      readonly outcome: 'found';
      readonly person: HrPerson;
      /** What the person's accounts were told last: a loss that is held is not in it. */
      readonly applied: Observation;
      /** The newest fact. What it still grants is not taken. */
      readonly newest: Observation;
    };

/** Synchronisations in a row that found no participation; `null` = the last one did not. */
export type ParticipationSightings = { readonly count: number; readonly lastRun: string } | null;

/** Everything on which it depends what is wanted of one account. */
export interface AccountInput {
  readonly settings: Pick<
    InstanceSettings,
    | 'dialect'
    | 'experiment'
    | 'personIdLabel'
    | 'onPersonIdNotFound'
    | 'onParticipationNotFound'
    | 'participationSightings'
  >;
  readonly now: Instant;
  /** The synchronisation, by its plan. */
  readonly run: string;
  /** The deployment is frozen: nothing is taken. */
  readonly isFrozen: boolean;
  /** The instance lets nobody change this end time. */
  readonly isEndTimeFixed: boolean;
  readonly account: {
    readonly active: boolean;
    readonly endTime: Instant | null;
    readonly labels: readonly Label[];
    readonly suspendedBy: InstanceFacts['suspendedBy'];
    /** As the synchronisation found it, before it wrote anything. */
    readonly wasSuspendedBy: InstanceFacts['suspendedBy'];
    /** The label of the person id holds none. */
    readonly isNameless: boolean;
    readonly sightings: ParticipationSightings;
  };
  readonly hr: HrSaid;
  readonly wishes: InstanceWishes;
}

/** What is wanted of one account. `undefined` = it stays as it is. */
export interface Wanted {
  /** Names and address; empty or `null` = that one stays. */
  readonly person: HrPerson | undefined;
  /** HR's names, of which IAM would refuse one for good: it is not asked to take it. */
  readonly isNameRefused: boolean;
  readonly active: boolean | undefined;
  /** `null` = cleared. */
  readonly endTime: Instant | null | undefined;
  /** The label `lifecycle.status` is removed. */
  readonly endsExpiry: boolean;
  readonly status: string | undefined;
  /** In words; `null` = the label is removed. */
  readonly message: string | null | undefined;
  /** `null` = the label is removed. */
  readonly action: string | null | undefined;
  readonly sightings: ParticipationSightings;
}
