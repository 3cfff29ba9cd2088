import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/contracts/plan.ts';
import { DAY_MS } from '../../../src/contracts/time.ts';
import { NEW_YEAR, observationOf, observationRowOf, personRowOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';
import { changeOf, decisionOf, planBench } from './plan-builder.ts';

const join = (personId: string): Change => changeOf({ personId, kind: 'join' });
const shortening = (personId: string): Change => changeOf({ personId, kind: 'shortening' });

export function planDecisionSuite(use: Use): void {
  const { registry, open, settle, hold, rows, clear } = planBench(use);
  const stateOf = async (planId: string) => (await registry().plan(planId))?.state;
  const decide = (planId: string, over: Parameters<typeof decisionOf>[0] = {}) =>
    registry().decidePlan({ planId, decision: decisionOf(over) });

  describe('an admin’s word on a held plan', () => {
    beforeEach(clear);

    it.each(['approved', 'rejected'] as const)('counts for all its held rows: %s', async (verdict) => {
      await hold('asked', ['a', shortening('b'), join('c')]);
      await registry().markRow({ planId: 'asked', personId: 'c', state: 'applied', at: NEW_YEAR + 20 });
      const plan = await decide('asked', { verdict });
      expect(plan).toMatchObject({ state: verdict, decision: decisionOf({ verdict }) });
      expect(await rows('asked')).toEqual([
        ['a', verdict],
        ['b', verdict],
        ['c', 'applied'],
      ]);
      expect(await registry().plan('asked')).toEqual(plan);
    });

    it('is written to the audit log, once', async () => {
      const actor = 'admin-of-the-audit';
      await hold('audited', ['a', 'b', join('c')]);
      await decide('audited', { actor, verdict: 'rejected' });
      await decide('audited', { actor, verdict: 'rejected' });
      const entries = (await registry().auditTrail({})).filter((entry) => entry.actor === actor);
      expect(entries).toEqual([
        {
          at: NEW_YEAR + 50,
          what: 'plan-rejected',
          actor,
          accountId: null,
          personId: null,
          reason: 'HR confirmed it',
          commandId: null,
          facts: { planId: 'audited', rows: 2 },
        },
      ]);
    });

    it('changes nothing on a plan that is not held, and shows what became of it', async () => {
      await hold('first', ['a']);
      await decide('first');
      expect(await decide('first', { verdict: 'rejected', actor: 'late' })).toMatchObject({
        state: 'approved',
        decision: { verdict: 'approved', actor: 'admin-1' },
      });
      await hold('old', ['b']);
      await hold('new', ['c']);
      expect(await decide('old')).toMatchObject({ state: 'superseded', supersededBy: 'new', decision: null });
      expect(await rows('old')).toEqual([['b', 'superseded']]);
      await open('open', ['d']);
      expect(await decide('open')).toMatchObject({ state: 'observing', decision: null });
      await expect(decide('missing')).rejects.toMatchObject({ code: 'NO_PLAN' });
    });

    it('has one winner when several are said at once', async () => {
      await hold('contested', ['a']);
      const words = Array.from({ length: 8 }, (_, index) => ({
        verdict: index % 2 === 0 ? ('approved' as const) : ('rejected' as const),
        actor: `admin-${index}`,
      }));
      const answers = await Promise.all(words.map((word) => decide('contested', word)));
      const actors = new Set(answers.map((plan) => plan.decision?.actor));
      expect(actors.size).toBe(1);
      const [winner] = answers;
      expect(await rows('contested')).toEqual([['a', winner?.decision?.verdict]]);
    });

    it('wins or loses as a whole against a newer plan', async () => {
      for (let round = 0; round < 8; round += 1) {
        await clear();
        await hold('old', ['a', 'b']);
        await open('new', ['a', 'b', 'c'], { at: NEW_YEAR + 20 });
        const [decided, settled] = await Promise.all([
          decide('old', { at: NEW_YEAR + 25 }),
          settle('new', { hold: true, at: NEW_YEAR + 30 }),
        ]);
        const old = await registry().plan('old');
        if (decided.state === 'approved') {
          // What is approved is not asked for a second time.
          expect(old).toMatchObject({ state: 'approved', rows: { loss: { approved: 2 } } });
          expect(settled).toMatchObject({
            superseded: null,
            plan: { state: 'held', rows: { loss: { held: 1 } } },
          });
        } else {
          expect(old).toMatchObject({ state: 'superseded', rows: { loss: { superseded: 2 } } });
          expect(settled).toMatchObject({ superseded: 'old', plan: { rows: { loss: { held: 3 } } } });
        }
      }
    });
  });

  describe('a held plan on which nobody decides', () => {
    beforeEach(clear);
    const lapse = (planId: string) => registry().lapsePlan({ planId, at: NEW_YEAR + DAY_MS });

    it('lapses with its held rows', async () => {
      await hold('forgotten', ['a', join('b')]);
      expect(await lapse('forgotten')).toMatchObject({ state: 'lapsed', decision: null });
      expect(await rows('forgotten')).toEqual([
        ['a', 'lapsed'],
        ['b', 'open'],
      ]);
    });

    it('does not lapse any more once somebody has, or a newer one took its place', async () => {
      await hold('decided', ['a']);
      await decide('decided');
      expect((await lapse('decided')).state).toBe('approved');
      expect(await rows('decided')).toEqual([['a', 'approved']]);
      await hold('old', ['b']);
      await hold('new', ['c']);
      expect((await lapse('old')).state).toBe('superseded');
      await expect(lapse('missing')).rejects.toMatchObject({ code: 'NO_PLAN' });
    });
  });

  describe('persons whose absence is decided on', () => {
    beforeEach(clear);
    const count = (replanRejected = false) => registry().decidedAbsences({ replanRejected });
    /** Accounts were told that they are there, and HR knows them no more; answers the change. */
    async function absent(personId: string, outcome: 'found' | 'no-person' = 'no-person'): Promise<Change> {
      const number = await registry().nextObservationNumber();
      const person = personRowOf({ personId, number });
      await registry().storeObservation({ observation: observationRowOf({ personId, number }), person });
      await registry().markApplied({ personId, digest: person.digest, number });
      const later = await registry().nextObservationNumber();
      const digest = outcome === 'found' ? 'other' : null;
      await registry().storeObservation({
        observation: observationRowOf({ personId, number: later, outcome, digest }),
        person: personRowOf({
          personId,
          number: later,
          digest,
          observation: observationOf({ personId, number: later, outcome }),
        }),
      });
      return changeOf({
        personId,
        beforeNumber: number,
        number: later,
        afterOutcome: outcome,
        afterDigest: digest,
      });
    }

    it('are those rejected, until somebody wants them planned anew, and those about to be applied', async () => {
      const changes = [await absent('absent-1'), await absent('absent-2')];
      await hold('absent', [...changes, await absent('found-3', 'found')]);
      expect(await count()).toBe(0);
      await decide('absent', { verdict: 'rejected' });
      expect([await count(), await count(true)]).toEqual([2, 0]);
      await hold('again', changes, { at: NEW_YEAR + 60 });
      await decide('again', { at: NEW_YEAR + 80 });
      expect([await count(), await count(true)]).toEqual([2, 2]);
      await registry().markRow({ planId: 'again', personId: 'absent-1', state: 'stale', at: NEW_YEAR + 90 });
      expect(await count()).toBe(1);
    });

    it('are none whose accounts were told since, or whom HR knows again', async () => {
      const [told, back] = [await absent('absent-told'), await absent('absent-back')];
      await hold('absent', [told, back]);
      await decide('absent', { verdict: 'rejected' });
      expect(await count()).toBe(2);
      await registry().markApplied({ personId: told.personId, digest: null, number: told.number });
      const number = await registry().nextObservationNumber();
      const { personId } = back;
      await registry().storeObservation({
        observation: observationRowOf({ personId, number }),
        person: personRowOf({ personId, number }),
      });
      expect(await count()).toBe(0);
    });
  });

  describe('a decision', () => {
    beforeEach(clear);
    const carry = (planId: string, over: { at?: number; replanRejected?: boolean } = {}) =>
      registry().carryDecisions({ planId, at: NEW_YEAR + 101, ...over });
    const decided = async (verdict: 'approved' | 'rejected', changes: readonly (string | Change)[]) => {
      await hold('decided', changes);
      await decide('decided', { verdict });
    };

    it('holds for the next plan too: approved rows are left out, rejected ones are rejected again', async () => {
      const absent = changeOf({
        personId: 'n',
        beforeNumber: null,
        afterOutcome: 'no-person',
        afterDigest: null,
      });
      await decided('approved', ['a']);
      await hold('other', ['r', absent], { at: NEW_YEAR + 60 });
      await decide('other', { verdict: 'rejected', at: NEW_YEAR + 80 });
      await open('next', ['a', { ...absent, number: 8 }, 'new', changeOf({ personId: 'r', number: 7 })]);
      expect(await carry('next')).toEqual({ approved: 1, rejected: 2 });
      expect(await rows('next')).toEqual([
        ['n', 'rejected'],
        ['new', 'open'],
        ['r', 'rejected'],
      ]);
      expect(await carry('next')).toEqual({ approved: 0, rejected: 2 });
      await expect(carry('missing')).rejects.toMatchObject({ code: 'NO_PLAN' });
    });

    it('holds for the very change only: same base, same answer of HR', async () => {
      for (const verdict of ['approved', 'rejected'] as const) {
        await clear();
        await decided(verdict, [
          'base',
          'answer',
          'outcome',
          changeOf({ personId: 'instance', instanceChanges: ['one new'] }),
        ]);
        const others = [
          changeOf({ personId: 'base', beforeNumber: 4 }),
          changeOf({ personId: 'answer', afterDigest: 'other' }),
          changeOf({ personId: 'outcome', afterOutcome: 'no-person' }),
          changeOf({ personId: 'instance', instanceChanges: ['one new', 'two released'] }),
        ];
        await open('next', others);
        expect(await carry('next')).toEqual({ approved: 0, rejected: 0 });
        expect((await rows('next')).map(([, state]) => state)).toEqual(['open', 'open', 'open', 'open']);
      }
    });

    it('holds also when less is left of what the instance said', async () => {
      for (const verdict of ['approved', 'rejected'] as const) {
        await clear();
        await decided(verdict, [changeOf({ personId: 'a', instanceChanges: ['one new', 'two released'] })]);
        await open('next', [changeOf({ personId: 'a', instanceChanges: ['two released'] })]);
        expect(await carry('next')).toEqual({ approved: 0, rejected: 0, [verdict]: 1 });
      }
    });

    it('holds from plan to plan while HR says the same', async () => {
      await decided('rejected', ['a']);
      await open('second', ['a']);
      await carry('second');
      await settle('second', { hold: true });
      expect(await stateOf('second')).toBe('open');
      await open('third', ['a']);
      expect(await carry('third', { at: NEW_YEAR + 200 })).toEqual({ approved: 0, rejected: 1 });
    });

    it('is the person’s newest one', async () => {
      await decided('rejected', ['a']);
      await open('other', [changeOf({ personId: 'a', afterDigest: 'other' })], { at: NEW_YEAR + 60 });
      await settle('other', { hold: true, at: NEW_YEAR + 70 });
      await decide('other', { at: NEW_YEAR + 80 });
      await open('next', ['a'], { at: NEW_YEAR + 100 });
      expect(await carry('next')).toEqual({ approved: 0, rejected: 0 });
      expect(await rows('next')).toEqual([['a', 'open']]);
    });

    it('holds no more once it has been applied', async () => {
      await decided('approved', ['a']);
      await registry().markRow({ planId: 'decided', personId: 'a', state: 'applied', at: NEW_YEAR + 60 });
      await open('next', ['a']);
      expect(await carry('next')).toEqual({ approved: 0, rejected: 0 });
      expect(await rows('next')).toEqual([['a', 'open']]);
    });

    it('that came to nothing says nothing more, and the rejection before it neither', async () => {
      await decided('rejected', ['a']);
      await open('again', ['a'], { at: NEW_YEAR + 60 });
      expect(await carry('again', { replanRejected: true })).toEqual({ approved: 0, rejected: 0 });
      await settle('again', { hold: true, at: NEW_YEAR + 70 });
      await decide('again', { at: NEW_YEAR + 80 });
      // HR was silent, or said otherwise for a moment.
      await registry().markRow({ planId: 'again', personId: 'a', state: 'stale', at: NEW_YEAR + 90 });
      await open('next', ['a'], { at: NEW_YEAR + 100 });
      expect(await carry('next')).toEqual({ approved: 0, rejected: 0 });
      expect(await rows('next')).toEqual([['a', 'open']]);
    });

    it('made while a run was looking outdoes the rejection that the run has carried by then', async () => {
      await decided('rejected', ['a']);
      await open('replanned', ['a'], { at: NEW_YEAR + 60 });
      await settle('replanned', { hold: true, at: NEW_YEAR + 70 });
      await open('looking', ['a'], { at: NEW_YEAR + 75 });
      await carry('looking', { at: NEW_YEAR + 85 });
      await decide('replanned', { at: NEW_YEAR + 80 });
      await settle('looking', { at: NEW_YEAR + 90 });
      await open('next', ['a'], { at: NEW_YEAR + 100 });
      expect(await carry('next')).toEqual({ approved: 1, rejected: 0 });
    });

    it('is asked for anew if it was a rejection and an admin wants that', async () => {
      await decided('approved', ['a']);
      await hold('other', ['r'], { at: NEW_YEAR + 60 });
      await decide('other', { verdict: 'rejected', at: NEW_YEAR + 80 });
      await open('next', ['a', 'r'], { at: NEW_YEAR + 100 });
      expect(await carry('next', { replanRejected: true })).toEqual({ approved: 1, rejected: 0 });
      await settle('next', { hold: true, at: NEW_YEAR + 110 });
      expect(await rows('next')).toEqual([['r', 'held']]);
    });

    it('made while the plan was being checked is not asked for again, whatever it is', async () => {
      await hold('old', ['a']);
      await open('next', ['a'], { at: NEW_YEAR + 30 });
      await carry('next', { at: NEW_YEAR + 35 });
      await decide('old', { verdict: 'rejected', at: NEW_YEAR + 40 });
      const { plan } = await settle('next', { hold: true, at: NEW_YEAR + 45 });
      expect([plan.state, plan.rows]).toEqual(['open', { loss: { rejected: 1 } }]);
    });

    it('is not undone by a late attempt that finds the same again, and is by one that finds otherwise', async () => {
      await decided('rejected', ['same', 'other']);
      await open('next', ['same', 'other']);
      await carry('next');
      await registry().addChanges({
        planId: 'next',
        changes: [changeOf({ personId: 'same' }), changeOf({ personId: 'other', afterDigest: 'other' })],
      });
      expect(await rows('next')).toEqual([
        ['other', 'open'],
        ['same', 'rejected'],
      ]);
    });

    it('is carried before the plan is settled, not after; the count stays', async () => {
      await decided('rejected', ['a']);
      await open('next', ['a', 'b']);
      await carry('next', { at: NEW_YEAR + 5 });
      await settle('next', { hold: true, at: NEW_YEAR + 10 });
      expect(await carry('next')).toEqual({ approved: 0, rejected: 1 });
      await decide('next', { verdict: 'rejected', at: NEW_YEAR + 90 });
      expect(await carry('next')).toEqual({ approved: 0, rejected: 1 });
      await open('settled', ['z']);
      await settle('settled');
      await hold('later', [changeOf({ personId: 'z' })], { at: NEW_YEAR + 200 });
      await decide('later', { verdict: 'rejected', at: NEW_YEAR + 220 });
      expect(await carry('settled')).toEqual({ approved: 0, rejected: 0 });
    });

    it('of a dry run’s copy is none', async () => {
      await open('dry', ['a'], { dryRun: true });
      await decided('rejected', ['a']);
      await carry('dry', { at: NEW_YEAR + 500 });
      await open('other', [changeOf({ personId: 'a', afterDigest: 'other' })], { at: NEW_YEAR + 60 });
      await settle('other', { hold: true, at: NEW_YEAR + 70 });
      await decide('other', { verdict: 'rejected', at: NEW_YEAR + 80 });
      await open('next', [changeOf({ personId: 'a', afterDigest: 'other' })], { at: NEW_YEAR + 600 });
      expect(await carry('next', { at: NEW_YEAR + 601 })).toEqual({ approved: 0, rejected: 1 });
    });
  });
}
