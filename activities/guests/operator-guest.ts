import type { GuestChanged } from '../../src/contracts/guest.ts';
import type { OperatorAnswer, OperatorRequest } from '../../src/contracts/operator.ts';
import { LifecycleError } from '../../src/errors.ts';
import { isFinal } from '../../src/policy/facts.ts';
import { parseIdentity } from '../../src/policy/guest-identity.ts';
import { ACCOUNT_UNKNOWN, refusalOfAssociation } from '../../src/policy/guest-rules.ts';
import { isRecord, isText, parseActor } from '../../src/policy/parse-message.ts';
import { newSealingKeys, publicKeyOf, seal, unseal } from '../../src/sealing.ts';
import { throwRejected } from '../failures.ts';
import { idOfRequest } from '../requests/id-of-request.ts';
import { accountCalled } from '../account-called.ts';
import type { SyncContext } from '../sync-activities.ts';
import { forgetReleased, writeGuestsOf } from './write-guests.ts';

type Request<T extends OperatorRequest['type']> = Extract<OperatorRequest, { type: T }>;

const KEY_NAME = 'operator-sealing';
const UNKNOWN: OperatorAnswer = { type: 'refused', ...ACCOUNT_UNKNOWN };

/** Whoever seals something for the workers seals it for this key, which the registry keeps. */
async function privateKey({ deps }: SyncContext): Promise<string> {
  return deps.registry.deploymentKey({ name: KEY_NAME, proposed: newSealingKeys().privateKey });
}

/** The key to seal what is personal with, before it is sent through Temporal. */
export async function showSealingKey(context: SyncContext): Promise<OperatorAnswer> {
  return { type: 'sealingKey', publicKey: publicKeyOf(await privateKey(context)) };
}

/** What an operator sealed; `null` = it is not for us, or no object. */
async function opened(
  context: SyncContext,
  sealed: unknown,
): Promise<Readonly<Record<string, unknown>> | null> {
  if (typeof sealed !== 'string') return null;
  try {
    const value: unknown = JSON.parse(unseal(sealed, await privateKey(context)));
    return isRecord(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    if (error instanceof LifecycleError && error.code === 'SEALED_UNREADABLE') return null;
    throw error;
  }
}

const UNREADABLE: OperatorAnswer = {
  type: 'refused',
  code: 'SEALED_UNREADABLE',
  why: 'it is not sealed for the workers of this deployment: ask for the key again',
};

/**
 * Lets the account's own workflow tell the targets, so that it comes in the order of its other steps; of an account that is
 * over nobody else would, so it is done here.
 */
async function tellTargets(context: SyncContext, accountId: string, change: GuestChanged): Promise<void> {
  const { deps, clock, signal } = context;
  const { registry, workflows } = deps;
  const before = await registry.account(accountId);
  if (before === null) return;
  await workflows.tellGuestChanged({ state: before.state, change, clock });
  // It may have come to its end at this very moment.
  const account = await registry.account(accountId);
  if (account === null || !isFinal(account.state.stage)) return;
  const { personId } = account;
  throwRejected(
    await Promise.allSettled(
      deps.directories.map((directory) => writeGuestsOf({ registry, directory, signal }, personId)),
    ),
  );
  await forgetReleased(deps, personId, signal);
}

/**
 * Associates an external identity with a former account, and has the targets told. What is personal comes sealed, and
 * leaves neither in an answer nor in the audit log. Rule: "Associating an identity".
 */
export async function associateGuest(
  context: SyncContext,
  request: Request<'associateGuest'>,
): Promise<OperatorAnswer> {
  const said = parseActor(request);
  if (!said.ok) return { type: 'refused', why: said.problem };
  const { requestId } = request;
  if (!isText(requestId))
    return { type: 'refused', why: 'requestId is missing: an id of its own for each request' };
  const asked = await opened(context, request.sealed);
  if (asked === null) return UNREADABLE;
  const identity = parseIdentity(asked['identity']);
  if (!identity.ok) return { type: 'refused', code: 'IDENTITY_MALFORMED', why: identity.problem };
  const account = await accountCalled(context.deps.registry, asked['account']);
  if (account === null) return UNKNOWN;
  const { registry, settings } = context.deps;
  const { accountId } = account;
  const outcome = await registry.associateGuest({
    ...{ guestId: idOfRequest(requestId), requestId, accountId, identity: identity.value, ...said.value },
    at: context.now(),
    judge: (facts) => refusalOfAssociation(identity.value, facts, settings.mailDomain),
  });
  switch (outcome.outcome) {
    case 'refused':
      return { type: 'refused', ...outcome.refused };
    case 'reused':
      return {
        type: 'refused',
        code: 'REQUEST_REUSED',
        why: 'this request was made before, for another identity or account: give each an id of its own',
      };
    case 'released':
      return { type: 'refused', code: 'RELEASED', why: 'what this request associated was released since' };
    case 'known':
    case 'associated': {
      const { guest } = outcome;
      await tellTargets(context, guest.accountId, { requestId });
      const { guestId, personId } = guest;
      const changed = outcome.outcome === 'associated';
      return { type: 'guest', guestId, accountId: guest.accountId, personId, changed };
    }
  }
}

/** Takes an identity from the person it leads to: a mistake of an admin's is undone. Rule: "Associating an identity". */
export async function releaseGuest(
  context: SyncContext,
  request: Request<'releaseGuest'>,
): Promise<OperatorAnswer> {
  const said = parseActor(request);
  if (!said.ok) return { type: 'refused', why: said.problem };
  const { requestId, guestId } = request;
  if (!isText(requestId))
    return { type: 'refused', why: 'requestId is missing: an id of its own for each request' };
  if (!isText(guestId)) return { type: 'refused', why: 'guestId is missing: guest show tells it' };
  const outcome = await context.deps.registry.releaseGuest({
    ...{ guestId, requestId, ...said.value, at: context.now() },
  });
  if (outcome === null)
    return { type: 'refused', code: 'GUEST_UNKNOWN', why: 'there is no such guest account' };
  const { guest } = outcome;
  const changed = outcome.outcome === 'released';
  // It was released, and everybody was told.
  if (guest === null) return { type: 'guest', guestId, accountId: null, personId: null, changed };
  const { accountId, personId } = guest;
  await tellTargets(context, accountId, { requestId });
  return { type: 'guest', guestId, accountId, personId, changed };
}

/** The guest accounts of the person of an account, sealed for who asks. */
export async function showGuests(context: SyncContext, request: Request<'guests'>): Promise<OperatorAnswer> {
  const asked = await opened(context, request.sealed);
  const answerTo = asked?.['answerTo'];
  if (asked === null || typeof answerTo !== 'string') return UNREADABLE;
  const account = await accountCalled(context.deps.registry, asked['account']);
  if (account === null) return UNKNOWN;
  const guests = await context.deps.registry.guests(account.personId);
  try {
    return { type: 'guests', sealed: seal(JSON.stringify(guests), answerTo) };
  } catch (error) {
    if (error instanceof LifecycleError && error.code === 'SEALED_UNREADABLE') return UNREADABLE;
    throw error;
  }
}
