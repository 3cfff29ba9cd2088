import { Client, Connection } from '@temporalio/client';
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import { type HrDouble, startHrDouble } from '../../src/demo/doubles/hr-double.ts';
import { type SmtpSink, startSmtpSink } from '../../src/demo/doubles/smtp-sink.ts';
import { freePort } from '../../src/dev/free-port.ts';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporal-server.ts';
import { personOfHr } from '../support/deployment.ts';
import { eventually } from '../support/lives.ts';
import { findPostgres, mayBeSkipped, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const MAIN = fileURLToPath(new URL('../../src/worker/main.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const source = findPostgres();
const canRun = source.type === 'binaries' || !mayBeSkipped;

const DAY_MS = 86_400_000;
const dateIn = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

interface Line {
  readonly level: string;
  readonly msg: string;
  readonly code?: string;
}

describeOnTemporal('a worker whose surroundings are not there yet', () => {
  describe.skipIf(!canRun)('(with a Postgres of its own)', () => {
    let folder: string;
    let postgres: TestPostgres;
    let databaseUrl: string;
    let ports: { temporal: number; hr: number; smtp: number };
    const started: {
      temporal?: TemporalServer;
      hr?: HrDouble;
      sink?: SmtpSink;
      child?: ChildProcessByStdio<null, Readable, Readable>;
    } = {};

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'lifecycle-start-'));
      postgres = await startPostgres(source);
      databaseUrl = await postgres.createDatabase();
      ports = { temporal: await freePort(), hr: await freePort(), smtp: await freePort() };
    });
    afterAll(async () => {
      started.child?.kill('SIGKILL');
      await started.temporal?.stop();
      await started.hr?.stop();
      await started.sink?.stop();
      await postgres.close();
      rmSync(folder, { recursive: true, force: true });
    });

    function configFile(): string {
      const path = join(folder, 'lifecycle.yaml');
      const lines = [
        "fallbackOwner: '900001'",
        'admins:',
        '  - admins@example.org',
        'serviceDesk: service-desk@example.org',
        'temporal:',
        `  address: 127.0.0.1:${ports.temporal}`,
        'registry:',
        '  urlEnv: TEST_DATABASE_URL',
        'hr:',
        `  url: http://127.0.0.1:${ports.hr}`,
        '  user: lifecycle',
        '  passwordEnv: TEST_HR_PASSWORD',
        '  timeoutSeconds: 2',
        'mail:',
        '  host: 127.0.0.1',
        `  port: ${ports.smtp}`,
        '  tls: none',
        '  from: accounts@example.org',
        'logins:',
        '  mailDomain: example.org',
        'sync:',
        // Every second: the start itself must not wait for it.
        "  cron: '* * * * * *'",
        'tuning:',
        '  maxRetryIntervalSeconds: 1',
      ];
      writeFileSync(path, lines.join('\n'));
      return path;
    }

    it('waits for each of them, says so, and goes on when it is there', { timeout: 180_000 }, async () => {
      if (!postgres.power) throw new Error('this test stops its Postgres');
      await postgres.power.stop();
      const child = spawn(process.execPath, ['--import', 'tsx', MAIN, '--config', configFile()], {
        cwd: ROOT,
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          TEST_DATABASE_URL: databaseUrl,
          TEST_HR_PASSWORD: 'a secret of HR',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      started.child = child;
      const lines: Line[] = [];
      let [rest, errors] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        const parts = (rest + text).split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts.filter((part) => part.startsWith('{')).map((part) => JSON.parse(part) as Line));
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
      const said = (words: RegExp) =>
        eventually(
          `the worker says ${String(words)}; it said ${errors}`,
          () => {
            if (child.exitCode !== null) throw new Error(`the worker ended: ${errors}`);
            return lines.find(({ msg }) => words.test(msg));
          },
          60_000,
        );

      expect(await said(/^waiting for the registry/)).toMatchObject({
        level: 'warn',
        code: 'REGISTRY_UNREACHABLE',
      });
      await postgres.power.start();
      await said(/^Temporal at 127\.0\.0\.1:\d+ does not answer; retrying\. Start one with/);

      const attributes = { ui: false, searchAttributes: SEARCH_ATTRIBUTES, log: () => undefined };
      started.temporal = await startTemporalServer({ ...attributes, port: ports.temporal });
      await said(/^Temporal at 127\.0\.0\.1:\d+ answers; going on$/);
      await said(/^waiting for HR, to check the fallback owner/);

      started.hr = await startHrDouble({
        port: ports.hr,
        username: 'lifecycle',
        password: 'a secret of HR',
        people: [personOfHr(900_001), personOfHr(900_002, { to: dateIn(30) })],
      });
      await said(/^the workers run$/);

      const connection = await Connection.connect({ address: started.temporal.address });
      const client = new Client({ connection });
      const accounts = await eventually('both people have an account', async () => {
        const found = [];
        for await (const one of client.workflow.list({ query: 'WorkflowType = "accountLifecycle"' }))
          found.push(one);
        return found.length >= 2 && found;
      });
      expect(accounts).toHaveLength(2);
      await connection.close();

      // Mail is not there either: the alarm about a person who vanished waits for it.
      started.hr.removePerson(900_002);
      await said(/^(step|synchronisation) not carried out/);
      // With `tls: none` it is not asked for TLS, although it offers it.
      started.sink = await startSmtpSink({ port: ports.smtp, offersTls: true });
      const mail = await started.sink.waitForMail(({ to }) => to.includes('admins@example.org'));
      expect(mail.text).toContain('900002');
      expect(mail.encrypted).toBe(false);

      expect(JSON.stringify(lines) + errors).not.toMatch(/a secret of HR|person-900002@|Rossi/);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
      expect(lines.some(({ msg }) => msg.startsWith('stopping'))).toBe(true);
    });
  });
});
