import { describe, expect, it } from 'vitest';
import { deedsOf, standingWords } from '../../../src/demo/check/instance-words.ts';
import type {
  IndigoIamAccount,
  IndigoIamWrite,
} from '../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';

function wrote(what: string, rest: Partial<IndigoIamWrite> = {}): IndigoIamWrite {
  return { at: 7, by: 'api', what, changed: true, ...rest };
}

function deeds(...writes: readonly IndigoIamWrite[]): readonly string[] {
  return deedsOf({ writes }).map(({ words }) => words);
}

describe('what the instance says was written to an account', () => {
  it('is told in the words of the lists', () => {
    expect(
      deeds(
        wrote('familyName=Berg'),
        wrote('email=tilda.berg@cern.example'),
        wrote('label hr.cern/status=EXPIRED'),
        wrote('label lifecycle.status=PENDING_REMOVAL'),
        wrote('active=false'),
        wrote('active=true'),
        wrote('endTime=2027-12-31T00:00:00.000Z'),
        wrote('endTime=null'),
        wrote('no label lifecycle.status', { by: 'iam' }),
        wrote('deleted'),
      ),
    ).toEqual([
      'family name Berg',
      'e-mail tilda.berg@cern.example',
      'status EXPIRED',
      'PENDING_REMOVAL',
      'suspended',
      'active again',
      'end time 2027-12-31',
      'no end time',
      'mark of expiry removed',
      'deleted',
    ]);
  });
  it('leaves out what was so already, what admins did, time stamps and reasons', () => {
    expect(
      deeds(
        wrote('active=false', { changed: false }),
        wrote('active=false', { by: 'admin' }),
        wrote('label hr.cern/timestamp=1800000000000'),
        wrote('label hr.cern/message=participation-ended-2027-03-31'),
        wrote('no label hr.cern/message'),
      ),
    ).toEqual([]);
  });
  it('leaves out that HR was away, and nothing that changed meanwhile', () => {
    const status = (value: string) => wrote(`label hr.cern/status=${value}`);
    expect(deeds(status('MEMBER'), status('ERROR'), status('MEMBER'))).toEqual(['status MEMBER']);
    expect(deeds(status('MEMBER'), status('ERROR'), status('EXPIRED'), status('MEMBER'))).toEqual([
      'status MEMBER',
      'status EXPIRED',
      'status MEMBER',
    ]);
  });
  it('tells what is on no list as the instance calls it', () => {
    expect(deeds(wrote('label hr.cern/action=DISABLE_ACCOUNT'))).toEqual([
      'label hr.cern/action=DISABLE_ACCOUNT',
    ]);
  });
});

describe('how an account stands in the instance', () => {
  const account: IndigoIamAccount = {
    ...{ id: 'id', userName: 'ada_cms', givenName: 'Ada', familyName: 'Rossi', email: 'ada@cern.example' },
    ...{ active: true, endTime: Date.UTC(2027, 11, 31), created: 0, lastModified: 0 },
    labels: [
      { name: 'status', value: 'of somebody else' },
      { prefix: 'hr.cern', name: 'status', value: 'MEMBER' },
    ],
  };
  it.each([
    [account, 'there until 2027-12-31, MEMBER'],
    [{ ...account, active: false }, 'suspended there until 2027-12-31, MEMBER'],
    [{ ...account, endTime: null, labels: [] }, 'there, no status'],
    [null, 'not there'],
  ])('is told in one line', (one, words) => {
    expect(standingWords({ account: one })).toBe(words);
  });
});
