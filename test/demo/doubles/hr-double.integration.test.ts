import { afterEach, describe, expect, test } from 'vitest';
import { startHrDouble } from '../../../src/demo/doubles/hr-double.ts';
import type { HrDouble } from '../../../src/demo/doubles/hr-double.ts';
import { HR_DATE_FORMS } from '../../../src/demo/doubles/hr-double-person.ts';

const ADA = {
  id: 900123,
  name: 'Rossi',
  firstName: 'Ada',
  participations: [{ experiment: 'CMS', startDate: '2020-01-01', endDate: '2027-03-31' }],
};
const BASIC = `Basic ${Buffer.from('hr:secret').toString('base64')}`;

let hr: HrDouble;
afterEach(() => hr.stop());

async function start(options: Partial<Parameters<typeof startHrDouble>[0]> = {}): Promise<void> {
  hr = await startHrDouble({ username: 'hr', password: 'secret', people: [ADA], ...options });
}

async function get(path: string, authorization = BASIC): Promise<{ status: number; body: unknown }> {
  const response = await fetch(hr.url + path, { headers: { authorization } });
  return { status: response.status, body: await response.json() };
}

describe('the HR double', () => {
  test('asks for credentials', async () => {
    await start();
    expect(await get('/api/VOPersons/900123', 'Basic d3Jvbmc6d3Jvbmc=')).toMatchObject({ status: 401 });
  });

  test('answers for one person, and 404 for nobody', async () => {
    await start();
    expect(await get('/api/VOPersons/900123')).toEqual({ status: 200, body: ADA });
    expect(await get('/api/VOPersons/7')).toMatchObject({ status: 404 });
    hr.removePerson(900123);
    expect(await get('/api/VOPersons/900123')).toMatchObject({ status: 404 });
  });

  test('takes its time to answer where told to', async () => {
    await start({ latencyMs: 3_600_000 });
    const gaveUp = expect(get('/api/VOPersons/900123')).rejects.toThrow();
    const request = await hr.nextRequest();
    expect(request.status).toBeNull();
    await hr.stop();
    await gaveUp;
  });

  test('says null instead of leaving out where told to', async () => {
    await start();
    hr.setPerson({ ...ADA, emptyAs: 'null' });
    expect((await get('/api/VOPersons/900123')).body).toMatchObject({ email: null, contracts: null });
  });

  const written: Record<(typeof HR_DATE_FORMS)[number], string | number> = {
    date: '2027-03-31',
    'midnight+0000': '2027-03-31T00:00:00.000+0000',
    'midnight+00:00': '2027-03-31T00:00:00+00:00',
    midnightZ: '2027-03-31T00:00:00Z',
    lastSecondZ: '2027-03-31T23:59:59.999Z',
    localMidnightZ: '2027-03-30T22:00:00.000Z',
    epochMs: 1806451200000,
    localMidnightEpochMs: 1806444000000,
  };
  test.each(HR_DATE_FORMS)('writes dates in the form %s', async (dateForm) => {
    await start();
    hr.setPerson({ ...ADA, dateForm });
    expect((await get('/api/VOPersons/900123')).body).toMatchObject({
      participations: [{ endDate: written[dateForm] }],
    });
  });

  test.each([
    ['on the last day', '2027-03-31T12:00:00Z', true],
    ['the day after', '2027-04-01T12:00:00Z', false],
    ['after midnight in its own zone', '2027-03-31T22:30:00Z', false],
  ])('says whether a participation is valid: %s', async (_when, now, valid) => {
    await start({ now: () => Date.parse(now) });
    expect((await get('/api/VOPersons/participation/cms/valid/900123')).body).toBe(valid);
  });

  test('lists in the order of ids, page by page, and can have no list', async () => {
    await start({ people: [30, 7, 100].map((id) => ({ ...ADA, id })) });
    expect((await get('/api/VOPersons?limit=2')).body).toMatchObject([{ id: 7 }, { id: 30 }]);
    expect((await get('/api/VOPersons?after=30&limit=2')).body).toMatchObject([{ id: 100 }]);
    expect((await get('/api/VOPersons?after=100&limit=2')).body).toEqual([]);
    hr.setList(false);
    expect(await get('/api/VOPersons?limit=2')).toMatchObject({ status: 404 });
  });

  test('a fault can be for some persons, or for some requests, only', async () => {
    await start({ people: [ADA, { ...ADA, id: 2 }] });
    hr.fault('500', { for: [2], times: 1 });
    expect(await get('/api/VOPersons/900123')).toMatchObject({ status: 200 });
    expect(await get('/api/VOPersons/2')).toMatchObject({ status: 500 });
    expect(await get('/api/VOPersons/2')).toMatchObject({ status: 200 });
  });

  test('a slow answer comes when the fault is over', async () => {
    await start();
    hr.fault('slow');
    const arrived = hr.nextRequest();
    const answer = get('/api/VOPersons/900123');
    expect(await arrived).toMatchObject({ personId: '900123', status: null });
    hr.fault('none');
    expect(await answer).toMatchObject({ status: 200 });
  });
});
