import { describe, expect, it } from 'vitest';
import { NO_LOOKS } from '../../../src/policy/sync-counts.ts';
import { NEW_YEAR } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function deploymentSuite(use: Use): void {
  describe('the clock', () => {
    it('is the first anchor proposed, for everyone and to the fraction', async () => {
      const anchor = { realMs: 1_000.25, virtualMs: NEW_YEAR + 0.5, speed: 86_400 };
      const [first] = [await use().registry.clock(anchor)];
      expect(first).toEqual(anchor);
      expect(await use().registry.clock({ realMs: 2_000, virtualMs: 0, speed: 1 })).toEqual(anchor);
    });
  });

  describe('the freeze', () => {
    const set = (frozen: boolean, actor: string, at: number) =>
      use().registry.setFrozen({ frozen, actor, reason: 'HR is being migrated', at });

    it('lasts from the first word for it to the first against it', async () => {
      expect(await use().registry.frozen()).toBeNull();
      expect(await set(false, 'freezer', NEW_YEAR)).toBe(false);
      expect(await set(true, 'freezer', NEW_YEAR + 0.5)).toBe(true);
      const freeze = { since: NEW_YEAR, actor: 'freezer', reason: 'HR is being migrated' };
      expect(await use().registry.frozen()).toEqual(freeze);
      expect(await set(true, 'another', NEW_YEAR + 5)).toBe(false);
      expect(await use().registry.frozen()).toEqual(freeze);
      expect(await set(false, 'another', NEW_YEAR + 9)).toBe(true);
      expect(await use().registry.frozen()).toBeNull();
      expect(await set(true, 'another', NEW_YEAR + 11)).toBe(true);
      expect(await set(false, 'another', NEW_YEAR + 12)).toBe(true);
    });

    it('is written to the audit log, each time that it changed', async () => {
      for (const frozen of [false, true, true, false, false]) await set(frozen, 'audited-freezer', NEW_YEAR);
      const trail = await use().registry.auditTrail({});
      const entry = {
        at: NEW_YEAR,
        actor: 'audited-freezer',
        accountId: null,
        personId: null,
        reason: 'HR is being migrated',
        commandId: null,
        facts: {},
      };
      expect(trail.filter(({ actor }) => actor === 'audited-freezer')).toEqual([
        { ...entry, what: 'frozen' },
        { ...entry, what: 'unfrozen' },
      ]);
    });

    it('is changed by exactly one of many who want it at once', async () => {
      for (const frozen of [true, false]) {
        const answers = await Promise.all(
          Array.from({ length: 8 }, (_, index) => set(frozen, `rush-${index}`, NEW_YEAR)),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
      }
    });
  });

  describe('the last synchronisation', () => {
    it('is the newest that knew its whole plan and was no dry run', async () => {
      // Later than any other test settles one.
      const late = NEW_YEAR + 900_000_000_000;
      const settle = async (planId: string, dryRun: boolean, at: number) => {
        await use().registry.openPlan({ planId, dryRun, at });
        const looks = NO_LOOKS;
        await use().registry.settlePlan({ planId, looks, heldBecause: [], lapsesAt: at, at });
      };
      await settle('settled-last', false, late);
      await settle('settled-before', false, late - 5);
      await settle('settled-dry', true, late + 5);
      await use().registry.openPlan({ planId: 'never-settled', dryRun: false, at: late + 9 });
      expect(await use().registry.lastSettled()).toBe(late);
    });
  });

  describe('Service Desk cases', () => {
    it('are opened once for each person, leaving and cause', async () => {
      const open = (leaving: string, cause: string) =>
        use().registry.openCase({ personId: 'p-case', leaving, cause, at: NEW_YEAR });
      expect(await open('2027-03-31', 'no-heir')).toBe(true);
      expect(await open('2027-03-31', 'no-heir')).toBe(false);
      expect(await open('2029-03-31', 'no-heir')).toBe(true);
      expect(await open('2027-03-31', 'no-address')).toBe(true);
    });
  });

  describe('leases', () => {
    const LONG = 3_600_000;
    const take = (holder: string, forMs: number) =>
      use().registry.acquireLease({ name: 'sync', holder, forMs });

    it('belong to one holder until they are over or given back', async () => {
      expect(await take('a', LONG)).toBe(true);
      expect(await take('b', LONG)).toBe(false);
      // Renewed for no time at all, it is over.
      expect(await take('a', 0)).toBe(true);
      expect(await take('b', LONG)).toBe(true);
      expect(await take('a', LONG)).toBe(false);
      await use().registry.releaseLease({ name: 'sync', holder: 'a' });
      expect(await take('a', LONG)).toBe(false);
      await use().registry.releaseLease({ name: 'sync', holder: 'b' });
      expect(await take('a', LONG)).toBe(true);
    });

    it('go to exactly one of many who ask at once', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          use().registry.acquireLease({ name: 'rush', holder: `h-${index}`, forMs: 3_600_000 }),
        ),
      );
      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });
}
