import { ldapError } from './ldap-error.ts';
import { has, type LdapEntries } from './ldap-entries.ts';
import { isSameName } from './ldap-names.ts';

/** The request control of password policies, which a server shows when the overlay is loaded. */
const PASSWORD_POLICIES = '1.3.6.1.4.1.42.2.27.8.5.1';

/** Whether password policies make a lock one that nobody signs in past. Rule: "Block and delete". */
export interface PasswordPolicy {
  /** Throws `TARGET_POLICY`, with the remedy, unless an account that we lock can sign in no more. */
  check(signal: AbortSignal): Promise<void>;
  /** The same of one account, which may have a policy of its own; `null` = it has none. */
  checkOwn(input: { policy: string | null; signal: AbortSignal }): Promise<void>;
}

export function createPasswordPolicy(input: {
  readonly target: string;
  readonly entries: LdapEntries;
  /** The one that counts for accounts which name none of their own. */
  readonly defaultPolicy: string;
}): PasswordPolicy {
  const { target, entries, defaultPolicy } = input;
  const refused = (message: string) => ldapError(target, 'TARGET_POLICY', message);

  const checkPolicy = async (dn: string, signal: AbortSignal): Promise<void> => {
    const policy = await entries.read({ dn, attributes: ['pwdLockout'], signal });
    if (!policy) {
      throw refused(
        `shows no password policy ${dn}. Load deploy/ldap/policy.ldif, or set ldap.passwordPolicy, and let ldap.bindDn read it.`,
      );
    }
    if (policy.attributes['pwdLockout']?.[0]?.toUpperCase() === 'TRUE') return;
    throw refused(
      `lets locked accounts sign in: in its password policy ${dn}, pwdLockout is not TRUE. Set it to TRUE (pwdMaxFailure 0 keeps wrong passwords from locking anybody).`,
    );
  };

  /** What the server's own configuration says, where it may be read, which few allow. */
  const checkConfiguration = async (signal: AbortSignal): Promise<void> => {
    const attributes = ['olcPPolicyDefault', 'olcPPolicyHashCleartext'];
    const filter = has('objectClass', 'olcPPolicyConfig');
    const overlays = await entries
      .search({ base: 'cn=config', scope: 'sub', filter, attributes, signal })
      .catch(() => []);
    signal.throwIfAborted();
    if (overlays.length === 0) return;
    const ours = overlays.find(({ attributes: { olcPPolicyDefault } }) =>
      isSameName(olcPPolicyDefault?.[0] ?? '', defaultPolicy),
    );
    if (!ours) {
      throw refused(
        `has another default password policy than ${defaultPolicy}. Set ldap.passwordPolicy to its olcPPolicyDefault.`,
      );
    }
    if (ours.attributes['olcPPolicyHashCleartext']?.[0]?.toUpperCase() !== 'TRUE') {
      throw refused('would keep passwords in clear text. Set olcPPolicyHashCleartext to TRUE.');
    }
  };

  return {
    async check(signal) {
      const root = await entries.read({ dn: '', attributes: ['supportedControl'], signal });
      if (root?.attributes['supportedControl']?.includes(PASSWORD_POLICIES) !== true) {
        throw refused(
          'knows no password policies, so that a lock would stop nobody. Load the overlay ppolicy (deploy/ldap/policy-overlay.ldif).',
        );
      }
      await checkPolicy(defaultPolicy, signal);
      await checkConfiguration(signal);
    },

    async checkOwn({ policy, signal }) {
      if (policy !== null && !isSameName(policy, defaultPolicy)) await checkPolicy(policy, signal);
    },
  };
}
