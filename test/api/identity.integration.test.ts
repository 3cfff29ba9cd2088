import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_FIELDS } from '../../src/api/identity/fields.ts';
import { listAnswer, oneAnswer } from '../../src/api/identity/schemas.ts';
import { DAY_MS, type CalendarDate } from '../../src/contracts/time.ts';
import { instantOf, startOfDate } from '../../src/policy/calendar.ts';
import { addAccount, contractOf, startApiWorld, tellPerson, ZONE, type ApiWorld } from '../support/api.ts';
import { accountStateOf } from '../support/registry.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld({ settings: { gid: 2766 } });
  // The database's clock is the story's: nothing is modified later than it is told.
  await world.registry.clock({
    realMs: Date.now(),
    virtualMs: startOfDate('2027-01-01', ZONE),
    speed: 0.001,
  });
});
afterAll(() => world.stop());

const at = (date: CalendarDate, time: string) => instantOf(date, time, ZONE);
const ada = {
  ...{ givenName: 'Ada', familyName: 'Rossi', email: 'ada.rossi@cern.example', language: 'fr' },
  ...{ department: 'IT', group: 'PW', section: 'AM', institute: 'CERN' },
};

async function one(upn: string, fields: readonly string[] = []): Promise<Record<string, unknown>> {
  const query = fields.map((field) => `field=${field}`).join('&');
  const { status, body } = await world.get(`/api/v1.0/Identity/${encodeURIComponent(upn)}?${query}`);
  expect(status).toBe(200);
  return (oneAnswer.parse(body) as { data: Record<string, unknown> }).data;
}

async function list(query: string) {
  const { status, body } = await world.get(`/api/v1.0/Identity?${query}`);
  expect([status, body]).toEqual([200, body]);
  const { pagination, data } = listAnswer.parse(body);
  return { pagination, data: data as Record<string, unknown>[] };
}

const upns = async (query: string) => (await list(query)).data.map(({ upn }) => upn);

describe('GET /api/v1.0/Identity/{upn}', () => {
  it('answers the call of the source text as it stands', async () => {
    await tellPerson(world.registry, '900123', [contractOf('2020-01-01', '2027-03-31')], ada);
    await addAccount(world.registry, { login: 'arossi', personId: '900123' });
    world.setNow(at('2027-03-15', '12:00'));
    const { text, headers } = await world.get('/api/v1.0/Identity/arossi?field=activeUser', {
      headers: { accept: 'text/plain' },
    });
    expect(text).toBe('{"data":{"id":"id-arossi","activeUser":true}}');
    expect(headers['content-type']).toMatch(/^application\/json/);
  });

  it('answers every field without one named, and those named in any order', async () => {
    const all = await one('arossi');
    expect(Object.keys(all)).toEqual([...IDENTITY_FIELDS]);
    expect(all).toMatchObject({
      ...{ id: 'id-arossi', upn: 'arossi', type: 'Person', source: 'cern', personId: '900123', gid: 2766 },
      ...{ displayName: 'Ada Rossi', firstName: 'Ada', lastName: 'Rossi', uid: expect.any(Number) as number },
      ...{ cernDepartment: 'IT', cernGroup: 'PW', cernSection: 'AM', instituteName: 'CERN' },
      ...{ preferredCernLanguage: 'fr', orcid: null, postOfficeBox: null, activeUser: true },
      primaryAccountEmail: 'ada.rossi@cern.example',
    });
    expect(await one('arossi', ['upn', 'personId', 'upn'])).toEqual({
      ...{ id: 'id-arossi', upn: 'arossi', personId: '900123' },
    });
  });

  it('says active until the last day is over at midnight of the policy zone, whatever was written when', async () => {
    const active = async () => (await one('arossi', ['activeUser']))['activeUser'];
    world.setNow(startOfDate('2027-04-01', ZONE) - 1);
    expect(await active()).toBe(true);
    world.setNow(startOfDate('2027-04-01', ZONE));
    expect(await active()).toBe(false);
    world.setNow(at('2027-03-15', '12:00'));
    expect(await active()).toBe(true);
  });

  it('says active of somebody whose every contract is excluded', async () => {
    const excluded = { ...contractOf('2020-01-01', null), excluded: true };
    await tellPerson(world.registry, '900200', [excluded]);
    await addAccount(world.registry, { login: 'parent', personId: '900200' });
    expect(await one('parent', ['activeUser'])).toEqual({ id: 'id-parent', activeUser: true });
  });

  it('says inactive once the account is deleted, although the person is back under another login', async () => {
    await tellPerson(world.registry, '900300', [contractOf('2020-01-01', null)]);
    await addAccount(world.registry, { login: 'olduser', personId: '900300' });
    expect(await one('olduser', ['activeUser'])).toMatchObject({ activeUser: true });
    const state = accountStateOf({
      accountId: 'id-olduser',
      personId: '900300',
      stage: 'deleted',
      sequence: 9,
    });
    await world.registry.project({ state, nextStep: null, nextStepAt: null, problem: null, notes: [] });
    await addAccount(world.registry, { login: 'newuser', personId: '900300' });
    expect(await one('olduser', ['activeUser'])).toEqual({ id: 'id-olduser', activeUser: false });
    expect(await one('newuser', ['activeUser'])).toEqual({ id: 'id-newuser', activeUser: true });
    expect(await upns('filter=personId:900300')).toEqual(['newuser']);
  });

  it('has no activeUser of a service account, and shows its owner by id and address alone', async () => {
    await addAccount(world.registry, { login: 'robot', personId: '900123', kind: 'service' });
    await addAccount(world.registry, { login: 'arossi2', personId: '900123', kind: 'secondary' });
    const robot = await one('robot');
    expect(robot).not.toHaveProperty('activeUser');
    expect(robot).toMatchObject({
      ...{ type: 'Service', displayName: 'robot', firstName: null, lastName: null, cernDepartment: null },
      ...{ personId: '900123', primaryAccountEmail: 'ada.rossi@cern.example' },
    });
    expect(await one('robot', ['activeUser'])).toEqual({ id: 'id-robot' });
    expect(await one('arossi2', ['type', 'activeUser'])).toMatchObject({
      type: 'Secondary',
      activeUser: true,
    });
  });

  it('finds a login in any letter case, and answers 404 for one that never was', async () => {
    expect((await one('ARossi', ['upn']))['upn']).toBe('arossi');
    const { status, body } = await world.get('/api/v1.0/Identity/nobody');
    expect([status, body]).toMatchObject([
      404,
      { status: 404, type: expect.stringContaining('not-found') as string },
    ]);
  });

  it('answers HEAD like GET, without the body', async () => {
    const response = await fetch(`${world.url}/api/v1.0/Identity/arossi`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${await world.issuer.token()}` },
    });
    expect(response.status).toBe(200);
  });
});

describe('modificationTime', () => {
  const time = async (upn: string) => (await one(upn, ['modificationTime']))['modificationTime'];

  it('is the moment at which a leaver left, although nothing was written then', async () => {
    await tellPerson(world.registry, '900400', [contractOf('2027-02-01', '2027-03-31')]);
    await addAccount(world.registry, { login: 'leaver', personId: '900400' });
    world.setNow(at('2027-01-15', '12:00'));
    const made = String(await time('leaver'));
    expect(Date.parse(made) - startOfDate('2027-01-01', ZONE)).toBeLessThan(DAY_MS);
    world.setNow(at('2027-02-03', '12:00'));
    expect(await time('leaver')).toBe('2027-01-31T23:00:00.000Z');
    world.setNow(at('2027-04-07', '12:00'));
    expect(await time('leaver')).toBe('2027-03-31T22:00:00.000Z');
  });

  it('finds a leaver among those modified since, from midnight on and not before', async () => {
    const changed = async (operator: string, instant: string) =>
      (await upns(`filter=personId:900400&filter=modificationTime:${operator}:${instant}`)).length === 1;
    world.setNow(startOfDate('2027-04-01', ZONE) - 1);
    expect(await changed('gt', '2027-03-31T00:00:00Z')).toBe(false);
    world.setNow(startOfDate('2027-04-01', ZONE));
    expect(await changed('gt', '2027-03-31T00:00:00Z')).toBe(true);
    expect(await changed('ge', '2027-03-31T22:00:00Z')).toBe(true);
    expect(await changed('gt', '2027-03-31T22:00:00Z')).toBe(false);
    expect(await changed('gt', '2027-03-31T21:59:59.999Z')).toBe(true);
    expect(await changed('le', '2027-03-31T22:00:00Z')).toBe(true);
    expect(await changed('lt', '2027-03-31T22:00:00Z')).toBe(false);
    expect(await changed('ge', '2027-04-01T00:00:00%2B02:00')).toBe(true);
    expect(await changed('gt', '2026-01-01T00:00:00Z')).toBe(true);
    world.setNow(at('2028-04-01', '00:00'));
    expect(await changed('ge', '2027-04-01T00:00:00Z')).toBe(false);
  });

  it('agrees with its filter for everybody, at any instant', async () => {
    for (const date of ['2027-01-02', '2027-02-01', '2027-03-31', '2027-04-01', '2027-06-01']) {
      world.setNow(at(date, '00:00'));
      const all = (await list('field=upn&field=modificationTime')).data;
      for (const edge of [
        '2026-12-31T22:00:00.000Z',
        '2027-01-31T23:00:00.000Z',
        '2027-03-31T22:00:00.000Z',
      ]) {
        for (const [operator, holds] of [
          ['gt', (time: string) => time > edge],
          ['ge', (time: string) => time >= edge],
          ['lt', (time: string) => time < edge],
          ['le', (time: string) => time <= edge],
        ] as const) {
          const expected = all.filter((row) => holds(String(row['modificationTime']))).map(({ upn }) => upn);
          expect(
            await upns(`filter=modificationTime:${operator}:${edge}`),
            `${date} ${operator} ${edge}`,
          ).toEqual(expected);
        }
      }
    }
    world.setNow(at('2027-03-15', '12:00'));
  });
});

describe('GET /api/v1.0/Identity', () => {
  it('answers what known clients ask', async () => {
    const { pagination, data } = await list(
      'limit=1000&filter=type:Person&filter=source:cern&filter=activeUser:true&filter=modificationTime:gt:2026-01-01T00:00:00Z&field=upn&field=personId',
    );
    expect(pagination).toEqual({ total: data.length, offset: 0, limit: 1000, token: null });
    expect(data).toContainEqual({ id: 'id-arossi', upn: 'arossi', personId: '900123' });
    expect(data.map(({ upn }) => upn)).not.toContain('robot');
  });

  it('loses a leaver with activeUser:true and keeps them without', async () => {
    world.setNow(at('2027-04-01', '00:00'));
    expect(await upns('filter=personId:900400&filter=activeUser:true')).toEqual([]);
    expect(await upns('filter=personId:900400&filter=activeUser:false')).toEqual(['leaver']);
    expect(await upns('filter=personId:900400')).toEqual(['leaver']);
    world.setNow(at('2027-03-15', '12:00'));
  });

  it.each([
    ['upn:AROSSI', ['arossi']],
    ['upn:eq:arossi', ['arossi']],
    ['id:id-arossi', ['arossi']],
    ['primaryAccountEmail:Ada.Rossi@cern.example', ['arossi', 'robot', 'arossi2']],
    ['type:Service', ['robot']],
    ['type:Secondary', ['arossi2']],
    ['type:Application', []],
    ['source:edugain', []],
    ['cernDepartment:EP', []],
    ['upn:%25', []],
    ['upn:a_ossi', []],
  ])('filters by %s', async (filter, expected) => {
    expect(await upns(`filter=${filter}`)).toEqual(expected);
  });

  it.each([
    ['filter=colour:red', 'filter', 'upn'],
    ['filter=colour', 'filter', 'modificationTime'],
    ['filter=modificationTime:around:2026-01-01T00:00:00Z', 'filter', 'gt, ge, lt, le'],
    ['filter=modificationTime:2026-01-01T00:00:00Z', 'filter', 'gt, ge, lt, le'],
    ['filter=modificationTime:gt:yesterday', 'filter', '2026-01-01T00:00:00Z'],
    ['filter=modificationTime:gt:2026-01-01', 'filter', '2026-01-01T00:00:00Z'],
    ['filter=modificationTime:gt:2026-13-01T00:00:00Z', 'filter', 'instant'],
    ['filter=modificationTime:gt:2026-01-01T00:00:00+01:00', 'filter', '%2B'],
    ['filter=upn:gt:a', 'filter', 'eq'],
    ['filter=upn:', 'filter', 'value'],
    ['filter=upn:eq:', 'filter', 'value'],
    ['filter=activeUser:yes', 'filter', 'true or false'],
    ['field=colour', 'field', 'displayName'],
    ['field=', 'field', 'displayName'],
    ['limit=0', 'limit', '1 to 1000'],
    ['limit=1001', 'limit', '1 to 1000'],
    ['limit=ten', 'limit', '1 to 1000'],
    ['limit=10&limit=20', 'limit', '1 to 1000'],
    ['offset=-1', 'offset', 'whole number'],
    ['token=', 'token', 'empty'],
    ['filters=type:Person', '', 'filter'],
    ['__proto__=x', '', 'filter'],
    [Array.from({ length: 21 }, () => 'filter=type:Person').join('&'), 'filter', '20 times'],
  ])('refuses ?%s and names what is known', async (query, parameter, words) => {
    const { status, headers, body } = await world.get(`/api/v1.0/Identity?${query}`);
    expect(status).toBe(400);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({
      type: 'urn:account-lifecycle:problem:invalid-query',
      status: 400,
      errors: [{ parameter, detail: expect.stringContaining(words) as string }],
    });
  });

  it('takes a filter of many letters, and refuses one beyond that', async () => {
    expect(await upns(`filter=upn:${'x'.repeat(990)}`)).toEqual([]);
    expect((await world.get(`/api/v1.0/Identity?filter=upn:${'x'.repeat(1000)}`)).status).toBe(400);
  });
});
