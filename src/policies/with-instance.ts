import type { ExpiredAccounts } from '../contracts/instance.ts';
import type { PolicySet } from '../contracts/policy.ts';
import { indigoIam } from './indigo-iam.ts';

/**
 * The set of a deployment that keeps an INDIGO IAM instance: its own policy for experiment accounts, else the shipped
 * one. With `delegate` no milestone is left in it: the instance suspends and deletes. Rule: "Experiment accounts".
 */
export function withInstance(set: PolicySet, expiredAccounts: ExpiredAccounts): PolicySet {
  const experiment = set.policies.experiment ?? indigoIam.policies.experiment;
  if (!experiment) return set;
  const kept = expiredAccounts === 'manage' ? experiment : { ...experiment, milestones: [] };
  return { ...set, policies: { ...set.policies, experiment: kept } };
}
