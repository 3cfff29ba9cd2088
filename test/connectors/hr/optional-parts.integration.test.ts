import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHrSource } from '../../../src/connectors/hr/create-hr-source.ts';
import { startHrDouble } from '../../../src/demo/doubles/hr-double.ts';

let hr: Awaited<ReturnType<typeof startHrDouble>>;

beforeAll(async () => {
  hr = await startHrDouble({ username: 'lifecycle', password: 'secret', people: [] });
});
afterAll(() => hr.stop());

it('never asks an HR system for a list that the configuration says it does not have', async () => {
  const source = createHrSource({
    baseUrl: hr.url,
    credentials: { username: 'lifecycle', password: 'secret' },
    timeoutMs: 5_000,
    timeZone: 'Europe/Zurich',
    concurrency: 1,
    ratePerSecond: null,
    list: false,
  });
  const page = await source.listPersons({ after: null, limit: 10, signal: new AbortController().signal });
  expect(page).toEqual({ outcome: 'unsupported' });
  expect(hr.requests).toEqual([]);
  await source.close();
});

it('sends no credentials where none are configured', async () => {
  const source = createHrSource({
    baseUrl: hr.url,
    credentials: null,
    timeoutMs: 5_000,
    timeZone: 'Europe/Zurich',
    concurrency: 1,
    ratePerSecond: null,
  });
  const answer = await source.readPerson({ personId: '1', signal: new AbortController().signal });
  expect(answer).toMatchObject({ outcome: 'unavailable', code: 'HR_STATUS_401' });
  await source.close();
});
