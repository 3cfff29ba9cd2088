import type { Directory } from '../../src/connectors/directory.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import { LifecycleError, TargetError } from '../../src/errors.ts';
import { decide } from '../../src/policy/decide.ts';
import { accountDate, factsOn, wantsAccess } from '../../src/policy/facts.ts';
import type { AccountRow, PersonRow } from '../../src/registry/registry.ts';
import { directoryPerson } from '../directory-person.ts';
import { onEveryDirectory } from '../effects.ts';
import { freshLook } from '../fresh-look.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { mailRoutingOf, routeMailToPrimary } from './mail-routing.ts';
import { shutGuestsOfReturner } from './guest.ts';
import { refusedByHr, tellingApart } from './refused-by-hr.ts';

/** The account's row; that it is missing is a fault no retry mends. */
export async function accountRow(context: StepContext): Promise<AccountRow> {
  const { accountId } = context.input.state;
  const row = await context.deps.registry.account(accountId);
  if (row) return row;
  throw new LifecycleError({
    code: 'ACCOUNT_UNKNOWN',
    message: `the registry has no account ${accountId}; restore its row, then the step is tried again`,
    retryable: false,
  });
}

async function personOf(context: StepContext): Promise<PersonRow> {
  const { personId } = context.input.state;
  const person = await context.deps.registry.person(personId);
  if (person) return person;
  throw new LifecycleError({
    code: 'PERSON_UNKNOWN',
    message: `the registry has no person ${personId}; the next synchronisation brings it`,
    retryable: true,
  });
}

/** The state as it will be once this step is done: what the targets must be told. */
function stateAfter(context: StepContext): AccountState {
  const { state, step, policy } = context.input;
  const outcome = { result: 'done', at: context.now, note: '', recorded: 0 } as const;
  return decide(state, { type: 'stepEnded', at: context.now, step, outcome }, policy);
}

async function writeEntry(
  context: StepContext,
  directory: Directory,
  input: { account: AccountRow; person: PersonRow; after: AccountState; routing: string | null },
): Promise<null> {
  const { account, person, after, routing } = input;
  const call = { login: account.login, signal: context.signal };
  const { activeStatus } = after;
  const { kind, uidNumber } = account;
  await directory.create({ ...call, kind, person: directoryPerson(person), activeStatus, uidNumber });
  if (activeStatus !== null) await directory.setActiveStatus({ ...call, activeStatus });
  if (routing !== null) await directory.setMailRouting({ ...call, to: routing });
  await directory.setAccess({ ...call, access: wantsAccess(after) ? 'on' : 'off' });
  return null;
}

async function writeEntries(context: StepContext): Promise<void> {
  const [account, person] = [await accountRow(context), await personOf(context)];
  const after = stateAfter(context);
  const routing = await mailRoutingOf(context.deps, account);
  await onEveryDirectory(context, (directory) =>
    writeEntry(context, directory, { account, person, after, routing }),
  );
}

/** A joiner's first day: HR is read afresh, then the account is made on every target. */
export async function activateAccount(context: StepContext): Promise<StepResult> {
  const { state, policy } = context.input;
  const { observation } = await freshLook(context, state.personId);
  const fresh = factsOn({ ...state, observation }, accountDate(state, policy, context.now));
  if (!fresh.valid && fresh.future !== null) return tellingApart(context, observation);
  if (!fresh.valid) {
    // A loss that a fresh look shows waits for the synchronisation.
    throw new LifecycleError({
      code: 'HR_SAYS_NOT_BEGUN',
      message: 'HR shows no affiliation that has begun; waiting for the next synchronisation',
      retryable: true,
    });
  }
  await writeEntries(context);
  if (state.kind === 'primary') await routeMailToPrimary(context);
  await shutGuestsOfReturner(context);
  return { result: 'done', note: 'made on every target' };
}

/** Gives access back: unless a delete has begun on some target, which is finished first. */
export async function giveAccess(context: StepContext): Promise<StepResult> {
  const { accountId } = context.input.state;
  const effects = await context.deps.registry.effects(accountId);
  // Of whatever epoch: one that was called off raised the epoch, and what has begun to be deleted stays so.
  if (effects.some((effect) => effect.action === 'delete')) {
    return { result: 'refused', why: { code: 'deleteBegun' } };
  }
  await writeEntries(context);
  return { result: 'done', note: context.input.step.why };
}

async function takeAccess(context: StepContext): Promise<void> {
  const { login } = await accountRow(context);
  await onEveryDirectory(context, async (directory) => {
    try {
      await directory.setAccess({ login, access: 'off', signal: context.signal });
    } catch (error) {
      // No entry is no access: one that was to be made, and never was.
      if (!(error instanceof TargetError) || error.code !== 'TARGET_NO_ENTRY') throw error;
    }
    return null;
  });
}

/** Turns access off for a manual disabling, without asking anyone. */
export async function disableAccount(context: StepContext): Promise<StepResult> {
  await takeAccess(context);
  return { result: 'done', note: context.input.step.why };
}

/** Turns access off because HR excludes every valid contract, if HR, read afresh, still does. */
export async function excludeAccount(context: StepContext): Promise<StepResult> {
  const { state, policy } = context.input;
  const { observation } = await freshLook(context, state.personId);
  const fresh = factsOn({ ...state, observation }, accountDate(state, policy, context.now));
  if (!fresh.excluded) return refusedByHr(context, observation);
  await takeAccess(context);
  return { result: 'done', note: context.input.step.why };
}
