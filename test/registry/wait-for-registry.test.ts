import { describe, expect, it } from 'vitest';
import { RegistryError } from '../../src/errors.ts';
import { waitForRegistry } from '../../src/registry/wait-for-registry.ts';

const errorOf = (retryable: boolean): RegistryError =>
  new RegistryError({ code: 'REGISTRY_UNREACHABLE', message: 'away', retryable });

describe('waiting for the registry', () => {
  it('goes on when it answers, and says so for every attempt that failed, ever more patiently', async () => {
    const said: [attempt: number, pause: number][] = [];
    let failures = 4;
    const answer = await waitForRegistry({
      open: () => (failures-- > 0 ? Promise.reject(errorOf(true)) : Promise.resolve('open')),
      onWaiting: ({ attempt, nextTryInMs }) => said.push([attempt, nextTryInMs]),
      firstPauseMs: 1,
      longestPauseMs: 4,
    });
    expect(answer).toBe('open');
    expect(said).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
      [4, 4],
    ]);
  });

  it.each([errorOf(false), new TypeError('a bug')])(
    'throws at once what no waiting mends: %s',
    async (error) => {
      let attempts = 0;
      const open = (): Promise<never> => {
        attempts += 1;
        return Promise.reject(error);
      };
      await expect(waitForRegistry({ open, onWaiting: () => undefined })).rejects.toBe(error);
      expect(attempts).toBe(1);
    },
  );

  it('ends when it is called off in the middle of a pause', async () => {
    const controller = new AbortController();
    const waiting = waitForRegistry({
      open: () => Promise.reject(errorOf(true)),
      onWaiting: () => setImmediate(() => controller.abort()),
      signal: controller.signal,
      firstPauseMs: 3_600_000,
      longestPauseMs: 3_600_000,
    });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });
});
