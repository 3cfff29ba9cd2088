import { describe, expect, it } from 'vitest';
import { createChecker } from '../../checker/check-life.ts';
import type { ObservedLife, Trouble } from '../../checker/life.ts';
import { isMerged } from '../../checker/merged-notice.ts';
import { at, life, NOTICES, notice } from './lives.ts';

const check = createChecker();

function trouble(from: string, to: string, what: Trouble['what'] = 'worker'): Trouble {
  return { what, from: at(from), to: at(to) };
}

/** What is found against a life without the notice of day −60, and whether each of it counts as merged. */
function verdicts(over: Partial<ObservedLife>): readonly string[] {
  const one = life({ mails: NOTICES.slice(1), ...over });
  return check(one).map((finding) => `${finding.kind} ${String(isMerged(one, finding))}`);
}

/** The finding against such a life, whatever its troubles excuse by themselves. */
function mayBeMerged(over: Partial<ObservedLife>): boolean {
  const one = life({ mails: NOTICES.slice(1), ...over });
  const words = 'notice -60 for the last day 2027-03-31 did not go out';
  return isMerged(one, { kind: 'noticeMissed', account: one.account, at: one.until, words });
}

describe('a notice that did not go out', () => {
  it('is no merged one although a later one went out: nothing kept it from going out', () => {
    expect(verdicts({})).toEqual(['noticeMissed false']);
  });

  it('is merged when a trouble lasted from its moment to that of a later one', () => {
    expect(mayBeMerged({ troubles: [trouble('2027-01-28', '2027-03-10')] })).toBe(true);
    expect(mayBeMerged({ troubles: [trouble('2027-01-28', '2027-03-10', 'mail')] })).toBe(true);
  });

  it.each([
    ['was over before the later one was due', [trouble('2027-01-28', '2027-02-20')]],
    ['began only after its moment', [trouble('2027-02-20', '2027-03-10')]],
    ['stops no mail', [trouble('2027-01-28', '2027-03-10', 'freeze')]],
    [
      'was two, with time between',
      [trouble('2027-01-28', '2027-02-01'), trouble('2027-03-01', '2027-03-10')],
    ],
  ])('is none when the trouble %s', (_, troubles) => {
    expect(mayBeMerged({ troubles })).toBe(false);
  });

  it('is none when no later one went out either', () => {
    const troubles = [trouble('2027-01-28', '2027-03-10')];
    expect(mayBeMerged({ troubles, mails: [] })).toBe(false);
    const failed = { sentAt: null, failedAt: at('2027-03-24') };
    const mails = [notice(-27, '2027-03-04 08:20', '2027-03-31', failed)];
    expect(mayBeMerged({ troubles, mails })).toBe(false);
    expect(mayBeMerged({ troubles, mails: [notice(-27, '2027-03-04 08:20', '2027-04-30')] })).toBe(false);
  });

  it('is merged after a short trouble where days are so short that everything is seen late', () => {
    const slackMs = 17 * 24 * 3_600_000;
    expect(mayBeMerged({ slackMs })).toBe(false);
    expect(mayBeMerged({ slackMs, troubles: [trouble('2027-02-14', '2027-02-18')] })).toBe(true);
    expect(mayBeMerged({ slackMs: 2 * slackMs })).toBe(true);
  });
});
