import { DN } from 'ldapts';
import { loginKey } from '../../registry/column-values.ts';
import { ldapError } from './ldap-error.ts';

/** Longer names are refused by OpenLDAP's own index of names, by an error that says nothing. */
const LONGEST_LOGIN_BYTES = 256;
/** Control characters, line breaks among them, and halves of characters: no login, and not escaped by the library. */
const UNUSABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/u;

/**
 * The name of an account's entry. Throws `TARGET_LOGIN` for what cannot be a login: it is refused rather than made to fit.
 */
export function entryName(input: { target: string; login: string; usersBase: string }): string {
  const { target, login, usersBase } = input;
  const bytes = Buffer.byteLength(login);
  if (login.trim() !== login || login === '' || UNUSABLE.test(login) || bytes > LONGEST_LOGIN_BYTES) {
    throw ldapError(
      target,
      'TARGET_LOGIN',
      `cannot hold this login: it is empty, has control characters or spaces around it, or more than ${LONGEST_LOGIN_BYTES} bytes.`,
      { bytes },
    );
  }
  // The base comes from the configuration, as a name that is written already; only the login is anybody's.
  return `${new DN().addPairRDN('cn', login).toString()},${usersBase}`;
}

/**
 * Whether two logins are the same to us. To a directory more are: it sees no difference between one space and two, for
 * instance, so an entry that it finds may be another account's.
 */
export function isSameLogin(one: string, other: string): boolean {
  return loginKey(one) === loginKey(other);
}

/** Whether two names of entries are the same but for letter case and spaces behind commas. */
export function isSameName(one: string, other: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/\s*([,=])\s*/g, '$1');
  return plain(one) === plain(other);
}
