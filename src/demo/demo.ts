import { rm } from 'node:fs/promises';
import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findTemporalCli } from '../dev/temporal-binaries.ts';
import { accountWorkflowId } from '../worker/account-workflows.ts';
import { createCleanup, type Cleanup } from './cleanup.ts';
import { apiExamplesOf } from './demo-api.ts';
import { DEMO_IAM_CLIENT } from './demo-config.ts';
import { examplesOf, slapdOf } from './demo-ldap.ts';
import { judge } from './judge.ts';
import { killMoments } from './kill-plan.ts';
import type { DemoOptions } from './options.ts';
import { playStory } from './play-story.ts';
import { personIdOf } from './story/character.ts';
import { setStage, type Stage } from './set-stage.ts';
import { withExperiment } from './story/experiment.ts';
import { story as plainStory, type Story } from './story/story.ts';
import { zurichInstant } from './zurich-time.ts';

const POLL_MS = 1_000;
const DAY_MS = 86_400_000;
/** A machine that has other things to do gets more and more time. */
const PATIENCES = [1, 2, 4];

export interface DemoInput {
  readonly options: DemoOptions;
  /** Where the programs of a directory server are looked for: `PATH`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Plays the story; answers whether everything was as it must be. Ends all that it started, also when called off. */
export async function runDemo(input: DemoInput): Promise<boolean> {
  const { print } = input;
  const { withIam, withLdap } = input.options;
  const slapd = withLdap ? slapdOf(input.env) : null;
  const story = withIam ? withExperiment(plainStory) : plainStory;
  const others = [withLdap && 'a directory', withIam && 'an INDIGO IAM instance', 'a mail server']
    .filter((one) => one !== false)
    .join(', ');
  print(`Starting a Temporal server, an HR system, ${others} and a worker …`);
  for (const patience of PATIENCES) {
    const cleanup = createCleanup();
    try {
      const stage = await setStage({ ...input, story, slapd, patience, cleanup });
      if (stage) return await perform(stage, { ...input, story }, cleanup);
      print('The story began before everybody had an account: starting over, with more time.');
    } finally {
      await cleanup.run();
    }
  }
  print('This machine is too slow for this speed. Try a larger --seconds-per-day.');
  return false;
}

/** How to look at the accounts, and how to act on one of them. */
async function invite(stage: Stage, story: Story, print: DemoInput['print']): Promise<void> {
  const { temporal, keeper, instance, ldap, logFile } = stage;
  const cli = await findTemporalCli({ log: print });
  const program = cli === 'temporal' ? cli : relative(process.cwd(), cli);
  const accounts = await keeper.accounts();
  const [example] = story.characters;
  const account = accounts.find(({ personId }) => example && personId === personIdOf(example));
  print('');
  print(`Temporal UI: ${temporal.uiAddress ?? ''}/namespaces/${temporal.namespace}/workflows`);
  if (instance) {
    const { id, secret } = DEMO_IAM_CLIENT;
    print(`INDIGO IAM: ${instance.url} (tokens for the client ${id}, secret ${secret})`);
  }
  if (ldap) print(`The directory: ${ldap.url}`);
  for (const line of stage.api.invitation) print(line);
  print(`The worker's log: ${relative(process.cwd(), logFile)}`);
  if (example && account) {
    print(`To act on an account, for instance ${example.nick}'s, from another terminal:`);
    const id = accountWorkflowId(account.accountId);
    const target = `--address ${temporal.address} --workflow-id ${id}`;
    const payload = JSON.stringify({ actor: 'me', reason: 'to see what happens' });
    for (const name of ['ignore', 'resume', 'restore']) {
      print(`  ${program} workflow signal ${target} --name ${name} --input '${payload}'`);
    }
  }
  print('');
}

/** What the directory answers to its clients, of an account in each stage. */
async function showDirectory({ ldap, keeper }: Stage, print: DemoInput['print']): Promise<void> {
  if (ldap === null) return;
  print('');
  print('What the directory answers when a client asks, as any can:');
  for (const { login } of examplesOf(await keeper.accounts())) {
    const { command, answer } = await ldap.ask(login);
    for (const line of [command, ...answer.map((said) => `  ${said}`)]) print(line);
  }
}

/** What the API answers to its clients, of an account in each stage. */
async function showApi({ api, keeper }: Stage, print: DemoInput['print']): Promise<void> {
  print('');
  print('What the API answers when a client asks who is active:');
  for (const { login, state } of apiExamplesOf(await keeper.accounts())) {
    const { command, answer } = await api.ask(login);
    for (const line of [command, `  ${answer} (the account is in the stage ${state.stage})`]) print(line);
  }
}

async function perform(
  stage: Stage,
  input: DemoInput & { readonly story: Story },
  cleanup: Cleanup,
): Promise<boolean> {
  const { options, print, story } = input;
  const { clock, keeper, narrator, smtp, instance, folder } = stage;
  await invite(stage, story, print);
  const [begins, ends] = [zurichInstant(story.begins), zurichInstant(story.ends)];
  const over = new AbortController();
  const signal = AbortSignal.any([input.signal, over.signal]);
  cleanup.add(() => {
    over.abort();
  });

  const killing = async (): Promise<void> => {
    const { kills, seed } = options;
    const from = begins + 5 * DAY_MS;
    for (const moment of killMoments({ kills, seed, from, until: ends - 14 * DAY_MS })) {
      await clock.until(moment, signal);
      narrator.tell('demo', 'kill -9 of the worker');
      keeper.kill();
    }
  };
  const playing = async (): Promise<boolean> => {
    const [failures] = await Promise.all([
      playStory({ ...stage, story, tell: narrator.tell, signal }),
      killing(),
    ]);
    await clock.until(ends, signal);
    return judge({ story, clock, keeper, mails: smtp.mails, instance, failures, ends, print, signal });
  };
  const watching = watch(async () => {
    narrator.accounts(await keeper.accounts());
    narrator.instance(instance?.records() ?? []);
  }, signal);
  // Nobody may be left waiting for a worker that cannot come.
  const unlessBroken = <T>(work: Promise<T>): Promise<T> =>
    Promise.race([work, keeper.broken, failing(watching)]);

  const held = await unlessBroken(playing());
  await unlessBroken(showApi(stage, print));
  await unlessBroken(showDirectory(stage, print));
  if (!options.once) {
    print('');
    print('The story is over; the accounts live on. Ctrl-C ends everything.');
    await Promise.race([watching, keeper.broken]);
  }
  if (held) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  return held;
}

/** Looks again and again until called off. */
async function watch(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Rejects when the work fails, and waits for ever when it ends well. */
async function failing(work: Promise<void>): Promise<never> {
  await work;
  return new Promise<never>(() => undefined);
}
