import { ConfigurationError } from '../errors.ts';
import type { PolicySet } from '../contracts/policy.ts';
import { loadPolicySet } from './load-policy-set.ts';
import type { ShippedPolicy } from './shipped.ts';
import { SHIPPED_POLICIES } from './shipped.ts';

/** The setting `policy`: a shipped set by name, or a site's own file. */
export type PolicyChoice = { readonly shipped: ShippedPolicy } | { readonly file: string };

/** The policy set that a deployment runs with. Throws a `ConfigurationError` for a file that cannot be used. */
export function choosePolicySet(choice: PolicyChoice, readFile: (path: string) => string): PolicySet {
  if ('shipped' in choice) return SHIPPED_POLICIES[choice.shipped];
  let text: string;
  try {
    text = readFile(choice.file);
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new ConfigurationError(
      `The policy file ${choice.file} cannot be read (${reason}). Remedy: correct the setting "policy", ` +
        'a path from the folder of the configuration file.',
      { file: choice.file },
    );
  }
  return loadPolicySet(text, choice.file);
}
