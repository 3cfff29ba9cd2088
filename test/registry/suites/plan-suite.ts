import { sql } from 'kysely';
import { beforeEach, describe, expect, it } from 'vitest';
import { NEW_YEAR, observationRowOf, personRowOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';
import { changeOf, decisionOf, LOOKS, planBench } from './plan-builder.ts';

export function planSuite(use: Use): void {
  const { registry, open, settle, hold, rows, clear } = planBench(use);
  const mark = (
    planId: string,
    personId: string,
    state: 'applied' | 'stale' = 'applied',
    at = NEW_YEAR + 30,
  ) => registry().markRow({ planId, personId, state, at });
  const close = async (planId: string) => (await registry().closePlan({ planId, at: NEW_YEAR + 40 })).state;

  describe('plans', () => {
    beforeEach(clear);

    it('are opened once, observing, with nothing known yet', async () => {
      await open('once', [], { at: NEW_YEAR + 0.5 });
      const plan = {
        planId: 'once',
        state: 'observing',
        createdAt: NEW_YEAR,
        settledAt: null,
        looks: null,
        heldBecause: [],
        lapsesAt: null,
        decision: null,
        supersededBy: null,
        rows: {},
      };
      expect(await registry().plan('once')).toEqual(plan);
      await open('once', [], { dryRun: true, at: NEW_YEAR + 1 });
      expect(await registry().plan('once')).toEqual(plan);
      expect(await registry().plan('never-opened')).toBeNull();
    });

    it('give back every field of a row as it was found', async () => {
      const found = changeOf({
        personId: 'every-field',
        kind: 'shortening',
        reason: 'the last day moved from 2028-01-01 to 2027-02-28 – earlier',
        before: { outcome: null, standing: 'future', lastDay: null, excluded: true, future: '2027-05-01' },
        after: {
          outcome: 'no-person',
          standing: 'no-person',
          lastDay: '2027-02-28',
          excluded: false,
          future: null,
        },
        beforeNumber: null,
        number: 9_000_000_000,
        afterOutcome: 'no-person',
        afterDigest: null,
      });
      await open('fields', [found]);
      const [row] = await registry().planRows({ planId: 'fields', after: null, limit: 10 });
      expect(row).toEqual({ ...found, planId: 'fields', state: 'open' });
    });

    it('replace a person’s row by what is found later, also within one batch', async () => {
      await open('replaced', [
        'a',
        changeOf({ personId: 'b', number: 2 }),
        changeOf({ personId: 'b', number: 3 }),
      ]);
      await registry().addChanges({
        planId: 'replaced',
        changes: [
          changeOf({ personId: 'a', kind: 'extension', beforeNumber: 5, number: 7, afterDigest: 'new' }),
        ],
      });
      const found = await registry().planRows({ planId: 'replaced', after: null, limit: 10 });
      expect(found).toMatchObject([
        { personId: 'a', kind: 'extension', beforeNumber: 5, number: 7, afterDigest: 'new' },
        { personId: 'b', kind: 'loss', number: 3 },
      ]);
      expect((await registry().plan('replaced'))?.rows).toEqual({
        extension: { open: 1 },
        loss: { open: 1 },
      });
    });

    it('take no rows any more once they are settled, nor any without a plan', async () => {
      await open('closed', ['a']);
      await settle('closed');
      await registry().addChanges({
        planId: 'closed',
        changes: [changeOf({ personId: 'a', number: 9 }), changeOf({ personId: 'b' })],
      });
      const found = await registry().planRows({ planId: 'closed', after: null, limit: 10 });
      expect(found.map(({ personId, number }) => [personId, number])).toEqual([['a', 2]]);
      const missing = { planId: 'missing', changes: [changeOf({ personId: 'a' })] };
      await expect(registry().addChanges(missing)).rejects.toMatchObject({
        code: 'NO_PLAN',
        retryable: false,
      });
    });

    it('take ten thousand rows at once, and count them by kind and state', async () => {
      const kinds = ['loss', 'join', 'correction', 'join'] as const;
      const changes = Array.from({ length: 10_000 }, (_, index) =>
        changeOf({ personId: String(index), kind: kinds[index % 4] ?? 'loss' }),
      );
      await open('many', changes);
      await mark('many', '1');
      await mark('many', '5', 'stale');
      expect((await registry().plan('many'))?.rows).toEqual({
        loss: { open: 2_500 },
        join: { open: 4_998, applied: 1, stale: 1 },
        correction: { open: 2_500 },
      });
    });

    it('are listed newest first, each with its own counts', async () => {
      await open('old', ['a'], { at: NEW_YEAR });
      await open('new', ['a', 'b'], { at: NEW_YEAR + 2 });
      await open('middle', [], { at: NEW_YEAR + 1 });
      const listed = await registry().plans({ limit: 2 });
      expect(listed.map((plan) => [plan.planId, plan.rows])).toEqual([
        ['new', { loss: { open: 2 } }],
        ['middle', {}],
      ]);
      expect(await registry().plans({ limit: 10 })).toHaveLength(3);
    });

    it('are found by their state, however many came after them, oldest first', async () => {
      await hold('approved', ['a']);
      await registry().decidePlan({ planId: 'approved', decision: decisionOf() });
      await hold('held', ['b'], { at: NEW_YEAR + 1 });
      for (const planId of ['x', 'y']) await open(planId, [], { at: NEW_YEAR + 2 });
      const ids = async (states: Parameters<ReturnType<typeof registry>['plansInState']>[0]['states']) =>
        (await registry().plansInState({ states })).map((plan) => plan.planId);
      expect(await ids(['held', 'approved'])).toEqual(['approved', 'held']);
      expect(await ids(['approved'])).toEqual(['approved']);
      expect(await ids(['lapsed'])).toEqual([]);
      const [held] = await registry().plansInState({ states: ['held'] });
      expect(held).toEqual(await registry().plan('held'));
    });

    it('list rows by persons’ ids as numbers, between two of them, by state and kind', async () => {
      const others = [
        changeOf({ personId: 'x', kind: 'join' }),
        changeOf({ personId: '9', kind: 'shortening' }),
      ];
      await open('listed', ['100', '20', ...others]);
      await mark('listed', '20');
      const ids = async (input: Partial<Parameters<ReturnType<typeof registry>['planRows']>[0]>) => {
        const page = await registry().planRows({ planId: 'listed', after: null, limit: 10, ...input });
        return page.map((row) => row.personId);
      };
      expect(await ids({})).toEqual(['9', '20', '100', 'x']);
      expect(await ids({ limit: 2 })).toEqual(['9', '20']);
      expect(await ids({ after: '9', upTo: '100' })).toEqual(['20', '100']);
      expect(await ids({ after: '100', upTo: null })).toEqual(['x']);
      expect(await ids({ states: ['open', 'held'] })).toEqual(['9', '100', 'x']);
      expect(await ids({ kinds: ['loss', 'join'] })).toEqual(['20', '100', 'x']);
      expect(await ids({ personIds: ['x', '9', 'nobody'] })).toEqual(['9', 'x']);
      expect(await ids({ personIds: [] })).toEqual([]);
      expect(await ids({ planId: 'another' })).toEqual([]);
    });

    it('mark a row once, and only one that is open or approved', async () => {
      await hold('marked', ['loss', changeOf({ personId: 'joins', kind: 'join' })]);
      await mark('marked', 'loss');
      await mark('marked', 'joins', 'stale');
      await mark('marked', 'joins', 'applied');
      expect(await rows('marked')).toEqual([
        ['joins', 'stale'],
        ['loss', 'held'],
      ]);
      await registry().decidePlan({ planId: 'marked', decision: decisionOf() });
      await mark('marked', 'loss');
      expect(await rows('marked')).toContainEqual(['loss', 'applied']);
    });

    it('mark a row together with the person’s accounts having been told, or neither', async () => {
      const personId = 'told';
      const number = await registry().nextObservationNumber();
      const person = personRowOf({ personId, number });
      await registry().storeObservation({ observation: observationRowOf({ personId, number }), person });
      await open('told', [personId, 'another']);
      await settle('told');
      const apply = (at: number) =>
        registry().markApplied({ personId, digest: person.digest, number, row: { planId: 'told', at } });
      await expect(apply(1e30)).rejects.toThrow();
      expect((await registry().person(personId))?.applied).toBeNull();
      expect(await rows('told')).toContainEqual([personId, 'open']);
      await apply(NEW_YEAR + 20);
      expect((await registry().person(personId))?.applied).toEqual(person.observation);
      expect(await rows('told')).toEqual([
        ['another', 'open'],
        [personId, 'applied'],
      ]);
    });

    it('are applied once no row of them waits, be it stale or done', async () => {
      await open('done', ['a', 'b']);
      expect(await close('done')).toBe('observing');
      await settle('done');
      await mark('done', 'a');
      expect(await close('done')).toBe('open');
      await mark('done', 'b', 'stale');
      expect(await close('done')).toBe('applied');
      expect(await close('done')).toBe('applied');
      await expect(close('missing')).rejects.toMatchObject({ code: 'NO_PLAN' });
    });

    it('are applied after an approval once every approved row is, and never after another end', async () => {
      await hold('approved', ['a']);
      expect(await close('approved')).toBe('held');
      await registry().decidePlan({ planId: 'approved', decision: decisionOf() });
      expect(await close('approved')).toBe('approved');
      await mark('approved', 'a');
      expect(await close('approved')).toBe('applied');
      await hold('rejected', ['b']);
      await registry().decidePlan({ planId: 'rejected', decision: decisionOf({ verdict: 'rejected' }) });
      expect(await close('rejected')).toBe('rejected');
      await hold('lapsed', ['c']);
      await registry().lapsePlan({ planId: 'lapsed', at: NEW_YEAR + 60 });
      expect(await close('lapsed')).toBe('lapsed');
      await open('dry', [], { dryRun: true });
      await settle('dry');
      expect(await close('dry')).toBe('dryRun');
    });
  });

  describe('losses in a window', () => {
    beforeEach(clear);
    const since = (at: number) => registry().lossesSince({ since: at });

    it('are those that synchronisations applied since then', async () => {
      const others = (['shortening', 'join'] as const).map((kind) => changeOf({ personId: kind, kind }));
      await open('losses', ['a', 'b', 'stale', 'open', ...others]);
      await settle('losses');
      await mark('losses', 'a', 'applied', NEW_YEAR + 100);
      await mark('losses', 'b', 'applied', NEW_YEAR + 200.5);
      await mark('losses', 'stale', 'stale', NEW_YEAR + 200);
      for (const { personId } of others) await mark('losses', personId, 'applied', NEW_YEAR + 200);
      expect(await since(NEW_YEAR)).toBe(2);
      expect(await since(NEW_YEAR + 100)).toBe(2);
      expect(await since(NEW_YEAR + 101)).toBe(1);
      expect(await since(NEW_YEAR + 200.7)).toBe(1);
      expect(await since(NEW_YEAR + 201)).toBe(0);
    });

    it('do not count those that an admin approved', async () => {
      await hold('looked-at', ['a']);
      await registry().decidePlan({ planId: 'looked-at', decision: decisionOf() });
      await mark('looked-at', 'a');
      expect((await rows('looked-at'))[0]).toEqual(['a', 'applied']);
      expect(await since(NEW_YEAR)).toBe(0);
    });
  });

  describe('forgetting plans', () => {
    beforeEach(clear);
    const forget = (before: number) => registry().forgetPlans({ before });
    const left = async () => (await registry().plans({ limit: 100 })).map((plan) => plan.planId).sort();

    it('takes those settled before then that wait for nothing, with their rows', async () => {
      await open('applied', ['a']);
      await settle('applied', { at: NEW_YEAR + 10 });
      await mark('applied', 'a');
      await close('applied');
      await open('dry', ['a'], { dryRun: true });
      await settle('dry', { hold: true, at: NEW_YEAR + 10 });
      await hold('superseded', ['b']);
      await hold('lapsed', ['c']);
      await registry().lapsePlan({ planId: 'lapsed', at: NEW_YEAR + 20 });
      await hold('approved', ['d']);
      await registry().decidePlan({ planId: 'approved', decision: decisionOf() });
      await hold('held', ['e']);
      await open('young', [], { at: NEW_YEAR + 500 });
      expect(await forget(NEW_YEAR + 10)).toBe(0);
      expect(await forget(NEW_YEAR + 11)).toBe(4);
      expect(await left()).toEqual(['approved', 'held', 'young']);
      expect(await rows('applied')).toEqual([]);
      expect(await rows('held')).toEqual([['e', 'held']]);
      expect(await forget(NEW_YEAR + 11)).toBe(0);
    });

    it('leaves what is still being applied', async () => {
      await open('open', ['a']);
      await settle('open');
      expect(await forget(NEW_YEAR + 1_000)).toBe(0);
      expect(await rows('open')).toEqual([['a', 'open']]);
    });

    it('takes those of runs that ended before the plan was settled', async () => {
      await open('cut-short', ['a'], { at: NEW_YEAR });
      await open('dry-cut-short', ['a'], { at: NEW_YEAR, dryRun: true });
      expect(await forget(NEW_YEAR)).toBe(0);
      expect(await forget(NEW_YEAR + 1)).toBe(2);
      expect(await left()).toEqual([]);
    });

    it('takes a rejected plan too, and remembers what was rejected for as long as it can come again', async () => {
      const lookAt = async (personId: string) => {
        const number = await registry().nextObservationNumber();
        const person = personRowOf({ personId, number });
        await registry().storeObservation({ observation: observationRowOf({ personId, number }), person });
        await registry().markApplied({ personId, digest: person.digest, number });
        return number;
      };
      const persons = ['stays', 'moves-on', 'nobody'];
      const bases = new Map<string, number>();
      for (const personId of persons.slice(0, 2)) bases.set(personId, await lookAt(personId));
      const changes = persons.map((personId) =>
        changeOf({ personId, beforeNumber: bases.get(personId) ?? null }),
      );
      await hold('first', changes);
      await registry().decidePlan({ planId: 'first', decision: decisionOf({ verdict: 'rejected' }) });
      await lookAt('moves-on');
      // Young decisions stay, whatever became of their base.
      expect(await forget(NEW_YEAR + 50)).toBe(1);
      const carried = async (planId: string) => {
        await open(planId, changes, { at: NEW_YEAR + 100 });
        await registry().carryDecisions({ planId, at: NEW_YEAR + 101 });
        return rows(planId);
      };
      expect((await carried('second')).map(([, state]) => state)).toEqual([
        'rejected',
        'rejected',
        'rejected',
      ]);
      expect(await forget(NEW_YEAR + 1_000)).toBe(1);
      expect(await left()).toEqual([]);
      expect(await carried('third')).toEqual([
        ['moves-on', 'open'],
        ['nobody', 'rejected'],
        ['stays', 'rejected'],
      ]);
    });

    it('takes approvals with their plan', async () => {
      await hold('approved', ['a']);
      await registry().decidePlan({ planId: 'approved', decision: decisionOf() });
      await mark('approved', 'a');
      await close('approved');
      expect(await forget(NEW_YEAR + 1_000)).toBe(1);
      const { rows: kept } = await use().database.query((db) => sql`select from decisions`.execute(db));
      expect(kept).toEqual([]);
    });

    it('takes looks of long ago, but the newest of each person, the fact, and what accounts were told', async () => {
      const personId = 'watched';
      const numbers = await registry().observationNumbers(6);
      const [oldest = 0, told = 0, lost = 0, fact = 0, sighted = 0, newest = 0] = numbers;
      const store = (number: number, over: { at?: number; outcome?: 'no-person'; isFact?: boolean } = {}) =>
        registry().storeObservation({
          observation: observationRowOf({ personId, number, ...over }),
          person: over.isFact === true ? personRowOf({ personId, number }) : null,
        });
      await store(oldest);
      await store(told, { isFact: true });
      await registry().markApplied({ personId, digest: `digest-${told}`, number: told });
      await store(lost);
      await store(fact, { isFact: true });
      await store(sighted, { outcome: 'no-person' });
      await store(newest, { outcome: 'no-person' });
      const kept = async () => (await registry().observations(personId)).map(({ number }) => number);
      await forget(NEW_YEAR);
      expect(await kept()).toEqual(numbers);
      await forget(NEW_YEAR + 1);
      expect(await kept()).toEqual([told, fact, newest]);
    });
  });

  describe('what the database refuses', () => {
    beforeEach(clear);

    it('is a second plan that is held', async () => {
      await hold('held', ['a']);
      await open('other', []);
      const statement = sql`update plans
        set state = 'held', settled_at = 1, looks = ${JSON.stringify(LOOKS)}::jsonb, lapses_at = 2
        where plan_id = 'other'`;
      await expect(use().database.query((db) => statement.execute(db))).rejects.toMatchObject({
        code: 'REGISTRY_VALUE_REFUSED',
      });
    });
  });
}
