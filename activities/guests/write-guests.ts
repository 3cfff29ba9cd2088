import type { Directory, DirectoryEntry } from '../../src/connectors/directory.ts';
import { guestLogin } from '../../src/policy/guest-identity.ts';
import type { GuestRow } from '../../src/registry/guest-registry.ts';
import type { PersonRow, Registry } from '../../src/registry/registry.ts';
import type { ActivityDependencies } from '../dependencies.ts';
import { directoryPerson } from '../directory-person.ts';
import { throwRejected } from '../failures.ts';

interface Writing {
  readonly registry: Registry;
  readonly directory: Directory;
  readonly signal: AbortSignal;
}

/** Writes the guest's entry to a directory, with the identifiers of the person it leads to. */
export async function writeGuestEntry(
  directory: Directory,
  input: { readonly guest: GuestRow; readonly person: PersonRow; readonly signal: AbortSignal },
): Promise<void> {
  const { guest, person, signal } = input;
  const call = { login: guestLogin(guest), signal };
  const entry = { ...directoryPerson(person), mail: guest.email };
  await directory.create({
    ...call,
    ...{ kind: 'guest', person: entry, activeStatus: null, uidNumber: guest.uidNumber },
  });
  await directory.setAccess({ ...call, access: guest.isOpen ? 'on' : 'off' });
}

/** Whether an entry under the guest's name is this person's. */
export function isEntryOf({ personId }: Pick<GuestRow, 'personId'>, entry: DirectoryEntry | null): boolean {
  return entry?.kind === 'guest' && entry.person.personId === personId;
}

/** Deletes the entry of a guest account that was released, unless it is somebody else's by now. */
export async function deleteGuestEntry(
  directory: Directory,
  input: { readonly guest: GuestRow; readonly signal: AbortSignal },
): Promise<void> {
  const call = { login: guestLogin(input.guest), signal: input.signal };
  if (isEntryOf(input.guest, await directory.read(call))) await directory.delete(call);
}

/** Whether the entry of a guest account that was released stands for another one of the same person by now. */
export function isTakenOver(guest: GuestRow, guests: readonly GuestRow[]): boolean {
  const login = guestLogin(guest);
  return guests.some((other) => other.releasedAt === null && guestLogin(other) === login);
}

/**
 * Writes every guest account of a person to one directory as the registry says, each apart. It is looked up again after
 * each writing: whoever shuts one at the same moment is written by two, and the last one must have written what counts.
 * One that is no more by then, released and forgotten, must not have been written anew.
 */
export async function writeGuestsOf(writing: Writing, personId: string): Promise<void> {
  const { registry, directory, signal } = writing;
  for (let known = await registry.guests(personId); ;) {
    const person = known.length > 0 ? await registry.person(personId) : null;
    if (!person) return;
    const guests = known;
    throwRejected(
      await Promise.allSettled(
        guests.map(async (guest) => {
          if (guest.releasedAt === null) await writeGuestEntry(directory, { guest, person, signal });
          else if (!isTakenOver(guest, guests)) await deleteGuestEntry(directory, { guest, signal });
        }),
      ),
    );
    const now = await registry.guests(personId);
    const gone = known.filter((guest) => !now.some(({ guestId }) => guestId === guest.guestId));
    for (const guest of gone) {
      if (!isTakenOver(guest, now)) await deleteGuestEntry(directory, { guest, signal });
    }
    if (sidesOf(now) === sidesOf(known)) return;
    known = now;
  }
}

function sidesOf(guests: readonly GuestRow[]): string {
  return JSON.stringify(guests.map(({ guestId, isOpen, releasedAt }) => [guestId, isOpen, releasedAt]));
}

/** Forgets the guest accounts of a person that were released, once no directory has their entry any more. */
export async function forgetReleased(
  deps: Pick<ActivityDependencies, 'registry' | 'directories'>,
  personId: string,
  signal: AbortSignal,
): Promise<void> {
  const guests = await deps.registry.guests(personId);
  const isGone = async (guest: GuestRow): Promise<boolean> => {
    if (isTakenOver(guest, guests)) return true;
    const reads = deps.directories.map((directory) => directory.read({ login: guestLogin(guest), signal }));
    return (await Promise.all(reads)).every((entry) => !isEntryOf(guest, entry));
  };
  const gone: string[] = [];
  for (const guest of guests) {
    if (guest.releasedAt !== null && (await isGone(guest))) gone.push(guest.guestId);
  }
  await deps.registry.forgetReleased({ guestIds: gone });
}
