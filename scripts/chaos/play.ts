import { setTimeout as delay } from 'node:timers/promises';
import { createZone, type Day } from '../../checker/calendar.ts';
import type { Answer, Fact } from '../../checker/life.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import type { Everything } from '../../src/demo/worker-messages.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import type { Seen } from '../server-world/lives-of.ts';
import { openWorld, type RegistryKind, type World } from '../server-world/world.ts';
import type { FaultPoint } from './fault-plan.ts';
import { faultWords } from './fault-plan.ts';
import { createInjector } from './injector.ts';
import { FALLBACK_OWNER, type ChaosStory } from './story.ts';

const ZONE = createZone('Europe/Zurich');
const BEGINS = Date.UTC(2027, 1, 1, 12);
const POLL_MS = 250;
/** How long the end may take to come to rest, in real ms. */
const REST_MS = 40_000;
/**
 * How late something may be seen, in real ms of an idle machine: a synchronisation begins every second, and is not done
 * in no time.
 */
const SLACK_MS = 8_000;

/** The machine could not keep up with the story's clock. */
export class TooSlow extends Error {}

/** A story that was played: what can be seen afterwards, and what happened on the way. */
export interface Played {
  readonly seen: Seen;
  readonly base: Day;
  readonly left: readonly FaultPoint[];
  readonly counts: Readonly<Record<string, number>>;
  readonly seconds: number;
}

export interface PlayInput {
  readonly story: ChaosStory;
  readonly plan: readonly FaultPoint[];
  readonly msPerDay: number;
  readonly registry: RegistryKind;
  readonly bundleFile?: string;
  readonly tell: (words: string) => void;
  /** Called with the world's files before it ends. */
  readonly keep?: (world: World) => Promise<void>;
}

/** HR's word on a person as the judge knows it. */
export function answerOf(person: HrDoublePerson): Answer {
  return {
    outcome: 'found',
    ties: (person.contracts ?? []).map(({ startDate = null, endDate = null, excluded = false }) => ({
      kind: 'contract',
      start: startDate,
      end: endDate,
      excluded,
    })),
  };
}

export async function untilAccounts(
  world: World,
  isSo: (accounts: readonly AccountRow[]) => boolean,
  by = Infinity,
): Promise<readonly AccountRow[]> {
  for (;;) {
    const accounts = await world.keeper.accounts();
    if (isSo(accounts)) return accounts;
    if (world.clock.now() > by) throw new TooSlow('accounts are not where they should be');
    await delay(POLL_MS);
  }
}

/** Everybody gets an account, and what nobody can ask for yet is added. */
async function prepare(world: World, story: ChaosStory, base: Day): Promise<void> {
  const by = ZONE.startOf(base + story.readyDay);
  const isActive = ({ state }: AccountRow) => state.stage === 'active';
  const persons = new Set([
    ...story.people.map(({ id }) => String(id)),
    ...story.changes.flatMap(({ day, people }) =>
      day === 0 ? people(base).map(({ id }) => String(id)) : [],
    ),
  ]);
  await untilAccounts(world, (accounts) => accounts.length >= persons.size, by);
  await world.keeper.add({ ask: 'addAccounts', accounts: story.accounts });
  const all = persons.size + story.accounts.length;
  await untilAccounts(world, (accounts) => accounts.length >= all && accounts.every(isActive), by);
  const groups = story.members.map((login) => ({ login, groups: ['it-services'] }));
  await world.keeper.add({ ask: 'addGroups', groups });
}

/** The same for as long as nothing was done in between. */
function stateOf({ accounts, effects, notices }: Everything): string {
  const done = effects.filter(({ state }) => state === 'done').length;
  const sent = notices.filter(({ state }) => state !== 'due').length;
  const sequences = accounts.reduce((sum, { state }) => sum + state.sequence, 0);
  return [accounts.length, effects.length, done, notices.length, sent, sequences].join('/');
}

/** Looks until nothing is half done and nothing happened any more between two looks. */
async function comeToRest(world: World): Promise<Everything> {
  const deadline = Date.now() + REST_MS;
  let last = await world.keeper.everything();
  for (;;) {
    await delay(2_500);
    const next = await world.keeper.everything();
    const isOpen =
      next.effects.some(({ state }) => state === 'intent') ||
      next.notices.some(({ state }) => state === 'due');
    if ((stateOf(next) === stateOf(last) && !isOpen) || Date.now() > deadline) return next;
    last = next;
  }
}

/** Who left is in grace, and who will be extended was told before that they leave. */
async function readyToReturn(world: World, story: ChaosStory, base: Day): Promise<void> {
  const by = ZONE.startOf(base + story.latestSyncDay + 1);
  const isTold = (id: string) => world.smtp.mails.some(({ to }) => to.includes(`person-${id}@example.org`));
  await untilAccounts(
    world,
    (accounts) =>
      story.extended.every(isTold) &&
      story.returners.every((id) =>
        accounts.some(({ personId, state }) => personId === id && state.stage === 'grace'),
      ),
    by,
  );
}

async function perform(world: World, input: PlayInput): Promise<Played> {
  const { story, plan, tell } = input;
  const since = Date.now();
  await untilAccounts(world, (accounts) => accounts.length >= story.people.length);
  const base = ZONE.dayAt(world.clock.now()) + 1;
  tell(`it begins; a day lasts ${String(world.msPerDay)} ms`);
  const hrAnswers: Extract<Fact, { type: 'hrAnswers' }>[] = story.people.map((person) => ({
    type: 'hrAnswers',
    at: BEGINS,
    person: String(person.id),
    answer: answerOf(person),
  }));
  const injector = createInjector({ world, plan, tell });
  const change = (people: readonly HrDoublePerson[]): void => {
    for (const person of people) {
      world.hr.setPerson(person);
      const at = world.clock.now();
      hrAnswers.push({ type: 'hrAnswers', at, person: String(person.id), answer: answerOf(person) });
    }
  };
  const days = [...story.changes.map(({ day }) => day), ...story.phases.map(({ from }) => from)];
  for (const day of [...new Set(days)].toSorted((a, b) => a - b)) {
    await world.until(ZONE.startOf(base + day));
    if (day === story.syncDay) {
      await readyToReturn(world, story, base);
    }
    for (const { name, from } of story.phases) if (from === day) injector.beginPhase(name);
    for (const one of story.changes) if (one.day === day) change(one.people(base));
    if (day === 0) await prepare(world, story, base);
  }
  await world.until(ZONE.startOf(base + story.endDay));
  let everything: Everything;
  let left: number;
  do {
    // What happens at the very end has its aftermath as well.
    left = injector.left().length;
    await injector.settled();
    everything = await comeToRest(world);
  } while (injector.left().length < left);
  await injector.end();
  for (const point of injector.left()) tell(`did not happen: ${faultWords(point)}`);
  return {
    seen: {
      everything,
      mails: world.smtp.mails,
      hrAnswers,
      troubles: injector.troubles(),
      kills: injector.kills(),
      until: world.clock.now(),
      slackMs: (SLACK_MS * DAY_MS) / input.msPerDay,
    },
    base,
    left: injector.left(),
    counts: injector.counts,
    seconds: (Date.now() - since) / 1000,
  };
}

/** Plays a story in a world of its own, with what goes wrong on the way. Throws `TooSlow`. */
export async function play(input: PlayInput): Promise<Played> {
  const { story, msPerDay, registry, bundleFile, tell } = input;
  const world = await openWorld({
    people: story.people,
    begins: BEGINS,
    msPerDay,
    registry,
    mayKillTemporal: input.plan.some(({ fault }) => fault.what === 'kill the Temporal server'),
    fallbackOwner: FALLBACK_OWNER,
    ...(bundleFile !== undefined && { bundleFile }),
    tell,
  });
  try {
    const played = await Promise.race([perform(world, input), world.keeper.broken]);
    await input.keep?.(world);
    return played;
  } finally {
    await world.stop(process.env['KEEP_WORLD'] !== undefined);
  }
}
