import type { AccountState } from '../contracts/account.ts';
import type { AccountStatus } from '../contracts/account-status.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Instant } from '../contracts/time.ts';
import { actionWords, describeAccount, holdsOf, momentWords } from './describe.ts';
import { accountDate, factsOn, wantsAccess } from './facts.ts';
import { identityOf } from './identity-state.ts';
import { planAhead } from './next-step.ts';

/** Everything an operator asks of an account: where it stands, why, what was done, and the whole plan ahead. */
export function accountStatus(
  state: AccountState,
  policy: Policy,
  now: Instant,
  problem: string | null,
): AccountStatus {
  const today = accountDate(state, policy, now);
  const facts = factsOn(state, today);
  const plan = planAhead(state, policy, now).map(({ step, held }) => ({
    key: step.key,
    action: actionWords(step, state.kind),
    why: step.why,
    dueAt: step.dueAt,
    due: momentWords(step.dueAt, policy.timeZone),
    held,
  }));
  return {
    accountId: state.accountId,
    kind: state.kind,
    stage: state.stage,
    access: wantsAccess(state) ? 'on' : 'off',
    standing: facts.standing,
    identity: identityOf(state, today),
    holds: holdsOf(state),
    lastDay: facts.lastDay.type === 'on' ? facts.lastDay.date : null,
    headline: describeAccount(state, policy, now, problem).headline,
    problem,
    lastRefusal: state.lastRefusal?.message ?? null,
    past: state.past,
    plan,
  };
}
