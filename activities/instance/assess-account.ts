import { isDeepStrictEqual } from 'node:util';
import type { IamLabel, IamUser } from '../../src/connectors/indigo-iam.ts';
import type { InstanceSettings } from '../../src/contracts/instance.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { isExpired } from '../../src/policy/instance-facts.ts';
import {
  labelOf,
  lifecycleStatusOf,
  ours,
  valueOf,
  withoutTimestamp,
} from '../../src/policy/instance/labels.ts';
import { suspendedBy } from '../../src/policy/instance/suspended-by.ts';
import type { FollowedRow, InstanceRow, InstanceSnapshot } from '../../src/registry/instance-registry.ts';
import { namedPerson } from './named-person.ts';

/** What INDIGO IAM's own HR task writes where we write `MEMBER`. */
const STATUS_OF_ITS_OWN_TASK = 'VO_MEMBER';

/** One look at one account of the instance. */
export interface AccountLook {
  readonly externalId: string;
  /** The row it has, and what became of the account that follows it; `null` = none. */
  readonly known: FollowedRow | null;
  /** `null` = the instance itself says that it is not there. */
  readonly seen: { readonly user: IamUser; readonly labels: readonly IamLabel[] } | null;
  /** Taken before it was read. */
  readonly number: number;
  readonly at: Instant;
}

/** What a look comes to. */
export type AccountAssessed =
  /** Nobody's business: it never carried the label, or nobody follows it any more. */
  | { readonly type: 'none' }
  /** It gets an account of ours. `instead` = the one that followed it before and has ended. */
  | {
      readonly type: 'adopt';
      readonly row: InstanceRow & { readonly personId: string };
      readonly instead: string | null;
    }
  | {
      readonly type: 'kept';
      readonly row: InstanceRow;
      /** It is not as it was: the row is to be stored. */
      readonly isChanged: boolean;
      /** An account of ours followed it until now. */
      readonly isGone: boolean;
      /** An account of ours follows it, of another person. */
      readonly isRepointed: boolean;
    };

/** Labels come in any order. */
function inOrder(labels: readonly IamLabel[]): readonly string[] {
  return labels.map(({ prefix, name, value }) => JSON.stringify([prefix, name, value])).sort();
}

/** Whether two looks read the same, in whatever order labels come. */
export function isSameSnapshot(a: InstanceSnapshot, b: InstanceSnapshot): boolean {
  return isDeepStrictEqual(a.user, b.user) && isDeepStrictEqual(inOrder(a.labels), inOrder(b.labels));
}

function isSame(a: InstanceRow, b: InstanceRow): boolean {
  return (
    a.accountId === b.accountId &&
    a.personId === b.personId &&
    a.nameless === b.nameless &&
    a.presence === b.presence &&
    a.suspendedBy === b.suspendedBy &&
    a.isStamped === b.isStamped &&
    isSameSnapshot(a.snapshot, b.snapshot)
  );
}

/** The row, if an account of ours follows it that has not ended. */
function followed(known: FollowedRow | null): InstanceRow | null {
  return known?.account?.hasEnded === false ? known.row : null;
}

function kept({ known, number, at }: AccountLook, row: InstanceRow): AccountAssessed {
  const before = known?.row ?? null;
  const mine = followed(known);
  const isGone = mine?.presence === 'there' && row.presence !== 'there';
  const isRepointed = mine !== null && mine.personId !== row.personId;
  if (before !== null && isSame(before, row)) {
    return { type: 'kept', row: before, isChanged: false, isGone, isRepointed };
  }
  return { type: 'kept', row: { ...row, number, at }, isChanged: true, isGone, isRepointed };
}

/** What was known of the account, with the labels that it has now. */
function withLabelsOf({ snapshot }: InstanceRow, { seen }: AccountLook): InstanceSnapshot {
  return seen === null ? snapshot : { ...snapshot, labels: withoutTimestamp(seen.labels) };
}

/** It left: deleted, as its lifecycle was about to, or by somebody else; or without the label. */
function left(look: AccountLook, presence: 'gone' | 'released'): AccountAssessed {
  const row = look.known?.row;
  if (presence === 'released' && row?.presence === 'released' && followed(look.known) !== null) {
    // A step may have seen the label in between: what it saw is older than this.
    return kept(look, { ...row, snapshot: withLabelsOf(row, look) });
  }
  if (row?.presence !== 'there') return { type: 'none' };
  if (presence === 'released') {
    return kept(look, { ...row, presence, snapshot: withLabelsOf(row, look) });
  }
  const { user, labels } = row.snapshot;
  const wasDue = lifecycleStatusOf(labels) === 'PENDING_REMOVAL' && isExpired(user.endTime, look.at);
  return kept(look, { ...row, presence: wasDue ? 'deleted' : 'deletedOutside' });
}

/** What one look at an account comes to, by its label and by who follows it. Rule: "Experiment accounts". */
export function assessAccount(
  look: AccountLook,
  settings: Pick<InstanceSettings, 'personIdLabel' | 'dialect'>,
): AccountAssessed {
  const { externalId, known, seen, number, at } = look;
  if (seen === null) return left(look, 'gone');
  const named = namedPerson(seen.labels, settings.personIdLabel);
  if (named === undefined) return left(look, 'released');
  const timestamp = labelOf(seen.labels, ours('timestamp'));
  const snapshot = { user: seen.user, labels: withoutTimestamp(seen.labels) };
  const there = { nameless: named === null, presence: 'there', snapshot } as const;
  const current = followed(known);
  if (current !== null) {
    const personId = named ?? current.personId;
    return kept(look, {
      ...current,
      ...there,
      personId,
      suspendedBy: suspendedBy(current, snapshot, settings.dialect),
      // Missed once: until it is written again there is nothing to be missed.
      isStamped: current.isStamped && timestamp !== null,
      // Another person's participation was not looked for yet.
      participationSightings: personId === current.personId ? current.participationSightings : null,
    });
  }
  const before = known?.row ?? null;
  // Of a life that is over nothing counts for the next one.
  const sameLife = before?.accountId === null && before.presence === 'there' ? before : null;
  const row: InstanceRow = {
    externalId,
    accountId: null,
    personId: named,
    ...there,
    suspendedBy: suspendedBy(sameLife, snapshot, settings.dialect),
    number,
    at,
    participationSightings: null,
    isStamped: sameLife?.isStamped ?? false,
  };
  if (named === null) return kept(look, row);
  return { type: 'adopt', row: { ...row, personId: named }, instead: before?.accountId ?? null };
}

/**
 * Whether INDIGO IAM's own HR task, which is to be off, seems to have handled the account since it was last looked at: it
 * writes a status of its own, and takes the label `timestamp` away. A status that was there before is told once: where
 * nobody writes another one it would stand for ever.
 */
export function showsHrTask(
  { known, seen }: Pick<AccountLook, 'known' | 'seen'>,
  settings: Pick<InstanceSettings, 'personIdLabel'>,
): boolean {
  if (seen === null || namedPerson(seen.labels, settings.personIdLabel) === undefined) return false;
  const before = known?.row.presence === 'there' ? known.row : null;
  const hasItsStatus = (labels: readonly IamLabel[]): boolean =>
    valueOf(labels, ours('status')) === STATUS_OF_ITS_OWN_TASK;
  if (hasItsStatus(seen.labels) && !hasItsStatus(before?.snapshot.labels ?? [])) return true;
  return (before?.isStamped ?? false) && labelOf(seen.labels, ours('timestamp')) === null;
}
