import { describe, expect, it } from 'vitest';
import { createChecker } from '../../checker/check-life.ts';
import type { Fact, ObservedLife } from '../../checker/life.ts';
import { at, BEGIN, CONTRACT, contract, hrSays, life, NOTICES, PERSON, says, tells } from './lives.ts';

const check = createChecker();
const DAY_MS = 24 * 3_600_000;
const UNTOLD = 'lost: the account was not told what HR goes on saying';
const LONGER = contract('2024-01-01', '2027-12-31');
const GONE: Fact = {
  type: 'hrAnswers',
  at: at('2027-02-01 12:00'),
  person: PERSON,
  answer: { outcome: 'no-person' },
};

/** What is found against an account that hears no more of what HR says from 2027-02-01 12:00 on than `told`, until then. */
function found(
  until: string,
  input: {
    readonly said?: Fact;
    readonly told?: () => readonly Fact[];
    readonly life?: Partial<ObservedLife>;
  } = {},
) {
  const { said = hrSays('2027-02-01 12:00', LONGER), told = () => [], life: over = {} } = input;
  // In this order: each telling has a higher number than the one before.
  const facts = [...says('2027-01-01', CONTRACT), said, ...told()];
  const watched = {
    deeds: BEGIN,
    mails: NOTICES.slice(0, 1),
    stageAtEnd: 'active',
    until: at(until),
  } as const;
  const one = life({ ...watched, synchronisedEveryMs: DAY_MS, ...over, facts });
  return check(one).map(({ kind, words }) => `${kind}: ${words}`);
}

describe('what HR goes on saying', () => {
  it('must be told by the second synchronisation', () => {
    expect(found('2027-02-03 11:00')).toEqual([]);
    expect(found('2027-02-03 13:00')).toEqual([UNTOLD]);
    expect(found('2027-02-20', { told: () => [tells('2027-02-03 11:00', LONGER)] })).not.toContain(UNTOLD);
  });

  it('must be told although the account heard something else in between', () => {
    const told = () => [
      tells('2027-02-02 11:00', contract('2024-01-01', '2028-01-31')),
      tells('2027-02-03 11:00', CONTRACT),
    ];
    expect(found('2027-02-03 13:00', { told })).toContain(UNTOLD);
  });

  it('need not be told while HR or the worker is away, and must be after that', () => {
    for (const what of ['hr', 'worker'] as const) {
      const troubles = [{ what, from: at('2027-02-02'), to: at('2027-02-10') }];
      expect(found('2027-02-11 23:00', { life: { troubles } })).toEqual([]);
      expect(found('2027-02-12 01:00', { life: { troubles } })).toEqual([UNTOLD]);
    }
  });

  it('must be told later when it is an absence, which takes sightings', () => {
    expect(found('2027-02-07 11:00', { said: GONE })).toEqual([]);
    expect(found('2027-02-07 13:00', { said: GONE })).toEqual([UNTOLD]);
  });

  it('is not judged where nobody knows how often HR is synchronised', () => {
    const { synchronisedEveryMs: _, ...one } = life({
      facts: [...says('2027-01-01', CONTRACT), hrSays('2027-02-01', LONGER)],
    });
    expect(check(one).map(({ words }) => words)).not.toContain(UNTOLD.slice(6));
  });
});
