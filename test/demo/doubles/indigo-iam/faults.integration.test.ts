import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IndigoIamCall } from '../../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { ADA, BASIC, BOB, done, openIam, type Got, type OpenIam } from './iam-client.ts';

let it: OpenIam;
beforeEach(async () => {
  it = await openIam();
});
afterEach(() => it.iam.stop());

const suspend = (id = ADA): Promise<Got> =>
  it.call('PATCH', `/scim/Users/${id}`, {
    body: { operations: [{ op: 'replace', value: { active: false } }] },
  });
const isActive = (id = ADA): boolean | undefined => it.iam.account(id)?.active;

describe('faults of the INDIGO IAM double', () => {
  const statuses = ['400', '401', '403', '404', '409', '429', '500', '503'] as const;
  test.each(statuses)('%s comes before anything is done, or after', async (mode) => {
    it.iam.fault(mode, { for: 'patchUser', times: 1 });
    expect(await suspend()).toMatchObject({ status: Number(mode) });
    expect(it.iam.writes(ADA)).toEqual([]);

    it.iam.fault(mode, { for: 'patchUser', times: 1, when: 'after' });
    expect(await suspend()).toMatchObject({ status: Number(mode) });
    expect(done(it.iam, ADA)).toEqual(['api: active=false']);
    expect(it.iam.requests.filter(({ call }) => call === 'patchUser')).toMatchObject([
      { status: Number(mode) },
      { status: Number(mode) },
    ]);
  });

  test('reset breaks the connection before anything is done, or after', async () => {
    it.iam.fault('reset', { for: 'patchUser', times: 1 });
    await expect(suspend()).rejects.toThrow();
    expect(isActive()).toBe(true);

    it.iam.fault('reset', { for: 'patchUser', times: 1, when: 'after' });
    await expect(suspend()).rejects.toThrow();
    expect(isActive()).toBe(false);
    expect(it.iam.requests.at(-1)).toMatchObject({ call: 'patchUser', status: null });
  });

  const successes: readonly (readonly [IndigoIamCall, () => Promise<unknown>])[] = [
    ['token', () => it.token()],
    ['listUsers', () => it.call('GET', '/scim/Users')],
    ['getLabels', () => it.call('GET', `/iam/account/${ADA}/labels`)],
    ['patchUser', () => suspend()],
    ['putLabel', () => it.call('PUT', `/iam/account/${ADA}/labels`, { body: { name: 'a' } })],
  ];
  test.each(successes)('broken-json and cut-body spoil the success of %s', async (call, ask) => {
    for (const mode of ['broken-json', 'cut-body'] as const) {
      it.iam.fault(mode, { for: call, times: 1 });
      await expect(ask()).rejects.toThrow();
    }
    await expect(ask()).resolves.toBeDefined();
  });

  test('a success whose body is spoilt was done, and cannot be asked for undone', async () => {
    it.iam.fault('cut-body', { for: 'patchUser' });
    await expect(suspend()).rejects.toThrow();
    expect(isActive()).toBe(false);
    expect(() => it.iam.fault('broken-json', { when: 'before' })).toThrow('lie');
  });

  test.each(['429', '503'] as const)('%s says when to try again', async (mode) => {
    it.iam.fault(mode, { retryAfter: 17 });
    const bare = await it.bare('GET', '/scim/Users');
    expect([bare.status, bare.headers.get('retry-after')]).toEqual([Number(mode), '17']);
  });

  test('401 says which scheme is asked for', async () => {
    it.iam.fault('401', { for: ['getUser', 'token'] });
    const user = await it.bare('GET', `/scim/Users/${ADA}`);
    expect(user).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    expect(user.headers.get('www-authenticate')).toContain('Bearer');
    const token = await it.bare('POST', '/token', { authorization: BASIC });
    expect(token).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  });

  test.each(statuses)('%s has a body in the form of the call', async (mode) => {
    it.iam.fault(mode);
    const [rest, scim] = [
      await it.bare('PUT', `/iam/account/${ADA}/labels`, { 'content-type': 'application/json' }, '{}'),
      await it.bare('GET', `/scim/Users/${ADA}`),
    ];
    if (['400', '404', '409'].includes(mode)) {
      expect(rest.body).toEqual({ error: expect.any(String) });
      expect(scim.body).toMatchObject({ status: mode, detail: expect.any(String) });
    } else expect([rest.status, scim.status]).toEqual([Number(mode), Number(mode)]);
  });

  test('happen to one call, to one account, after some that go well, so many times', async () => {
    it.iam.fault('500', { for: 'patchUser', account: BOB, skip: 1, times: 2 });
    expect(await suspend(ADA)).toMatchObject({ status: 204 });
    const statusesOfBob = [];
    for (let i = 0; i < 4; i += 1) statusesOfBob.push((await suspend(BOB)).status);
    expect(statusesOfBob).toEqual([204, 500, 500, 204]);
    expect(await it.call('GET', `/scim/Users/${BOB}`)).toMatchObject({ status: 200 });
  });

  test('of several the newest happens, and none ends them all', async () => {
    it.iam.fault('500');
    it.iam.fault('503', { for: 'getUser', times: 1 });
    const status = async () => (await it.bare('GET', `/scim/Users/${ADA}`)).status;
    expect([await status(), await status()]).toEqual([503, 500]);
    it.iam.fault('none');
    expect(await status()).toBe(401);
  });

  test('slow before: nothing is done until it is over, and then it is, although nobody waits any more', async () => {
    const token = await it.token();
    it.iam.fault('slow', { for: 'patchUser' });
    const arrived = it.iam.nextRequest('patchUser');
    const gaveUp = new AbortController();
    const asked = fetch(`${it.iam.url}/scim/Users/${ADA}`, {
      method: 'PATCH',
      signal: gaveUp.signal,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify({ operations: [{ op: 'replace', value: { active: false } }] }),
    });
    const refused = expect(asked).rejects.toThrow();
    expect(await arrived).toMatchObject({ call: 'patchUser', account: ADA, status: null });
    gaveUp.abort();
    await refused;
    expect(await it.call('GET', `/scim/Users/${ADA}`)).toMatchObject({ status: 200, body: { active: true } });
    it.iam.fault('none');
    expect(await it.call('GET', `/scim/Users/${ADA}`)).toMatchObject({
      status: 200,
      body: { active: false },
    });
  });

  test('slow after: it is done, and the answer hangs until it is over', async () => {
    it.iam.fault('slow', { for: 'patchUser', when: 'after' });
    const arrived = it.iam.nextRequest('patchUser');
    const asked = suspend();
    expect(await arrived).toMatchObject({ status: null });
    expect(isActive()).toBe(false);
    it.iam.fault('none');
    expect(await asked).toMatchObject({ status: 204 });
  });
});

describe('the INDIGO IAM double', () => {
  test('takes its time to answer where told to', async () => {
    const slow = await openIam({ latencyMs: 3_600_000 });
    const gaveUp = expect(slow.bare('GET', '/scim/Users')).rejects.toThrow();
    expect(await slow.iam.nextRequest()).toMatchObject({ call: 'listUsers', status: null });
    await slow.iam.stop();
    await gaveUp;
  });

  test('notes each request: when, what, over which connection, with which status', async () => {
    await it.call('GET', `/iam/account/${ADA}/labels`);
    await it.call('GET', '/nothing?at=all');
    expect(it.iam.requests).toMatchObject([
      { at: it.clock.ms, method: 'POST', path: '/token', call: 'token', account: null, status: 200 },
      { method: 'GET', call: 'getLabels', account: ADA, status: 200, connection: expect.any(Number) },
      { method: 'GET', path: '/nothing?at=all', call: null, status: 404 },
    ]);
    expect(it.iam.peak()).toBe(1);
  });

  test('counts the requests that are open at the same time', async () => {
    it.iam.fault('slow');
    const arrived = [it.iam.nextRequest('listUsers'), it.iam.nextRequest('getUser')];
    const both = Promise.all([it.bare('GET', '/scim/Users'), it.bare('GET', `/scim/Users/${ADA}`)]);
    await Promise.all(arrived);
    it.iam.fault('none');
    await both;
    expect(it.iam.peak()).toBe(2);
  });

  test('lets admins do by hand what the dashboard does, and notes that it was they', () => {
    it.iam.setActive(ADA, false);
    it.iam.setEndTime(ADA, null);
    it.iam.setLabel(ADA, { prefix: 'hr.cern', name: 'ignore' });
    it.iam.removeLabel(ADA, { prefix: 'hr.cern', name: 'ignore' });
    it.iam.deleteAccount(ADA);
    expect(done(it.iam, ADA)).toEqual([
      'admin: active=false',
      'admin: endTime=null (as before)',
      'admin: label hr.cern/ignore',
      'admin: no label hr.cern/ignore',
      'admin: deleted',
    ]);
    expect(it.iam.account(ADA)).toBeUndefined();
    expect(() => it.iam.setActive(ADA, true)).toThrow('no such account');
  });

  test('has each id, user name and e-mail once', () => {
    const eve = { givenName: 'Eve', familyName: 'Again' };
    expect(() => it.iam.addAccount({ ...eve, id: ADA, email: 'eve@example.org' })).toThrow('another account');
    expect(() => it.iam.addAccount({ ...eve, userName: 'ada', email: 'eve@example.org' })).toThrow();
    expect(() => it.iam.addAccount({ ...eve, email: 'ADA@example.org' })).toThrow();
    it.iam.deleteAccount(ADA);
    expect(it.iam.addAccount({ ...eve, id: ADA, userName: 'ada', email: 'ada@example.org' })).toBe(ADA);
  });
});
