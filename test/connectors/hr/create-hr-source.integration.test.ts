import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHrSource } from '../../../src/connectors/hr/create-hr-source.ts';
import type { HrSourceOptions } from '../../../src/connectors/hr/create-hr-source.ts';
import type { HrAnswer, HrSource } from '../../../src/connectors/hr-source.ts';
import { startHrDouble } from '../../../src/demo/doubles/hr-double.ts';
import type { HrDouble } from '../../../src/demo/doubles/hr-double.ts';
import type { HrFaultMode } from '../../../src/demo/doubles/hr-double-fault.ts';
import { HR_DATE_FORMS } from '../../../src/demo/doubles/hr-double-person.ts';
import type { HrDoublePerson } from '../../../src/demo/doubles/hr-double-person.ts';

const PASSWORD = 'correct horse';
const ADA: HrDoublePerson = {
  id: 900123,
  name: 'Rossi',
  firstName: 'Ada',
  email: 'ada.rossi@cern.ch',
  department: 'IT',
  group: 'PW',
  sector: 'IAM',
  participations: [
    {
      experiment: 'CMS',
      startDate: '2020-01-01',
      endDate: '2027-03-31',
      institute: { id: '000001', name: 'CERN', town: 'Geneva', country: 'CH' },
    },
  ],
  contracts: [{ id: 'C-77', startDate: '2024-01-01', endDate: '2027-03-31', excluded: true }],
  supervisorId: 900001,
  externalEmail: 'ada@example.org',
  preferredLanguage: 'fr',
};

let hr: HrDouble;
const sources: HrSource[] = [];
const logged: string[] = [];
const never = new AbortController().signal;

function sourceAt(baseUrl: string, options: Partial<HrSourceOptions> = {}): HrSource {
  const source = createHrSource({
    baseUrl,
    credentials: { username: 'hr', password: PASSWORD },
    timeoutMs: 5_000,
    timeZone: 'Europe/Zurich',
    concurrency: 4,
    ratePerSecond: null,
    log: { warn: (facts, message) => void logged.push(JSON.stringify([facts, message])) },
    ...options,
  });
  sources.push(source);
  return source;
}

beforeEach(async () => {
  logged.length = 0;
  hr = await startHrDouble({ username: 'hr', password: PASSWORD, people: [ADA] });
});
afterEach(async () => {
  await hr.stop();
  await Promise.all(sources.splice(0).map((source) => source.close()));
});

function read(source: HrSource, personId = '900123'): Promise<HrAnswer> {
  return source.readPerson({ personId, signal: never });
}

describe('what one look at a person comes to', () => {
  test('found, with every tie and attribute', async () => {
    expect(await read(sourceAt(hr.url))).toEqual({
      outcome: 'found',
      record: {
        personId: '900123',
        givenName: 'Ada',
        familyName: 'Rossi',
        email: 'ada.rossi@cern.ch',
        externalEmail: 'ada@example.org',
        language: 'fr',
        supervisorId: '900001',
        department: 'IT',
        group: 'PW',
        section: 'IAM',
        institute: 'CERN',
        ties: [
          { kind: 'contract', start: '2024-01-01', end: '2027-03-31', excluded: true, experiment: null },
          {
            kind: 'participation',
            start: '2020-01-01',
            end: '2027-03-31',
            excluded: false,
            experiment: 'CMS',
          },
        ],
        hasContractsField: true,
        remarks: [],
      },
    });
  });

  test('a 404 of the single GET, and nothing else, is no-person', async () => {
    expect(await read(sourceAt(hr.url), '5')).toEqual({ outcome: 'no-person' });
  });

  test.each<[HrFaultMode, string]>([
    ['500', 'HR_STATUS_500'],
    ['429', 'HR_STATUS_429'],
    ['503', 'HR_STATUS_503'],
    ['broken-json', 'HR_BROKEN_BODY'],
    ['empty-body', 'HR_BROKEN_BODY'],
    ['truncated', 'HR_CONNECTION_LOST'],
    ['reset', 'HR_CONNECTION_LOST'],
    ['wrong-id', 'HR_WRONG_PERSON'],
  ])('%s is unavailable: %s', async (mode, code) => {
    hr.fault(mode, { retryAfter: 0 });
    const answer = await read(sourceAt(hr.url));
    expect(answer).toMatchObject({ outcome: 'unavailable', code });
    expect(JSON.stringify([answer, logged])).not.toMatch(/900123|Rossi|Ada|horse|Basic/);
  });

  test('a slow answer is unavailable, and is waited for no longer than the limit', async () => {
    hr.fault('slow');
    expect(await read(sourceAt(hr.url, { timeoutMs: 50 }))).toMatchObject({ code: 'HR_TIMEOUT' });
    expect(hr.requests).toHaveLength(1);
  });

  test('wrong credentials are unavailable', async () => {
    expect(
      await read(sourceAt(hr.url, { credentials: { username: 'hr', password: 'wrong' } })),
    ).toMatchObject({ code: 'HR_STATUS_401' });
  });

  test('nobody listening is unavailable', async () => {
    const gone = await startHrDouble({ username: 'hr', password: PASSWORD, people: [] });
    await gone.stop();
    expect(await read(sourceAt(gone.url))).toMatchObject({ code: 'HR_UNREACHABLE' });
  });

  test('an id that would change the path is not asked for', async () => {
    const source = sourceAt(hr.url);
    for (const id of ['..', '.', '', 'a/b', '1?x=1', '1#', '1 2']) {
      expect(await read(source, id)).toMatchObject({ code: 'HR_BAD_ID' });
    }
    expect(hr.requests).toHaveLength(0);
  });

  test('everything in the contract is optional but the person', async () => {
    hr.setPerson({ id: 7, name: 'Li', firstName: 'Wu' });
    const absent = await read(sourceAt(hr.url), '7');
    hr.setPerson({ id: 7, name: 'Li', firstName: 'Wu', emptyAs: 'null' });
    expect(await read(sourceAt(hr.url), '7')).toEqual(absent);
    expect(absent).toMatchObject({
      record: { ties: [], email: null, supervisorId: null, language: null, hasContractsField: false },
    });
  });

  test('no field for contracts is something else than no contracts', async () => {
    hr.setPerson({ ...ADA, contracts: [] });
    expect(await read(sourceAt(hr.url))).toMatchObject({ record: { hasContractsField: true } });
    hr.setPerson({ ...ADA, contracts: null });
    expect(await read(sourceAt(hr.url))).toMatchObject({ record: { hasContractsField: false } });
  });

  test.each(HR_DATE_FORMS)('dates in the form %s', async (dateForm) => {
    hr.setPerson({ ...ADA, dateForm });
    expect(await read(sourceAt(hr.url))).toMatchObject({
      record: {
        ties: [
          { start: '2024-01-01', end: '2027-03-31' },
          { start: '2020-01-01', end: '2027-03-31' },
        ],
      },
    });
  });
});

describe('a server of another kind', () => {
  const answers: Record<string, [answer: (response: ServerResponse) => void, code: string]> = {
    'a redirect': [(r) => r.writeHead(302, { location: '/elsewhere' }).end(), 'HR_STATUS_302'],
    'a 204': [(r) => r.writeHead(204).end(), 'HR_STATUS_204'],
    'a 206': [(r) => r.writeHead(206).end('{"id":900123,"name":"Rossi"}'), 'HR_STATUS_206'],
    'a 410': [(r) => r.writeHead(410).end(), 'HR_STATUS_410'],
    'a 403': [(r) => r.writeHead(403).end(), 'HR_STATUS_403'],
    'a 404 that breaks off': [
      (r) => {
        r.writeHead(404, { 'content-length': 100 });
        r.write('no such', () => r.socket?.resetAndDestroy());
      },
      'HR_CONNECTION_LOST',
    ],
    'a page of HTML': [(r) => r.end('<html>sign in</html>'), 'HR_BROKEN_BODY'],
    'another encoding': [
      (r) => r.end(Buffer.from('{"id":900123,"name":"Müller"}', 'latin1')),
      'HR_BROKEN_BODY',
    ],
    'an array': [(r) => r.end('[]'), 'HR_WRONG_SHAPE'],
    null: [(r) => r.end('null'), 'HR_WRONG_SHAPE'],
    'no id': [(r) => r.end('{"name":"Rossi"}'), 'HR_WRONG_SHAPE'],
  };
  test.each(Object.entries(answers))('%s is unavailable', async (_name, [answer, code]) => {
    const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      expect(await read(sourceAt(`http://127.0.0.1:${port}/`))).toMatchObject({ code });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('how HR is called', () => {
  test('one keep-alive connection carries call after call', async () => {
    const source = sourceAt(hr.url, { concurrency: 1 });
    await Promise.all(Array.from({ length: 10 }, () => read(source)));
    expect(hr.requests.map((request) => request.connection)).toEqual(Array.from({ length: 10 }, () => 1));
  });

  test('a fault in an answer costs no connection', async () => {
    const source = sourceAt(hr.url, { concurrency: 1 });
    hr.fault('500', { times: 1 });
    await read(source);
    await read(source, '5');
    expect(hr.requests.map((request) => request.connection)).toEqual([1, 1, 1]);
  });

  test('never more requests at a time than allowed', async () => {
    const source = sourceAt(hr.url, { concurrency: 3 });
    hr.fault('slow');
    const answers = Array.from({ length: 10 }, () => read(source));
    while (hr.requests.length < 3) await hr.nextRequest();
    hr.fault('none');
    expect(await Promise.all(answers)).toHaveLength(10);
    expect(hr.peak()).toBe(3);
    expect(hr.requests).toHaveLength(10);
  });

  test('waiting for a place does not count as waiting for an answer', async () => {
    const source = sourceAt(hr.url, { concurrency: 1, timeoutMs: 300 });
    hr.fault('slow', { times: 1 });
    const [first, second] = await Promise.all([read(source), read(source)]);
    expect(first).toMatchObject({ code: 'HR_TIMEOUT' });
    expect(second).toMatchObject({ outcome: 'found' });
  });

  test('what passes is asked again, twice at most', async () => {
    hr.fault('500', { times: 2 });
    expect(await read(sourceAt(hr.url))).toMatchObject({ outcome: 'found' });
    expect(hr.requests.map((request) => request.status)).toEqual([500, 500, 200]);
    hr.fault('reset');
    await read(sourceAt(hr.url));
    expect(hr.requests).toHaveLength(6);
  });

  test('what does not pass is not asked again', async () => {
    hr.fault('wrong-id');
    await read(sourceAt(hr.url));
    hr.fault('broken-json');
    await read(sourceAt(hr.url));
    expect(hr.requests).toHaveLength(2);
  });

  test('Retry-After closes the gate for every caller, and a longer one than the patience is an answer', async () => {
    const source = sourceAt(hr.url, { timeoutMs: 500 });
    hr.fault('429', { retryAfter: 60 });
    expect(await read(source)).toMatchObject({ code: 'HR_STATUS_429' });
    hr.fault('none');
    expect(await read(source)).toMatchObject({ outcome: 'unavailable', code: 'HR_RETRY_LATER' });
    expect(hr.requests).toHaveLength(1);
  });

  test('a short Retry-After is waited for', async () => {
    const answered: number[] = [];
    hr.fault('503', { retryAfter: 1, times: 1 });
    const first = hr.nextRequest().then(() => answered.push(performance.now()));
    expect(await read(sourceAt(hr.url))).toMatchObject({ outcome: 'found' });
    await first;
    // A lower bound only: however slow the machine is, it was not asked before the second was over.
    expect(performance.now() - (answered[0] ?? Infinity)).toBeGreaterThan(900);
    expect(hr.requests).toHaveLength(2);
  });

  test('called off, it throws the reason', async () => {
    hr.fault('slow');
    const source = sourceAt(hr.url, { concurrency: 1 });
    const caller = new AbortController();
    const running = source.readPerson({ personId: '900123', signal: caller.signal });
    const queued = source.readPerson({ personId: '900123', signal: caller.signal });
    await hr.nextRequest();
    const reason = new Error('enough');
    caller.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(queued).rejects.toBe(reason);
    await expect(source.readPerson({ personId: '1', signal: caller.signal })).rejects.toBe(reason);
    // The place it held is free again.
    hr.fault('none');
    expect(await read(source)).toMatchObject({ outcome: 'found' });
  });

  test('called off between two attempts, it throws the reason', async () => {
    hr.fault('500');
    const caller = new AbortController();
    const reason = new Error('enough');
    const source = sourceAt(hr.url, { log: { warn: () => caller.abort(reason) } });
    await expect(source.readPerson({ personId: '900123', signal: caller.signal })).rejects.toBe(reason);
  });

  test('a path in front of the API is kept', async () => {
    await read(sourceAt(`${hr.url}/prefix/`));
    expect(hr.requests[0]?.path).toBe('/prefix/api/VOPersons/900123');
  });

  test.each([
    ['credentials in the URL', { baseUrl: 'https://hr:topsecret@hr.example.org' }],
    ['no URL', { baseUrl: 'topsecret' }],
    ['another protocol', { baseUrl: 'ftp://topsecret.example.org' }],
    ['a colon in the user name', { credentials: { username: 'a:topsecret', password: '' } }],
  ])('%s is a configuration error that does not repeat it', (_name, options) => {
    expect(() => sourceAt('http://hr.example.org', options)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION', message: expect.not.stringContaining('topsecret') }),
    );
  });
});

describe('the list', () => {
  const people = [5, 40, 300].map((id) => ({ ...ADA, id }));
  beforeEach(() => {
    hr.removePerson(900123);
    for (const person of people) hr.setPerson(person);
  });
  const list = (after: string | null, limit: number, options: Partial<HrSourceOptions> = {}) =>
    sourceAt(hr.url, options).listPersons({ after, limit, signal: never });

  test('pages in the order of ids until an empty one', async () => {
    const ids = async (after: string | null) => {
      const page = await list(after, 2);
      return page.outcome === 'page' ? [page.records.map((record) => record.personId), page.lastId] : page;
    };
    expect(await ids(null)).toEqual([['5', '40'], '40']);
    expect(await ids('40')).toEqual([['300'], '300']);
    expect(await ids('300')).toEqual([[], null]);
  });

  test('a system without a list says so', async () => {
    hr.setList(false);
    expect(await list(null, 2)).toEqual({ outcome: 'unsupported' });
  });

  test('an empty list from the start is unavailable', async () => {
    hr.fault('empty-list');
    expect(await list(null, 2)).toMatchObject({ code: 'HR_LIST_EMPTY' });
  });

  test.each<[HrFaultMode, string]>([
    ['500', 'HR_STATUS_500'],
    ['broken-json', 'HR_BROKEN_BODY'],
    ['truncated', 'HR_CONNECTION_LOST'],
    ['reset', 'HR_CONNECTION_LOST'],
  ])('%s is unavailable: %s', async (mode, code) => {
    hr.fault(mode);
    expect(await list(null, 2)).toMatchObject({ outcome: 'unavailable', code });
  });

  const person = (id: unknown, rest: object = {}) => ({ id, name: 'Rossi', ...rest });
  const pages: Record<string, [body: unknown, after: string | null, answer: object]> = {
    'out of order': [[person(7), person(6)], null, { code: 'HR_LIST_OUT_OF_ORDER' }],
    'in the order of text, not of numbers': [[person(10), person(9)], null, { code: 'HR_LIST_OUT_OF_ORDER' }],
    'somebody twice': [[person(7), person(7)], null, { code: 'HR_LIST_OUT_OF_ORDER' }],
    'going back behind `after`': [[person(7)], '7', { code: 'HR_LIST_OUT_OF_ORDER' }],
    'longer than asked for': [[1, 2, 3, 4].map((id) => person(id)), null, { code: 'HR_LIST_TOO_LONG' }],
    'an entry without an id': [[person(1), person(null)], null, { code: 'HR_LIST_WITHOUT_ID' }],
    'an id too large for a number': [[person(2 ** 60)], null, { code: 'HR_LIST_WITHOUT_ID' }],
    'an entry that is no object': [[person(1), 'x'], null, { code: 'HR_LIST_WITHOUT_ID' }],
    'no array': [{ people: [] }, null, { code: 'HR_WRONG_SHAPE' }],
    'nobody readable': [[person(1, { email: 1 })], null, { code: 'HR_WRONG_SHAPE' }],
    'one unreadable among others, left out but passed by': [
      [person(1), person(2, { contracts: [{ endDate: 'soon' }] })],
      null,
      { outcome: 'page', records: [{ personId: '1' }], lastId: '2' },
    ],
  };
  test.each(Object.entries(pages))('%s', async (_name, [body, after, expected]) => {
    const server = createServer((_request, response) => response.end(JSON.stringify(body)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const source = sourceAt(`http://127.0.0.1:${port}`);
      expect(await source.listPersons({ after, limit: 3, signal: never })).toMatchObject(expected);
      expect(logged.join()).not.toContain('Rossi');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test.each([405, 501])('%i means that there is no list', async (status) => {
    const server = createServer((_request, response) => response.writeHead(status).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      const source = sourceAt(`http://127.0.0.1:${port}`);
      expect(await source.listPersons({ after: null, limit: 3, signal: never })).toEqual({
        outcome: 'unsupported',
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});
