import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/contracts/plan.ts';
import { DAY_MS } from '../../../src/contracts/time.ts';
import { NEW_YEAR } from '../../support/registry.ts';
import type { Use } from './backend.ts';
import { changeOf, decisionOf, LOOKS, planBench } from './plan-builder.ts';

const join = (personId: string): Change => changeOf({ personId, kind: 'join' });
const shortening = (personId: string): Change => changeOf({ personId, kind: 'shortening' });

export function planSettlingSuite(use: Use): void {
  const { registry, open, settle, hold, rows, clear } = planBench(use);
  const stateOf = async (planId: string) => (await registry().plan(planId))?.state;
  const decide = (planId: string, over: Parameters<typeof decisionOf>[0] = {}) =>
    registry().decidePlan({ planId, decision: decisionOf(over) });

  describe('a plan that is known whole', () => {
    beforeEach(clear);

    it('is open when nothing is to be held, losses too', async () => {
      await open('safe', ['a', join('b')]);
      const { plan, stillHeld, superseded } = await settle('safe', { at: NEW_YEAR + 10.5 });
      expect(plan).toMatchObject({
        state: 'open',
        settledAt: NEW_YEAR + 10,
        looks: LOOKS,
        heldBecause: [],
        lapsesAt: null,
        rows: { loss: { open: 1 }, join: { open: 1 } },
      });
      expect([stillHeld, superseded]).toEqual([null, null]);
    });

    it('holds losses and shortenings and nothing else, until a moment, with the reasons', async () => {
      const kinds = ['loss', 'shortening', 'join', 'return', 'extension', 'correction'] as const;
      const { plan } = await hold(
        'held',
        kinds.map((kind) => changeOf({ personId: kind, kind })),
      );
      expect(plan).toMatchObject({
        state: 'held',
        heldBecause: ['too many losses'],
        lapsesAt: NEW_YEAR + 10 + DAY_MS,
        looks: LOOKS,
      });
      expect(Object.fromEntries(await rows('held'))).toEqual({
        loss: 'held',
        shortening: 'held',
        join: 'open',
        return: 'open',
        extension: 'open',
        correction: 'open',
      });
      expect(await registry().plan('held')).toEqual(plan);
    });

    it('is open when there is a reason to hold and nothing that may be held', async () => {
      const { plan } = await hold('harmless', [join('a')]);
      expect(plan).toMatchObject({ state: 'open', lapsesAt: null, rows: { join: { open: 1 } } });
    });

    it('is settled once: a repeated call changes nothing and answers the same', async () => {
      await hold('before', ['a']);
      await open('after', ['a', 'b']);
      const first = await settle('after', { hold: true });
      expect(first).toMatchObject({ superseded: 'before', stillHeld: null, plan: { state: 'held' } });
      expect(await settle('after', { hold: false, at: NEW_YEAR + 77 })).toEqual(first);
      await expect(settle('missing')).rejects.toMatchObject({ code: 'NO_PLAN' });
    });

    it('takes the place of one held from before that holds something else', async () => {
      const others: readonly (readonly [string, readonly (string | Change)[]])[] = [
        ['one more', ['a', 'b', 'c']],
        ['one fewer', ['a']],
        ['another base', ['a', changeOf({ personId: 'b', beforeNumber: 3 })]],
        ['no base', ['a', changeOf({ personId: 'b', beforeNumber: null })]],
        ['another answer', ['a', changeOf({ personId: 'b', afterDigest: 'other' })]],
        ['no such person', ['a', changeOf({ personId: 'b', afterOutcome: 'no-person' })]],
        ['more of the instance', ['a', changeOf({ personId: 'b', instanceChanges: ['one released'] })]],
      ];
      for (const [what, changes] of others) {
        await clear();
        await hold('before', ['a', 'b', join('c')]);
        const { plan, superseded, stillHeld } = await hold('after', changes, { at: NEW_YEAR + 20 });
        expect([what, plan.state, superseded, stillHeld]).toEqual([what, 'held', 'before', null]);
        expect(await registry().plan('before')).toMatchObject({
          state: 'superseded',
          supersededBy: 'after',
          rows: { loss: { superseded: 2 }, join: { superseded: 1 } },
        });
      }
    });

    it('takes its place also when it holds nothing: HR says otherwise now', async () => {
      await hold('before', ['a', 'b']);
      await open('after', [join('c')]);
      expect(await settle('after')).toMatchObject({ superseded: 'before', plan: { state: 'open' } });
      await hold('again', ['a']);
      await open('below-the-limit', ['a']);
      expect(await settle('below-the-limit')).toMatchObject({
        superseded: 'again',
        plan: { state: 'open', rows: { loss: { open: 1 } } },
      });
    });

    it('leaves the held one going on when it would hold exactly the same, and its own other rows', async () => {
      const absent = changeOf({
        personId: 'b',
        beforeNumber: null,
        afterOutcome: 'no-person',
        afterDigest: null,
      });
      await hold('before', ['a', absent, shortening('c'), join('d')]);
      await registry().markRow({ planId: 'before', personId: 'd', state: 'applied', at: NEW_YEAR + 15 });
      const again = [
        changeOf({ personId: 'a', number: 9, reason: 'in other words' }),
        absent,
        shortening('c'),
      ];
      const first = await hold('after', [...again, join('e')], { at: NEW_YEAR + 20 });
      expect(first).toMatchObject({
        stillHeld: 'before',
        superseded: null,
        plan: { state: 'open', lapsesAt: null, rows: { join: { open: 1 } } },
      });
      expect(await rows('after')).toEqual([['e', 'open']]);
      expect(await registry().plan('before')).toMatchObject({
        state: 'held',
        supersededBy: null,
        lapsesAt: NEW_YEAR + 10 + DAY_MS,
      });
      expect(await settle('after', { hold: true, at: NEW_YEAR + 99 })).toEqual(first);
      await decide('before');
      expect((await settle('after', { hold: true })).stillHeld).toBe('before');
      expect(await stateOf('before')).toBe('approved');
    });

    it('takes over what earlier runs left open, and no more', async () => {
      await open('cut-short', ['a']);
      await settle('cut-short');
      await hold('decided', ['b', join('failed')]);
      await decide('decided');
      await open('not-settled', ['c']);
      await open('dry', ['d'], { dryRun: true });
      await settle('dry');
      await hold('next', ['e']);
      expect(await registry().plan('cut-short')).toMatchObject({
        state: 'superseded',
        supersededBy: 'decided',
      });
      expect(await rows('cut-short')).toEqual([['a', 'superseded']]);
      expect(await rows('decided')).toEqual([
        ['b', 'approved'],
        ['failed', 'superseded'],
      ]);
      expect(await stateOf('decided')).toBe('approved');
      expect(await rows('not-settled')).toEqual([['c', 'open']]);
      expect(await rows('dry')).toEqual([['d', 'open']]);
      expect((await settle('next')).superseded).toBeNull();

      await registry().markRow({ planId: 'decided', personId: 'b', state: 'applied', at: NEW_YEAR });
      await open('last', []);
      await settle('last');
      expect(await stateOf('decided')).toBe('applied');
    });

    it('takes over what stayed open in a plan that goes on being held', async () => {
      await hold('before', ['a', join('failed')]);
      await hold('after', ['a', join('failed')], { at: NEW_YEAR + 20 });
      expect(await rows('before')).toEqual([
        ['a', 'held'],
        ['failed', 'superseded'],
      ]);
    });

    it('keeps its state as a dry run, supersedes nothing, and says what would be held', async () => {
      await hold('held', ['a']);
      await open('cut-short', ['z']);
      await open('dry', ['a', 'b', join('c')], { dryRun: true });
      const answer = await settle('dry', { hold: true });
      expect(answer).toMatchObject({
        stillHeld: null,
        superseded: null,
        plan: { state: 'dryRun', settledAt: NEW_YEAR + 10, heldBecause: ['too many losses'], lapsesAt: null },
      });
      expect(await rows('dry')).toEqual([
        ['a', 'held'],
        ['b', 'held'],
        ['c', 'open'],
      ]);
      expect(await stateOf('held')).toBe('held');
      expect(await decide('dry')).toMatchObject({ state: 'dryRun', decision: null });
      await open('same', ['a'], { dryRun: true });
      await settle('same', { hold: true });
      expect(await rows('same')).toEqual([['a', 'held']]);
    });

    it('is held alone when several are settled at once', async () => {
      const ids = Array.from({ length: 6 }, (_, index) => `rush-${index}`);
      for (const planId of ids) await open(planId, [`of-${planId}`]);
      await Promise.all(ids.map((planId) => settle(planId, { hold: true })));
      const states = await Promise.all(ids.map(stateOf));
      expect(states.sort()).toEqual(['held', ...Array.from({ length: 5 }, () => 'superseded')]);
    });
  });
}
