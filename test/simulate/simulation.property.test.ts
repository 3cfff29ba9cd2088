import { describe, expect, it } from 'vitest';
import { createChecker } from '../../checker/check-life.ts';
import { lifeInWords } from '../../scripts/simulate/in-words.ts';
import { livePerson } from '../../scripts/simulate/live-person.ts';
import { scriptOf } from '../../scripts/simulate/script.ts';
import { simulate } from '../../scripts/simulate/shard.ts';

const SEED = 10;

describe('a short simulation', { timeout: 120_000 }, () => {
  it('finds nothing against the rules in a few hundred account-years', () => {
    const { findings, accountYears } = simulate({ seed: SEED, first: 0, step: 1, years: 320 });
    expect(accountYears).toBeGreaterThan(320);
    expect(findings.map(({ index, kind, words }) => `${String(index)} ${kind}: ${words}`)).toEqual([]);
  });

  it('finds nothing where a step was refused on what HR said for some hours only', () => {
    const check = createChecker();
    const lives = [63, 88, 98].flatMap((index) => livePerson(scriptOf(SEED, index), SEED, index));
    // Each was told more than once that HR goes back to what it said before.
    const tolds = lives.map(({ facts }) => facts.filter(({ type }) => type === 'told').length);
    expect(Math.max(...tolds)).toBeGreaterThan(2);
    expect(lives.flatMap((life) => check(life))).toEqual([]);
  });

  it('lives the same person twice alike, whoever lived before', () => {
    const check = createChecker();
    const told = (index: number) =>
      livePerson(scriptOf(SEED, index), SEED, index).map((life) => lifeInWords(life, check(life)));
    const first = told(7);
    told(8);
    expect(told(7)).toEqual(first);
    expect(first.join('\n')).toContain('leaving, last day');
  });

  it('has in it what the rules are about: every deed, every mail, every trouble', () => {
    const lives = Array.from({ length: 40 }, (_, index) =>
      livePerson(scriptOf(SEED, index), SEED, index),
    ).flat();
    const deeds = new Set(lives.flatMap((life) => life.deeds.map(({ type }) => type)));
    const mails = new Set(lives.flatMap((life) => life.mails.map(({ type }) => type)));
    const troubles = new Set(lives.flatMap((life) => life.troubles.map(({ what }) => what)));
    expect([...deeds]).toEqual(
      expect.arrayContaining([
        'joined',
        'leaving',
        'block',
        'delete',
        'returned',
        'transfer',
        'access',
        'status',
      ]),
    );
    expect([...mails]).toEqual(expect.arrayContaining(['notice', 'allClear', 'returned']));
    expect([...troubles].sort()).toEqual(['freeze', 'hr', 'mail', 'targets', 'worker']);
  });
});
