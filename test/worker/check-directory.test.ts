import { describe, expect, it } from 'vitest';
import { ldapError } from '../../src/connectors/ldap/ldap-error.ts';
import { ConfigurationError } from '../../src/errors.ts';
import { checkDirectory } from '../../src/worker/check-directory.ts';

const away = ldapError('directory', 'TARGET_UNREACHABLE', 'cannot be reached (ECONNREFUSED).');
const policy = ldapError(
  'directory',
  'TARGET_POLICY',
  'lets locked accounts sign in. Set pwdLockout to TRUE.',
);

/** Checks a directory that answers in these ways, one after the other; answers what was said while it waited. */
async function check(answers: readonly (Error | null)[], signal = new AbortController().signal) {
  const said: string[] = [];
  const left = [...answers];
  await checkDirectory({
    directory: {
      check: () => {
        const answer = left.shift() ?? null;
        return answer === null ? Promise.resolve() : Promise.reject(answer);
      },
    },
    logger: { warn: (_: unknown, message?: string) => void said.push(message ?? '') },
    signal,
    retryMs: 1,
  });
  expect(left).toEqual([]);
  return said;
}

describe('the directory, checked when a worker starts', () => {
  it('is used when nothing is found', async () => {
    expect(await check([null])).toEqual([]);
  });

  it('is waited for while it is away, and that is said', async () => {
    const words = 'waiting for the directory: The directory directory cannot be reached (ECONNREFUSED).';
    expect(await check([away, away, null])).toEqual([words, words]);
  });

  it('that lets locked accounts sign in ends the start, with what to do', async () => {
    const refused = await check([away, policy]).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ConfigurationError);
    expect(refused).toMatchObject({
      retryable: false,
      message: expect.stringContaining('pwdLockout to TRUE'),
    });
  });

  it('is waited for no longer once the start is called off', async () => {
    const stopping = new AbortController();
    const waiting = check([away, away, away], stopping.signal);
    stopping.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow();
  });
});
