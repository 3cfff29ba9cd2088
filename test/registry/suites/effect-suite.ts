import { describe, expect, it } from 'vitest';
import type { EffectKey, Fence } from '../../../src/registry/registry.ts';
import { NEW_YEAR } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function effectSuite(use: Use): void {
  const fenceOf = (accountId: string, sequence: number, attempt: number): Fence => ({
    accountId,
    sequence,
    attempt,
  });
  const keyOf = (accountId: string, overrides: Partial<EffectKey> = {}): EffectKey => ({
    accountId,
    epoch: 1,
    action: 'block',
    target: 'directory',
    lastDay: '2027-03-31',
    ...overrides,
  });
  const superseded = { name: 'RegistryError', code: 'SUPERSEDED', retryable: false };

  describe('the fence', () => {
    it('refuses an attempt when a later one of the same step has announced itself', async () => {
      await use().registry.claim(fenceOf('f-attempt', 4, 2));
      await expect(use().registry.claim(fenceOf('f-attempt', 4, 1))).rejects.toMatchObject(superseded);
      await use().registry.claim(fenceOf('f-attempt', 4, 2));
      await use().registry.claim(fenceOf('f-attempt', 4, 3));
    });

    it('refuses every attempt of a step when a later step has announced itself', async () => {
      await use().registry.claim(fenceOf('f-step', 4, 9));
      await use().registry.claim(fenceOf('f-step', 5, 1));
      await expect(use().registry.claim(fenceOf('f-step', 4, 10))).rejects.toMatchObject(superseded);
    });

    it('keeps a superseded attempt from storing an intent and from reporting an effect', async () => {
      const [key, late] = [keyOf('f-late'), fenceOf('f-late', 1, 1)];
      await use().registry.intend({ key, fence: late, at: NEW_YEAR });
      await use().registry.claim(fenceOf('f-late', 1, 2));
      const other = keyOf('f-late', { target: 'iam' });
      await expect(use().registry.intend({ key: other, fence: late, at: NEW_YEAR })).rejects.toMatchObject(
        superseded,
      );
      await expect(
        use().registry.effectDone({ key, fence: late, at: NEW_YEAR, note: null }),
      ).rejects.toMatchObject(superseded);
      expect((await use().registry.effects('f-late')).map((row) => [row.target, row.state])).toEqual([
        ['directory', 'intent'],
      ]);
    });

    it('lets no effect be announced while the deployment is frozen, but for what no freeze stops or what is done', async () => {
      const { registry } = use();
      const [done, began] = [keyOf('f-frozen'), keyOf('f-frozen', { target: 'iam' })];
      const fence = fenceOf('f-frozen', 1, 1);
      for (const key of [done, began]) await registry.intend({ key, fence, at: NEW_YEAR });
      await registry.effectDone({ key: done, fence, at: NEW_YEAR, note: 'kept' });
      const said = { actor: 'admin-7', reason: 'HR is being moved', at: NEW_YEAR };
      await registry.setFrozen({ ...said, frozen: true });
      const announce = (key: EffectKey) =>
        registry.intend({ key, fence, at: NEW_YEAR + 1, unlessFrozen: true });
      try {
        const frozen = { code: 'FROZEN', retryable: true };
        await expect(announce(keyOf('f-frozen', { target: 'new' }))).rejects.toMatchObject(frozen);
        await expect(announce(began)).rejects.toMatchObject(frozen);
        expect(await announce(done)).toMatchObject({ state: 'done', note: 'kept' });
        const disable = keyOf('f-frozen', { action: 'disable' });
        expect(await registry.intend({ key: disable, fence, at: NEW_YEAR })).toMatchObject({
          state: 'intent',
        });
      } finally {
        await registry.setFrozen({ ...said, frozen: false });
      }
      expect((await registry.effects('f-frozen')).map(({ action, target }) => [action, target])).toEqual([
        ['block', 'directory'],
        ['block', 'iam'],
        ['disable', 'directory'],
      ]);
      expect(await announce(began)).toMatchObject({ state: 'intent', intentAt: NEW_YEAR });
    });

    it('lets only the highest of many attempts that start at once act in the end', async () => {
      const attempts = [7, 3, 9, 1, 8, 2];
      await Promise.allSettled(
        attempts.map((attempt) => use().registry.claim(fenceOf('f-rush', 1, attempt))),
      );
      const after = await Promise.allSettled(
        attempts.map((attempt) =>
          use().registry.intend({ key: keyOf('f-rush'), fence: fenceOf('f-rush', 1, attempt), at: NEW_YEAR }),
        ),
      );
      expect(after.map((result) => result.status === 'fulfilled')).toEqual(
        attempts.map((attempt) => attempt === 9),
      );
    });
  });

  describe('effects', () => {
    it('are intended once and done once, whoever repeats it', async () => {
      const key = keyOf('e-once');
      const first = await use().registry.intend({ key, fence: fenceOf('e-once', 1, 1), at: NEW_YEAR });
      expect(first).toMatchObject({ ...key, state: 'intent', intentAt: NEW_YEAR, doneAt: null });
      const second = await use().registry.intend({ key, fence: fenceOf('e-once', 1, 2), at: NEW_YEAR + 5 });
      expect(second).toMatchObject({ state: 'intent', intentAt: NEW_YEAR, attempt: 2 });
      const done = { key, fence: fenceOf('e-once', 1, 2), note: 'off' };
      await use().registry.effectDone({ ...done, at: NEW_YEAR + 6 });
      await use().registry.effectDone({ ...done, at: NEW_YEAR + 7 });
      const again = await use().registry.intend({ key, fence: fenceOf('e-once', 2, 1), at: NEW_YEAR + 8 });
      expect(again).toMatchObject({ state: 'done', doneAt: NEW_YEAR + 6, note: 'off', sequence: 1 });
      expect(await use().registry.effects('e-once')).toEqual([again]);
    });

    it('are new effects in a new epoch, for another target, action or last day', async () => {
      const fence = fenceOf('e-epoch', 1, 1);
      const key = keyOf('e-epoch');
      await use().registry.intend({ key, fence, at: NEW_YEAR });
      await use().registry.effectDone({ key, fence, at: NEW_YEAR, note: null });
      for (const other of [
        { epoch: 2 },
        { target: 'iam' },
        { action: 'delete' },
        { lastDay: '2027-04-30' },
        { lastDay: null },
      ]) {
        const row = await use().registry.intend({ key: keyOf('e-epoch', other), fence, at: NEW_YEAR });
        expect(row).toMatchObject({ state: 'intent', ...other });
      }
      expect(await use().registry.effects('e-epoch')).toHaveLength(6);
    });

    it('that follow from no last day are one effect too', async () => {
      const [fence, key] = [fenceOf('e-null', 1, 1), keyOf('e-null', { lastDay: null })];
      await use().registry.intend({ key, fence, at: NEW_YEAR });
      await use().registry.effectDone({ key, fence, at: NEW_YEAR, note: null });
      expect((await use().registry.intend({ key, fence, at: NEW_YEAR })).state).toBe('done');
      expect(await use().registry.effects('e-null')).toHaveLength(1);
    });

    it('cannot be done that were never intended', async () => {
      await expect(
        use().registry.effectDone({
          key: keyOf('e-none'),
          fence: fenceOf('e-none', 1, 1),
          at: NEW_YEAR,
          note: null,
        }),
      ).rejects.toMatchObject({ code: 'NO_INTENT' });
    });
  });
}
