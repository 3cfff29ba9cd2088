import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, done, NOBODY, openIam, type Got, type OpenIam } from './iam-client.ts';

let it: OpenIam;
beforeEach(async () => {
  it = await openIam();
});
afterEach(() => it.iam.stop());

const put = (body: unknown, id = ADA): Promise<Got> => it.call('PUT', `/iam/account/${id}/labels`, { body });
const remove = (query: string, id = ADA): Promise<Got> =>
  it.call('DELETE', `/iam/account/${id}/labels?${query}`);
const read = async (): Promise<unknown> => (await it.call('GET', `/iam/account/${ADA}/labels`)).body;

describe('labels of the INDIGO IAM double', () => {
  test('are added, and replaced by prefix and name', async () => {
    const status = { prefix: 'hr.cern', name: 'status', value: 'MEMBER' };
    const bare = { name: 'status', value: 'other' };
    expect(await put(status)).toMatchObject({ status: 200, body: null });
    expect(await put(bare)).toMatchObject({ status: 200 });
    expect(await read()).toEqual([status, bare]);

    await put({ ...status, value: 'EXPIRED' });
    expect(await read()).toEqual(expect.arrayContaining([{ ...status, value: 'EXPIRED' }, bare]));
    expect(it.iam.account(ADA)?.labels).toHaveLength(2);
  });

  test('can have no value, and show none then', async () => {
    await put({ prefix: 'hr.cern', name: 'ignore' });
    await put({ prefix: 'hr.cern', name: 'skip-email-synch', value: '' });
    expect(await read()).toEqual([
      { prefix: 'hr.cern', name: 'ignore' },
      { prefix: 'hr.cern', name: 'skip-email-synch' },
    ]);
  });

  const long = 'x'.repeat(64);
  test.each([
    ['a value of 65 characters', { name: 'message', value: `${long}x` }],
    ['a space in the value', { name: 'message', value: 'no participation' }],
    ['a space at its end', { name: 'message', value: 'participation ' }],
    ['a tab in the value', { name: 'message', value: 'no\tparticipation' }],
    ['a line break in the value', { name: 'message', value: 'no\nparticipation' }],
    ['a carriage return in the value', { name: 'message', value: 'no\rparticipation' }],
    ['an empty prefix', { prefix: '', name: 'message' }],
    ['a prefix that is no domain name', { prefix: 'hr', name: 'message' }],
    ['a prefix with an underscore', { prefix: 'hr_cern.ch', name: 'message' }],
    ['a prefix of more than 256 characters', { prefix: `${'x.'.repeat(130)}ch`, name: 'message' }],
    ['no name', { prefix: 'hr.cern' }],
    ['an empty name', { prefix: 'hr.cern', name: '' }],
    ['a name that begins with a digit', { name: '1st' }],
    ['a name that begins with a dash', { name: '-status' }],
    ['a name with a space', { name: 'a status' }],
    ['a name with a slash', { name: 'hr.cern/status' }],
    ['a name of 65 characters', { name: `${long}x` }],
  ])('refuses %s', async (_what, label) => {
    expect(await put(label)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^Invalid label/) },
    });
    expect(it.iam.writes(ADA)).toEqual([]);
  });

  test.each([
    ['64 characters of value', { prefix: 'hr.cern', name: 'message', value: long }],
    ['letters that are none of ASCII', { name: 'message', value: 'Zürich' }],
    ['every character of a name', { name: 'aZ0-_.' }],
    ['null for what is absent', { prefix: null, name: 'message', value: null }],
    ['a number for a text', { name: 'timestamp', value: 1806451200000 }],
  ])('takes %s', async (_what, label) => {
    expect(await put(label)).toMatchObject({ status: 200 });
    expect(it.iam.account(ADA)?.labels).toHaveLength(1);
  });

  test.each([
    ['what is no JSON', '{"name"'],
    ['a list', [{ name: 'message' }]],
    ['an object for a text', { name: { first: 'message' } }],
  ])('cannot read %s, and answers without a body', async (_what, body) => {
    expect(await put(body)).toMatchObject({ status: 400, body: null });
  });

  test('need the media type of JSON', async () => {
    const sent = { body: '{"name":"a"}', type: 'text/plain' };
    expect(await it.call('PUT', `/iam/account/${ADA}/labels`, sent)).toMatchObject({ status: 415 });
  });

  test('are deleted by prefix and name, also when they were not there', async () => {
    await put({ prefix: 'hr.cern', name: 'action', value: 'NO_ACTION' });
    await put({ name: 'action' });
    expect(await remove('prefix=hr.cern&name=action')).toMatchObject({ status: 204, body: null });
    expect(await remove('prefix=hr.cern&name=action')).toMatchObject({ status: 204 });
    expect(await read()).toEqual([{ name: 'action' }]);
    expect(done(it.iam, ADA).slice(2)).toEqual([
      'api: no label hr.cern/action',
      'api: no label hr.cern/action (as before)',
    ]);
  });

  test.each(['prefix=&name=action', 'prefix=hr.cern', 'name=-action'])(
    'refuse to be deleted by %s',
    async (query) => {
      expect(await remove(query)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    },
  );

  test('of an unknown account are not there', async () => {
    const error = { error: expect.stringContaining('Account not found') };
    expect(await it.call('GET', `/iam/account/${NOBODY}/labels`)).toMatchObject({ status: 404, body: error });
    expect(await put({ name: 'a' }, NOBODY)).toMatchObject({ status: 404, body: error });
    expect(await remove('name=a', NOBODY)).toMatchObject({ status: 404, body: error });
    expect(await put({ name: '' }, NOBODY)).toMatchObject({ status: 400 });
  });
});
