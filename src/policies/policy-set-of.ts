import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { PolicySet } from '../contracts/policy.ts';
import { choosePolicySet } from './choose-policy-set.ts';
import { withInstance } from './with-instance.ts';

/** The policy set that the configuration names. */
export function policySetOf(config: Config, folder: string): PolicySet {
  const set = choosePolicySet(config.policy, (path) => readFileSync(resolve(folder, path), 'utf8'));
  return config.indigoIam === null ? set : withInstance(set, config.indigoIam.expiredAccounts);
}
