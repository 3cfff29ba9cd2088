import { dateOf, type Day } from '../../checker/calendar.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import type { SeedAccount } from '../../src/demo/worker-messages.ts';

/** How long the story goes on, and how many people it is about. */
export interface StorySize {
  /** The herd: so many leave on one day. */
  readonly herd: number;
  /** To the deletion of the herd, or only to its leaving. */
  readonly isWhole: boolean;
}

export interface Phase {
  readonly name: 'sync' | 'notice' | 'leaving' | 'block' | 'delete';
  /** Days after the first change. */
  readonly from: number;
}

/** HR changes its mind: what it says from a day on. */
export interface HrChange {
  readonly day: number;
  readonly people: (base: Day) => readonly HrDoublePerson[];
}

export interface ChaosStory {
  /** Whom HR knows before the first day. */
  readonly people: readonly HrDoublePerson[];
  readonly accounts: readonly SeedAccount[];
  /** Logins of primary accounts that are members of a group. */
  readonly members: readonly string[];
  readonly changes: readonly HrChange[];
  readonly phases: readonly Phase[];
  /** Who must be in grace when the second change comes: they return. */
  readonly returners: readonly string[];
  readonly extended: readonly string[];
  /** On which all accounts of the first change must be there. */
  readonly readyDay: number;
  /** Day of the second change, the last day on which it may come, and the day on which all is over. */
  readonly syncDay: number;
  readonly latestSyncDay: number;
  readonly endDay: number;
  /** How many looks and mails a phase has at least, to choose points in it. */
  readonly least: Readonly<
    Record<Phase['name'], { readonly list: number; readonly look: number; readonly mail: number }>
  >;
}

export const FALLBACK_OWNER = '900001';
const SUPERVISOR = 900_002;

/** Three letters for a number: a name, and with its initial a login of its own. */
function lettersOf(index: number): string {
  const letter = (value: number) => String.fromCharCode(97 + (value % 26));
  return `${letter(Math.floor(index / 676))}${letter(Math.floor(index / 26))}${letter(index)}`;
}

/** The login that {@link personOf} leads to. */
export function loginOf(id: number): string {
  return `q${lettersOf(id % 17_576)}`;
}

/** A person with one contract; `null` = open-ended. */
export function personOf(
  id: number,
  contract: { readonly start: string; readonly end: string | null },
): HrDoublePerson {
  const name = lettersOf(id % 17_576);
  return {
    id,
    firstName: 'Quirin',
    name: `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    email: `person-${String(id)}@example.org`,
    supervisorId: SUPERVISOR,
    contracts: [{ id: `C-${String(id)}`, startDate: contract.start, endDate: contract.end }],
  };
}

export const STAFF: readonly HrDoublePerson[] = [Number(FALLBACK_OWNER), SUPERVISOR].map((id) =>
  personOf(id, { start: '2015-01-01', end: null }),
);

const RETURNERS = 4;
const EXTENDED = 4;
const LOSSES = 2;
const JOINERS = 6;
const SYNC_DAY = 21;
const LONG_AGO = '2020-01-01';

/**
 * The story of a chaos run: a synchronisation that brings joiners, extensions, returns and a few losses, and a herd
 * whose milestones all fall on one day. Its days count from the one on which HR first shows these people.
 */
export function chaosStory({ herd, isWhole }: StorySize): ChaosStory {
  const range = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
  const herdIds = range(100_001, herd);
  const returnerIds = range(110_001, RETURNERS);
  const extendedIds = range(120_001, EXTENDED);
  const lossIds = range(130_001, LOSSES);
  const joinerIds = range(140_001, JOINERS);
  const stayerIds = range(150_001, Math.ceil(herd / 2));
  const services = herdIds.filter((_, index) => index % 3 === 0);
  const secondaries = herdIds.filter((_, index) => index % 4 === 1);
  // No notice is dated in the first days, in which everybody's account is made: it would exist or not by chance.
  const lastDay = isWhole ? 75 : 39;
  const here = (ids: readonly number[], end: string | null) =>
    ids.map((id) => personOf(id, { start: LONG_AGO, end }));
  return {
    people: STAFF,
    accounts: [
      ...services.map((id) => ({
        kind: 'service' as const,
        login: `s-${loginOf(id)}`,
        personId: String(id),
      })),
      ...secondaries.map((id) => ({
        kind: 'secondary' as const,
        login: `x-${loginOf(id)}`,
        personId: String(id),
      })),
    ],
    members: herdIds.map(loginOf),
    changes: [
      {
        day: 0,
        people: (base) => [
          ...here(herdIds, dateOf(base + lastDay)),
          ...here(returnerIds, dateOf(base + 19)),
          ...here(extendedIds, dateOf(base + 24)),
          ...here([...lossIds, ...stayerIds], null),
        ],
      },
      {
        day: SYNC_DAY,
        people: (base) => [
          ...joinerIds.map((id, index) =>
            personOf(id, { start: dateOf(base + SYNC_DAY - index), end: dateOf(base + 2000) }),
          ),
          ...returnerIds.map((id) => personOf(id, { start: LONG_AGO, end: dateOf(base + 2000) })),
          ...here(extendedIds, dateOf(base + 2000)),
          ...here(lossIds, dateOf(base + SYNC_DAY - 1)),
        ],
      },
    ],
    phases: [
      { name: 'sync', from: SYNC_DAY },
      { name: 'notice', from: lastDay - 7 },
      { name: 'leaving', from: lastDay + 1 },
      ...(isWhole
        ? [{ name: 'block', from: lastDay + 61 } as const, { name: 'delete', from: lastDay + 181 } as const]
        : []),
    ],
    returners: returnerIds.map(String),
    extended: extendedIds.map(String),
    readyDay: 12,
    syncDay: SYNC_DAY,
    latestSyncDay: SYNC_DAY + 1,
    endDay: isWhole ? lastDay + 186 : lastDay + 5,
    least: {
      sync: { list: 4, look: JOINERS, mail: RETURNERS },
      notice: { list: 2, look: 0, mail: herd },
      leaving: { list: 1, look: services.length, mail: 0 },
      block: { list: 1, look: herd, mail: 0 },
      delete: { list: 1, look: herd, mail: 0 },
    },
  };
}
