import type { IamDialect, InstanceFacts } from '../../contracts/instance.ts';
import { isLifecycleMarked, type Label } from './labels.ts';

/** What one look at an account showed. */
interface Seen {
  readonly user: { readonly active: boolean };
  readonly labels: readonly Label[];
}

/** What the look before came to. */
interface SeenBefore {
  readonly snapshot: Seen;
  readonly suspendedBy: InstanceFacts['suspendedBy'];
}

/**
 * Who turned an account off, as far as two looks at it tell; `null` = it is active. The lifecycle's is only one that
 * carries its mark by the time it is first seen inactive: a mark that comes afterwards was set on an admin's suspension.
 * In `current`, an account that loses the mark and stays inactive is an admin's from then on. In `legacy` the mark is
 * ours as well (`action` = `DISABLE_ACCOUNT`), and nothing takes it away but a return. Rule: "Experiment accounts".
 *
 * @param before the last look; `null` = this is the first
 */
export function suspendedBy(
  before: SeenBefore | null,
  now: Seen,
  dialect: IamDialect,
): InstanceFacts['suspendedBy'] {
  if (now.user.active) return null;
  const isMarked = isLifecycleMarked(now.labels, dialect);
  if (before === null || before.snapshot.user.active) return isMarked ? 'lifecycle' : 'admin';
  const isMarkGone = !isMarked && isLifecycleMarked(before.snapshot.labels, dialect);
  if (before.suspendedBy !== 'lifecycle' || (dialect === 'current' && isMarkGone)) return 'admin';
  return 'lifecycle';
}
