import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { realAnchor } from '../../src/clock.ts';
import { applyWatchdogSchedule, watchdogScheduleId } from '../../src/schedule/watchdog-schedule.ts';
import { TUNING } from '../support/lives.ts';
import { describeOnTemporal } from '../support/temporal.ts';

describeOnTemporal('applyWatchdogSchedule', ({ address, namespace }) => {
  let client: Client;
  const made: string[] = [];
  beforeAll(async () => {
    client = new Client({ connection: await Connection.connect({ address }), namespace });
  });
  afterAll(async () => {
    for (const id of made) await client.schedule.getHandle(id).delete();
    await client.connection.close();
  });

  const settings = () => {
    const prefix = `watched-${randomUUID()}`;
    made.push(watchdogScheduleId(prefix));
    const input = { clock: realAnchor(), tuning: TUNING, overdueMinutes: 15 };
    return { everyMinutes: 10, enabled: true, prefix, input };
  };
  const describe = (prefix: string) => client.schedule.getHandle(watchdogScheduleId(prefix)).describe();

  it('creates, finds unchanged, and updates the interval', async () => {
    const wanted = settings();
    expect(await applyWatchdogSchedule(client, wanted)).toMatchObject({ result: 'created', drift: [] });
    expect(await describe(wanted.prefix)).toMatchObject({
      action: { workflowType: 'watchdog', taskQueue: `${wanted.prefix}-operator`, args: [wanted.input] },
      policies: { overlap: 'SKIP', pauseOnFailure: false },
      spec: { intervals: [{ every: 600_000 }], calendars: [] },
      state: { paused: false },
    });
    expect(await applyWatchdogSchedule(client, wanted)).toMatchObject({ result: 'unchanged' });
    const applied = await applyWatchdogSchedule(client, { ...wanted, everyMinutes: 5 });
    expect(applied).toMatchObject({
      result: 'updated',
      drift: ['interval: was 600000 ms, is now 300000 ms'],
    });
  });

  it('never fires more often than once a second', async () => {
    const wanted = { ...settings(), everyMinutes: 0.001 };
    await applyWatchdogSchedule(client, wanted);
    expect((await describe(wanted.prefix)).spec.intervals).toMatchObject([{ every: 1000 }]);
  });

  it('is paused where the configuration says so', async () => {
    const wanted = { ...settings(), enabled: false };
    expect(await applyWatchdogSchedule(client, wanted)).toMatchObject({ nextRuns: [] });
    const { state } = await describe(wanted.prefix);
    expect(state).toMatchObject({ paused: true, note: 'paused since watchdog.enabled is false' });
  });
});
