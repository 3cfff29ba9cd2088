import { randomUUID } from 'node:crypto';
import { identityOfAddress } from '../../src/policy/guest-identity.ts';
import { onEveryDirectory } from '../effects.ts';
import { throwRejected } from '../failures.ts';
import { forgetReleased, writeGuestsOf } from '../guests/write-guests.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { accountRow } from './access.ts';
import { leaverObjects } from './leaver-objects.ts';
import { refusedByHr } from './refused-by-hr.ts';
import { tellServiceDesk } from './service-desk.ts';

/** Writes the person's guest accounts everywhere as the registry says, each directory once for this step. */
async function writeEverywhere(context: StepContext): Promise<void> {
  const { deps, signal } = context;
  const { registry } = deps;
  const { personId } = context.input.state;
  await onEveryDirectory(context, async (directory) => {
    await writeGuestsOf({ registry, directory, signal }, personId);
    return null;
  });
  await forgetReleased(deps, personId, signal);
}

/**
 * Opens a guest account for who has left, by their external address, and again whatever an admin associated with them; it
 * leads to their previous account. Where there is neither, the Service Desk gets a case. HR is read afresh: who is back
 * after all, or soon, gets none. Rule: "Guests".
 */
export async function openGuest(context: StepContext): Promise<StepResult> {
  const { state } = context.input;
  const { deps, now } = context;
  const { objection, person } = await leaverObjects(context);
  if (objection) return refusedByHr(context, objection);

  const { accountId, login } = await accountRow(context);
  const { personId } = state;
  const identity = identityOfAddress(person?.externalEmail ?? null, deps.settings.mailDomain);
  const wanted = { guestId: randomUUID(), personId, accountId, at: now };
  const guest = identity && (await deps.registry.openGuest({ ...wanted, identity }));
  const associated = await deps.registry.reopenAssociated({ personId, accountId, at: now });
  if ((!guest && associated.length === 0) || !person) {
    await tellServiceDesk(context, { cause: 'no-guest-address', logins: [login] });
    return { result: 'done', note: 'no guest account: the Service Desk was asked' };
  }
  await writeEverywhere(context);
  return { result: 'done', note: 'a guest account is open' };
}

/** Shuts the guest accounts of who is back, or was disabled by an admin. Rule: "Guests". */
export async function shutGuest(context: StepContext): Promise<StepResult> {
  const { deps, now } = context;
  const guests = await deps.registry.shutGuests({ personId: context.input.state.personId, at: now });
  if (guests.length === 0) return { result: 'done', note: 'there was no guest account' };
  await writeEverywhere(context);
  return { result: 'done', note: 'shut on every target' };
}

/**
 * Tells every target what an admin associated or released. Whether the person is back meanwhile the registry knows: what
 * was shut is written as shut. Rule: "Associating an identity".
 */
export async function writeGuests(context: StepContext): Promise<StepResult> {
  await writeEverywhere(context);
  return { result: 'done', note: 'written on every target' };
}

/** Shuts what is open from an account before this one, which was deleted: the person has a new primary account. */
export async function shutGuestsOfReturner(context: StepContext): Promise<void> {
  const { state } = context.input;
  if (state.kind !== 'primary') return;
  const { deps, now, signal } = context;
  const { registry } = deps;
  const { personId } = state;
  const guests = await registry.shutGuests({ personId, at: now });
  if (guests.length === 0) return;
  throwRejected(
    await Promise.allSettled(
      deps.directories.map((directory) => writeGuestsOf({ registry, directory, signal }, personId)),
    ),
  );
}
