import { describe, expect, it } from 'vitest';
import type { HrAnswer } from '../../src/connectors/hr-source.ts';
import type { Tie } from '../../src/contracts/affiliation.ts';
import { ConfigurationError } from '../../src/errors.ts';
import { cern } from '../../src/policies/cern.ts';
import { checkFallbackOwner } from '../../src/worker/check-fallback-owner.ts';
import { at, contract } from '../support/policy-builders.ts';

const NOW = at('2027-03-31 23:30');
const DOWN: HrAnswer = {
  outcome: 'unavailable',
  code: 'HR_STATUS_500',
  reason: 'HR answered with status 500.',
};

function found(ties: readonly Tie[]): HrAnswer {
  const nothing = { email: null, externalEmail: null, language: null, supervisorId: null, department: null };
  const more = { group: null, section: null, institute: null, remarks: [], hasContractsField: true };
  const record = { personId: '900001', givenName: 'Fall', familyName: 'Back', ...nothing, ...more, ties };
  return { outcome: 'found', record };
}

/** Checks the fallback owner against HR's answers, one after the other; answers what was said while it waited. */
async function check(answers: readonly HrAnswer[], signal = new AbortController().signal) {
  const said: string[] = [];
  const left = [...answers];
  await checkFallbackOwner({
    deps: {
      hr: {
        readPerson: async () => left.shift() ?? DOWN,
        listPersons: async () => ({ outcome: 'unsupported' }),
        close: async () => undefined,
      },
      settings: { fallbackOwner: '900001', policies: cern, timeZone: 'Europe/Zurich' },
    },
    now: NOW,
    logger: { warn: (_: unknown, message?: string) => void said.push(message ?? '') },
    signal,
    retryMs: 1,
  });
  return said;
}

describe('the fallback owner, checked when a worker starts', () => {
  it('with a valid affiliation is accepted, on the last day too', async () => {
    expect(await check([found([contract('2020-01-01', null)])])).toEqual([]);
    expect(await check([found([contract('2020-01-01', '2027-03-31')])])).toEqual([]);
  });

  it.each([
    [
      'whom HR does not know',
      { outcome: 'no-person' },
      /^HR knows no person 900001, the fallback owner\. Remedy: set fallbackOwner/,
    ],
    [
      'who has left',
      found([contract('2020-01-01', '2027-03-30')]),
      /900001, has no valid affiliation\. Remedy: set fallbackOwner/,
    ],
    ['who has not come yet', found([contract('2027-04-01', null)]), /900001, has no valid affiliation/],
    ['who has no affiliation', found([]), /900001, has no valid affiliation/],
  ] as const)('%s is refused, with the setting to change', async (_, answer, words) => {
    const refused = check([answer]);
    await expect(refused).rejects.toBeInstanceOf(ConfigurationError);
    await expect(refused).rejects.toThrow(words);
  });

  it('is waited for while HR is unavailable, which is said each time', async () => {
    const said = await check([DOWN, DOWN, found([contract()])]);
    expect(said).toEqual(
      Array(2).fill('waiting for HR, to check the fallback owner: HR answered with status 500.'),
    );
  });

  it('is waited for no longer when the start is called off', async () => {
    const stopping = new AbortController();
    const waiting = check([], stopping.signal);
    stopping.abort();
    await expect(waiting).rejects.toThrow(/abort/i);
  });
});
