import { ResultCodeError } from 'ldapts';
import { TargetError, type ErrorFacts } from '../../errors.ts';
import { ATTRIBUTE_NAMES } from './ldap-attributes.ts';

/** Every code of an error of this adapter, and whether a retry may mend it. */
export const LDAP_ERROR_CODES = {
  TARGET_UNREACHABLE: true,
  TARGET_TIMEOUT: true,
  TARGET_BUSY: true,
  /** The server accepted a write that does not stand there. */
  TARGET_NOT_WRITTEN: true,
  TARGET_NO_ENTRY: false,
  TARGET_CONFLICT: false,
  /** No login that a directory can hold. */
  TARGET_LOGIN: false,
  TARGET_BIND_REFUSED: false,
  TARGET_DENIED: false,
  TARGET_SCHEMA: false,
  TARGET_LAYOUT: false,
  TARGET_LIMIT: false,
  TARGET_TLS: false,
  /** The password policy does not make a locked account one that cannot sign in. */
  TARGET_POLICY: false,
  TARGET_PASSWORD: false,
  TARGET_PASSWORD_IN_CLEAR: false,
  TARGET_FAILED: false,
} as const;

export type LdapErrorCode = keyof typeof LDAP_ERROR_CODES;

/** An error of the directory. Nothing that a server said, and no name, stands in it. */
export function ldapError(
  target: string,
  code: LdapErrorCode,
  message: string,
  facts: ErrorFacts = {},
  cause?: unknown,
): TargetError {
  return new TargetError({
    code,
    message: `The directory ${target} ${message}`,
    retryable: LDAP_ERROR_CODES[code],
    facts: { target, ...facts },
    ...(cause === undefined ? {} : { cause }),
  });
}

export function noEntry(target: string): TargetError {
  return ldapError(target, 'TARGET_NO_ENTRY', 'has no entry for this login.');
}

type Meaning = readonly [code: LdapErrorCode, message: string];

const SCHEMA: Meaning = [
  'TARGET_SCHEMA',
  'refuses a value or an attribute. Load the schema of deploy/ldap, or correct the value at its source (facts: which).',
];
const TLS_WANTED: Meaning = [
  'TARGET_TLS',
  'wants an encrypted connection. Set ldap.tls to starttls or implicit.',
];
const BUSY: Meaning = ['TARGET_BUSY', 'is busy or does not work just now.'];

/** By the result codes of RFC 4511, 4.1.9. */
const MEANINGS: Readonly<Record<number, Meaning>> = {
  1: BUSY,
  3: ['TARGET_TIMEOUT', 'took longer than its own time limit.'],
  4: ['TARGET_LIMIT', 'lists no more. Lift the size limit of ldap.bindDn (deploy/ldap: olcLimits).'],
  8: TLS_WANTED,
  10: [
    'TARGET_LAYOUT',
    'refers to another server for this: a replica that cannot write. Set ldap.url to the one that can.',
  ],
  11: ['TARGET_LIMIT', 'lists no more. Lift the limits of ldap.bindDn (deploy/ldap: olcLimits).'],
  13: TLS_WANTED,
  16: SCHEMA,
  17: SCHEMA,
  18: SCHEMA,
  19: SCHEMA,
  20: SCHEMA,
  21: SCHEMA,
  32: [
    'TARGET_LAYOUT',
    'has no entry where accounts or groups should be. Check ldap.usersBase and groupsBase.',
  ],
  34: ['TARGET_LOGIN', 'takes this for no name of an entry.'],
  49: [
    'TARGET_BIND_REFUSED',
    'refuses the password of ldap.bindDn. Correct ldap.bindDn or the password, or unlock it.',
  ],
  50: ['TARGET_DENIED', 'does not allow this to ldap.bindDn. Give it the rights of deploy/ldap/access.ldif.'],
  51: BUSY,
  52: BUSY,
  53: ['TARGET_BUSY', 'is unwilling to do this just now: it may be read-only for a while.'],
  64: SCHEMA,
  65: SCHEMA,
  66: ['TARGET_LAYOUT', 'has entries below this one. Find out what they are, and remove them.'],
  67: SCHEMA,
  69: SCHEMA,
  80: BUSY,
};

const CERTIFICATE =
  /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/;

/** The attribute that a server's message begins with, if it is one that we write. */
function attributeNamed(message: string): ErrorFacts {
  const named = /^'?([A-Za-z][A-Za-z0-9-]*)/.exec(message)?.[1]?.toLowerCase();
  const attribute = ATTRIBUTE_NAMES.find((name) => name.toLowerCase() === named);
  return attribute === undefined ? {} : { attribute };
}

/** The result code of the server's answer; `null` = there was none. */
export function resultOf(error: unknown): number | null {
  return error instanceof ResultCodeError ? error.code : null;
}

/** The error of a request, from whatever it failed with. */
export function errorOf(target: string, error: unknown): TargetError {
  if (error instanceof TargetError) return error;
  if (error instanceof ResultCodeError) {
    const [code, message] = MEANINGS[error.code] ?? ['TARGET_FAILED', 'refused a request.'];
    return ldapError(target, code, message, { result: error.code, ...attributeNamed(error.message) });
  }
  const said = error instanceof Error ? error.message : '';
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code !== null && CERTIFICATE.test(code)) {
    return ldapError(
      target,
      'TARGET_TLS',
      `shows a certificate that is not trusted (${code}). Check ldap.caFile, and the name in ldap.url.`,
      { code },
    );
  }
  if (/timed? ?out/i.test(said)) return ldapError(target, 'TARGET_TIMEOUT', 'did not answer in time.');
  return ldapError(target, 'TARGET_UNREACHABLE', `cannot be reached${code === null ? '' : ` (${code})`}.`, {
    ...(code !== null && { code }),
  });
}
