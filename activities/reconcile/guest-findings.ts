import type { Directory, DirectoryEntry } from '../../src/connectors/directory.ts';
import { guestLogin } from '../../src/policy/guest-identity.ts';
import type { GuestRow } from '../../src/registry/guest-registry.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { isEntryOf, isTakenOver } from '../guests/write-guests.ts';
import { livingPrimary } from '../living-primary.ts';
import type { WatchContext } from '../watchdog/watch-context.ts';
import type { Finding } from './finding.ts';

/** The guest accounts that lead to an account, and whether none of them may be open. */
export interface GuestsOfAccount {
  readonly guests: readonly GuestRow[];
  readonly mustBeShut: boolean;
}

/** Whether the person is back, or an admin has disabled them. */
function mustBeShut(account: AccountRow, living: AccountRow | null): boolean {
  const counts = living ?? account;
  return counts.state.stage === 'active' || counts.state.holds.disabledManually !== null;
}

/** What the registry knows of the guest accounts that lead to an account; those of others stay with their own. */
export async function guestsOf({ deps }: WatchContext, row: AccountRow): Promise<GuestsOfAccount> {
  const { registry } = deps;
  const { accountId, personId, kind } = row;
  const all = kind === 'primary' ? await registry.guests(personId) : [];
  const guests = all.filter((guest) => guest.accountId === accountId);
  if (guests.length === 0) return { guests, mustBeShut: false };
  const living = livingPrimary(await registry.accounts({ personId, kind: 'primary' }));
  return { guests, mustBeShut: mustBeShut(row, living) };
}

const WRITE = { type: 'guests', shut: false } as const;

/** How one entry differs from what the registry says of the guest account. Words name it by its id. */
function findingOf(guest: GuestRow, name: string, entry: DirectoryEntry | null): Finding | null {
  const what = `guest account ${guest.guestId}`;
  const found = (kind: Finding['kind'], words: string): Finding => {
    return { kind, words, mend: WRITE, why: '', isHarm: false };
  };
  if (guest.releasedAt !== null) {
    if (!isEntryOf(guest, entry)) return null;
    return found('guest-unexpected', `${name} has an entry for ${what}, although it was released`);
  }
  if (entry === null) return found('guest-missing', `${name} has no entry for ${what}`);
  if (!isEntryOf(guest, entry)) {
    const words = `${name} has the name of ${what} for somebody else: a ${entry.kind} entry of person ${entry.person.personId}`;
    return {
      kind: 'guest-of-another-person',
      words,
      mend: null,
      why: 'settle by hand whose it is',
      isHarm: false,
    };
  }
  const access = guest.isOpen ? 'on' : 'off';
  if (entry.access === access) return null;
  return found(
    'guest-access',
    `${name}: access of ${what} is ${entry.access}, and the registry says ${access}`,
  );
}

/** How a directory differs from what the registry says of an account's guest accounts, and what would mend it. */
export async function guestFindings(
  context: WatchContext,
  input: GuestsOfAccount & { readonly directory: Directory },
): Promise<readonly Finding[]> {
  const { directory, guests } = input;
  const { signal } = context;
  const open = guests.find(({ isOpen }) => isOpen);
  if (open && input.mustBeShut) {
    const words = `guest account ${open.guestId} is open, although the person is back or was disabled`;
    return [{ kind: 'guest-open', words, mend: { type: 'guests', shut: true }, why: '', isHarm: false }];
  }
  const findings = await Promise.all(
    guests
      .filter((guest) => guest.releasedAt === null || !isTakenOver(guest, guests))
      .map(async (guest) =>
        findingOf(guest, directory.name, await directory.read({ login: guestLogin(guest), signal })),
      ),
  );
  return findings.flatMap((finding) => finding ?? []);
}
