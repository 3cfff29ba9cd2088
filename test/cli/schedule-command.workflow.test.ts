import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { syncScheduleId } from '../../src/schedule/apply-schedule.ts';
import { watchdogScheduleId } from '../../src/schedule/watchdog-schedule.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const run = promisify(execFile);

describeOnTemporal('the command schedule apply', ({ address, namespace }) => {
  let folder: string;
  let file: string;
  let client: Client;

  const apply = (cron: string) => {
    const text = `fallbackOwner: '900001'
admins: [admins@example.org]
serviceDesk: desk@example.org
temporal: { address: "${address}", namespace: "${namespace}" }
hr: { url: "http://127.0.0.1:9" }
mail: { host: smtp.example.org, from: lifecycle@example.org }
logins: { mailDomain: example.org }
sync: { cron: "${cron}" }
`;
    return writeFile(file, text).then(() =>
      run(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'schedule', 'apply', '--config', file]),
    );
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'schedule-command-'));
    file = join(folder, 'lifecycle.yaml');
    client = new Client({ connection: await Connection.connect({ address }), namespace });
  });
  afterAll(async () => {
    for (const id of [syncScheduleId('lifecycle'), watchdogScheduleId('lifecycle')]) {
      await client.schedule
        .getHandle(id)
        .delete()
        .catch(() => undefined);
    }
    await client.connection.close();
    await rm(folder, { recursive: true });
  });

  it('makes the schedule, leaves it alone when nothing changed, and puts a change right', async () => {
    expect((await apply('0 0 3 * * *')).stdout).toContain('schedule created: "0 0 3 * * *" in Europe/Zurich');
    expect((await apply('0 0 3 * * *')).stdout).toContain('schedule unchanged');
    expect((await apply('0 30 4 * * *')).stdout).toMatch(/schedule updated[^]*put right: /);
    const { spec } = await client.schedule.getHandle(syncScheduleId('lifecycle')).describe();
    expect(spec.calendars?.[0]).toMatchObject({ hour: [{ start: 4 }], minute: [{ start: 30 }] });
  });

  it('makes the schedule of the watchdog beside it', async () => {
    expect((await apply('0 0 3 * * *')).stdout).toMatch(/watchdog (created|unchanged): every 10 minutes/);
    const { spec, action } = await client.schedule.getHandle(watchdogScheduleId('lifecycle')).describe();
    expect(spec.intervals).toMatchObject([{ every: 600_000 }]);
    expect(action).toMatchObject({ workflowType: 'watchdog', args: [{ overdueMinutes: 15 }] });
  });

  it('says what is wrong with the configuration, and changes nothing', async () => {
    const failed = apply('every day').catch((error: unknown) => error);
    expect(await failed).toMatchObject({ code: 1, stderr: expect.stringContaining('sync.cron') });
  });
});
