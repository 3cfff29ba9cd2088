import { describe, expect, it } from 'vitest';
import { RegistryError } from '../../src/errors.ts';
import { registryErrorFrom } from '../../src/registry/database-errors.ts';

const driverError = (code: string | undefined, message = 'said the driver'): Error =>
  Object.assign(new Error(message), code === undefined ? {} : { code });

describe('what a database driver throws', () => {
  it.each([
    ['ECONNREFUSED', 'REGISTRY_UNREACHABLE', true],
    ['EAI_AGAIN', 'REGISTRY_UNREACHABLE', true],
    ['57P01', 'REGISTRY_UNREACHABLE', true],
    ['57P03', 'REGISTRY_UNREACHABLE', true],
    ['08006', 'REGISTRY_UNREACHABLE', true],
    ['53300', 'REGISTRY_UNREACHABLE', true],
    ['25006', 'REGISTRY_UNREACHABLE', true],
    ['40P01', 'REGISTRY_BUSY', true],
    ['57014', 'REGISTRY_BUSY', true],
    ['28P01', 'REGISTRY_LOGIN_REFUSED', true],
    ['23505', 'REGISTRY_VALUE_REFUSED', false],
    ['22007', 'REGISTRY_VALUE_REFUSED', false],
    ['LC001', 'REGISTRY_ROWS_STAY', false],
    ['42P01', 'REGISTRY_FAILED', false],
  ])('with code %s becomes %s, retryable: %s', (code, expected, retryable) => {
    expect(registryErrorFrom(driverError(code))).toMatchObject({ code: expected, retryable });
  });

  it.each([
    ['Connection terminated unexpectedly', 'REGISTRY_UNREACHABLE'],
    ['timeout exceeded when trying to connect', 'REGISTRY_UNREACHABLE'],
    ['driver has already been destroyed', 'REGISTRY_CLOSED'],
    ['Cannot use a pool after calling end on the pool', 'REGISTRY_CLOSED'],
  ])('without a code, saying "%s", becomes %s and is retryable', (message, expected) => {
    expect(registryErrorFrom(driverError(undefined, message))).toMatchObject({
      code: expected,
      retryable: true,
    });
  });

  it('goes on without the values that the driver put into it', () => {
    const error = Object.assign(driverError('42703', 'column "x" does not exist'), {
      detail: 'Key (email)=(ada@cern.example)',
      params: ['ada@cern.example'],
      constraint: 'login_once',
    });
    const translated = registryErrorFrom(error);
    expect(translated.facts).toMatchObject({ databaseCode: '42703', constraint: 'login_once' });
    expect(translated.cause).not.toBe(error);
    expect(Object.keys(translated.cause ?? {})).toEqual([]);
  });

  it('passes an error of ours through, and takes what is no error at all', () => {
    const ours = new RegistryError({ code: 'SUPERSEDED', message: 'x', retryable: false });
    expect(registryErrorFrom(ours)).toBe(ours);
    expect(registryErrorFrom('text')).toMatchObject({ code: 'REGISTRY_FAILED' });
  });
});
