import type { AccountKind } from '../../src/contracts/account.ts';
import type { Tie } from '../../src/contracts/affiliation.ts';
import { COMMAND_NAMES, type Command } from '../../src/contracts/command.ts';
import { DAY_MS, type Instant } from '../../src/contracts/time.ts';
import type { Trouble } from '../../checker/life.ts';
import { createRandom, type Random } from './random.ts';

export interface ScriptedAccount {
  readonly accountId: string;
  readonly kind: Extract<AccountKind, 'primary' | 'secondary' | 'service'>;
  readonly stage: 'pending' | 'active';
}

export interface ScriptedCommand {
  readonly at: Instant;
  readonly command: Command;
  readonly to: readonly string[];
}

/** From `at` on HR's records of the person are these; `null` = HR says that it knows no such person. */
export interface ScriptedRecord {
  readonly at: Instant;
  readonly ties: readonly Tie[] | null | 'unavailable';
}

/** Everything that will happen to a person and their accounts, whatever the accounts do. */
export interface Script {
  readonly personId: string;
  readonly from: Instant;
  readonly until: Instant;
  /** When the synchronisation runs, in ms after 00:00 UTC. */
  readonly syncAt: number;
  readonly accounts: readonly ScriptedAccount[];
  readonly records: readonly ScriptedRecord[];
  readonly commands: readonly ScriptedCommand[];
  readonly troubles: readonly Trouble[];
}

const HOUR = 3_600_000;
const FIRST = Date.UTC(2024, 0, 1);

/** Distances in days at which the rules turn. */
const TURNING = [
  -181, -61, -60, -59, -28, -27, -8, -7, -6, -1, 0, 1, 2, 6, 7, 8, 26, 27, 28, 59, 60, 61, 62, 67, 68, 90,
  179, 180, 181, 188,
] as const;

export function dateAt(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function contract(start: Instant | null, end: Instant | null, over: Partial<Tie> = {}): Tie {
  return {
    kind: 'contract',
    start: start === null ? null : dateAt(start),
    end: end === null ? null : dateAt(end),
    excluded: false,
    experiment: null,
    ...over,
  };
}

/** A person's contracts over the years, renewed now and then late, and in the end not at all. */
function quietRecords(random: Random, from: Instant): { records: ScriptedRecord[]; until: Instant } {
  const begins = from + random.between(-20, 60) * DAY_MS;
  let end = begins + random.between(360, 1800) * DAY_MS;
  const ties = [contract(begins, end)];
  const records: ScriptedRecord[] = [{ at: from, ties: [...ties] }];
  const leaves = from + random.between(7, 14) * 365 * DAY_MS;
  let last = from;
  while (end < leaves) {
    const learned =
      end +
      random.weighted([
        [12, -120],
        [6, -70],
        [4, -40],
        [3, -10],
        [2, -3],
        [1, 5],
        [1, 40],
      ]) *
        DAY_MS;
    const gap = random.weighted([
      [25, 0],
      [3, random.between(1, 40)],
      [1, random.between(50, 150)],
    ]);
    const start = end + (gap + 1) * DAY_MS;
    end = start + random.between(300, 1500) * DAY_MS;
    ties.push(contract(start, end, { excluded: random.chance(0.03) }));
    last = Math.max(learned + random.between(0, 24 * 60) * 60_000, last + HOUR);
    records.push({ at: last, ties: [...ties] });
  }
  return { records, until: end + 230 * DAY_MS };
}

function changedTies(random: Random, ties: readonly Tie[], at: Instant): readonly Tie[] {
  const day = (days: number) => dateAt(at + days * DAY_MS);
  const near = () => (random.chance(0.6) ? random.pick(TURNING) : random.between(-100, 400));
  const last = ties.at(-1);
  const rest = ties.slice(0, -1);
  const moved = (end: string | null): readonly Tie[] =>
    last && (last.start === null || end === null || last.start <= end) ? [...rest, { ...last, end }] : ties;
  switch (
    random.weighted([
      [40, 'move'],
      [15, 'extend'],
      [3, 'open'],
      [12, 'next'],
      [4, 'vanish'],
      [8, 'exclude'],
      [5, 'join'],
      [3, 'junk'],
      [4, 'leave'],
      [3, 'no-start'],
    ] as const)
  ) {
    case 'move':
      return moved(day(near()));
    case 'extend':
      return moved(last?.end ? dateAt(Date.parse(last.end) + random.between(1, 600) * DAY_MS) : day(300));
    case 'open':
      return moved(null);
    case 'next': {
      const begins = near();
      return [...ties, contract(at + begins * DAY_MS, at + (begins + random.between(0, 500)) * DAY_MS)];
    }
    case 'vanish':
      return [];
    case 'exclude':
      return ties.map((tie) => (tie.kind === 'contract' ? { ...tie, excluded: !tie.excluded } : tie));
    case 'join':
      return [
        ...ties,
        {
          kind: 'participation',
          start: day(random.between(-300, 30)),
          end: day(near()),
          excluded: false,
          experiment: 'CMS',
        },
      ];
    case 'junk':
      return [...ties, contract(at + 10 * DAY_MS, at - 10 * DAY_MS)];
    case 'leave':
      return [
        ...ties,
        contract(at + random.between(-30, 30) * DAY_MS, at + near() * DAY_MS, { excluded: true }),
      ];
    case 'no-start':
      return [contract(null, at + near() * DAY_MS)];
  }
}

/** A person around whom much moves, every few weeks. */
function denseRecords(random: Random, from: Instant): { records: ScriptedRecord[]; until: Instant } {
  let ties: readonly Tie[] = [
    contract(from - random.between(-40, 900) * DAY_MS, from + random.between(20, 500) * DAY_MS),
  ];
  let kept = ties;
  const records: ScriptedRecord[] = [{ at: from, ties }];
  let at = from;
  for (let left = random.between(3, 16); left > 0; left -= 1) {
    const end = ties.at(-1)?.end ?? null;
    const turn =
      end === null ? -1 : Date.parse(end) + random.pick(TURNING) * DAY_MS + random.between(0, 1440) * 60_000;
    const isTurn = random.chance(0.5) && turn > at && turn < at + 400 * DAY_MS;
    at = isTurn
      ? turn
      : at + random.between(1, random.pick([3, 60, 250])) * DAY_MS + random.between(0, 1440) * 60_000;
    if (random.chance(0.08)) {
      records.push({ at, ties: random.chance(0.5) ? null : 'unavailable' });
      if (random.chance(0.8)) at += random.between(1, 24 * random.pick([1, 5, 30])) * HOUR;
    } else if (ties.length === 0 && random.chance(0.7)) ties = kept;
    else {
      kept = ties;
      ties = changedTies(random, ties, at).slice(-6);
    }
    records.push({ at, ties });
    at += HOUR;
  }
  if (random.chance(0.8)) {
    const end = at + random.between(-30, 100) * DAY_MS;
    records.push({ at, ties: [contract(from, Math.max(end, from))] });
  }
  return { records, until: at + random.between(300, 460) * DAY_MS };
}

function commandAt(random: Random, at: Instant, number: number): Command {
  const name = random.pick(COMMAND_NAMES);
  const until = dateAt(at + random.pick([0, 1, 6, 7, 8, 14, 27, 60, 61, 100, 200]) * DAY_MS);
  const base = {
    name,
    actor: 'admin-7',
    reason: 'ticket',
    ...(random.chance(0.7) && { commandId: `c${String(number)}` }),
  };
  switch (name) {
    case 'restore':
      return random.chance(0.4) ? base : { ...base, until };
    case 'extend':
      return { ...base, until: random.chance(0.2) ? null : until };
    case 'ignore':
      return random.chance(0.3) ? base : { ...base, until: random.chance(0.1) ? 'never' : until };
    case 'resume':
    case 'disable':
    case 'enable':
      return base;
  }
}

function commands(
  random: Random,
  input: { script: Omit<Script, 'commands' | 'troubles'>; count: number },
): ScriptedCommand[] {
  const { script, count } = input;
  const all = script.accounts.map(({ accountId }) => accountId);
  const result: ScriptedCommand[] = [];
  for (let number = 0; number < count; number += 1) {
    const near = random.pick([script.records[0], ...script.records])?.at ?? script.from;
    const moment = random.chance(0.5)
      ? near + random.pick(TURNING) * DAY_MS + random.between(0, 1440) * 60_000
      : script.from + Math.floor(random.next() * (script.until - script.from));
    const at = Math.max(script.from + HOUR, Math.min(moment, script.until - 150 * DAY_MS));
    const to = random.chance(0.7)
      ? all
      : [random.pick([script.accounts[0], ...script.accounts])?.accountId ?? ''];
    const command = commandAt(random, at, number);
    result.push({ at, command, to });
    if (random.chance(0.1)) result.push({ at: at + random.between(0, 50) * HOUR, command, to });
  }
  return result.sort((a, b) => a.at - b.at);
}

function troubles(random: Random, script: Omit<Script, 'commands' | 'troubles'>, count: number): Trouble[] {
  const result: Trouble[] = [];
  for (let left = count; left > 0; left -= 1) {
    const what = random.weighted([
      [4, 'worker'],
      [3, 'mail'],
      [3, 'targets'],
      [2, 'hr'],
      [1, 'freeze'],
    ] as const);
    const near = random.pick([script.records[0], ...script.records])?.at ?? script.from;
    const moment = random.chance(0.5)
      ? near + random.pick(TURNING) * DAY_MS
      : script.from + Math.floor(random.next() * (script.until - script.from));
    const from = Math.max(script.from + HOUR, Math.min(moment, script.until - 150 * DAY_MS));
    const to = from + random.between(1, 24 * 60 * random.pick([1, 1, 4, 12, 40])) * 60_000;
    // Of one kind one at a time.
    if (!result.some((other) => other.what === what && other.from <= to && other.to >= from)) {
      result.push({ what, from, to });
    }
  }
  return result;
}

/**
 * HR says for some hours, while an account is about to be blocked, deleted or handed on, that the person stays, and then
 * what it said before.
 */
function withMoment(random: Random, records: readonly ScriptedRecord[]): readonly ScriptedRecord[] {
  const index = random.between(0, records.length - 1);
  const ties = records[index]?.ties ?? null;
  if (ties === null || ties === 'unavailable') return records;
  const last = ties.at(-1);
  if (!last?.end) return records;
  const day = Date.parse(last.end) + random.pick([1, 61, 181]) * DAY_MS;
  const begins = day - random.between(2, 8) * HOUR;
  const ends = day + random.between(1, 6) * HOUR;
  const isAlone = begins > (records[index]?.at ?? Infinity) && ends < (records[index + 1]?.at ?? Infinity);
  if (!isAlone) return records;
  const end = random.chance(0.5) ? null : dateAt(day + random.between(10, 400) * DAY_MS);
  const moment: ScriptedRecord = { at: begins, ties: [...ties.slice(0, -1), { ...last, end }] };
  return [...records.slice(0, index + 1), moment, { at: ends, ties }, ...records.slice(index + 1)];
}

/** One person of a seed: most lives are quiet and long, some are short and full. */
export function scriptOf(seed: number, index: number): Script {
  const random = createRandom(seed, index);
  const isDense = random.chance(0.25);
  const from = FIRST + random.between(0, 20 * 365) * DAY_MS + random.between(0, 1440) * 60_000;
  const { records, until } = isDense ? denseRecords(random, from) : quietRecords(random, from);
  const personId = `p${String(index)}`;
  const stage = random.chance(isDense ? 0.4 : 0.8) ? 'pending' : 'active';
  const accounts: ScriptedAccount[] = [{ accountId: `${personId}-primary`, kind: 'primary', stage }];
  if (random.chance(0.25)) accounts.push({ accountId: `${personId}-secondary`, kind: 'secondary', stage });
  if (random.chance(0.2))
    accounts.push({ accountId: `${personId}-service`, kind: 'service', stage: 'active' });
  const base = { personId, from, until, syncAt: random.between(0, 1439) * 60_000, accounts, records };
  const script = {
    ...base,
    commands: commands(random, {
      script: base,
      count: isDense ? random.between(0, 7) : random.chance(0.2) ? 1 : 0,
    }),
    troubles: troubles(
      random,
      base,
      isDense
        ? random.between(0, 5)
        : random.weighted([
            [6, 0],
            [2, 1],
            [1, 3],
          ]),
    ),
  };
  return { ...script, records: random.chance(0.15) ? withMoment(random, records) : records };
}
