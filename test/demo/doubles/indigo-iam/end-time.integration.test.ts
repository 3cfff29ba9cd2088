import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, done, NOBODY, openIam, type Got, type OpenIam } from './iam-client.ts';

const STATUS = { name: 'lifecycle.status', value: 'PENDING_REMOVAL' };
const MARCH_31 = Date.parse('2027-03-31T00:00:00Z');

let it: OpenIam;
beforeEach(async () => {
  it = await openIam();
});
afterEach(() => it.iam.stop());

const put = (body: unknown, id = ADA): Promise<Got> => it.call('PUT', `/iam/account/${id}/endTime`, { body });

describe('the end time of the INDIGO IAM double', () => {
  test.each([
    '2027-03-31T00:00:00.000+0000',
    '2027-03-31T02:00:00.000+02:00',
    '2027-03-30T22:00:00.000-02',
    '2027-03-31T00:00:00Z',
    '2027-03-31',
    MARCH_31,
  ])('is set to %s', async (endTime) => {
    expect(await put({ endTime })).toMatchObject({ status: 200, body: null });
    expect(it.iam.account(ADA)?.endTime).toBe(MARCH_31);
  });

  test.each([{ endTime: null }, {}, { endTime: '' }])('is cleared by %j', async (body) => {
    it.iam.setEndTime(ADA, MARCH_31);
    expect(await put(body)).toMatchObject({ status: 200 });
    expect(it.iam.account(ADA)?.endTime).toBeNull();
    expect(done(it.iam, ADA)).toContain('api: endTime=null');
  });

  test('takes the label lifecycle.status away when it changes', async () => {
    it.iam.setLabel(ADA, STATUS);
    it.iam.setLabel(ADA, { ...STATUS, prefix: 'hr.cern' });
    await put({ endTime: '2027-03-31T00:00:00.000+0000' });
    expect(it.iam.account(ADA)?.labels).toEqual([{ ...STATUS, prefix: 'hr.cern' }]);
    expect(done(it.iam, ADA).slice(2)).toEqual([
      'api: endTime=2027-03-31T00:00:00.000Z',
      'iam: no label lifecycle.status',
    ]);
  });

  test('leaves it where it is when it stays the same', async () => {
    it.iam.setEndTime(ADA, MARCH_31);
    it.iam.setLabel(ADA, STATUS);
    await put({ endTime: '2027-03-31T01:00:00.000+0100' });
    expect(it.iam.account(ADA)?.labels).toEqual([STATUS]);
  });

  test('takes it away with every write, where an instance does so', async () => {
    it.iam.set({ everyEndTimeEndsExpiry: true });
    it.iam.setEndTime(ADA, MARCH_31);
    it.iam.setLabel(ADA, STATUS);
    await put({ endTime: '2027-03-31T01:00:00.000+0100' });
    expect(it.iam.account(ADA)?.labels).toEqual([]);
    expect(done(it.iam, ADA).at(-1)).toBe('iam: no label lifecycle.status');
  });

  test('leaves active as it is', async () => {
    it.iam.setActive(ADA, false);
    await put({ endTime: null });
    expect(it.iam.account(ADA)?.active).toBe(false);
  });

  test.each([{ endTime: 'tomorrow' }, { endTime: '2027-02-30x' }, { endTime: {} }, '{"endTime"', '[]'])(
    'refuses %j',
    async (body) => {
      expect(await put(body)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
      expect(it.iam.writes(ADA)).toEqual([]);
    },
  );

  test('of an unknown account ends in a 500', async () => {
    expect(await put({ endTime: null }, NOBODY)).toMatchObject({
      status: 500,
      body: { status: 500, error: 'Internal Server Error', path: `/iam/account/${NOBODY}/endTime` },
    });
  });

  test('cannot be set where it is read-only', async () => {
    it.iam.set({ readOnlyEndTime: true });
    expect(await put({ endTime: null })).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect(it.iam.writes(ADA)).toEqual([]);
    // That comes before the look for the account.
    expect(await put({ endTime: null }, NOBODY)).toMatchObject({ status: 400 });
    it.iam.set({ readOnlyEndTime: false });
    expect(await put({ endTime: null })).toMatchObject({ status: 200 });
  });

  test('needs the media type of JSON', async () => {
    const sent = { body: '{}', type: 'text/plain' };
    expect(await it.call('PUT', `/iam/account/${ADA}/endTime`, sent)).toMatchObject({ status: 415 });
  });
});
