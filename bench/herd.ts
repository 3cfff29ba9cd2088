/**
 * A herd: accounts whose owners' contracts all end on one day. Nine of ten are primary accounts, whose leaving is
 * written to the directory; one of ten is a service account, which is handed on after HR was read afresh, and its new
 * owner gets a mail. Temporal, workers with their default queues and rates, registry and directory are the real ones;
 * HR and the mail server are doubles in a process of their own. First the accounts are spread over a window, by the
 * policy; then as many others are all due at once. Lateness is real seconds behind each account's own place in the
 * window. Exits 1 when a limit is broken.
 *
 *   npm run bench:herd -- --accounts 2000 --window 2m
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SEARCH_ATTRIBUTES } from '../src/contracts/search-attributes.ts';
import type { AccountState } from '../src/contracts/account.ts';
import type { Policy, PolicySet } from '../src/contracts/policy.ts';
import type { ClockAnchor, Instant } from '../src/contracts/time.ts';
import { startTemporalServer } from '../src/dev/temporal-server.ts';
import { cern } from '../src/policies/cern.ts';
import { instantOf, startOfDate } from '../src/policy/calendar.ts';
import { dateMoment } from '../src/policy/moments.ts';
import type { EffectRow, PersonRow } from '../src/registry/registry.ts';
import { createAccountWorkflows } from '../src/worker/account-workflows.ts';
import { startBenchDeployment, type BenchDeployment } from './deployment.ts';
import { startDoubles } from './doubles.ts';
import { startBenchRegistry } from './registry.ts';
import { readOptions } from './options.ts';
import { HEAD } from './people.ts';
import { report } from './report.ts';
import { say, seedAccount, seedPersons, startWorkflows } from './seed.ts';
import { percentile, rounded } from './statistics.ts';

const options = readOptions({
  accounts: { kind: 'number', default: 2_000 },
  window: { kind: 'time', default: 120_000 },
  /** Between the start of the first workflow and the moment of leaving; by default, so long as the starts may take. */
  lead: { kind: 'time', default: 0 },
});
const LAST_DAY = '2027-03-31';
const DAY_AFTER = '2027-04-01';
const ZONE = 'Europe/Zurich';
/** When the registry learned of it: past every notice, so that no workflow has anything to do before. */
const SEEDED_AT = instantOf(LAST_DAY, '12:00', ZONE);
const LEAVING_AT = startOfDate(DAY_AFTER, ZONE);
/** A service account for so many accounts. */
const ONE_SERVICE_IN = 10;
const POLL_MS = 100;
/** For the starts: a fixed part, and so much for each account. */
const LEAD_MS = 15_000;
const LEAD_PER_ACCOUNT_MS = 20;

/** What became of one account, in ms of the clock that its workflow goes by. */
interface Outcome {
  readonly slot: Instant;
  readonly begun: Instant;
  readonly done: Instant;
}

function spreadOver(minutes: number): PolicySet {
  const policies = Object.entries(cern.policies).map(([kind, policy]) => [
    kind,
    { ...policy, spreadMinutes: minutes },
  ]);
  return { ...cern, policies: Object.fromEntries(policies) };
}

function slotOf({ accountId, kind }: AccountState, policies: PolicySet): Instant {
  const policy: Policy | undefined = policies.policies[kind];
  if (!policy) throw new Error(`no policy for ${kind} accounts`);
  return dateMoment(DAY_AFTER, accountId, policy);
}

/** A tenth of the accounts are service accounts, of the first of these persons. */
async function seedHerd(
  deployment: BenchDeployment,
  persons: readonly PersonRow[],
  accounts: number,
): Promise<readonly AccountState[]> {
  const states: AccountState[] = [];
  const services = Math.floor(accounts / ONE_SERVICE_IN);
  for (const [index, person] of persons.entries()) {
    states.push(await seedAccount(deployment, { person, kind: 'primary', at: SEEDED_AT }));
    if (index < services)
      states.push(await seedAccount(deployment, { person, kind: 'service', at: SEEDED_AT }));
  }
  return states;
}

const STEPS: readonly string[] = ['leaving', 'transfer'];

async function untilDone(
  deployment: BenchDeployment,
  accountId: string,
): Promise<EffectRow & { doneAt: Instant }> {
  for (;;) {
    const effects = await deployment.deps.registry.effects(accountId);
    const effect = effects.find(({ action }) => STEPS.includes(action));
    if (effect?.state === 'done' && effect.doneAt !== null) return { ...effect, doneAt: effect.doneAt };
    await delay(POLL_MS);
  }
}

/** Lets the herd leave, spread over so many minutes, and waits until the last of it has. */
async function release(
  deployment: BenchDeployment,
  herd: readonly AccountState[],
  minutes: number,
): Promise<readonly Outcome[]> {
  const { client, tuning, queues } = deployment;
  const policies = spreadOver(minutes);
  const workflows = createAccountWorkflows({ client, taskQueue: queues.accounts, policies, tuning });
  const leadMs = options.lead || LEAD_MS + herd.length * LEAD_PER_ACCOUNT_MS;
  const clock: ClockAnchor = { realMs: Date.now(), virtualMs: LEAVING_AT - leadMs, speed: 1 };
  await startWorkflows(workflows, herd, clock);
  const spareMs = clock.realMs + leadMs - Date.now();
  if (spareMs < 0) throw new Error('the workflows were not started in time: give --lead, such as 3m');
  say(`  all started; they leave in ${String(Math.ceil(spareMs / 1000))} s`);
  const bySlot = herd.map((state) => ({ ...state, slot: slotOf(state, policies) }));
  bySlot.sort((a, b) => a.slot - b.slot);
  const outcomes: Outcome[] = [];
  await delay(spareMs);
  for (const { accountId, slot } of bySlot) {
    const { intentAt, doneAt } = await untilDone(deployment, accountId);
    outcomes.push({ slot, begun: intentAt, done: doneAt });
  }
  return outcomes;
}

const folder = await mkdtemp(join(tmpdir(), 'bench-herd-'));
const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];

async function main(): Promise<number> {
  const { accounts } = options;
  const minutes = options.window / 60_000;
  const primaries = accounts - Math.floor(accounts / ONE_SERVICE_IN);
  const server = await startTemporalServer({ ui: false, searchAttributes: SEARCH_ATTRIBUTES, log: say });
  closers.push(() => server.stop());
  const doubles = await startDoubles({ persons: 1 + 2 * primaries, lastDay: LAST_DAY, latencyMs: 50 });
  closers.push(() => doubles.stop());
  const registry = await startBenchRegistry(folder);
  closers.push(() => registry.stop());
  say(`Registry: ${registry.location.type}`);
  const deployment = await startBenchDeployment({ folder, registry, server, doubles });
  let isUp = true;
  closers.push(async () => isUp && deployment.stop());

  say(`Preparing two herds of ${String(accounts)} accounts …`);
  const [head, ...others] = await seedPersons(deployment, { at: SEEDED_AT });
  if (head?.personId !== String(HEAD)) throw new Error('HR lists its people in another order');
  await seedAccount(deployment, { person: head, kind: 'primary', at: SEEDED_AT });
  const spread = await seedHerd(deployment, others.slice(0, primaries), accounts);
  const atOnce = await seedHerd(deployment, others.slice(primaries), accounts);

  say(`One herd, spread over ${String(rounded(minutes, 1))} minutes …`);
  const outcomes = await release(deployment, spread, minutes);
  say('The other one, all at once …');
  const drained = await release(deployment, atOnce, 0);
  const expected = 2 * (accounts - primaries);
  while ((await doubles.counts()).mails < expected) await delay(POLL_MS);
  say(`  ${String(expected)} new owners have their mail`);
  // What the worker's native part has to say comes before the report, whose last line is for scripts.
  await deployment.stop();
  isUp = false;

  const late = outcomes.map(({ slot, done }) => (done - slot) / 1000);
  const early = [...outcomes, ...drained].filter(({ slot, begun }) => begun < slot).length;
  const drainSeconds = (Math.max(...drained.map(({ done }) => done)) - LEAVING_AT) / 1000;
  const seconds = (value: number, limit: number | null) => ({ value: rounded(value, 2), unit: 's', limit });
  const after = `late, spread over ${String(rounded(minutes, 1))} minutes`;
  return report([
    { name: 'accounts', field: 'accounts', value: accounts, unit: '', limit: null },
    { name: 'before their moment, both herds', field: 'early', value: early, unit: 'accounts', limit: 0 },
    { name: `half are at most so ${after}`, field: 'p50Seconds', ...seconds(percentile(late, 50), null) },
    { name: `99 of 100 are at most so ${after}`, field: 'p99Seconds', ...seconds(percentile(late, 99), 60) },
    { name: `the latest is so ${after}`, field: 'maxSeconds', ...seconds(Math.max(...late), null) },
    { name: 'all at once: until the last is done', field: 'drainSeconds', ...seconds(drainSeconds, null) },
  ]);
}

try {
  process.exitCode = await main();
} finally {
  for (const close of closers.reverse()) await close();
}
