import type { AccountKind } from './account.ts';
import type { WallTime } from './time.ts';

/**
 * An action of a policy and its day. A notice's `offset` counts days from the last day (−7 = seven days before
 * it); every other offset counts days from leaving (0 = the first day after the last day).
 */
export type Milestone =
  | { readonly action: 'notice'; readonly offset: number; readonly tellSupervisor: boolean }
  | { readonly action: 'leaving'; readonly offset: 0 }
  | { readonly action: 'transfer'; readonly offset: number }
  | { readonly action: 'guest'; readonly offset: number }
  | { readonly action: 'block'; readonly offset: number }
  | { readonly action: 'delete'; readonly offset: number };

/** The rules for one kind of account, as data. A workflow carries the policy it was started with. */
export interface Policy {
  readonly name: string;
  readonly version: string;
  readonly kind: AccountKind;
  /** IANA name of the zone whose calendar counts. */
  readonly timeZone: string;
  /** When notices go out. */
  readonly noticeTime: WallTime;
  /** Length of the window that starts at a milestone's moment and over which accounts are spread, in minutes. */
  readonly spreadMinutes: number;
  /** In the order in which they are carried out. */
  readonly milestones: readonly Milestone[];
  /** Who sends the notices that name this account's block: `self`, the person's primary account, or nobody. */
  readonly noticesBy: 'self' | 'primary' | 'nobody';
  /** After a late block, a delete that is overdue waits until this many days after it. */
  readonly deleteAfterBlockDays: number;
  /** No block within this many days after the first notice that named its date was due; 0 = no such wait. */
  readonly blockAfterNoticeDays: number;
  /** A future affiliation that begins before this day after leaving lets transfers and the guest account wait for it. */
  readonly transferWaitDays: number;
  /** `restore` without a date sets the admin date this many days ahead. */
  readonly restoreDays: number;
  /** `ignore` without a date holds for this many days. */
  readonly ignoreDays: number;
  /** So many days before an admin date or an `ignore` ends, whoever set it and the person are told. */
  readonly reminderDays: number;
}

/** The policies that belong together under one name: one for each kind of account that a site manages. */
export interface PolicySet {
  readonly name: string;
  readonly version: string;
  readonly policies: Readonly<Partial<Record<AccountKind, Policy>>>;
}
