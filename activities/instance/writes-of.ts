import { iamLabelValue } from '../../src/connectors/iam-label-value.ts';
import type { IamLabel, IamPerson, IamUser } from '../../src/connectors/indigo-iam.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { labelOf, LIFECYCLE_STATUS, ours, type LabelKey } from '../../src/policy/instance/labels.ts';
import type { Wanted } from '../../src/policy/instance/wanted.ts';

/** One write to an account of the instance. */
export type Write =
  | { readonly type: 'active'; readonly active: boolean }
  | { readonly type: 'endTime'; readonly endTime: Instant | null }
  | { readonly type: 'person'; readonly person: IamPerson }
  | { readonly type: 'label'; readonly label: IamLabel }
  | { readonly type: 'noLabel'; readonly key: LabelKey };

/** An account of the instance as it was read. */
export interface SeenAccount {
  readonly user: IamUser;
  readonly labels: readonly IamLabel[];
}

function isPersonSame(user: IamUser, { givenName, familyName, email }: IamPerson): boolean {
  return (
    (givenName === '' || givenName === user.givenName) &&
    (familyName === '' || familyName === user.familyName) &&
    (email === null || email === user.email)
  );
}

function labelWrite(labels: readonly IamLabel[], key: LabelKey, words: string | null | undefined): Write[] {
  if (words === undefined) return [];
  const there = labelOf(labels, key);
  const value = words === null ? null : iamLabelValue(words);
  if (value === null) return there === null ? [] : [{ type: 'noLabel', key }];
  return there?.value === value ? [] : [{ type: 'label', label: { ...key, value } }];
}

/** Whole seconds count: IAM may keep no more. */
function isEndSame(a: Instant | null, b: Instant | null): boolean {
  const [left, right] = [a, b].map((at) => (at === null ? null : Math.floor(at / 1000)));
  return left === right;
}

/**
 * What has to be written so that the account is as wanted, in an order in which an attempt that is cut off between any
 * two leaves what the next one finishes: labels that say what was done come after it, and the mark by which a disabled
 * account is known again before it; a restored account
 * is active, and is said to be restored, before anything takes away the mark of its expiry.
 */
export function writesOf({ user, labels }: SeenAccount, wanted: Wanted): readonly Write[] {
  const { active, endTime, person } = wanted;
  const action = labelWrite(labels, ours('action'), wanted.action);
  const isMark = wanted.action === 'DISABLE_ACCOUNT';
  return [
    ...(isMark ? action : []),
    ...(active === undefined || active === user.active ? [] : [{ type: 'active', active } as const]),
    ...(endTime === undefined || isEndSame(endTime, user.endTime)
      ? []
      : [{ type: 'endTime', endTime } as const]),
    ...(isMark ? [] : action),
    ...(wanted.endsExpiry ? labelWrite(labels, LIFECYCLE_STATUS, null) : []),
    ...(person === undefined || isPersonSame(user, person) ? [] : [{ type: 'person', person } as const]),
    ...labelWrite(labels, ours('status'), wanted.status),
    ...labelWrite(labels, ours('message'), wanted.message),
  ];
}
