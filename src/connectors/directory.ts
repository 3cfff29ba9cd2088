import type { ActiveStatus, AccountKind } from '../contracts/account.ts';

/** The attributes of a directory entry that HR governs. */
export interface DirectoryPerson {
  readonly personId: string;
  readonly displayName: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly mail: string | null;
  readonly department: string | null;
  readonly group: string | null;
  readonly section: string | null;
  readonly institute: string | null;
  readonly language: string | null;
}

/** One account as the directory holds it, read back. */
export interface DirectoryEntry {
  readonly login: string;
  readonly kind: AccountKind;
  readonly person: DirectoryPerson;
  /** Primary accounts only. */
  readonly activeStatus: ActiveStatus | null;
  /** Whether the account can sign in. */
  readonly access: 'on' | 'off';
  /** Names of the static groups it is a member of. */
  readonly memberships: readonly string[];
  /** Where its mail goes: `null` = its own mailbox. */
  readonly mailRouting: string | null;
}

/** An entry as a list shows it: enough to tell whose it is. */
export interface ListedEntry {
  readonly login: string;
  readonly personId: string;
  readonly kind: AccountKind;
  readonly access: 'on' | 'off';
}

/** A page of everyone in the directory; `next` is where the next one begins, `null` = this was the last. */
export type DirectoryPage =
  | { readonly outcome: 'page'; readonly entries: readonly ListedEntry[]; readonly next: string | null }
  /** It cannot list. */
  | { readonly outcome: 'unsupported' };

interface Call {
  readonly login: string;
  readonly signal: AbortSignal;
}

/**
 * A directory: one of the targets. Every call is idempotent: what already is so is not written again and is no
 * error. Calls on a login that does not exist throw a `TargetError` with code `TARGET_NO_ENTRY`, but for `delete`,
 * which has then nothing to do. A `TargetError` says whether a retry may mend it.
 */
export interface Directory {
  /** The target's name in the registry, in effects and in messages. */
  readonly name: string;
  /**
   * Makes the entry with access off, or leaves the one that is there. Throws `TARGET_CONFLICT` for another person's.
   * `uidNumber` = the account's number in the registry; a directory that knows no such numbers does without.
   */
  create(
    input: Call & {
      kind: AccountKind;
      person: DirectoryPerson;
      activeStatus: ActiveStatus | null;
      uidNumber: number;
    },
  ): Promise<void>;
  setPerson(input: Call & { person: DirectoryPerson }): Promise<void>;
  setActiveStatus(input: Call & { activeStatus: ActiveStatus }): Promise<void>;
  /** Makes it an account of another kind; of one that is no primary account the status goes. */
  setKind(input: Call & { kind: AccountKind }): Promise<void>;
  setAccess(input: Call & { access: 'on' | 'off' }): Promise<void>;
  /** Takes it out of every static group; answers which. */
  removeStaticMemberships(input: Call): Promise<readonly string[]>;
  /** Redirects or forwards its mail; `null` = to its own mailbox. */
  setMailRouting(input: Call & { to: string | null }): Promise<void>;
  setPassword(input: Call & { password: string }): Promise<void>;
  delete(input: Call): Promise<void>;
  /** The entry as it is there now; `null` = none. */
  read(input: Call): Promise<DirectoryEntry | null>;
  /** Everyone in it, page by page; `after` = `null` from the start, else the `next` of the page before. */
  list(input: {
    readonly after: string | null;
    readonly limit: number;
    readonly signal: AbortSignal;
  }): Promise<DirectoryPage>;
}
