import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, BASIC, openIam, type OpenIam } from './iam-client.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const PATCH = { schemas: [], operations: [{ op: 'replace', value: { active: false } }] };

let it: OpenIam;
beforeEach(async () => {
  it = await openIam({ scopes: ['scim:read', 'scim:write', 'iam:admin.read'], tokenLifetimeSeconds: 60 });
});
afterEach(() => it.iam.stop());

const ask = (form: string, authorization = BASIC) =>
  it.bare('POST', '/token', { ...FORM, authorization }, form);

describe('tokens of the INDIGO IAM double', () => {
  test('are given to the client by HTTP Basic, with their scopes and their lifetime', async () => {
    const { status, body } = await ask('grant_type=client_credentials&scope=scim%3Aread');
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 60, scope: 'scim:read' });
    expect(await ask('grant_type=client_credentials')).toMatchObject({
      body: { scope: 'scim:read scim:write iam:admin.read' },
    });
  });

  test.each([
    ['another secret', `Basic ${Buffer.from('lifecycle:guess').toString('base64')}`],
    ['no credentials', ''],
  ])('are refused to %s', async (_who, authorization) => {
    const got = await ask('grant_type=client_credentials', authorization);
    expect(got).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
    expect(got.headers.get('www-authenticate')).toContain('Basic realm');
  });

  test.each([
    ['grant_type=client_credentials&scope=iam%3Aadmin.write', 'invalid_scope'],
    ['grant_type=password', 'unsupported_grant_type'],
    ['scope=scim%3Aread', 'invalid_request'],
  ])('are refused when asked for with %s', async (form, error) => {
    expect(await ask(form)).toMatchObject({ status: 400, body: { error } });
  });

  test('are asked for by a form', async () => {
    const headers = { 'content-type': 'application/json', authorization: BASIC };
    expect(await it.bare('POST', '/token', headers, '{}')).toMatchObject({ status: 415 });
  });

  test('are good until their lifetime is over, by the clock of the double', async () => {
    it.clock.ms += 59_999;
    const authorization = `Bearer ${await it.token()}`;
    const path = `/scim/Users/${ADA}`;
    it.clock.ms += 59_999;
    expect(await it.bare('GET', path, { authorization })).toMatchObject({ status: 200 });
    it.clock.ms += 1;
    const got = await it.bare('GET', path, { authorization });
    expect(got).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
    expect(got.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/);
  });

  test('can all be made to expire at once', async () => {
    expect(await it.call('GET', `/scim/Users/${ADA}`)).toMatchObject({ status: 200 });
    it.iam.expireTokens();
    expect(await it.call('GET', `/scim/Users/${ADA}`)).toMatchObject({ status: 401 });
    const authorization = `Bearer ${await it.token()}`;
    expect(await it.bare('GET', `/scim/Users/${ADA}`, { authorization })).toMatchObject({ status: 200 });
  });

  test('are asked for by every call', async () => {
    const got = await it.bare('GET', `/scim/Users/${ADA}`);
    expect(got).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
    const stranger = await it.bare('GET', '/scim/Users', { authorization: 'Bearer made-up' });
    expect(stranger).toMatchObject({ status: 401, body: { error: 'invalid_token' } });
  });

  const calls = [
    ['GET', '/scim/Users', 'scim:read'],
    ['GET', `/scim/Users/${ADA}`, 'scim:read'],
    ['PATCH', `/scim/Users/${ADA}`, 'scim:write'],
    ['DELETE', `/scim/Users/${ADA}`, 'scim:write'],
    ['GET', `/iam/account/${ADA}/labels`, 'iam:admin.read'],
    ['PUT', `/iam/account/${ADA}/labels`, 'iam:admin.write'],
    ['DELETE', `/iam/account/${ADA}/labels?name=a`, 'iam:admin.write'],
    ['PUT', `/iam/account/${ADA}/endTime`, 'iam:admin.write'],
    ['GET', '/iam/account/find/bylabel?name=a&value=b', 'iam:admin.read'],
  ] as const;
  test.each(calls)('need their scope: %s %s needs %s', async (method, path, scope) => {
    const own = await openIam();
    try {
      const isBody = method === 'PATCH' || method === 'PUT';
      const body = method === 'PATCH' ? JSON.stringify(PATCH) : '{"name":"a"}';
      const type = method === 'PATCH' ? 'application/scim+json' : 'application/json';
      const askWith = async (scopes: string) => {
        const headers = { authorization: `Bearer ${await own.token(scopes)}`, 'content-type': type };
        return own.bare(method, path, headers, isBody ? body : undefined);
      };
      const all = ['scim:read', 'scim:write', 'iam:admin.read', 'iam:admin.write'];
      const others = await askWith(all.filter((one) => one !== scope).join(' '));
      expect(others).toMatchObject({ status: 403, body: { error: 'access_denied' } });
      expect(own.iam.writes(ADA)).toEqual([]);
      expect((await askWith(scope)).status).toBeLessThan(300);
    } finally {
      await own.iam.stop();
    }
  });

  test('do not help where there is no such call', async () => {
    expect(await it.call('GET', '/iam/nothing')).toMatchObject({ status: 404 });
    expect(await it.call('POST', `/scim/Users/${ADA}`, { body: {} })).toMatchObject({ status: 405 });
  });
});
