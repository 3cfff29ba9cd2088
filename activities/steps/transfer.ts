import type { Observation } from '../../src/contracts/affiliation.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { addDays } from '../../src/policy/calendar.ts';
import { accountDate, factsOn, isFinal } from '../../src/policy/facts.ts';
import { dateMoment } from '../../src/policy/moments.ts';
import type { AccountRow, PersonRow } from '../../src/registry/registry.ts';
import { onEveryDirectory } from '../effects.ts';
import { refuseWhileFrozen } from '../frozen.ts';
import { freshLook } from '../fresh-look.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { directoryPerson } from '../directory-person.ts';
import { accountRow } from './access.ts';
import { findHeir, type Heir } from './line-of-supervisors.ts';
import { primaryAddressOf } from './mail-routing.ts';
import { refusedByHr } from './refused-by-hr.ts';
import { tellServiceDesk } from './service-desk.ts';
import { tellNewOwner } from './transfer-mail.ts';

/** HR's objection to the transfer: the owner is valid after all, or comes back before day 60. */
async function ownerObjects(
  context: StepContext,
): Promise<{ objection: Observation | null; owner: PersonRow | null }> {
  const { state, step, policy } = context.input;
  const { observation, person } = await freshLook(context, state.personId);
  const today = accountDate(state, policy, context.now);
  const { lastDay, valid, future } = factsOn({ ...state, observation }, today);
  const moved = valid || (lastDay.type === 'on' && step.lastDay !== null && lastDay.date > step.lastDay);
  const back =
    future !== null && step.lastDay !== null && future <= addDays(step.lastDay, policy.transferWaitDays);
  return { objection: moved || back ? observation : null, owner: person };
}

/** Until when an admin's date keeps the owner from leaving, as their primary account knows it; `null` = no such date. */
async function heldByAdminDate(context: StepContext): Promise<Instant | null> {
  const { state, policy } = context.input;
  const primaries = await context.deps.registry.accounts({ personId: state.personId, kind: 'primary' });
  const until = primaries.find((one) => !isFinal(one.state.stage))?.state.adminDate?.until ?? null;
  if (until === null || until < accountDate(state, policy, context.now)) return null;
  return dateMoment(addDays(until, 1), state.accountId, policy);
}

async function handOver(context: StepContext, account: AccountRow, heir: Heir): Promise<void> {
  const { state } = context.input;
  if (account.personId === state.personId) {
    await refuseWhileFrozen(context);
    await context.deps.registry.transferOwnership({
      accountId: account.accountId,
      from: state.personId,
      to: heir.personId,
      at: context.now,
      reason: heir.isFallback
        ? 'nobody in the line is left: fallback owner'
        : 'the owner left: next in the line',
    });
  }
  const to = await primaryAddressOf(context.deps, heir.personId);
  const owner = await context.deps.registry.person(heir.personId);
  await onEveryDirectory(context, async (directory) => {
    const call = { login: account.login, signal: context.signal };
    // The entry says whose it is.
    if (owner) await directory.setPerson({ ...call, person: directoryPerson(owner) });
    if (to !== null) await directory.setMailRouting({ ...call, to });
    return null;
  });
}

/** Who got the account in an attempt that did not come to its end; `null` = none did. */
function earlierHeir(context: StepContext, account: AccountRow): Heir | null {
  if (account.personId === context.input.state.personId) return null;
  return { personId: account.personId, isFallback: account.personId === context.deps.settings.fallbackOwner };
}

/** The observation of the new owner, from which the account's plan goes on. */
export async function factsOfHeir(context: StepContext, personId: string): Promise<Observation> {
  const known = await context.deps.registry.person(personId);
  if (known?.observation) return known.observation;
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
  if (!heir) {
    const at = await heldByAdminDate(context);
    if (at !== null) return { result: 'refused', why: { code: 'notBefore', at } };
    const { objection, owner } = await ownerObjects(context);
    if (objection) return refusedByHr(context, objection);
    heir = await findHeir(context, owner);
  }
  const newOwner = await factsOfHeir(context, heir.personId);
  await handOver(context, account, heir);
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
