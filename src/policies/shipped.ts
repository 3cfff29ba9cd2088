import type { PolicySet } from '../contracts/policy.ts';
import { cern } from './cern.ts';
import { indigoIam } from './indigo-iam.ts';

/** The policy sets that come with the project, by name. */
export const SHIPPED_POLICIES = { cern, 'indigo-iam': indigoIam } as const satisfies Record<
  string,
  PolicySet
>;

export type ShippedPolicy = keyof typeof SHIPPED_POLICIES;

/** Whether a policy set of this name is shipped. */
export function isShipped(name: string): name is ShippedPolicy {
  return Object.hasOwn(SHIPPED_POLICIES, name);
}
