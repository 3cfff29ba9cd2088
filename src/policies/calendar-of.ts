import type { PolicySet } from '../contracts/policy.ts';

/** The zone by whose calendar persons are told to be active: that of primary accounts, else the deployment's. */
export function calendarOf(set: PolicySet, deployment: { readonly timeZone: string }): string {
  return set.policies.primary?.timeZone ?? deployment.timeZone;
}
