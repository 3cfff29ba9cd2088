import { dateOf, dayOf, type Day } from '../../checker/calendar.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import type { SeedAccount } from '../../src/demo/worker-messages.ts';
import { loginOf, personOf, STAFF } from '../chaos/story.ts';
import { createRandom, type Random } from '../simulate/random.ts';

/** From a day on HR says this of a person. */
export interface HrWord {
  readonly day: Day;
  readonly person: HrDoublePerson;
}

export interface SimulatedStory {
  /** Whom HR knows when the clock starts. */
  readonly people: readonly HrDoublePerson[];
  readonly accounts: readonly SeedAccount[];
  /** In the order of their days. */
  readonly words: readonly HrWord[];
}

interface Contract {
  readonly start: Day;
  readonly end: Day;
  readonly excluded: boolean;
}

/** How many days before the end HR learns of a renewal; below 0 = after it. */
function leadOf(random: Random): number {
  return random.weighted([
    [10, 120],
    [6, 75],
    [5, 45],
    [4, 20],
    [2, 3],
    [2, -6],
    [2, -35],
    [1, -75],
  ]);
}

function recordOf(id: number, contracts: readonly Contract[]): HrDoublePerson {
  const person = personOf(id, { start: dateOf(0), end: null });
  return {
    ...person,
    contracts: contracts.map(({ start, end, excluded }, index) => ({
      id: `C-${String(id)}-${String(index)}`,
      startDate: dateOf(start),
      endDate: dateOf(end),
      excluded,
    })),
  };
}

/** One person from the first contract to the last; answers the day after the last one. */
function life(random: Random, id: number, input: { begins: Day; known: Day; until: Day }) {
  const { begins, known, until } = input;
  let end = Math.max(begins, known) + random.between(70, 900);
  let contracts: readonly Contract[] = [{ start: begins, end, excluded: false }];
  const words: HrWord[] = [{ day: known, person: recordOf(id, contracts) }];
  let last = known;
  const say = (day: Day): void => {
    last = Math.max(day, last + 10);
    words.push({ day: last, person: recordOf(id, contracts) });
  };
  for (; end < until && random.chance(0.65);) {
    const from = end + 1 + (random.chance(0.1) ? random.between(2, 40) : 0);
    const learned = end - leadOf(random);
    end = from + random.between(200, 900);
    const excluded = random.chance(0.04);
    contracts = [...contracts, { start: from, end, excluded }];
    say(learned);
    if (excluded) {
      // The leave is over after some months.
      contracts = contracts.map((contract) => ({ ...contract, excluded: false }));
      say(from + random.between(60, 150));
    }
  }
  return { words, end };
}

/**
 * Random lives on so many places for so many years: who leaves for good is followed by a joiner, some time after the
 * old account is deleted, so that there are about as many accounts all along.
 */
export function simulatedStory(input: {
  readonly seed: number;
  readonly accounts: number;
  readonly years: number;
  readonly begins: Day;
}): SimulatedStory {
  const { seed, begins } = input;
  const until = begins + Math.ceil(input.years * 365.25);
  const words: HrWord[] = [];
  const accounts: SeedAccount[] = [];
  let nextId = 100_001;
  let made = STAFF.length;
  for (let place = 0; made < input.accounts; place += 1) {
    const random = createRandom(seed, place);
    made += 1;
    let known = begins;
    let start = begins - random.between(0, 1500);
    for (let turn = 0; known < until; turn += 1) {
      const id = nextId;
      nextId += 1;
      const lived = life(random, id, { begins: start, known, until });
      words.push(...lived.words);
      if (turn === 0) {
        for (const kind of ['secondary', 'service'] as const) {
          if (made >= input.accounts || !random.chance(0.15)) continue;
          made += 1;
          const login = `${kind === 'secondary' ? 'x' : 's'}-${loginOf(id)}`;
          accounts.push({ kind, login, personId: String(id) });
        }
      }
      known = lived.end + 190 + random.between(0, 60);
      start = known + (random.chance(0.4) ? random.between(10, 40) : 0);
    }
  }
  const sorted = words.filter(({ day }) => day < until).toSorted((a, b) => a.day - b.day);
  return {
    people: [...STAFF, ...sorted.filter(({ day }) => day <= begins).map(({ person }) => person)],
    accounts,
    words: sorted.filter(({ day }) => day > begins),
  };
}

/** The day of a moment in UTC, for a clock that is to begin there. */
export function dayOfMoment(moment: number): Day {
  return dayOf(new Date(moment).toISOString().slice(0, 10));
}
