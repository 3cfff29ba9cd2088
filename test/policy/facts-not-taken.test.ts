import { describe, expect, it } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { parseObservation } from '../../src/policy/parse-message.ts';
import { account, at, contract, found, noPerson, observed, policyFor } from '../support/policy-builders.ts';

describe('a fact that is not taken', () => {
  const state = account();
  const policy = policyFor('primary');

  it.each([
    ['is gone', noPerson(9, { personId: '900999' })],
    ['stays', found(9, [contract()], { personId: '900999' })],
  ])('is about somebody else, who %s', (_what, observation) => {
    expect(decide(state, observed(at('2027-01-15'), observation), policy)).toBe(state);
  });

  it.each(['2027-02-30', 'soon', '', '31.03.2027'])('names a date that does not exist: %j', (date) => {
    const good = found(9, [contract('2024-01-01', '2027-03-31')]);
    expect(parseObservation(good)).toMatchObject({ ok: true });
    expect(parseObservation({ ...good, ties: [contract('2024-01-01', date)] })).toMatchObject({ ok: false });
    expect(parseObservation({ ...good, ties: [contract(date, '2027-03-31')] })).toMatchObject({ ok: false });
  });
});
