import { Client, Connection } from '@temporalio/client';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { SEARCH_ATTRIBUTES } from '../contracts/search-attributes.ts';
import { findTemporalCli } from '../dev/temporal-binaries.ts';
import { startTemporalServer } from '../dev/temporal-server.ts';
import { accountWorkflowId } from '../worker/account-workflows.ts';
import { demoConfig, DEMO_HR_PASSWORD, DEMO_HR_USER } from './demo-config.ts';
import { startHrDouble } from './doubles/hr-double.ts';
import { startSmtpSink } from './doubles/smtp-sink.ts';
import { judge } from './judge.ts';
import { killMoments } from './kill-plan.ts';
import { createNarrator } from './narrator.ts';
import type { DemoOptions } from './options.ts';
import { personIdOf, playStory, recordsAtStart } from './play-story.ts';
import { prepareAccounts } from './prepare-accounts.ts';
import { story } from './story/story.ts';
import { createStoryClock } from './story-clock.ts';
import { createWorkerKeeper } from './worker-keeper.ts';
import { zurichInstant } from './zurich-time.ts';

const FOLDER = fileURLToPath(new URL('../../.demo/', import.meta.url));
/** Least real time before the story begins, in which everybody's account is made. */
const LEAD_MS = 10_000;
/** A slow machine gets more: so many times what it took to load the worker, but no more than the story can bear. */
const LEAD_FACTOR = 1.5;
const LONGEST_LEAD_DAYS = 60;
const POLL_MS = 1_000;
const DAY_MS = 86_400_000;

/** Ends what was started, the last first, whatever becomes of the others. */
function createCleanup() {
  const tasks: (() => Promise<void>)[] = [];
  return {
    add: (task: () => Promise<void>) => void tasks.push(task),
    run: async () => {
      for (const task of tasks.reverse()) await task().catch(() => undefined);
    },
  };
}

/** Plays the story; answers whether everything was as it must be. Ends all that it started, also when called off. */
export async function createDemo(input: {
  readonly options: DemoOptions;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<boolean> {
  const { options, signal } = input;
  const say = (line: string): void => {
    input.print(line);
  };
  const cleanup = createCleanup();
  try {
    await mkdir(FOLDER, { recursive: true });
    const folder = await mkdtemp(join(FOLDER, 'run-'));
    const logFile = join(folder, 'worker.log');
    say('Starting a Temporal server, an HR system, a mail server and a worker …');
    const keeper = createWorkerKeeper({
      folder,
      logFile,
      tell: (words) => {
        narrate('demo', words);
      },
    });
    let narrate: (nick: string, words: string) => void = (_nick, words) => {
      say(words);
    };
    cleanup.add(() => keeper.stop());
    const loadBegan = performance.now();
    const loading = keeper.load().then(() => performance.now() - loadBegan);
    loading.catch(() => undefined);
    const temporal = await startTemporalServer({ ui: true, searchAttributes: SEARCH_ATTRIBUTES, log: say });
    cleanup.add(() => temporal.stop());
    const connection = await Connection.connect({ address: temporal.address });
    cleanup.add(() => connection.close());
    const client = new Client({ connection, namespace: temporal.namespace });
    const leadMs = Math.min(
      Math.max(LEAD_MS, LEAD_FACTOR * (await loading)),
      LONGEST_LEAD_DAYS * options.secondsPerDay * 1000,
    );
    signal.throwIfAborted();

    const begins = zurichInstant(story.begins);
    const ends = zurichInstant(story.ends);
    const clock = createStoryClock({ begins, leadMs, secondsPerDay: options.secondsPerDay });
    const hr = await startHrDouble({
      username: DEMO_HR_USER,
      password: DEMO_HR_PASSWORD,
      now: () => clock.now(),
      people: recordsAtStart(story),
    });
    cleanup.add(() => hr.stop());
    const smtp = await startSmtpSink({ now: () => clock.now() });
    cleanup.add(() => smtp.stop());
    const narrator = createNarrator({
      characters: story.characters,
      clock,
      print: options.quiet ? () => undefined : say,
    });
    narrate = narrator.tell;
    smtp.onMail(narrator.mail);

    const config = demoConfig({
      temporalAddress: temporal.address,
      hrUrl: hr.url,
      smtp,
      fallbackOwner: story.fallbackOwner,
      cron: '* * * * * *',
      fast: true,
      logLevel: 'warn',
    });
    await Promise.race([keeper.begin({ type: 'begin', clock: clock.anchor, config, folder }), keeper.broken]);
    const isReady = () => clock.now() < zurichInstant(story.begins) + 3 * DAY_MS;
    await Promise.race([prepareAccounts({ characters: story.characters, keeper, signal }), keeper.broken]);
    if (!isReady()) {
      say('This machine is too slow for this speed: the story began before everybody had an account.');
      say('Try a larger --seconds-per-day.');
      return false;
    }

    const known = await keeper.accounts();
    const loginOf = new Map(known.map(({ personId, accountId }) => [personId, accountId]));
    const [subject] = story.characters;
    const example = subject ? loginOf.get(personIdOf(subject)) : undefined;
    const cli = await findTemporalCli({ log: say });
    const program = cli === 'temporal' ? cli : relative(process.cwd(), cli);
    say('');
    say(`Temporal UI: ${temporal.uiAddress ?? ''}/namespaces/${temporal.namespace}/workflows`);
    say(`The worker's log: ${relative(process.cwd(), logFile)}`);
    if (subject && example !== undefined) {
      say(`To act on an account, for instance ${subject.nick}'s, from another terminal:`);
      for (const name of ['ignore', 'resume', 'restore']) {
        say(
          `  ${program} workflow signal --address ${temporal.address} --workflow-id ${accountWorkflowId(example)} --name ${name} --input '{"actor":"me","reason":"to see what happens"}'`,
        );
      }
    }
    say('');

    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    cleanup.add(() => {
      over.abort();
      return Promise.resolve();
    });
    const watching = watchAccounts(async () => {
      narrator.accounts(await keeper.accounts());
    }, either);
    const killing = killWorkers();
    const failures = await Promise.race([
      playStory({ story, clock, hr, client, keeper, tell: narrator.tell, signal: either }),
      keeper.broken,
      watching,
    ]);
    await Promise.race([clock.until(ends, either), keeper.broken]);
    await killing;
    const held = await Promise.race([
      judge({
        story,
        clock,
        keeper,
        mails: smtp.mails,
        failures: failures ?? [],
        ends,
        print: say,
        signal: either,
      }),
      keeper.broken,
    ]);
    if (!options.once) {
      say('');
      say('The story is over; the accounts live on. Ctrl-C ends everything.');
      await Promise.race([watching, keeper.broken]);
    }
    over.abort();
    if (held) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return held;

    async function killWorkers(): Promise<void> {
      const { kills, seed } = options;
      const from = begins + 5 * DAY_MS;
      for (const moment of killMoments({ kills, seed, from, until: ends - 14 * DAY_MS })) {
        await clock.until(moment, either);
        narrator.tell('demo', 'kill -9 of the worker');
        keeper.kill();
      }
    }
  } finally {
    await cleanup.run();
  }
}

/** Looks again and again until called off. */
async function watchAccounts(look: () => Promise<void>, signal: AbortSignal): Promise<undefined> {
  while (!signal.aborted) {
    await look().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
