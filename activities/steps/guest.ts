import { randomUUID } from 'node:crypto';
import type { Directory } from '../../src/connectors/directory.ts';
import { BY_EMAIL, type ExternalIdentity } from '../../src/contracts/guest.ts';
import type { GuestRow } from '../../src/registry/guest-registry.ts';
import type { PersonRow } from '../../src/registry/registry.ts';
import { onEveryDirectory } from '../effects.ts';
import { throwRejected } from '../failures.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { directoryPerson } from '../directory-person.ts';
import { accountRow } from './access.ts';
import { leaverObjects } from './leaver-objects.ts';
import { refusedByHr } from './refused-by-hr.ts';
import { tellServiceDesk } from './service-desk.ts';

/** The identity that a person's external address is; `null` = they have none, or it is one of ours. */
export function identityOfAddress(address: string | null, mailDomain: string): ExternalIdentity | null {
  const email = address?.trim().toLowerCase() ?? '';
  const domain = email.slice(email.lastIndexOf('@') + 1);
  const ours = mailDomain.toLowerCase();
  if (!email.includes('@') || domain === ours || domain.endsWith(`.${ours}`)) return null;
  return { provider: BY_EMAIL, subject: email, email };
}

/** The name of a guest's entry in a directory: the address, or provider and subject. */
export function guestLogin({ provider, subject }: Pick<ExternalIdentity, 'provider' | 'subject'>): string {
  return provider === BY_EMAIL ? subject : `${provider}:${subject}`;
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

/**
 * Opens a guest account for who has left, by their external address, which leads to their previous account. Without one
 * that can be used, the Service Desk gets a case. HR is read afresh: who is back after all, or soon, gets none.
 * Rule: "Guests".
 */
export async function openGuest(context: StepContext): Promise<StepResult> {
  const { state } = context.input;
  const { deps, now, signal } = context;
  const { objection, person } = await leaverObjects(context);
  if (objection) return refusedByHr(context, objection);

  const { accountId, login } = await accountRow(context);
  const identity = identityOfAddress(person?.externalEmail ?? null, deps.settings.mailDomain);
  const wanted = { guestId: randomUUID(), personId: state.personId, accountId, at: now };
  const guest = identity && (await deps.registry.openGuest({ ...wanted, identity }));
  if (!guest || !person) {
    await tellServiceDesk(context, { cause: 'no-guest-address', logins: [login] });
    return { result: 'done', note: 'no guest account: the Service Desk was asked' };
  }
  await onEveryDirectory(context, async (directory) => {
    await writeGuestEntry(directory, { guest, person, signal });
    return null;
  });
  return { result: 'done', note: 'a guest account is open' };
}

/** Shuts every guest account of a person in the registry; what directories are to be told of it. */
async function shutAll(context: StepContext) {
  const { deps, now, signal } = context;
  const { personId } = context.input.state;
  const guests = await deps.registry.shutGuests({ personId, at: now });
  const person = guests.length > 0 ? await deps.registry.person(personId) : null;
  if (!person) return null;
  return async (directory: Directory) => {
    for (const guest of guests) await writeGuestEntry(directory, { guest, person, signal });
    return null;
  };
}

/** Shuts the guest accounts of who is back, or was disabled by an admin. Rule: "Guests". */
export async function shutGuest(context: StepContext): Promise<StepResult> {
  const shut = await shutAll(context);
  if (shut === null) return { result: 'done', note: 'there was no guest account' };
  await onEveryDirectory(context, shut);
  return { result: 'done', note: 'shut on every target' };
}

/** Shuts what is open from an account before this one, which was deleted: the person has a new primary account. */
export async function shutGuestsOfReturner(context: StepContext): Promise<void> {
  if (context.input.state.kind !== 'primary') return;
  const shut = await shutAll(context);
  if (shut !== null) throwRejected(await Promise.allSettled(context.deps.directories.map(shut)));
}
