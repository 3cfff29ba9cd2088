import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import { DEMO_HR_PASSWORD, DEMO_HR_USER, DEMO_PASSWORD_VARIABLE, demoConfig } from '../demo/demo-config.ts';
import { startHrDouble } from '../demo/doubles/hr-double.ts';
import { startSmtpSink } from '../demo/doubles/smtp-sink.ts';
import { contract, FELIX, GRETA, record } from '../demo/story/records.ts';
import { addDays, dateOf } from '../policy/calendar.ts';
import { endWithParent } from './end-with-parent.ts';
import { startTemporalServer } from './temporal-server.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, '.demo', 'dev');

/** A few people around today, on the real clock. */
function people() {
  const today = dateOf(Date.now(), 'Europe/Zurich');
  const since = addDays(today, -400);
  return [
    record(FELIX, 'Felix', 'Meier', { supervisorId: null, contracts: [contract(since)] }),
    record(GRETA, 'Greta', 'Hofmann', { supervisorId: null, contracts: [contract(since)] }),
    record(700101, 'Ada', 'Rossi', { contracts: [contract(since, addDays(today, 60))] }),
    record(700102, 'Bruno', 'Favre', { contracts: [contract(since, today)], preferredLanguage: 'fr' }),
    record(700103, 'Jonas', 'Lind', { contracts: [contract(addDays(today, 1))] }),
  ];
}

/** Server with UI, doubles, and a worker that is started anew whenever its code changes. Everything is new each time. */
async function main(): Promise<void> {
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const temporal = await startTemporalServer({
    ui: true,
    searchAttributes: SEARCH_ATTRIBUTES,
    log: console.log,
  });
  const hr = await startHrDouble({ username: DEMO_HR_USER, password: DEMO_HR_PASSWORD, people: people() });
  const smtp = await startSmtpSink();
  smtp.onMail(({ to, subject }) => {
    console.log(`mail to ${to.join(', ')}: ${subject}`);
  });
  const configFile = join(FOLDER, 'lifecycle.yaml');
  const config = demoConfig({
    temporalAddress: temporal.address,
    hrUrl: hr.url,
    smtp,
    fallbackOwner: String(FELIX),
    cron: '*/10 * * * * *',
    fast: false,
    logLevel: 'info',
  });
  await writeFile(configFile, config);
  console.log(`Temporal UI: ${temporal.uiAddress ?? ''}`);
  console.log(`HR: ${hr.url}, mail server: ${smtp.host}:${String(smtp.port)}`);
  console.log(`The worker's configuration: ${relative(process.cwd(), configFile)}`);

  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const worker = spawn(
    process.execPath,
    [tsx, 'watch', '--clear-screen=false', 'src/worker/main.ts', '--config', configFile],
    {
      cwd: ROOT,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TEMPORAL_ADDRESS: temporal.address, [DEMO_PASSWORD_VARIABLE]: DEMO_HR_PASSWORD },
      // Ctrl-C is for us: the worker ends first, then what it needs.
      detached: true,
    },
  );
  const ended = once(worker, 'exit');
  const watcher = worker.pid === undefined ? undefined : endWithParent(worker.pid);
  await Promise.race([stopped, ended]);
  if (worker.exitCode === null && worker.signalCode === null) worker.kill('SIGTERM');
  await ended;
  watcher?.release();
  await Promise.allSettled([hr.stop(), smtp.stop()]);
  await temporal.stop();
}

await main();
