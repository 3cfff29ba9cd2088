import { describe, expect, it } from 'vitest';
import {
  NEW_YEAR,
  newAccountOf,
  observationOf,
  observationRowOf,
  personRowOf,
} from '../../support/registry.ts';
import type { PersonRow } from '../../../src/registry/registry.ts';
import type { Use } from './backend.ts';
import { projectionOf } from './projection-builder.ts';

export function personSuite(use: Use): void {
  const look = async (personId: string, overrides: Partial<PersonRow> & { number?: number } = {}) => {
    const number = overrides.number ?? (await use().registry.nextObservationNumber());
    const person = personRowOf({ personId, ...overrides, number });
    await use().registry.storeObservation({
      observation: observationRowOf({ personId, number, digest: person.digest }),
      person,
    });
    return { number, person };
  };

  describe('persons and observations', () => {
    it('numbers observations by one rising sequence, also when many ask at once', async () => {
      const first = await use().registry.nextObservationNumber();
      const many = await Promise.all(
        Array.from({ length: 50 }, () => use().registry.nextObservationNumber()),
      );
      const last = await use().registry.nextObservationNumber();
      expect(new Set(many).size).toBe(50);
      expect(Math.min(...many)).toBeGreaterThan(first);
      expect(last).toBeGreaterThan(Math.max(...many));
    });

    it('numbers a page of observations at once, from the same sequence', async () => {
      const before = await use().registry.nextObservationNumber();
      const numbers = await use().registry.observationNumbers(3);
      const after = await use().registry.nextObservationNumber();
      expect([before, ...numbers, after]).toEqual([0, 1, 2, 3, 4].map((step) => before + step));
      expect(await use().registry.observationNumbers(0)).toEqual([]);
    });

    it('gives back every field of a person and of an observation as it was stored', async () => {
      const number = await use().registry.nextObservationNumber();
      const person = personRowOf({
        personId: 'every-field',
        number,
        givenName: 'Zoë',
        email: 'zoe@cern.example',
        externalEmail: 'zoe@example.org',
        language: 'fr',
        supervisorId: '17',
        lastKnownSupervisorId: '17',
        department: 'IT',
        group: 'PW',
        section: 'AM',
        institute: 'CERN',
        noPersonSightings: { count: 2, firstAt: NEW_YEAR, lastRun: 'run-7' },
      });
      const observation = observationRowOf({ personId: 'every-field', number, detail: 'said so' });
      await use().registry.storeObservation({ observation, person });
      expect(await use().registry.person('every-field')).toEqual(person);
      expect(await use().registry.observations('every-field')).toEqual([observation]);
      expect(await use().registry.person('nobody')).toBeNull();
    });

    it('leaves the person alone when an older observation arrives late, and keeps the observation', async () => {
      const older = await use().registry.nextObservationNumber();
      const { person } = await look('late-fact', { givenName: 'Newer' });
      await look('late-fact', { number: older, givenName: 'Older' });
      expect(await use().registry.person('late-fact')).toEqual(person);
      expect((await use().registry.observations('late-fact')).map((row) => row.number)).toEqual([
        older,
        person.observation?.number,
      ]);
    });

    it('stores a look that says nothing about the person without holding up an older one', async () => {
      const older = await use().registry.nextObservationNumber();
      const newer = await use().registry.nextObservationNumber();
      const unavailable = observationRowOf({
        personId: 'unavailable',
        number: newer,
        outcome: 'unavailable',
        digest: null,
        ties: [],
        detail: 'HR_TIMEOUT',
      });
      await use().registry.storeObservation({ observation: unavailable, person: null });
      expect(await use().registry.person('unavailable')).toBeNull();
      const { person } = await look('unavailable', { number: older });
      expect(await use().registry.person('unavailable')).toEqual(person);
    });

    it('stores that HR is silent about a person once for each reason, however often it is', async () => {
      const personId = 'silent';
      const silent = async (detail: string) => {
        const number = await use().registry.nextObservationNumber();
        const observation = observationRowOf({ personId, number, outcome: 'unavailable', detail });
        await use().registry.storeObservation({ observation, person: null });
      };
      for (const code of ['A', 'A', 'B', 'B', 'A']) await silent(code);
      await look(personId, { number: await use().registry.nextObservationNumber() });
      for (const code of ['A', 'A']) await silent(code);
      const stored = await use().registry.observations(personId);
      expect(stored.map(({ outcome, detail }) => [outcome, detail])).toEqual([
        ['unavailable', 'A'],
        ['unavailable', 'B'],
        ['unavailable', 'A'],
        ['found', null],
        ['unavailable', 'A'],
      ]);
    });

    it('notes when HR was asked of somebody departed, and a look does not take it away', async () => {
      for (const personId of ['departed', 'not-asked']) await look(personId);
      await use().registry.departedAsked({ personIds: ['departed'], at: NEW_YEAR + 5 });
      await use().registry.departedAsked({ personIds: [], at: NEW_YEAR + 9 });
      await look('departed');
      expect((await use().registry.person('departed'))?.departedAskedAt).toBe(NEW_YEAR + 5);
      expect((await use().registry.person('not-asked'))?.departedAskedAt).toBeNull();
    });

    it('takes the same observation twice as one', async () => {
      const { number, person } = await look('twice');
      await look('twice', { number });
      expect(await use().registry.observations('twice')).toHaveLength(1);
      expect(await use().registry.person('twice')).toEqual(person);
    });

    it('lists persons by the order of their ids as numbers, page by page', async () => {
      for (const personId of ['900100', '90099', '9', 'x-9']) await look(personId);
      const all = (await use().registry.persons({ after: null, limit: 1_000 })).map((row) => row.personId);
      const mine = all.filter((id) => /^(9|90099|900100|x-9)$/.test(id));
      expect(mine).toEqual(['9', '90099', '900100', 'x-9']);
      const [next] = await use().registry.persons({ after: '9', limit: 1 });
      expect(next?.personId).toBe(all[all.indexOf('9') + 1]);
      expect(await use().registry.persons({ after: all.at(-1) ?? '', limit: 10 })).toEqual([]);
    });

    it('keeps the last supervisor named, and that there were contracts, when HR stops saying so', async () => {
      await look('supervised', { supervisorId: '17', hadContracts: true });
      await look('supervised', { supervisorId: null, lastKnownSupervisorId: null, hadContracts: false });
      const person = await use().registry.person('supervised');
      expect(person).toMatchObject({ supervisorId: null, lastKnownSupervisorId: '17', hadContracts: true });
    });

    /** Whether every account of the person was told the newest fact. */
    const isApplied = async (personId: string): Promise<boolean> => {
      const person = await use().registry.person(personId);
      if (!person?.observation) return false;
      return person.appliedOutcome === person.observation.outcome && person.appliedDigest === person.digest;
    };
    const beginApply = (personId: string) => use().registry.beginApply({ personId });
    const markApplied = (personId: string, digest: string | null, number: number) =>
      use().registry.markApplied({ personId, digest, number });
    const lookNoPerson = async (personId: string) => {
      const number = await use().registry.nextObservationNumber();
      const observation = observationOf({ personId, number, outcome: 'no-person', ties: [] });
      await look(personId, { number, digest: null, observation });
      return number;
    };

    it('marks an answer as applied only if it still is the newest', async () => {
      const first = await look('applied', { digest: 'A' });
      expect(await isApplied('applied')).toBe(false);
      const second = await look('applied', { digest: 'B' });
      await markApplied('applied', 'A', first.number);
      await markApplied('applied', 'A', second.number);
      expect(await use().registry.person('applied')).toMatchObject({
        appliedDigest: null,
        appliedOutcome: null,
        applied: null,
      });
      await markApplied('applied', 'B', second.number);
      expect(await use().registry.person('applied')).toMatchObject({
        appliedDigest: 'B',
        appliedOutcome: 'found',
        applied: second.person.observation,
      });
    });

    it('does not lose that an answer was applied when a row read before is stored after', async () => {
      const { number, person } = await look('raced', { digest: 'A' });
      await markApplied('raced', 'A', number);
      await look('raced', { digest: 'A', appliedDigest: null, appliedOutcome: null, applied: null });
      expect(await isApplied('raced')).toBe(true);
      expect((await use().registry.person('raced'))?.applied).toEqual(person.observation);
    });

    it('takes no word but that of markApplied for what was applied', async () => {
      const made = { appliedDigest: 'A', appliedOutcome: 'found' } as const;
      const { number, person } = await look('claimed', { digest: 'A', ...made });
      expect(await isApplied('claimed')).toBe(false);
      await look('claimed', { number, digest: 'A', ...made, applied: person.observation });
      expect(await use().registry.person('claimed')).toMatchObject({ appliedDigest: null, applied: null });
    });

    it('has nothing to tell when HR goes back to what was applied before anybody was told otherwise', async () => {
      const { number, person } = await look('back-again', { digest: 'A' });
      await markApplied('back-again', 'A', number);
      await look('back-again', { digest: 'B' });
      expect(await isApplied('back-again')).toBe(false);
      await look('back-again', { digest: 'C' });
      await look('back-again', { digest: 'A' });
      expect(await isApplied('back-again')).toBe(true);
      // What accounts know is the answer they were told, under its number.
      expect((await use().registry.person('back-again'))?.applied).toEqual(person.observation);
    });

    it('counts whatever is newest as not applied from the first word to accounts until the last', async () => {
      const first = await look('telling', { digest: 'A' });
      await markApplied('telling', 'A', first.number);
      await look('telling', { digest: 'B' });
      await beginApply('telling');
      const last = await look('telling', { digest: 'A' });
      expect(await isApplied('telling')).toBe(false);
      expect((await use().registry.person('telling'))?.applied).toEqual(first.person.observation);
      await markApplied('telling', 'A', last.number);
      expect(await isApplied('telling')).toBe(true);
      expect((await use().registry.person('telling'))?.applied).toEqual(last.person.observation);
    });

    it('begins to apply to one person without a word about another', async () => {
      for (const personId of ['one-told', 'one-not']) {
        const { number } = await look(personId, { digest: 'A' });
        await markApplied(personId, 'A', number);
      }
      await beginApply('one-told');
      expect([await isApplied('one-told'), await isApplied('one-not')]).toEqual([false, true]);
      await beginApply('nobody-known');
    });

    it('counts whatever is newest as not applied once an account was told something newer apart', async () => {
      const first = await look('told-apart', { digest: 'A' });
      await markApplied('told-apart', 'A', first.number);
      const moment = await look('told-apart', { digest: 'B' });
      const toldApart = ({ number }: { number: number }) =>
        use().registry.toldApart({ personId: 'told-apart', number });
      await toldApart(moment);
      const last = await look('told-apart', { digest: 'A' });
      expect(await isApplied('told-apart')).toBe(false);
      // What all were told stays known.
      const person = await use().registry.person('told-apart');
      expect(person).toMatchObject({ appliedOutcome: 'found', applied: first.person.observation });
      await markApplied('told-apart', 'A', last.number);
      // Nobody heard what is older than that since.
      await toldApart(moment);
      expect(await isApplied('told-apart')).toBe(true);
    });

    it('has an absence to tell again too, once an account was told something newer apart', async () => {
      await markApplied('absent-apart', null, await lookNoPerson('absent-apart'));
      const { number } = await look('absent-apart', { digest: 'A' });
      await use().registry.toldApart({ personId: 'absent-apart', number });
      await lookNoPerson('absent-apart');
      expect(await isApplied('absent-apart')).toBe(false);
    });

    it('tells an absence that was applied from one that is being told, though neither has a digest', async () => {
      const number = await lookNoPerson('absent');
      expect(await isApplied('absent')).toBe(false);
      await markApplied('absent', null, number);
      expect(await isApplied('absent')).toBe(true);
      await look('absent', { digest: 'B' });
      await beginApply('absent');
      await lookNoPerson('absent');
      expect(await isApplied('absent')).toBe(false);
      expect((await use().registry.person('absent'))?.applied?.outcome).toBe('no-person');
    });

    it('finds owners whom HR knew no more when it was asked last, until that is confirmed or over', async () => {
      const noPersonSightings = { count: 1, firstAt: NEW_YEAR, lastRun: null };
      for (const personId of ['900210', '90021', 'sighted']) await look(personId, { noPersonSightings });
      await look('sighted-never-found', { noPersonSightings, observation: null, digest: null });
      await look('sighted-found-again', { noPersonSightings });
      await look('sighted-found-again', { noPersonSightings: null });
      const number = await use().registry.nextObservationNumber();
      const observation = observationOf({
        personId: 'sighted-confirmed',
        number,
        outcome: 'no-person',
        ties: [],
      });
      await look('sighted-confirmed', { number, noPersonSightings, observation, digest: null });
      await look('sighted-without-account', { noPersonSightings });
      await look('sighted-over', { noPersonSightings });
      const owners = ['900210', '90021', 'sighted', 'sighted-never-found', 'sighted-found-again'];
      for (const personId of [...owners, 'sighted-confirmed', 'sighted-over']) {
        const accountId = `of-${personId}`;
        await use().registry.createAccount(newAccountOf({ accountId, login: accountId, personId }));
      }
      const over = { personId: 'sighted-over', stage: 'deleted', sequence: 9 } as const;
      await use().registry.project(projectionOf('of-sighted-over', over));
      const found = await use().registry.sightedOwners({ after: null, limit: 1_000 });
      const ids = found.filter((id) => /^90021|^sighted/.test(id));
      expect(ids).toEqual(['90021', '900210', 'sighted', 'sighted-never-found']);
      expect(await use().registry.sightedOwners({ after: null, limit: 1 })).toEqual(found.slice(0, 1));
      const [first = ''] = found;
      expect(await use().registry.sightedOwners({ after: first, limit: 2 })).toEqual(found.slice(1, 3));
    });

    it('cuts everyone into ranges in the order of ids, with those HR is expected to answer for', async () => {
      for (const personId of ['900310', '90031', 'cut', 'cut-never-found']) await look(personId);
      await look('cut-never-found', { observation: null, digest: null });
      await lookNoPerson('cut');
      // Whose absence is a fact that no account was told of is still missing, and who was being told it too.
      for (const personId of ['cut-untold', 'cut-telling']) {
        const { number, person } = await look(personId);
        await markApplied(personId, person.digest, number);
        await lookNoPerson(personId);
      }
      await beginApply('cut-telling');
      const everyone = await use().registry.persons({ after: null, limit: 10_000 });
      for (const size of [1, 3, everyone.length - 1, everyone.length, everyone.length + 1]) {
        const ranges = await use().registry.cutPersons({ size });
        const expected = Array.from({ length: Math.ceil(everyone.length / size) }, (_, index) => {
          const range = everyone.slice(index * size, (index + 1) * size);
          const isLast = (index + 1) * size >= everyone.length;
          return {
            upTo: isLast ? null : (range.at(-1)?.personId ?? ''),
            expected: range.filter((person) =>
              [person.observation?.outcome, person.applied?.outcome].includes('found'),
            ).length,
          };
        });
        expect(ranges).toEqual(expected);
      }
    });

    it('finds persons with a tie today or later who have no primary account that goes on', async () => {
      const { registry } = use();
      const tie = { kind: 'contract', start: null, excluded: false, experiment: null } as const;
      const persons = [
        ['wp-open', [{ ...tie, end: null }]],
        [
          'wp-today',
          [
            { ...tie, end: '2026-12-31' },
            { ...tie, end: '2027-01-01' },
          ],
        ],
        ['wp-future', [{ ...tie, start: '2028-01-01', end: '2028-02-01' }]],
        ['wp-over', [{ ...tie, end: '2026-12-31' }]],
        ['wp-none', []],
        ['wp-has-one', [{ ...tie, end: null }]],
        ['wp-had-one', [{ ...tie, end: null }]],
        ['wp-secondary', [{ ...tie, end: null }]],
      ] as const;
      for (const [personId, ties] of persons) {
        const number = await registry.nextObservationNumber();
        await look(personId, { number, observation: observationOf({ personId, number, ties }) });
      }
      await registry.createAccount(newAccountOf({ accountId: 'wp-1', personId: 'wp-has-one' }));
      await registry.createAccount(
        newAccountOf({ accountId: 'wp-2', personId: 'wp-had-one', state: { stage: 'deleted' } }),
      );
      await registry.createAccount(
        newAccountOf({ accountId: 'wp-3', personId: 'wp-secondary', kind: 'secondary' }),
      );

      const found = await registry.personsWithoutPrimary({ today: '2027-01-01', after: 'wp', limit: 100 });
      const ids = found.map((person) => person.personId).filter((id) => id.startsWith('wp-'));
      expect(ids).toEqual(['wp-future', 'wp-had-one', 'wp-open', 'wp-secondary', 'wp-today']);
      const [next] = await registry.personsWithoutPrimary({
        today: '2027-01-01',
        after: 'wp-open',
        limit: 1,
      });
      expect(next?.personId).toBe('wp-secondary');
    });
  });
}
