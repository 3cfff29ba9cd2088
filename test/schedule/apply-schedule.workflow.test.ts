import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { applySyncSchedule } from '../../src/schedule/apply-schedule.ts';
import { translateSpringCron } from '../../src/schedule/spring-cron.ts';
import { describeOnTemporal } from '../support/temporal.ts';
import { nextFirings } from './next-firings.ts';

describeOnTemporal('applySyncSchedule', ({ address, namespace }) => {
  let connection: Connection;
  let client: Client;
  const made: string[] = [];
  beforeAll(async () => {
    connection = await Connection.connect({ address });
    client = new Client({ connection, namespace });
  });
  afterAll(async () => {
    for (const id of made) await client.schedule.getHandle(id).delete();
    await connection.close();
  });

  const settings = {
    cron: '0 15 4 * * MON-FRI',
    timeZone: 'Europe/Zurich',
    enabled: true,
    catchUpWindowSeconds: 3600,
    prefix: 'lifecycle',
    input: { ranges: 8 },
  };
  function newId(): string {
    const id = `hr-sync-${randomUUID()}`;
    made.push(id);
    return id;
  }

  it('creates, finds unchanged, and updates what the configuration changed', async () => {
    const scheduleId = newId();
    expect(await applySyncSchedule(client, { ...settings, scheduleId })).toMatchObject({
      result: 'created',
      drift: [],
    });
    const described = await client.schedule.getHandle(scheduleId).describe();
    expect(described).toMatchObject({
      action: {
        workflowType: 'hrSync',
        workflowId: scheduleId,
        taskQueue: 'lifecycle-operator',
        args: [{ ranges: 8 }],
      },
      policies: { overlap: 'SKIP', catchupWindow: 3_600_000, pauseOnFailure: false },
      spec: { timezone: 'Europe/Zurich' },
      state: { paused: false },
    });
    expect(await applySyncSchedule(client, { ...settings, scheduleId })).toMatchObject({
      result: 'unchanged',
      drift: [],
    });
    const changed = {
      ...settings,
      scheduleId,
      cron: '0 0/30 6 * * *',
      input: { ranges: 4 },
      catchUpWindowSeconds: 60,
    };
    const applied = await applySyncSchedule(client, changed);
    expect(applied.result).toBe('updated');
    expect(applied.drift).toEqual([
      expect.stringMatching(
        /^firing times: was .*minute 15 hour 4 .*MONDAY-FRIDAY, is now .*minute 0-30\/30 hour 6/,
      ),
      'input of the workflow: was another',
      'catch-up window in ms: was 3600000, is now 60000',
    ]);
    expect(await applySyncSchedule(client, changed)).toMatchObject({ result: 'unchanged' });
  });

  it.each([
    ['0 15 4 * * MON-FRI', 'Europe/Zurich'],
    ['*/20 59 23 28-31 * *', 'America/New_York'],
    ['0 5/15 0-2,22 * 2/4 0/2', 'UTC'],
    ['0 0 4 13 * FRI', 'Pacific/Auckland'],
    ['@monthly', 'Asia/Kolkata'],
  ])('the server fires %s in %s when the translation says', async (cron, timeZone) => {
    const applied = await applySyncSchedule(client, { ...settings, cron, timeZone, scheduleId: newId() });
    const firings = applied.nextRuns.map((at) => new Date(at).toISOString().replace('.000Z', 'Z'));
    expect(firings.length).toBeGreaterThanOrEqual(5);
    const translation = translateSpringCron(cron, timeZone);
    const calendars = translation.type === 'calendars' ? translation.calendars : [];
    const after = new Date(Date.parse(firings[0] ?? '') - 1000).toISOString();
    expect(firings).toEqual(nextFirings(calendars, { timeZone, after, count: firings.length }));
  });

  it('where clocks change the server skips what does not exist, and fires at least once at what comes twice', async () => {
    const timeZone = 'Europe/Zurich';
    const cron = '0 30 2 24-31 3,10 SUN';
    const { nextRuns } = await applySyncSchedule(client, {
      ...settings,
      cron,
      timeZone,
      scheduleId: newId(),
    });
    const translation = translateSpringCron(cron, timeZone);
    const calendars = translation.type === 'calendars' ? translation.calendars : [];
    const first = new Date((nextRuns[0] ?? 0) - 1000).toISOString();
    const expected = nextFirings(calendars, { timeZone, after: first, count: 20 });
    const days = (instants: readonly string[]): string[] => [
      ...new Set(instants.map((at) => at.slice(0, 10))),
    ];
    const fired = days(nextRuns.map((at) => new Date(at).toISOString()));
    expect(fired.length).toBeGreaterThanOrEqual(5);
    expect(fired).toEqual(days(expected).slice(0, fired.length));
  });

  it.each([
    ['a cron of "-"', { cron: '-' }, 'since sync.cron is "-"'],
    ['enabled: false', { enabled: false }, 'since sync.enabled is false'],
  ])('%s leaves it there, paused, and says so', async (_what, change, why) => {
    const scheduleId = newId();
    await applySyncSchedule(client, { ...settings, scheduleId });
    const applied = await applySyncSchedule(client, { ...settings, ...change, scheduleId });
    expect(applied).toMatchObject({ result: 'updated', nextRuns: [] });
    expect(applied.drift).toContain(`it was running: paused, ${why}`);
    const { state } = await client.schedule.getHandle(scheduleId).describe();
    expect(state).toMatchObject({ paused: true, note: `paused ${why}` });
    const again = await applySyncSchedule(client, { ...settings, ...change, scheduleId });
    expect(again).toMatchObject({ result: 'unchanged', nextRuns: [] });
  });

  it('tells what somebody changed on the server, and puts it right', async () => {
    const scheduleId = newId();
    await applySyncSchedule(client, { ...settings, scheduleId });
    const handle = client.schedule.getHandle(scheduleId);
    await handle.update((current) => ({
      ...current,
      spec: { ...current.spec, intervals: [{ every: '1h' }], timezone: 'UTC' },
      policies: { ...current.policies, overlap: 'ALLOW_ALL' },
      action: { ...current.action, workflowType: 'other' },
      state: { paused: true, note: 'maintenance of HR' },
    }));
    const applied = await applySyncSchedule(client, { ...settings, scheduleId });
    expect(applied.result).toBe('updated');
    expect(applied.drift).toEqual([
      'time zone: was UTC, is now Europe/Zurich',
      'it had intervals, which nothing here sets: taken out',
      'workflow type: was other, is now hrSync',
      'overlap: was ALLOW_ALL, is now SKIP',
      'it was paused (note: maintenance of HR): it runs again',
    ]);
    expect(await applySyncSchedule(client, { ...settings, scheduleId })).toMatchObject({
      result: 'unchanged',
    });
  });

  it('made by two at once, it is there once, as configured', async () => {
    const scheduleId = newId();
    const results = await Promise.all(
      [1, 2].map(() => applySyncSchedule(client, { ...settings, scheduleId })),
    );
    expect(results.map(({ result }) => result).sort()).toEqual(['created', 'unchanged']);
  });
});
