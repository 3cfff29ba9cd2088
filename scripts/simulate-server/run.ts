import { setTimeout as delay } from 'node:timers/promises';
import { createChecker } from '../../checker/check-life.ts';
import { createZone, type Day } from '../../checker/calendar.ts';
import type { Fact, Finding, FindingKind, ObservedLife, Trouble } from '../../checker/life.ts';
import { isMerged } from '../../checker/merged-notice.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { killMoments } from '../../src/demo/kill-plan.ts';
import { answerOf } from '../chaos/play.ts';
import { FALLBACK_OWNER } from '../chaos/story.ts';
import { livesOf } from '../server-world/lives-of.ts';
import type { Stretch } from '../server-world/stretch.ts';
import { openWorld, type World } from '../server-world/world.ts';
import { lifeInWords } from '../simulate/in-words.ts';
import { dayOfMoment, simulatedStory, type SimulatedStory } from './story.ts';

export interface ServerSimulation {
  readonly seed: number;
  readonly accounts: number;
  readonly years: number;
  readonly msPerDay: number;
  readonly kills: number;
  readonly tell: (words: string) => void;
}

export interface ServerTally {
  readonly accounts: number;
  readonly accountYears: number;
  readonly counts: Readonly<Record<FindingKind, number>>;
  /** Notices that the rule for late notices merged, after a trouble, with a later one, which went out. */
  readonly merged: number;
  readonly mails: number;
  readonly msPerDay: number;
  readonly kills: number;
}

const ZONE = createZone('Europe/Zurich');
const BEGINS = Date.UTC(2027, 2, 1);
const YEAR_MS = 365.25 * DAY_MS;
/** Real time before the story begins, in which everybody's account is made, in ms. */
const LEAD_MS = 15_000;
const LEAD_MS_PER_ACCOUNT = 100;
/** How late something may be seen, in real ms. */
const SLACK_MS = 5_000;
/** After a kill nobody knows for so long, in real ms, what got out. */
const AFTERMATH_MS = 10_000;
/** A worker that is back has worked off what waited for it after so long, in real ms, however slow the machine is. */
const LONGEST_BACKLOG_MS = 60_000;
/** Between looks at the backlog, in real ms. */
const BACKLOG_LOOK_MS = 500;
const SHOWN = 10;

function judge(lives: readonly ObservedLife[], tell: (words: string) => void) {
  const check = createChecker();
  const counts: Record<FindingKind, number> = {
    wrongBlock: 0,
    wrongDelete: 0,
    noticeMissed: 0,
    noticeDoubled: 0,
    early: 0,
    lost: 0,
    wrong: 0,
  };
  let merged = 0;
  const found: { readonly life: ObservedLife; readonly findings: readonly Finding[] }[] = [];
  for (const life of lives) {
    const all = check(life);
    const findings = all.filter((finding) => !isMerged(life, finding));
    merged += all.length - findings.length;
    for (const { kind } of findings) counts[kind] += 1;
    if (findings.length > 0) found.push({ life, findings });
  }
  // What came late is the least of it, and the most.
  const isHarm = ({ findings }: (typeof found)[number]) => findings.some(({ kind }) => kind !== 'lost');
  for (const { life, findings } of [...found.filter(isHarm), ...found.filter((one) => !isHarm(one))].slice(
    0,
    SHOWN,
  ))
    tell(`${lifeInWords(life, findings)}\n`);
  return { counts, merged };
}

/** HR follows the story; answers what it said when. */
async function tellHr(world: World, story: SimulatedStory) {
  const said: Extract<Fact, { type: 'hrAnswers' }>[] = [];
  const note = (person: SimulatedStory['people'][number], at: number) =>
    said.push({ type: 'hrAnswers', at, person: String(person.id), answer: answerOf(person) });
  for (const person of story.people) note(person, 0);
  for (const { day, person } of story.words) {
    await world.until(ZONE.startOf(day));
    world.hr.setPerson(person);
    note(person, world.clock.now());
  }
  return said;
}

async function addAccounts(world: World, story: SimulatedStory, tell: (words: string) => void) {
  for (;;) {
    const accounts = await world.keeper.accounts();
    const owners = new Set(accounts.map(({ personId }) => personId));
    if (story.people.every(({ id }) => owners.has(String(id)))) break;
    await world.until(world.clock.now() + DAY_MS);
  }
  await world.keeper.add({ ask: 'addAccounts', accounts: story.accounts });
  tell(`everybody has an account; a day lasts ${String(world.msPerDay)} ms`);
}

/**
 * Waits until no account's next step is overdue, but for what may be seen late anyway: a fast clock does not stand still
 * while a worker works off what a dead one left. Answers the moment; a backlog that does not end is trouble no more.
 */
async function workedOff(world: World, tell: (words: string) => void): Promise<number> {
  const since = Date.now();
  const usual = ((SLACK_MS / 2) * DAY_MS) / world.msPerDay;
  for (;;) {
    const now = world.clock.now();
    const accounts = await world.keeper.accounts();
    const late = accounts.filter(({ nextStepAt }) => nextStepAt !== null && nextStepAt < now - usual);
    const seconds = ((Date.now() - since) / 1000).toFixed(1);
    if (late.length === 0) {
      tell(`what waited is worked off, after ${seconds} s`);
      return now;
    }
    if (Date.now() - since >= LONGEST_BACKLOG_MS) {
      tell(`${String(late.length)} accounts still wait after ${seconds} s`);
      return now;
    }
    await delay(BACKLOG_LOOK_MS);
  }
}

async function perform(
  world: World,
  input: ServerSimulation,
  story: { readonly told: SimulatedStory; readonly begins: Day; readonly ends: Day },
): Promise<ServerTally> {
  const { seed, kills, tell } = input;
  const [from, until] = [ZONE.startOf(story.begins), ZONE.startOf(story.ends)];
  const troubles: Trouble[] = [];
  const dead: Stretch[] = [];
  const killing = async (): Promise<void> => {
    for (const moment of killMoments({ kills, seed, from: from + 10 * DAY_MS, until: until - 10 * DAY_MS })) {
      await world.until(moment);
      const at = world.clock.now();
      tell('kill -9 of the worker');
      world.keeper.kill();
      await world.keeper.accounts();
      const backAt = world.virtualOf(Date.now() - 500);
      dead.push({ from: at, to: backAt });
      troubles.push({ what: 'worker', from: at, to: await workedOff(world, tell), backAt });
    }
  };
  const showing = async (): Promise<void> => {
    for (let moment = from + YEAR_MS / 2; moment < until; moment += YEAR_MS / 2) {
      await world.until(moment);
      const years = ((world.clock.now() - from) / YEAR_MS).toFixed(1);
      tell(`${years} years, ${String(world.smtp.mails.length)} mails`);
    }
  };
  const [hrAnswers] = await Promise.all([
    tellHr(world, story.told),
    addAccounts(world, story.told, tell),
    killing(),
    showing(),
  ]);
  await world.until(until);
  const everything = await world.keeper.everything();
  const lives = livesOf({
    everything,
    mails: world.smtp.mails,
    hrAnswers,
    troubles,
    kills: dead.map(({ from, to }) => ({ from, to: to + (AFTERMATH_MS * DAY_MS) / world.msPerDay })),
    until,
    slackMs: (SLACK_MS * DAY_MS) / world.msPerDay,
  });
  const lived = lives.reduce((sum, life) => sum + Math.max(0, endOf(life) - life.from), 0);
  return {
    ...judge(lives, tell),
    accounts: lives.length,
    accountYears: lived / YEAR_MS,
    mails: world.smtp.mails.length,
    msPerDay: world.msPerDay,
    kills: dead.length,
  };
}

function endOf({ deeds, until }: ObservedLife): number {
  return deeds.find(({ type }) => type === 'delete' || type === 'neverJoined')?.at ?? until;
}

/** Lives random lives on a real server, with real workflows, workers that die, and the checker at the end. */
export async function simulateOnServer(input: ServerSimulation): Promise<ServerTally> {
  const { seed, accounts, years, msPerDay, tell } = input;
  const begins = dayOfMoment(BEGINS);
  const told = simulatedStory({ seed, accounts, years, begins });
  const leadMs = LEAD_MS + accounts * LEAD_MS_PER_ACCOUNT;
  const world = await openWorld({
    people: told.people,
    begins: BEGINS - (leadMs / msPerDay) * DAY_MS,
    msPerDay,
    registry: 'embedded',
    mayKillTemporal: false,
    fallbackOwner: FALLBACK_OWNER,
    tell,
  });
  try {
    const ends = begins + Math.round(years * 365.25);
    return await Promise.race([perform(world, input, { told, begins, ends }), world.keeper.broken]);
  } finally {
    await world.stop(process.env['KEEP_WORLD'] !== undefined);
  }
}
