import { describe, expect, it } from 'vitest';
import { countSighting, type SightingCount } from '../../src/policy/sightings.ts';

const HOUR = 3_600_000;
const rule = { count: 3, hours: 72 };
type Outcome = 'found' | 'no-person' | 'unavailable';

/** Folds answers, each given as hours and outcome; the last result. */
function after(...answers: readonly (readonly [number, Outcome])[]) {
  let before: SightingCount | null = null;
  let result: ReturnType<typeof countSighting> = { sightings: null, confirmed: false, isFirst: false };
  for (const [hours, outcome] of answers) {
    result = countSighting({ before, outcome, at: hours * HOUR, rule });
    before = result.sightings;
  }
  return result;
}

describe('sightings of no such person', () => {
  it('the first one is told, and confirms nothing', () => {
    expect(after([0, 'no-person'])).toMatchObject({ confirmed: false, isFirst: true });
    expect(after([0, 'no-person'], [24, 'no-person'])).toMatchObject({ confirmed: false, isFirst: false });
  });
  it('three over 72 hours are a fact', () => {
    expect(after([0, 'no-person'], [36, 'no-person'], [72, 'no-person']).confirmed).toBe(true);
  });
  it('three in less time are none yet', () => {
    expect(after([0, 'no-person'], [36, 'no-person'], [71.9, 'no-person']).confirmed).toBe(false);
  });
  it('two over a longer time are none yet', () => {
    expect(after([0, 'no-person'], [200, 'no-person']).confirmed).toBe(false);
  });
  it('an answer that finds the person begins anew', () => {
    const broken = after([0, 'no-person'], [36, 'no-person'], [40, 'found']);
    expect(broken).toEqual({ sightings: null, confirmed: false, isFirst: false });
    expect(
      after([0, 'no-person'], [40, 'found'], [50, 'no-person'], [80, 'no-person'], [90, 'no-person'])
        .confirmed,
    ).toBe(false);
  });
  it('no answer neither counts nor begins anew', () => {
    const unanswered = after([0, 'no-person'], [36, 'no-person'], [72, 'unavailable']);
    expect(unanswered).toMatchObject({ sightings: { count: 2, firstAt: 0 }, confirmed: false });
    expect(after([0, 'no-person'], [36, 'unavailable'], [40, 'no-person'], [80, 'no-person']).confirmed).toBe(
      true,
    );
    expect(after([0, 'unavailable'])).toEqual({ sightings: null, confirmed: false, isFirst: false });
  });
  it('count once in each synchronisation, however often it has to ask', () => {
    const runs = ['a', 'a', 'a', 'b', 'b', null, null];
    let before: SightingCount | null = null;
    const counts = runs.map((run, hour) => {
      before = countSighting({ before, outcome: 'no-person', at: hour * HOUR, run, rule }).sightings;
      return before?.count;
    });
    expect(counts).toEqual([1, 1, 1, 2, 2, 3, 4]);
    const last = { count: 2, firstAt: 0, lastRun: 'a' };
    const again = countSighting({ before: last, outcome: 'no-person', at: 100 * HOUR, run: 'a', rule });
    expect(again).toEqual({ sightings: last, confirmed: false, isFirst: false });
  });
  it('goes on being a fact, and one sighting is enough where a site says so', () => {
    expect(after([0, 'no-person'], [36, 'no-person'], [72, 'no-person'], [96, 'no-person']).confirmed).toBe(
      true,
    );
    const once = countSighting({ before: null, outcome: 'no-person', at: 5, rule: { count: 1, hours: 0 } });
    expect(once).toMatchObject({ confirmed: true, isFirst: true });
  });
});
