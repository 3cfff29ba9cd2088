import { LifecycleError, RegistryError, type ErrorFacts } from '../errors.ts';

/** Network errors of Node, and what `pg` says without a code. */
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'ENOENT',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
]);
const NETWORK_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|not queryable|read timeout/i;
const CLOSED_MESSAGES =
  /driver has already been destroyed|pool after calling end|PGlite is clos|registry is closed/i;

/** Connection, resources, operator's intervention, a standby that only reads, an idle transaction cut off. */
const UNREACHABLE_STATES = /^(08|53|57P|25006$|25P0[34]$)/;
/** Serialization failure, deadlock, lock not available, query cancelled. */
const BUSY_STATES = /^(40001|40P01|55P03|57014)$/;
const LOGIN_STATES = /^(28|3D000|42501)/;
const VALUE_STATES = /^(22|23)/;
const STAYS_STATE = 'LC001';

/**
 * Turns what a database driver throws into a `RegistryError`; an error of ours passes through. Values never go
 * along: drivers put the offending row, the query and its parameters into their errors.
 */
export function registryErrorFrom(error: unknown): LifecycleError {
  if (error instanceof LifecycleError) return error;
  const code = stringProperty(error, 'code') ?? '';
  const message = error instanceof Error ? error.message : 'unknown';
  const facts: ErrorFacts = {
    databaseCode: code === '' ? null : code,
    constraint: stringProperty(error, 'constraint') ?? null,
    table: stringProperty(error, 'table') ?? null,
  };
  if (CLOSED_MESSAGES.test(message)) {
    // A restart mends it: an activity caught by a shutdown is to be tried again.
    return new RegistryError({
      code: 'REGISTRY_CLOSED',
      message: 'The registry is closed: this process is stopping.',
      retryable: true,
    });
  }
  if (
    NETWORK_CODES.has(code) ||
    UNREACHABLE_STATES.test(code) ||
    (code === '' && NETWORK_MESSAGES.test(message))
  ) {
    return new RegistryError({
      code: 'REGISTRY_UNREACHABLE',
      message:
        `The registry's database cannot be reached (${code === '' ? message : code}). ` +
        'Check that it runs and that its address is right; work goes on when it answers.',
      retryable: true,
      facts,
      cause: withoutValues(error),
    });
  }
  if (BUSY_STATES.test(code)) {
    return new RegistryError({
      code: 'REGISTRY_BUSY',
      message: `The registry's database gave up on a query that was in the way of others (${code}).`,
      retryable: true,
      facts,
    });
  }
  if (LOGIN_STATES.test(code)) {
    return new RegistryError({
      code: 'REGISTRY_LOGIN_REFUSED',
      message:
        `The registry's database refused the user, the password, the database name or a permission (${code}: ` +
        `${message}). Check the registry's URL, and that its user owns the database.`,
      // While running, someone changes a password and mends it again: no account may give up over that.
      retryable: true,
      facts,
    });
  }
  if (code === STAYS_STATE) {
    return new RegistryError({ code: 'REGISTRY_ROWS_STAY', message, retryable: false, facts });
  }
  if (VALUE_STATES.test(code)) {
    return new RegistryError({
      code: 'REGISTRY_VALUE_REFUSED',
      message: `The registry's database refused a value (${code}, constraint ${String(facts['constraint'])}).`,
      retryable: false,
      facts,
    });
  }
  return new RegistryError({
    code: 'REGISTRY_FAILED',
    message: `The registry's database failed (${code === '' ? 'no code' : code}): ${message}`,
    retryable: false,
    facts,
    cause: withoutValues(error),
  });
}

/** The message and where it came from, without the driver's own properties. */
function withoutValues(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const bare = new Error(error.message);
  if (error.stack !== undefined) bare.stack = error.stack;
  return bare;
}

function stringProperty(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : undefined;
}
