/** Fields that hold personal data or secrets, wherever they come from; compared without case, dash, underscore. */
const CENSORED_KEYS = new Set([
  ...['email', 'emails', 'externalemail', 'mail', 'mailaddress', 'to', 'cc', 'bcc', 'recipient', 'rejected'],
  ...['givenname', 'familyname', 'firstname', 'lastname', 'displayname', 'fullname', 'sn'],
  ...['phone', 'portablephone', 'tel1', 'tel2', 'tel3', 'beeper', 'physicalemail', 'postofficebox'],
  ...['password', 'passwd', 'secret', 'token', 'accesstoken', 'apikey', 'authorization', 'cookie', 'auth'],
  ...['subject', 'text', 'html', 'body'],
]);
const CENSORED = '[censored]';
const MAX_DEPTH = 8;

/** A mail address, or credentials in an address. */
const MAIL_ADDRESS = /[\p{L}\p{N}._%+'-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+/gu;
const URL_CREDENTIALS = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"]+@/gi;

/** A line without mail addresses and credentials. */
export function censorText(line: string): string {
  return line.includes('@')
    ? line.replace(URL_CREDENTIALS, '$1').replace(MAIL_ADDRESS, '[mail address]')
    : line;
}

/** What is logged, without personal fields. Never throws. */
export function censor(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, censorValue(key, value, 0)]));
}

function censorValue(key: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return value;
  if (CENSORED_KEYS.has(key.toLowerCase().replace(/[-_]/g, ''))) return CENSORED;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value;
  if (value instanceof Error) return serializeError(value, depth);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  // What knows its own form, a date or a secret, keeps it.
  if ('toJSON' in value) return value;
  if (depth >= MAX_DEPTH) return '[…]';
  if (Array.isArray(value)) return value.map((item: unknown) => censorValue('', item, depth + 1));
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([inner, item]: [unknown, unknown]) => [
      String(inner),
      censorValue(String(inner), item, depth + 1),
    ]),
  );
}

/** An error as type, code, message, stack, plain facts and cause; what libraries hang on it stays out. */
export function serializeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error && ['string', 'number'].includes(typeof error.code) ? error.code : undefined;
  const facts =
    'facts' in error && typeof error.facts === 'object' && error.facts !== null ? error.facts : undefined;
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    message: error.message,
    ...(facts === undefined || Object.keys(facts).length === 0 ? {} : { facts: censor(facts) }),
    stack: error.stack,
    ...(error.cause === undefined || depth >= MAX_DEPTH
      ? {}
      : { cause: censorValue('', error.cause, depth + 1) }),
  };
}
