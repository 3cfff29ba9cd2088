import type { DirectoryEntry } from '../../src/connectors/directory.ts';
import type { ActiveStatus } from '../../src/contracts/account.ts';
import type { DifferenceKind } from '../../src/contracts/reconcile.ts';

/** What would make a target what the state says. */
export type Mend =
  | { readonly type: 'create' }
  | { readonly type: 'access'; readonly access: DirectoryEntry['access'] }
  | { readonly type: 'activeStatus'; readonly activeStatus: ActiveStatus }
  | { readonly type: 'removeMemberships' }
  | { readonly type: 'mailRouting'; readonly to: string }
  /** Writes the person's guest accounts as the registry says; shuts them there before, if they must not be open. */
  | { readonly type: 'guests'; readonly shut: boolean }
  | { readonly type: 'delete' };

/** A difference at one target. */
export interface Finding {
  readonly kind: DifferenceKind;
  readonly words: string;
  /** `null` = no program can mend it; `why` says what to do. */
  readonly mend: Mend | null;
  readonly why: string;
  /** Takes something away from somebody, by calendar or HR: not while the deployment is frozen. */
  readonly isHarm: boolean;
}
