import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, done, NOBODY, openIam, type Got, type OpenIam } from './iam-client.ts';

let it: OpenIam;
beforeEach(async () => {
  it = await openIam();
});
afterEach(() => it.iam.stop());

const send = (body: unknown, id = ADA, type?: string): Promise<Got> =>
  it.call('PATCH', `/scim/Users/${id}`, { body, ...(type ? { type } : {}) });
const patch = (operations: unknown, id = ADA): Promise<Got> =>
  send({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], operations }, id);
const replace = (value: unknown): Promise<Got> => patch([{ op: 'replace', value }]);
const work = (value: unknown) => ({ emails: [{ type: 'work', value, primary: true }] });

describe('PATCH of a SCIM user of the INDIGO IAM double', () => {
  test('changes names, e-mail and active, and answers with nothing', async () => {
    const value = {
      name: { givenName: 'Adele', familyName: 'Rossini' },
      active: false,
      ...work('adele@example.org'),
    };
    expect(await replace(value)).toMatchObject({ status: 204, body: null });
    expect(it.iam.account(ADA)).toMatchObject({
      givenName: 'Adele',
      familyName: 'Rossini',
      active: false,
      email: 'adele@example.org',
    });
    expect(done(it.iam, ADA)).toEqual([
      'api: givenName=Adele',
      'api: familyName=Rossini',
      'api: email=adele@example.org',
      'api: active=false',
    ]);
  });

  test('leaves alone what it does not name, and notes what was so before', async () => {
    expect(await replace({ name: { familyName: 'Rossi' } })).toMatchObject({ status: 204 });
    expect(it.iam.account(ADA)).toMatchObject({ givenName: 'Ada', familyName: 'Rossi', active: true });
    expect(done(it.iam, ADA)).toEqual(['api: familyName=Rossi (as before)']);
  });

  test('leaves the label lifecycle.status where it is when it activates', async () => {
    it.iam.setActive(ADA, false);
    it.iam.setLabel(ADA, { name: 'lifecycle.status', value: 'PENDING_REMOVAL' });
    await replace({ active: true });
    expect(it.iam.account(ADA)?.labels).toEqual([{ name: 'lifecycle.status', value: 'PENDING_REMOVAL' }]);
  });

  const refusals: [string, unknown][] = [
    ['a name of one character', { name: { givenName: 'A' } }],
    ['a name of 65 characters', { name: { familyName: 'x'.repeat(65) } }],
    ...['<', '>', '%', '$'].map((sign): [string, unknown] => [
      `the character ${sign} in a name`,
      { name: { familyName: `Ro${sign}si` } },
    ]),
    ['what is no e-mail address', work('nobody')],
    ['an e-mail address of 129 characters', work(`${'x'.repeat(117)}@example.org`)],
    ['an e-mail without a type', { emails: [{ value: 'a@example.org', primary: true }] }],
    [
      'an e-mail that does not say whether it is primary',
      { emails: [{ type: 'work', value: 'a@example.org' }] },
    ],
    ['an operation with nothing in it', {}],
    ['a name with nothing in it', { name: {} }],
    ['an operation without a value', undefined],
  ];
  test.each(refusals)('refuses %s, and changes nothing', async (_what, value) => {
    const got = await replace(value);
    expect(got).toMatchObject({
      status: 400,
      body: { status: '400', schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'] },
    });
    expect(it.iam.writes(ADA)).toEqual([]);
  });

  test.each([['Li'], ['x'.repeat(64)]])('takes the name %s', async (familyName) => {
    expect(await replace({ name: { familyName } })).toMatchObject({ status: 204 });
  });

  test.each([
    ['no operations', { schemas: [] }],
    ['an empty list of them', { operations: [] }],
    ['operations with a capital O', { Operations: [{ op: 'replace', value: { active: false } }] }],
  ])('refuses %s', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { status: '400' } });
  });

  test.each([
    ['what is no JSON', '{"operations":'],
    ['an unknown operation', { operations: [{ op: 'Replace', value: { active: false } }] }],
  ])('cannot read %s, and answers without a body', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: null });
  });

  test('cannot remove what an account must have', async () => {
    const operation = { op: 'remove', value: { active: true } };
    expect(await patch([operation])).toMatchObject({ status: 400 });
    expect(it.iam.account(ADA)?.active).toBe(true);
  });

  test('is one transaction: an e-mail bound to another account undoes the whole of it', async () => {
    const got = await patch([
      { op: 'replace', value: { active: false } },
      { op: 'replace', value: { name: { givenName: 'Adele' }, ...work('BOB@example.org') } },
    ]);
    expect(got).toMatchObject({ status: 409, body: { status: '409' } });
    expect(it.iam.account(ADA)).toMatchObject({ active: true, givenName: 'Ada', email: 'ada@example.org' });
    expect(it.iam.writes(ADA)).toEqual([]);
  });

  test('is one transaction also when a later operation has nothing in it', async () => {
    const got = await patch([
      { op: 'replace', value: { active: false } },
      { op: 'replace', value: {} },
    ]);
    expect(got).toMatchObject({ status: 400 });
    expect(it.iam.writes(ADA)).toEqual([]);
  });

  test('binds an e-mail to the account: the own one in other letters, and one that has become free', async () => {
    expect(await replace(work('Ada@example.org'))).toMatchObject({ status: 204 });
    expect(await replace(work('new@example.org'))).toMatchObject({ status: 204 });
    it.iam.addAccount({ givenName: 'Eve', familyName: 'Free', email: 'ada@example.org' });
    expect(await replace(work('ada@example.org'))).toMatchObject({ status: 409 });
  });

  test('needs the media type of SCIM', async () => {
    const body = { operations: [{ op: 'replace', value: { active: false } }] };
    expect(await send(body, ADA, 'application/json')).toMatchObject({ status: 415 });
    expect(it.iam.account(ADA)?.active).toBe(true);
    expect(await send(body, ADA, 'application/scim+json; charset=utf-8')).toMatchObject({ status: 204 });
  });

  test('of an unknown account is refused, after the request was found to be good', async () => {
    const operations = [{ op: 'replace', value: { active: false } }];
    expect(await patch(operations, NOBODY)).toMatchObject({ status: 404, body: { status: '404' } });
    expect(await patch([], NOBODY)).toMatchObject({ status: 400 });
  });
});
