import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/contracts/affiliation.ts';
import { governing } from '../../src/policy/governing.ts';
import { contract, EXPERIMENT, found, noPerson, participation } from '../support/policy-builders.ts';

const TODAY = '2027-03-15';

function ofPerson(observation: Observation | null, today = TODAY) {
  return governing({ kind: 'primary', experiment: null, observation, today });
}
function ofExperiment(observation: Observation, today = TODAY) {
  return governing({ kind: 'experiment', experiment: EXPERIMENT, observation, today });
}

const on = (date: string) => ({ type: 'on', date });
const open = { type: 'open' };
const unknown = { type: 'unknown' };

describe('which affiliation governs a person’s accounts', () => {
  it.each([
    ['one that covers today', [contract('2026-01-01', '2027-03-31')], 'member', on('2027-03-31'), null],
    ['one that ends today', [contract('2026-01-01', TODAY)], 'member', on(TODAY), null],
    ['one that begins today', [contract(TODAY, '2027-03-31')], 'member', on('2027-03-31'), null],
    ['one that ended yesterday', [contract('2026-01-01', '2027-03-14')], 'expired', on('2027-03-14'), null],
    ['an open end', [contract('2026-01-01', null)], 'member', open, null],
    ['an absent start has begun', [contract(null, '2027-03-31')], 'member', on('2027-03-31'), null],
    [
      'overlapping ones are one',
      [contract('2026-01-01', '2027-03-20'), contract('2027-03-01', '2027-06-30')],
      'member',
      on('2027-06-30'),
      null,
    ],
    [
      'one inside another does not shorten it',
      [contract('2026-01-01', '2027-06-30'), contract('2027-03-01', '2027-03-20')],
      'member',
      on('2027-06-30'),
      null,
    ],
    [
      'touching ones are one: the next starts the day after',
      [contract('2026-01-01', '2027-03-31'), contract('2027-04-01', '2027-06-30')],
      'member',
      on('2027-06-30'),
      null,
    ],
    [
      'a chain of touching ones, in any order',
      [
        contract('2027-07-01', null),
        contract('2027-04-01', '2027-06-30'),
        contract('2026-01-01', '2027-03-31'),
      ],
      'member',
      open,
      null,
    ],
    [
      'a gap of one day parts them',
      [contract('2026-01-01', '2027-03-31'), contract('2027-04-02', null)],
      'member',
      on('2027-03-31'),
      '2027-04-02',
    ],
    [
      'a weekend between contracts parts them',
      [contract('2026-01-01', '2027-03-26'), contract('2027-03-29', '2027-12-31')],
      'member',
      on('2027-03-26'),
      '2027-03-29',
    ],
    [
      'of several past ones the latest',
      [contract('2024-01-01', '2024-12-31'), contract('2026-01-01', '2026-12-31')],
      'expired',
      on('2026-12-31'),
      null,
    ],
    [
      'a past one, and one that begins later',
      [contract('2024-01-01', '2027-02-28'), contract('2027-04-01', null)],
      'expired',
      on('2027-02-28'),
      '2027-04-01',
    ],
    ['only one that begins later', [contract('2027-04-01', null)], 'future', unknown, '2027-04-01'],
    [
      'of several that begin later, the first',
      [contract('2027-08-01', null), contract('2027-04-01', '2027-04-30')],
      'future',
      unknown,
      '2027-04-01',
    ],
    [
      'a start after its end is ignored',
      [contract('2027-06-01', '2027-01-01')],
      'no-participation',
      unknown,
      null,
    ],
    [
      'a start after its end does not join others',
      [contract('2026-01-01', '2027-03-31'), contract('2027-09-01', '2027-04-01')],
      'member',
      on('2027-03-31'),
      null,
    ],
    [
      'contracts and participations together',
      [contract('2026-01-01', '2027-03-31'), participation('ATLAS', '2027-02-01', '2027-09-30')],
      'member',
      on('2027-09-30'),
      null,
    ],
    [
      'an excluded one too',
      [contract('2026-01-01', '2027-12-31', { excluded: true })],
      'member',
      on('2027-12-31'),
      null,
    ],
    ['no tie at all', [], 'no-participation', unknown, null],
    [
      'the end that stands for never',
      [contract('2026-01-01', '9999-12-31')],
      'member',
      on('9999-12-31'),
      null,
    ],
  ])('%s', (_what, ties, standing, lastDay, future) => {
    expect(ofPerson(found(1, ties))).toMatchObject({ standing, lastDay, future });
  });

  it('an open-ended one is not shortened by a later one with an end', () => {
    expect(ofPerson(found(1, [contract(null, null), contract('2027-01-01', '2027-02-01')])).lastDay).toEqual(
      open,
    );
  });

  it('no-person and no answer yet are told apart from no tie', () => {
    expect(ofPerson(noPerson(1))).toMatchObject({ standing: 'no-person', lastDay: unknown });
    expect(ofPerson(null)).toMatchObject({ standing: 'unavailable', lastDay: unknown });
  });

  it('names the first day of the affiliation that covers today, joined ones as one', () => {
    const ties = [contract('2027-03-01', null), contract('2026-05-01', '2027-02-28')];
    expect(ofPerson(found(1, ties)).since).toBe('2026-05-01');
    expect(ofPerson(found(1, [contract('2024-01-01', '2024-12-31')])).since).toBeNull();
  });
});

describe('which participation governs an experiment account', () => {
  it.each([
    ['the experiment, ignoring case', [participation('cms', null, '2027-03-31')], 'member', on('2027-03-31')],
    ['another experiment does not count', [participation('ATLAS', null, null)], 'no-participation', unknown],
    ['a contract does not count', [contract(null, null)], 'no-participation', unknown],
    [
      'an open-ended one wins',
      [participation('CMS', null, '2027-12-31'), participation('CMS', '2026-01-01', null)],
      'member',
      open,
    ],
    [
      'else the latest end date',
      [participation('CMS', null, '2027-12-31'), participation('CMS', '2026-06-01', '2027-04-30')],
      'member',
      on('2027-12-31'),
    ],
    [
      'past ones: the latest end date',
      [participation('CMS', null, '2025-12-31'), participation('CMS', '2026-01-01', '2026-04-30')],
      'expired',
      on('2026-04-30'),
    ],
    [
      'one that has not begun does not govern yet',
      [participation('CMS', null, '2027-03-31'), participation('CMS', '2027-03-20', null)],
      'member',
      on('2027-03-31'),
    ],
    ['only one that begins later', [participation('CMS', '2027-05-01', null)], 'future', unknown],
    [
      'a start after its end is ignored',
      [participation('CMS', '2027-03-01', '2027-01-01')],
      'no-participation',
      unknown,
    ],
  ])('%s', (_what, ties, standing, lastDay) => {
    expect(ofExperiment(found(1, ties))).toMatchObject({ standing, lastDay });
  });
});
