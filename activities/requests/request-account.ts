import type { AccountState } from '../../src/contracts/account.ts';
import type { OperatorAnswer, OperatorRequest } from '../../src/contracts/operator.ts';
import { RegistryError } from '../../src/errors.ts';
import {
  isRequestedKind,
  LOGIN_USED,
  refusalOfKind,
  refusalOfMerged,
  refusalOfRequest,
  type RequestedKind,
  type RequestRefusal,
} from '../../src/policy/account-requests.ts';
import { initialState } from '../../src/policy/initial-state.ts';
import { isText, parseActor } from '../../src/policy/parse-message.ts';
import type { ApplicantFacts, RequestOutcome } from '../../src/registry/registry.ts';
import { livingPrimary } from '../living-primary.ts';
import { today } from '../sync/plan-change.ts';
import type { SyncContext } from '../sync-activities.ts';
import { toldOf } from '../told-of.ts';
import { idOfRequest } from './id-of-request.ts';
import { applicantOf } from './applicant.ts';

type AccountRequest = Extract<OperatorRequest, { type: 'requestAccount' }>;

/** The account as it begins: on no target, with its person's facts. What the person's primary account was given counts. */
function firstState(
  context: SyncContext,
  own: { readonly accountId: string; readonly kind: RequestedKind; readonly personId: string },
  { person, accounts }: ApplicantFacts,
): AccountState {
  const primary = livingPrimary(accounts);
  const state = initialState({
    ...own,
    experiment: null,
    stage: 'pending',
    observation: person && toldOf(person),
    departure: primary?.state.departure ?? 0,
    at: context.now(),
  });
  // An admin's date holds for all personal accounts.
  return own.kind === 'secondary' ? { ...state, adminDate: primary?.state.adminDate ?? null } : state;
}

/** Grants the request or refuses it, under the lock that requests for one person share. */
async function decideOn(
  context: SyncContext,
  request: AccountRequest & { readonly kind: RequestedKind },
): Promise<RequestOutcome<RequestRefusal>> {
  const { registry, settings } = context.deps;
  const { requestId, kind, personId, login, actor, reason } = request;
  const accountId = idOfRequest(requestId);
  try {
    return await registry.requestAccount<RequestRefusal>({
      ...{ accountId, requestId, kind, personId, login, actor, reason, at: context.now() },
      judge: (facts) => {
        const into = facts.person?.mergedInto ?? null;
        if (into !== null) return { refused: refusalOfMerged(into) };
        const refused = refusalOfRequest({
          asked: { kind, login },
          person: applicantOf({ ...facts, today: today(context) }),
          isUsed: facts.isUsed,
          logins: settings.requestedLogins,
        });
        return refused ? { refused } : { state: firstState(context, { accountId, kind, personId }, facts) };
      },
    });
  } catch (error) {
    // Somebody else's request for the same login was a moment faster.
    if (error instanceof RegistryError && error.code === 'LOGIN_TAKEN') {
      return { outcome: 'refused', refused: LOGIN_USED };
    }
    throw error;
  }
}

function problemOf({ requestId, personId, kind, login }: AccountRequest): string | null {
  if (!isText(requestId)) return 'requestId is missing: an id of its own for each request';
  if (!isText(personId)) return 'personId is missing';
  return typeof kind === 'string' && typeof login === 'string' ? null : 'kind and login are texts';
}

/**
 * Makes a secondary or a service account that somebody asks for, and starts its workflow, which makes it on every target.
 * What the rules do not allow is refused, and changes nothing. Rule: "Requests".
 */
export async function requestAccount(context: SyncContext, request: AccountRequest): Promise<OperatorAnswer> {
  const said = parseActor(request);
  const problem = said.ok ? problemOf(request) : said.problem;
  if (problem !== null) return { type: 'refused', why: problem };
  const { kind, personId } = request;
  if (!isRequestedKind(kind)) return { type: 'refused', ...refusalOfKind(kind) };
  if (context.deps.settings.policies.policies[kind] === undefined) {
    return { type: 'refused', why: `no policy is set for ${kind} accounts here` };
  }
  const outcome = await decideOn(context, { ...request, kind });
  if (outcome.outcome === 'refused') return { type: 'refused', ...outcome.refused };
  const { accountId, state } = outcome.account;
  await context.deps.workflows.ensureStarted({ state, clock: context.clock });
  return { type: 'account', accountId, kind, personId, made: outcome.outcome === 'made' };
}
