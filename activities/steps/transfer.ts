import type { Observation } from '../../src/contracts/affiliation.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { addDays } from '../../src/policy/calendar.ts';
import { accountDate } from '../../src/policy/facts.ts';
import { dateMoment } from '../../src/policy/moments.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { isStoppedByFreeze } from '../frozen.ts';
import { freshLook } from '../fresh-look.ts';
import { livingPrimary } from '../living-primary.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { toldOf } from '../told-of.ts';
import { accountRow } from './access.ts';
import { leaverObjects } from './leaver-objects.ts';
import { findHeir, type Heir } from './line-of-supervisors.ts';
import { refusedByHr } from './refused-by-hr.ts';
import { tellServiceDesk } from './service-desk.ts';
import { tellNewOwner } from './transfer-mail.ts';
import { writeOwner } from './write-owner.ts';

/** Until when an admin's date keeps the owner from leaving, as their primary account knows it; `null` = no such date. */
async function heldByAdminDate(context: StepContext): Promise<Instant | null> {
  const { state, policy } = context.input;
  const primary = livingPrimary(
    await context.deps.registry.accounts({ personId: state.personId, kind: 'primary' }),
  );
  const until = primary?.state.adminDate?.until ?? null;
  if (until === null || until < accountDate(state, policy, context.now)) return null;
  return dateMoment(addDays(until, 1), state.accountId, policy);
}

async function handOver(context: StepContext, account: AccountRow, heir: Heir): Promise<void> {
  const { state } = context.input;
  if (account.personId === state.personId) {
    await context.deps.registry.transferOwnership({
      accountId: account.accountId,
      from: state.personId,
      to: heir.personId,
      at: context.now,
      // Asking HR and climbing the line may have taken a while.
      unlessFrozen: isStoppedByFreeze(context),
      reason: heir.isFallback
        ? 'nobody in the line is left: fallback owner'
        : 'the owner left: next in the line',
    });
  }
  await writeOwner(context, account.login, heir.personId);
}

/** Whether it is the other id of its owner, whom HR merged: nobody handed it on. */
async function isOwnersOtherId({ deps, input }: StepContext, heir: Heir): Promise<boolean> {
  const owner = await deps.registry.person(input.state.personId);
  return owner?.mergedInto === heir.personId;
}

/** Who got the account in an attempt that did not come to its end; `null` = none did. */
function earlierHeir(context: StepContext, account: AccountRow): Heir | null {
  if (account.personId === context.input.state.personId) return null;
  return { personId: account.personId, isFallback: account.personId === context.deps.settings.fallbackOwner };
}

/**
 * What the new owner's accounts were told, from which the account's plan goes on: what HR said since waits for the
 * synchronisation's plan. To be asked for once the account is theirs: until then a synchronisation may tell all that
 * they own something newer, and not this one.
 */
export async function factsOfHeir(context: StepContext, personId: string): Promise<Observation> {
  const known = await context.deps.registry.person(personId);
  const told = known && toldOf(known);
  if (told) return told;
  return (await freshLook(context, personId)).observation;
}

/** A request to re-assign the account goes on, and who is asked is told of the new owner. */
async function tellOpenRequest(context: StepContext, heir: Heir): Promise<void> {
  const { registry, reassignments } = context.deps;
  const { accountId } = context.input.state;
  const requests = await registry.reassignments(accountId);
  if (!requests.some(({ status }) => status === 'open')) return;
  await reassignments.ownerChanged({ accountId, owner: heir.personId });
}

/**
 * Hands a service account on at its owner's leaving: to the supervisor, up the line, else to the fallback owner, of
 * which the Service Desk is told. Rule: "Service accounts at leaving".
 */
export async function transferServiceAccount(context: StepContext): Promise<StepResult> {
  const account = await accountRow(context);
  let heir = earlierHeir(context, account);
  if (heir && (await isOwnersOtherId(context, heir))) {
    await writeOwner(context, account.login, heir.personId);
    const newOwner = await factsOfHeir(context, heir.personId);
    return { result: 'done', note: `follows its owner's other id, person ${heir.personId}`, newOwner };
  }
  if (!heir) {
    const at = await heldByAdminDate(context);
    if (at !== null) return { result: 'refused', why: { code: 'notBefore', at } };
    const { objection, person } = await leaverObjects(context);
    if (objection) return refusedByHr(context, objection);
    heir = await findHeir(context, person);
  }
  await handOver(context, account, heir);
  const newOwner = await factsOfHeir(context, heir.personId);
  await tellNewOwner(context, { account, newOwner: heir.personId });
  await tellOpenRequest(context, heir);
  if (heir.isFallback) {
    // One case names every account of the owner, since each of them goes this way.
    const left = await context.deps.registry.accounts({
      personId: context.input.state.personId,
      kind: 'service',
    });
    const logins = [account, ...left].map(({ login }) => login);
    await tellServiceDesk(context, { cause: 'fallback-owner', logins: [...new Set(logins)] });
  }
  const note = heir.isFallback ? 'handed to the fallback owner' : 'handed to the next in the line';
  return { result: 'done', note: `${note}, person ${heir.personId}`, newOwner };
}
