import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IamListed, IamUser, IndigoIam } from '../../../src/connectors/indigo-iam.ts';
import { createIndigoIam } from '../../../src/connectors/indigo-iam/create-indigo-iam.ts';
import type { IamClientOptions } from '../../../src/connectors/indigo-iam/iam-client.ts';
import { startIndigoIamDouble } from '../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import type {
  IndigoIamCall,
  IndigoIamDouble,
  IndigoIamDoubleOptions,
  IndigoIamFaultMode,
} from '../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { IamError } from '../../../src/errors.ts';

const SECRET = 'correct horse';
const ADA = 'a1b2c3d4-0000-4000-8000-000000000001';
const BOB = 'a1b2c3d4-0000-4000-8000-000000000002';
const NOBODY = 'a1b2c3d4-0000-4000-8000-00000000ffff';
const END = Date.UTC(2027, 2, 31);
/** Everything that may stand in no error and no log. */
const PERSONAL = /rossi|ada@|bob@|horse|Basic|Bearer|battery/i;

let iam: IndigoIamDouble;
let now = Date.UTC(2027, 0, 1);
const connectors: IndigoIam[] = [];
const logged: string[] = [];
const ends: (() => Promise<void>)[] = [];
const { signal } = new AbortController();

async function startIam(options: Partial<IndigoIamDoubleOptions> = {}): Promise<IndigoIamDouble> {
  const double = await startIndigoIamDouble({
    clientId: 'lifecycle',
    clientSecret: SECRET,
    now: () => now,
    accounts: [
      {
        id: ADA,
        userName: 'arossi',
        givenName: 'Ada',
        familyName: 'Rossi',
        email: 'ada@example.org',
        endTime: END,
        labels: [
          { prefix: 'hr.cern', name: 'cern_person_id', value: '900123' },
          { prefix: 'hr.cern', name: 'ignore' },
          { name: 'lifecycle.status', value: 'SUSPENDED' },
        ],
      },
      { id: BOB, userName: 'bob', givenName: 'Bob', familyName: 'Li', email: 'bob@example.org' },
    ],
    ...options,
  });
  ends.push(() => double.stop());
  return double;
}

/** A server of another kind in IAM's place. */
async function startServer(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(async () => {
    const closed = once(server, 'close');
    server.closeAllConnections();
    server.close();
    await closed;
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

function connect(options: Partial<IamClientOptions> = {}): IndigoIam {
  const connector = createIndigoIam({
    url: iam.url,
    client: { id: 'lifecycle', secret: SECRET },
    timeoutMs: 5_000,
    concurrency: 8,
    ratePerSecond: null,
    now: () => now,
    log: { warn: (facts, message) => void logged.push(JSON.stringify([facts, message])) },
    ...options,
  });
  connectors.push(connector);
  return connector;
}

/** Everything in the list, in the order in which it came. */
async function readAll(connector: IndigoIam): Promise<{ users: IamUser[]; pages: IamListed[] }> {
  const pages: IamListed[] = [];
  for await (const listed of connector.listUsers({ signal })) pages.push(listed);
  return { users: pages.flatMap((one) => (one.outcome === 'page' ? one.users : [])), pages };
}

async function userOf(connector: IndigoIam, id = ADA): Promise<IamUser> {
  const user = await connector.readUser({ id, signal });
  if (!user) throw new Error('no such account');
  return user;
}

/** The error of a call that must fail: nothing personal is in it. */
async function errorOf(call: Promise<unknown>): Promise<IamError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(IamError);
  if (!(error instanceof IamError)) throw new Error('it did not fail');
  expect(JSON.stringify([error.message, error.facts, error.cause, logged])).not.toMatch(PERSONAL);
  expect(error.message).not.toContain(ADA);
  return error;
}

const callsOf = (call: IndigoIamCall) => iam.requests.filter((request) => request.call === call);
const writes = () => iam.requests.filter(({ method, call }) => method !== 'GET' && call !== 'token');

beforeEach(async () => {
  logged.length = 0;
  now = Date.UTC(2027, 0, 1);
  iam = await startIam();
});
afterEach(async () => {
  await Promise.all(connectors.splice(0).map((connector) => connector.close()));
  await Promise.all(ends.splice(0).map((end) => end()));
});

describe('what is read', () => {
  test('an account, its end time as an instant whatever the server’s offset', async () => {
    for (const offsetMinutes of [0, 120, -330]) {
      iam.set({ offsetMinutes });
      expect(await userOf(connect())).toEqual({
        id: ADA,
        userName: 'arossi',
        active: true,
        givenName: 'Ada',
        familyName: 'Rossi',
        email: 'ada@example.org',
        endTime: END,
      });
    }
    expect(await userOf(connect(), BOB)).toMatchObject({ endTime: null });
  });

  test('its labels, with and without prefix and value', async () => {
    expect(await connect().readLabels({ id: ADA, signal })).toEqual([
      { prefix: 'hr.cern', name: 'cern_person_id', value: '900123' },
      { prefix: 'hr.cern', name: 'ignore', value: null },
      { prefix: null, name: 'lifecycle.status', value: 'SUSPENDED' },
    ]);
  });

  test('nobody, when IAM itself says so', async () => {
    const connector = connect();
    expect(await connector.readUser({ id: NOBODY, signal })).toBeNull();
    expect(await connector.readLabels({ id: NOBODY, signal })).toBeNull();
  });

  test.each<[string, contentType: string, body: string]>([
    ['a proxy', 'text/html; charset=utf-8', '<html>'],
    ['a proxy of few words', 'text/plain; charset=utf-8', '404 page not found\n'],
    [
      'a part of the instance that knows no such path',
      'application/json',
      '{"timestamp":"2027-01-01T00:00:00Z","status":404,"error":"Not Found","path":"/scim"}',
    ],
  ])('a 404 of %s says nothing about an account', async (_what, contentType, body) => {
    const url = await startServer((request, response) => {
      if (request.url === '/token') return response.end('{"access_token":"battery"}');
      return response.writeHead(404, { 'content-type': contentType }).end(body);
    });
    const connector = connect({ url });
    for (const call of [connector.readUser, connector.readLabels, connector.deleteUser]) {
      // It goes by, and a step that meets it is tried again soon.
      expect(await errorOf(call({ id: ADA, signal }))).toMatchObject({
        ...{ code: 'IAM_STATUS_404', retryable: true },
      });
    }
    // A URL that is no instance's is said at once.
    expect(await errorOf(readAll(connector))).toMatchObject({ code: 'IAM_STATUS_404', retryable: false });
  });

  test.each<[string, body: string]>([
    ['without a word', ''],
    [
      'in SCIM',
      '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"404","detail":"No user"}',
    ],
  ])('one of IAM’s own, %s, does', async (_how, body) => {
    const url = await startServer((request, response) =>
      request.url === '/token'
        ? response.end('{"access_token":"battery"}')
        : response.writeHead(404).end(body),
    );
    expect(await connect({ url }).readUser({ id: ADA, signal })).toBeNull();
  });

  test('an id that would change the path is not asked for', async () => {
    const connector = connect();
    for (const id of ['..', '', 'a/b', 'a?x=1']) {
      expect(await errorOf(connector.readUser({ id, signal }))).toMatchObject({ code: 'IAM_BAD_ID' });
    }
    expect(iam.requests).toEqual([]);
  });

  const user = { id: ADA, userName: 'arossi', active: true };
  const INDIGO = 'urn:indigo-dc:scim:schemas:IndigoUser';
  const emails = (...list: object[]) => ({ ...user, emails: list });
  test.each<[string, unknown, object]>([
    ['the fewest fields', user, { givenName: '', familyName: '', email: null, endTime: null }],
    ['nulls', { ...user, name: null, emails: null, [INDIGO]: null }, { email: null, endTime: null }],
    ['the primary e-mail', emails({ value: 'a@x' }, { value: 'b@x', primary: true }), { email: 'b@x' }],
    [
      'else the first for work',
      emails({ value: 'a@x', type: 'home' }, { value: 'b@x', type: 'work' }),
      { email: 'b@x' },
    ],
    ['else the first', emails({ value: 'a@x' }, { value: 'b@x' }), { email: 'a@x' }],
    ['epoch milliseconds', { ...user, [INDIGO]: { endTime: END } }, { endTime: END }],
    ['fields of a newer IAM', { ...user, risk: { score: 3 } }, { userName: 'arossi' }],
    ['no word on whether it is active', { ...user, active: undefined }, { code: 'IAM_WRONG_SHAPE' }],
    [
      'an end time without offset',
      { ...user, [INDIGO]: { endTime: '2027-03-31T00:00:00' } },
      { code: 'IAM_WRONG_SHAPE' },
    ],
    ['another account', { ...user, id: BOB }, { code: 'IAM_WRONG_ACCOUNT', retryable: true }],
    ['a list', [user], { code: 'IAM_WRONG_SHAPE' }],
  ])('%s', async (_what, body, expected) => {
    const url = await startServer((request, response) =>
      response.end(JSON.stringify(request.url === '/token' ? { access_token: 'battery' } : body)),
    );
    const read = connect({ url }).readUser({ id: ADA, signal });
    expect(await ('code' in expected ? errorOf(read) : read)).toMatchObject(expected);
  });
});

describe('every account, page by page', () => {
  const many = (count: number) => {
    for (let number = 0; number < count; number += 1) {
      iam.addAccount({ givenName: 'No', familyName: 'Body', email: `n${number}@example.org` });
    }
    return iam.accounts().map(({ id }) => id);
  };

  test('each once, as its own GET says', async () => {
    const ids = many(248);
    const { users, pages } = await readAll(connect());
    expect(users.map(({ id }) => id)).toEqual(ids);
    expect(users[0]).toEqual(await userOf(connect()));
    expect(pages.at(-1)).toEqual({ outcome: 'end', isWhole: true, total: 250 });
    expect(callsOf('listUsers')).toHaveLength(3);
  });

  test('also those that move to another page while others are deleted', async () => {
    const ids = many(300);
    iam.onPage(({ startIndex }) => {
      if (startIndex !== 100) return;
      iam.onPage(null);
      for (const id of ids.slice(0, 120)) iam.deleteAccount(id);
      iam.addAccount({ id: NOBODY, givenName: 'No', familyName: 'Body', email: 'new@example.org' });
    });
    const { users, pages } = await readAll(connect());
    expect(users.map(({ id }) => id)).toEqual([...ids, NOBODY]);
    expect(pages.at(-1)).toMatchObject({ isWhole: true, total: 183 });
  });

  test('one that cannot be read hides no other one', async () => {
    const good = { id: BOB, userName: 'bob', active: true };
    const url = await startServer((request, response) =>
      response.end(
        JSON.stringify(
          request.url === '/token'
            ? { access_token: 'battery' }
            : { totalResults: 2, startIndex: 1, Resources: [{ ...good, id: ADA, active: 'yes' }, good] },
        ),
      ),
    );
    const { users, pages } = await readAll(connect({ url }));
    expect(users.map(({ id }) => id)).toEqual([BOB]);
    expect(pages[0]).toMatchObject({ unreadable: [ADA] });
  });

  test.each<[string, unknown]>([
    ['without a count', { Resources: [] }],
    ['with a count and nobody', { totalResults: 5, Resources: [] }],
    ['with somebody who has no id', { totalResults: 1, Resources: [{ userName: 'x', active: true }] }],
  ])('a list %s is an error', async (_what, body) => {
    const url = await startServer((request, response) =>
      response.end(JSON.stringify(request.url === '/token' ? { access_token: 'battery' } : body)),
    );
    expect(await errorOf(readAll(connect({ url })))).toMatchObject({ code: 'IAM_WRONG_SHAPE' });
  });
});

describe('what is written', () => {
  test('nothing, if it is so already', async () => {
    const connector = connect();
    const user = await userOf(connector);
    const labels = (await connector.readLabels({ id: ADA, signal })) ?? [];
    const person = { givenName: 'Ada', familyName: 'Rossi', email: 'ada@example.org' };
    const ignore = { prefix: 'hr.cern', name: 'ignore', value: null };
    expect(await connector.setActive({ user, active: true, signal })).toBe(false);
    expect(await connector.setPerson({ user, person, signal })).toEqual({ wrote: false, refused: [] });
    expect(await connector.setEndTime({ user, endTime: END + 999, signal })).toBe(false);
    expect(await connector.setLabel({ id: ADA, labels, label: ignore, signal })).toBe(false);
    const absent = { prefix: null, name: 'ignore' };
    expect(await connector.deleteLabel({ id: ADA, labels, label: absent, signal })).toBe(false);
    expect(await connector.deleteUser({ id: NOBODY, signal })).toBe(false);
    expect(writes().map(({ method, account }) => [method, account])).toEqual([['DELETE', NOBODY]]);
    expect(iam.writes(ADA)).toEqual([]);
  });

  test('what is wanted, if it is not so', async () => {
    const connector = connect();
    const user = await userOf(connector);
    const labels = (await connector.readLabels({ id: ADA, signal })) ?? [];
    const person = { givenName: 'Adele', familyName: 'Rossi', email: 'adele@example.org' };
    expect(await connector.setActive({ user, active: false, signal })).toBe(true);
    expect(await connector.setPerson({ user, person, signal })).toEqual({ wrote: true, refused: [] });
    expect(await connector.setEndTime({ user, endTime: END + 86_400_000, signal })).toBe(true);
    const status = { prefix: 'hr.cern', name: 'status', value: 'MEMBER' };
    expect(await connector.setLabel({ id: ADA, labels, label: status, signal })).toBe(true);
    const byHand = { prefix: null, name: 'seen', value: null };
    expect(await connector.setLabel({ id: ADA, labels, label: byHand, signal })).toBe(true);
    const [, ignore] = labels;
    if (ignore) expect(await connector.deleteLabel({ id: ADA, labels, label: ignore, signal })).toBe(true);
    expect(iam.writes(ADA).map(({ what }) => what)).toEqual([
      'active=false',
      'givenName=Adele',
      'familyName=Rossi',
      'email=adele@example.org',
      'endTime=2027-04-01T00:00:00.000Z',
      'no label lifecycle.status',
      'label hr.cern/status=MEMBER',
      'label seen',
      'no label hr.cern/ignore',
    ]);
    expect(await userOf(connector)).toMatchObject({ ...person, active: false, endTime: END + 86_400_000 });
    expect(await connector.deleteUser({ id: ADA, signal })).toBe(true);
    expect(await connector.readUser({ id: ADA, signal })).toBeNull();
  });

  test('an end time is cleared by null', async () => {
    const connector = connect();
    const user = await userOf(connector);
    expect(await connector.setEndTime({ user, endTime: null, signal })).toBe(true);
    expect(await userOf(connector)).toMatchObject({ endTime: null });
  });

  test('names that HR does not have stay, and so does the e-mail', async () => {
    const connector = connect();
    const user = await userOf(connector);
    const person = { givenName: '', familyName: 'Russo', email: null };
    expect(await connector.setPerson({ user, person, signal })).toEqual({ wrote: true, refused: [] });
    expect(await userOf(connector)).toEqual({ ...user, familyName: 'Russo' });
  });

  test('an e-mail bound to another account is refused, and the names are written all the same', async () => {
    const connector = connect();
    const user = await userOf(connector);
    const person = { givenName: 'Adele', familyName: 'Rossi', email: 'bob@example.org' };
    expect(await connector.setPerson({ user, person, signal })).toEqual({
      wrote: true,
      refused: [{ what: 'email', code: 'IAM_EMAIL_BOUND' }],
    });
    expect(await userOf(connector)).toEqual({ ...user, givenName: 'Adele' });
  });

  test('a name that IAM does not take is refused, and the e-mail is written all the same', async () => {
    const connector = connect();
    const user = await userOf(connector);
    const person = { givenName: 'A', familyName: 'Rossi', email: 'adele@example.org' };
    expect(await connector.setPerson({ user, person, signal })).toEqual({
      wrote: true,
      refused: [{ what: 'name', code: 'IAM_NAME_REFUSED' }],
    });
    const wrong = { givenName: 'Ada', familyName: 'Rossi', email: 'nowhere' };
    expect(await connector.setPerson({ user, person: wrong, signal })).toEqual({
      wrote: false,
      refused: [{ what: 'email', code: 'IAM_EMAIL_REFUSED' }],
    });
    expect(await userOf(connector)).toEqual({ ...user, email: 'adele@example.org' });
  });
});

describe('what is refused', () => {
  test.each([
    ['white space', 'no participation'],
    ['more than 64 characters', 'x'.repeat(65)],
  ])('a label with %s, without repeating its value', async (_what, value) => {
    const label = { prefix: 'hr.cern', name: 'message', value };
    const error = await errorOf(connect().setLabel({ id: ADA, labels: [], label, signal }));
    expect(error).toMatchObject({ code: 'IAM_LABEL_REFUSED', retryable: false });
    expect(JSON.stringify([error.message, error.facts])).not.toContain(value);
    expect(error.facts).toMatchObject({ label: 'hr.cern.message', uuid: ADA });
  });

  test('an end time, where it is read-only', async () => {
    iam.set({ readOnlyEndTime: true });
    const connector = connect();
    const user = await userOf(connector);
    expect(await errorOf(connector.setEndTime({ user, endTime: null, signal }))).toMatchObject({
      code: 'IAM_END_TIME_READ_ONLY',
      retryable: false,
    });
  });

  test('whether end times are read-only, which is asked without touching an account', async () => {
    const connector = connect();
    expect(await connector.isEndTimeReadOnly({ signal })).toBe(false);
    iam.set({ readOnlyEndTime: true });
    expect(await connector.isEndTimeReadOnly({ signal })).toBe(true);
    iam.fault('500', { for: ['putEndTime', 'getUser'] });
    expect(await errorOf(connector.isEndTimeReadOnly({ signal }))).toMatchObject({ retryable: true });
    for (const { id } of iam.accounts()) expect(iam.writes(id)).toEqual([]);
    expect(iam.requests.some(({ account }) => account === ADA || account === BOB)).toBe(false);
  });

  test('writes on an account that is not there, also where IAM answers with a 500', async () => {
    const connector = connect();
    const user = await userOf(connector);
    iam.deleteAccount(ADA);
    const labels = [{ prefix: null, name: 'seen', value: null }];
    const label = { prefix: null, name: 'seen', value: 'now' };
    const person = { givenName: 'Adele', familyName: 'Rossi', email: null };
    const calls = [
      () => connector.setActive({ user, active: false, signal }),
      () => connector.setPerson({ user, person, signal }),
      () => connector.setEndTime({ user, endTime: null, signal }),
      () => connector.setLabel({ id: ADA, labels, label, signal }),
      () => connector.deleteLabel({ id: ADA, labels, label, signal }),
    ];
    for (const call of calls) {
      expect(await errorOf(call())).toMatchObject({ code: 'IAM_NO_ACCOUNT', retryable: false });
    }
    expect(callsOf('putEndTime')).toHaveLength(1);
  });

  test('a 500 on the end time of an account that is there is a 500', async () => {
    const connector = connect();
    const user = await userOf(connector);
    iam.fault('500', { for: 'putEndTime' });
    expect(await errorOf(connector.setEndTime({ user, endTime: null, signal }))).toMatchObject({
      code: 'IAM_STATUS_500',
      retryable: true,
    });
  });
});

describe('what goes wrong at any call', () => {
  const label = { prefix: 'hr.cern', name: 'status', value: 'MEMBER' };
  const user: IamUser = {
    id: ADA,
    userName: 'arossi',
    active: true,
    givenName: 'Ada',
    familyName: 'Rossi',
    email: 'ada@example.org',
    endTime: END,
  };
  const person = { givenName: 'Adele', familyName: 'Rossi', email: null };
  const calls: Record<string, [call: IndigoIamCall, make: (connector: IndigoIam) => Promise<unknown>]> = {
    listUsers: ['listUsers', readAll],
    readUser: ['getUser', (connector) => connector.readUser({ id: ADA, signal })],
    readLabels: ['getLabels', (connector) => connector.readLabels({ id: ADA, signal })],
    setActive: ['patchUser', (connector) => connector.setActive({ user, active: false, signal })],
    setPerson: ['patchUser', (connector) => connector.setPerson({ user, person, signal })],
    setEndTime: ['putEndTime', (connector) => connector.setEndTime({ user, endTime: null, signal })],
    setLabel: ['putLabel', (connector) => connector.setLabel({ id: ADA, labels: [], label, signal })],
    deleteLabel: [
      'deleteLabel',
      (connector) => connector.deleteLabel({ id: ADA, labels: [label], label, signal }),
    ],
    deleteUser: ['deleteUser', (connector) => connector.deleteUser({ id: ADA, signal })],
    token: ['token', (connector) => connector.readUser({ id: ADA, signal })],
  };
  const faults: [IndigoIamFaultMode, code: string, retryable: boolean, except?: string[]][] = [
    ['400', 'IAM_STATUS_400', false, ['setPerson', 'setEndTime', 'setLabel', 'token']],
    ['401', 'IAM_UNAUTHORIZED', false],
    ['403', 'IAM_FORBIDDEN', false, ['token']],
    ['409', 'IAM_STATUS_409', false],
    ['429', 'IAM_RATE', true],
    ['500', 'IAM_STATUS_500', true],
    ['503', 'IAM_STATUS_503', true],
    ['reset', 'IAM_CONNECTION_LOST', true],
    ['broken-json', 'IAM_BROKEN_BODY', true],
    ['cut-body', 'IAM_CONNECTION_LOST', true, ['deleteUser']],
  ];
  test.each(faults)('%s is %s', async (mode, code, retryable, except = []) => {
    const names = Object.entries(calls).filter(([name]) => !except.includes(name));
    await Promise.all(
      names.map(async ([name, [call, make]]) => {
        const double = await startIam();
        double.fault(mode, { for: call, retryAfter: 0 });
        const error = await errorOf(make(connect({ url: double.url })));
        expect({ name, code: error.code, retryable: error.retryable }).toEqual({ name, code, retryable });
        expect(error.facts).toMatchObject({ call: name });
      }),
    );
  });

  test('a slow answer is waited for no longer than the limit', async () => {
    iam.fault('slow', { for: 'getUser' });
    const error = await errorOf(connect({ timeoutMs: 50 }).readUser({ id: ADA, signal }));
    expect(error).toMatchObject({ code: 'IAM_TIMEOUT', retryable: true });
    expect(callsOf('getUser')).toHaveLength(1);
  });

  test('nobody listens', async () => {
    await iam.stop();
    ends.length = 0;
    expect(await errorOf(connect().readUser({ id: ADA, signal }))).toMatchObject({
      code: 'IAM_UNREACHABLE',
      retryable: true,
    });
  });

  test('what passes is asked again; a write that was done and not answered is not done twice in effect', async () => {
    iam.fault('reset', { for: 'putLabel', when: 'after', times: 2 });
    const connector = connect();
    expect(await connector.setLabel({ id: ADA, labels: [], label, signal })).toBe(true);
    expect(iam.writes(ADA).map(({ changed }) => changed)).toEqual([true, false, false]);
    iam.fault('reset', { for: 'deleteUser', when: 'after', times: 1 });
    await connector.deleteUser({ id: ADA, signal });
    expect(iam.account(ADA)).toBeUndefined();
  });

  test('a longer Retry-After than one waits stops every call', async () => {
    iam.fault('429', { for: 'getUser', retryAfter: 60, times: 1 });
    const connector = connect({ timeoutMs: 500 });
    expect(await errorOf(connector.readUser({ id: ADA, signal }))).toMatchObject({ code: 'IAM_RATE' });
    expect(await errorOf(connector.readLabels({ id: ADA, signal }))).toMatchObject({ code: 'IAM_RATE' });
    expect(callsOf('getLabels')).toEqual([]);
  });

  test('called off, it throws the reason', async () => {
    iam.fault('slow', { for: 'getUser' });
    const caller = new AbortController();
    const read = connect().readUser({ id: ADA, signal: caller.signal });
    await iam.nextRequest('getUser');
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(read).rejects.toBe(reason);
  });
});

describe('scopes', () => {
  test.each<
    [
      'scim:read' | 'scim:write' | 'iam:admin.read' | 'iam:admin.write',
      (connector: IndigoIam) => Promise<unknown>,
    ]
  >([
    ['scim:read', (connector) => connector.readUser({ id: ADA, signal })],
    ['scim:write', (connector) => connector.deleteUser({ id: ADA, signal })],
    ['iam:admin.read', (connector) => connector.readLabels({ id: ADA, signal })],
    [
      'iam:admin.write',
      (connector) =>
        connector.setLabel({
          id: ADA,
          labels: [],
          label: { prefix: null, name: 'seen', value: null },
          signal,
        }),
    ],
  ])('that %s is missing is told by name', async (missing, call) => {
    const scopes = (['scim:read', 'scim:write', 'iam:admin.read', 'iam:admin.write'] as const).filter(
      (scope) => scope !== missing,
    );
    const poor = await startIam({ scopes });
    const error = await errorOf(call(connect({ url: poor.url })));
    expect(error).toMatchObject({ code: 'IAM_FORBIDDEN', retryable: false, facts: { scope: missing } });
    expect(error.message).toContain(`it lacks the scope ${missing}`);
  });
});

describe('the token', () => {
  const readTen = (connector: IndigoIam) =>
    Promise.all(Array.from({ length: 10 }, () => connector.readUser({ id: ADA, signal })));

  test('is fetched once for everybody who needs it', async () => {
    const connector = connect();
    await readTen(connector);
    await readTen(connector);
    expect(callsOf('token')).toHaveLength(1);
  });

  test('is renewed before it ends', async () => {
    const connector = connect();
    await readTen(connector);
    now += 3_539_000;
    await readTen(connector);
    expect(callsOf('token')).toHaveLength(1);
    now += 1_000;
    await readTen(connector);
    expect(callsOf('token')).toHaveLength(2);
    expect(iam.requests.filter(({ status }) => status === 401)).toEqual([]);
  });

  test('a short one is good for nine tenths of its life', async () => {
    const brief = await startIam({ tokenLifetimeSeconds: 10 });
    const connector = connect({ url: brief.url });
    const tokens = () => brief.requests.filter(({ call }) => call === 'token').length;
    await userOf(connector);
    now += 8_999;
    await userOf(connector);
    expect(tokens()).toBe(1);
    now += 1;
    await userOf(connector);
    expect(tokens()).toBe(2);
  });

  test('refused before its end, another one is fetched, once for everybody', async () => {
    const connector = connect();
    await readTen(connector);
    iam.expireTokens();
    await readTen(connector);
    expect(callsOf('token')).toHaveLength(2);
  });

  test('a new one that is refused, too, says what to look at', async () => {
    iam.fault('401', { for: 'getUser' });
    const error = await errorOf(connect().readUser({ id: ADA, signal }));
    expect(error.message).toMatch(/url and tokenUrl/);
    expect(callsOf('getUser')).toHaveLength(2);
    expect(callsOf('token')).toHaveLength(2);
  });

  test('a wrong secret says what to look at, and is not repeated', async () => {
    const connector = connect({ client: { id: 'lifecycle', secret: 'battery' } });
    const error = await errorOf(connector.readUser({ id: ADA, signal }));
    expect(error).toMatchObject({ code: 'IAM_UNAUTHORIZED', retryable: false });
    expect(error.message).toMatch(/secret/);
    expect(iam.requests).toHaveLength(1);
  });

  test('a failure to fetch it is not kept', async () => {
    iam.fault('reset', { for: 'token', times: 3 });
    const connector = connect();
    expect(await errorOf(connector.readUser({ id: ADA, signal }))).toMatchObject({
      code: 'IAM_CONNECTION_LOST',
    });
    expect(await connector.readUser({ id: ADA, signal })).toMatchObject({ id: ADA });
  });

  test('who is called off while it is fetched takes it from nobody else', async () => {
    iam.fault('slow', { for: 'token' });
    const connector = connect();
    const caller = new AbortController();
    const impatient = connector.readUser({ id: ADA, signal: caller.signal });
    const patient = connector.readUser({ id: ADA, signal });
    await iam.nextRequest('token');
    caller.abort(new Error('enough'));
    await expect(impatient).rejects.toThrow('enough');
    iam.fault('none');
    expect(await patient).toMatchObject({ id: ADA });
    expect(callsOf('token')).toHaveLength(1);
  });

  test('can come from elsewhere', async () => {
    const asked: (string | undefined)[] = [];
    const tokens = await startServer((request, response) => {
      asked.push(request.url);
      response.end('{"access_token":"battery"}');
    });
    // The instance does not know it, which is what is told.
    const error = await errorOf(
      connect({ tokenUrl: `${tokens}/oauth2/token` }).readUser({ id: ADA, signal }),
    );
    expect(error).toMatchObject({ code: 'IAM_UNAUTHORIZED' });
    expect(asked).toEqual(['/oauth2/token', '/oauth2/token']);
    expect(callsOf('token')).toEqual([]);
  });
});

describe('how IAM is called', () => {
  test('over few connections, as many at a time as allowed', async () => {
    const connector = connect({ concurrency: 3 });
    await userOf(connector);
    iam.fault('slow', { for: 'getLabels' });
    const reads = Array.from({ length: 9 }, () => connector.readLabels({ id: ADA, signal }));
    while (callsOf('getLabels').length < 3) await iam.nextRequest('getLabels');
    iam.fault('none');
    await Promise.all(reads);
    expect(iam.peak()).toBe(3);
    expect(new Set(iam.requests.map(({ connection }) => connection)).size).toBeLessThanOrEqual(3);
  });

  test('below a path, if the instance lives there', async () => {
    const paths: (string | undefined)[] = [];
    const url = await startServer((request, response) => {
      paths.push(request.url);
      response.end(request.url?.endsWith('/token') ? '{"access_token":"battery"}' : '[]');
    });
    await connect({ url: `${url}/cms/` }).readLabels({ id: ADA, signal });
    expect(paths).toEqual(['/cms/token', `/cms/iam/account/${ADA}/labels`]);
  });

  test.each<[string, Partial<IamClientOptions>]>([
    ['credentials in the URL', { url: 'https://me:battery@iam.example.org' }],
    ['credentials in the URL of tokens', { tokenUrl: 'https://me:battery@iam.example.org/token' }],
    ['no URL', { url: 'battery' }],
    ['a colon in the client id', { client: { id: 'a:battery', secret: '' } }],
  ])('%s is a configuration error that does not repeat it', (_what, options) => {
    expect(() => connect(options)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION', message: expect.not.stringContaining('battery') }),
    );
  });
});
