import { LABEL_PREFIX, LIFECYCLE_STATUSES } from '../../contracts/instance.ts';
import type { IamDialect, LifecycleStatus } from '../../contracts/instance.ts';

/** A label of an account in INDIGO IAM, known by prefix and name. */
export interface Label {
  readonly prefix: string | null;
  readonly name: string;
  readonly value: string | null;
}

export type LabelKey = Pick<Label, 'prefix' | 'name'>;

/** INDIGO IAM's own label of an expired account. It has no prefix. */
export const LIFECYCLE_STATUS: LabelKey = { prefix: null, name: 'lifecycle.status' };

/** A label of ours, by its name under the prefix of the person id. */
export function ours(name: string): LabelKey {
  return { prefix: LABEL_PREFIX, name };
}

/** The label with this prefix and name; an empty prefix is none. */
export function labelOf(labels: readonly Label[], { prefix, name }: LabelKey): Label | null {
  return labels.find((label) => label.name === name && (label.prefix ?? '') === (prefix ?? '')) ?? null;
}

/** The labels but for the time stamp of ours, which each look renews and which says nothing. */
export function withoutTimestamp<L extends Label>(labels: readonly L[]): readonly L[] {
  const timestamp = labelOf(labels, ours('timestamp'));
  return labels.filter((label) => label !== timestamp);
}

/** The value of the label; `null` = it has none, or is not there. */
export function valueOf(labels: readonly Label[], key: LabelKey): string | null {
  return labelOf(labels, key)?.value ?? null;
}

/** What an admin's labels ask for, by their mere presence. */
export interface AdminLabels {
  readonly ignore: boolean;
  readonly skipEmail: boolean;
  readonly skipEndTime: boolean;
}

export function adminLabels(labels: readonly Label[]): AdminLabels {
  const has = (name: string): boolean => labelOf(labels, ours(name)) !== null;
  return {
    ignore: has('ignore'),
    skipEmail: has('skip-email-synch'),
    skipEndTime: has('skip-end-date-synch'),
  };
}

/** `null` = no such label, or one with another value. */
export function lifecycleStatusOf(labels: readonly Label[]): LifecycleStatus | null {
  const value = valueOf(labels, LIFECYCLE_STATUS);
  return LIFECYCLE_STATUSES.find((status) => status === value) ?? null;
}

/** Whether the labels say that IAM's expired-accounts handling, or ours in its place, suspended the account. */
export function isExpiryMarked(labels: readonly Label[]): boolean {
  const status = lifecycleStatusOf(labels);
  return status === 'SUSPENDED' || status === 'PENDING_REMOVAL';
}

/** Whether the labels say, in this dialect, that the lifecycle suspended the account. */
export function isLifecycleMarked(labels: readonly Label[], dialect: IamDialect): boolean {
  if (isExpiryMarked(labels)) return true;
  return dialect === 'legacy' && valueOf(labels, ours('action')) === 'DISABLE_ACCOUNT';
}
