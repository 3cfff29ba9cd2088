import type { PolicySet } from '../../src/contracts/policy.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { decide } from '../../src/policy/decide.ts';
import { nextStep } from '../../src/policy/next-step.ts';
import type { AccountRow } from '../../src/registry/registry.ts';

/**
 * The step that an account should have begun by a moment, as far as the registry knows it; `null` = none: a hold stops
 * it, it waits by its own word, or for its next try after a failure that is shown already. Pure.
 */
export function overdueStep(row: AccountRow, policies: PolicySet, before: Instant): Step | null {
  const policy = policies.policies[row.kind];
  if (!policy) return null;
  const state = decide(row.state, { type: 'woke', at: before }, policy);
  const next = nextStep(state, policy, before);
  return next.type === 'act' && next.step.action !== 'record' ? next.step : null;
}
