import { NotFilter, PresenceFilter } from 'ldapts';
import type { Directory } from '../directory.ts';
import type { AccountEntries } from './account-entries.ts';
import { ASSERTION_FAILED, AssertionControl } from './assertion-control.ts';
import { accessOf, LOCK, LOCKED_FOR_GOOD } from './ldap-attributes.ts';
import { change, NO_SUCH_ATTRIBUTE, type LdapEntries } from './ldap-entries.ts';
import { ldapError } from './ldap-error.ts';

const PASSWORD = 'userPassword';
const HAS_LOCK = new PresenceFilter({ attribute: LOCK });
const UNLOCKED = new NotFilter({ filter: HAS_LOCK });
/** A lock that came or went while we wrote. */
const CHANGED = [ASSERTION_FAILED, NO_SUCH_ATTRIBUTE];
const ATTEMPTS = 3;
/** A server takes `{SSHA}…` for a hash; and to sign in with nothing is to sign in as nobody. */
const UNUSABLE = /^($|\{[^}]*\})/;

/**
 * Sets passwords. A server unlocks an account whose password is changed: so a lock is set again within the same write, and
 * without one the password is written only if there still is none.
 */
export function createSetPassword(input: {
  readonly target: string;
  readonly entries: LdapEntries;
  readonly accounts: AccountEntries;
}): Directory['setPassword'] {
  const { target, entries, accounts } = input;

  const attempt = async (call: Parameters<Directory['setPassword']>[0]): Promise<boolean> => {
    const { password, signal } = call;
    const { dn, attributes } = await accounts.get(call);
    const set = change('replace', PASSWORD, [password]);
    const isLocked = accessOf(attributes) === 'off';
    const isLockedForAWhile = !isLocked && (attributes[LOCK] ?? []).length > 0;
    const relock = [set, change('delete', LOCK, []), change('add', LOCK, [LOCKED_FOR_GOOD])];
    const control = isLocked || isLockedForAWhile ? undefined : new AssertionControl(UNLOCKED);
    const result = await entries.modify({
      ...{ dn, signal, expected: CHANGED },
      changes: isLocked ? relock : [set],
      ...(control && { control }),
    });
    if (result !== 0) return false;
    if (isLocked) await accounts.expect({ ...call, wanted: { [LOCK]: [LOCKED_FOR_GOOD] } });
    if (!(await entries.compare({ dn, attribute: PASSWORD, value: password, signal }))) return true;
    throw ldapError(
      target,
      'TARGET_PASSWORD_IN_CLEAR',
      'keeps passwords in clear text. Set olcPPolicyHashCleartext to TRUE (deploy/ldap/policy-overlay.ldif).',
    );
  };

  return async (call) => {
    if (UNUSABLE.test(call.password)) {
      throw ldapError(
        target,
        'TARGET_PASSWORD',
        'cannot take this password: it is empty, or begins as a hash does, with a word in braces.',
      );
    }
    for (let tried = 0; tried < ATTEMPTS; tried += 1) {
      if (await attempt(call)) return;
    }
    throw ldapError(target, 'TARGET_BUSY', 'has an account whose lock changes all the time.');
  };
}
