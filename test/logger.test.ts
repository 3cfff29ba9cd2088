import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { Secret } from '../src/config/secret.ts';
import { TargetError } from '../src/errors.ts';
import { createLogger, temporalLogger, type Logger } from '../src/logger.ts';

function logger(): { log: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const log = createLogger({ level: 'trace', destination: { write: (line) => written.push(line) } });
  return {
    log,
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

describe('createLogger', () => {
  it('writes one line of JSON with level and time', () => {
    const { log, lines } = logger();
    log.info({ accountId: 'a-1' }, 'blocked');
    expect(lines()).toEqual([{ level: 'info', time: expect.any(String), accountId: 'a-1', msg: 'blocked' }]);
  });

  it('leaves out what is below its level', () => {
    const written: string[] = [];
    createLogger({ level: 'warn', destination: { write: (line) => written.push(line) } }).info('no');
    expect(written).toEqual([]);
  });

  it.each<[string, (log: Logger) => void]>([
    ['a personal field', (log) => log.info({ givenName: 'Canary' }, 'x')],
    ['one deep within', (log) => log.info({ person: { list: [{ family_name: 'Canary' }] } }, 'x')],
    ['one in a Map', (log) => log.info({ people: new Map([['email', 'Canary']]) }, 'x')],
    ['a header', (log) => log.info({ headers: { Authorization: 'Bearer Canary' } }, 'x')],
    ['a child’s binding', (log) => log.child({ displayName: 'Canary' }).info('x')],
    ['a mail address in a message', (log) => log.warn('550 no such user <ada.canary@example.org>')],
    ['a mail address in a field', (log) => log.warn({ answer: 'to CANARY+x@cern.example refused' }, 'x')],
    ['a mail address in an error’s message', (log) => log.error(new Error('for canary@example.org'))],
    [
      'what a library hangs on an error',
      (log) => log.error({ error: Object.assign(new Error('x'), { response: 'Canary' }) }, 'x'),
    ],
    [
      'what hangs on a cause',
      (log) => log.error({ err: new Error('x', { cause: { password: 'Canary' } }) }, 'x'),
    ],
    [
      'credentials in an address',
      (log) => log.error(new Error('connect postgres://user:canary@db/x failed')),
    ],
    ['a secret', (log) => log.info({ url: new Secret('canary'), nested: [new Secret('canary')] }, 'x')],
    ['a body in bytes', (log) => log.info({ data: Buffer.from('canary') }, 'x')],
  ])('does not print %s', (_what, write) => {
    const { log, text, lines } = logger();
    write(log);
    expect(lines()).toHaveLength(1);
    expect(text()).not.toMatch(/canary/i);
  });

  it('prints an error with code, facts, stack and cause', () => {
    const { log, lines } = logger();
    const cause = new Error('refused');
    log.error(
      {
        error: new TargetError({
          code: 'LDAP_DOWN',
          message: 'no',
          retryable: true,
          facts: { port: 389 },
          cause,
        }),
      },
      'x',
    );
    expect(lines()[0]?.['error']).toMatchObject({
      type: 'TargetError',
      code: 'LDAP_DOWN',
      message: 'no',
      facts: { port: 389 },
      stack: expect.stringContaining('logger.test.ts'),
      cause: { type: 'Error', message: 'refused' },
    });
  });

  it('prints what is no one’s at any usual depth', () => {
    const { log, lines } = logger();
    log.info({ plan: { steps: [{ action: 'block' }] } }, 'x');
    expect(lines()[0]).toMatchObject({ plan: { steps: [{ action: 'block' }] } });
  });

  it('survives what JSON cannot say', () => {
    const { log, lines } = logger();
    const circle: Record<string, unknown> = { big: 10n };
    circle['self'] = circle;
    log.info({ circle }, 'x');
    expect(lines()).toHaveLength(1);
  });
});

describe('temporalLogger', () => {
  it.each(['trace', 'debug', 'info', 'warn', 'error'] as const)('hands %s on, with its fields', (level) => {
    const { log, lines } = logger();
    const bridge = temporalLogger(log);
    bridge[level]('shutting down', {
      sdkComponent: 'worker',
      error: ApplicationFailure.nonRetryable('broken'),
    });
    bridge.log('INFO', 'and this');
    expect(lines()).toMatchObject([
      {
        level,
        msg: 'shutting down',
        sdkComponent: 'worker',
        error: { type: 'ApplicationFailure', message: 'broken' },
      },
      { level: 'info', msg: 'and this' },
    ]);
  });
});
