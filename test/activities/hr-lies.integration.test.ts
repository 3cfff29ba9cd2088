import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import { addDays } from '../../src/policy/calendar.ts';
import { personOfHr, startSurroundings, type Surroundings } from '../support/deployment.ts';
import { at } from '../support/policy-builders.ts';
import { wholeSync } from '../support/run-sync.ts';

const TODAY = '2027-02-01';
const NOW = at(`${TODAY} 12:00`);
const HOUR_MS = 3_600_000;
const LONG_AGO = NOW - 400 * DAY_MS;
const day = (offset: number) => addDays(TODAY, offset);
type Contracts = NonNullable<HrDoublePerson['contracts']>;
const C = { id: 'C', startDate: '2020-01-01' };

/** Somebody in each situation that a lie of HR's could make worse. */
const SITUATIONS: readonly {
  readonly who: string;
  readonly contracts: Contracts;
  readonly stage?: 'grace' | 'blocked';
  readonly state?: Partial<AccountState>;
}[] = [
  { who: 'open-ended', contracts: [C] },
  { who: 'with an end', contracts: [{ ...C, endDate: day(300) }] },
  { who: 'on leave', contracts: [{ ...C, endDate: day(200), excluded: true }] },
  {
    who: 'with a renewal to come',
    contracts: [
      { ...C, endDate: day(20) },
      { id: 'D', startDate: day(21), endDate: day(400) },
    ],
  },
  { who: 'in grace', contracts: [{ ...C, endDate: day(-30) }], stage: 'grace' },
  {
    who: 'blocked',
    contracts: [{ ...C, endDate: day(-90) }],
    stage: 'blocked',
    state: { access: 'off', blocked: { lastDay: day(-90), at: NOW - 29 * DAY_MS } },
  },
];
/** Many enough that a range breaks off while HR is down. */
const EACH = 10;

let around: Surroundings;
beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.stop());

interface Somebody {
  readonly id: number;
  readonly contracts: Contracts;
}
let people: readonly Somebody[];
const truth = () => {
  around.hr.fault('none');
  for (const { id, contracts } of people) around.hr.setPerson(personOfHr(id, { contracts }));
};
const everybodyHas = (contracts: Contracts) => {
  for (const { id } of people) around.hr.setPerson(personOfHr(id, { contracts }));
};

beforeEach(async () => {
  await around.forget();
  people = SITUATIONS.flatMap(({ contracts }, index) =>
    Array.from({ length: EACH }, (_, one) => ({ id: 100 * (index + 1) + one, contracts })),
  );
  truth();
  for (const [index, { stage, state }] of SITUATIONS.entries()) {
    for (const { id, contracts } of people.slice(index * EACH, (index + 1) * EACH)) {
      await around.seedPerson(personOfHr(id, { contracts }), LONG_AGO);
      await around.seedAccount({
        personId: String(id),
        at: LONG_AGO,
        ...(stage && { stage }),
        ...(state && { state }),
      });
    }
  }
});

const FOR_A_DAY = [1, 24];
/** Past the three sightings and the three days after which an absence is a fact. */
const FOR_DAYS = [1, 25, 49, 73, 74];

interface Lie {
  readonly lie: string;
  readonly reading: 'list' | 'one by one';
  readonly tell: () => void;
  readonly hours: readonly number[];
  readonly alarms: readonly string[];
}
const halfIsGone = () => people.forEach(({ id }) => id % 2 === 1 && around.hr.removePerson(id));
const everyoneExcluded = () => {
  for (const { id, contracts } of people) {
    around.hr.setPerson(personOfHr(id, { contracts: contracts.map((one) => ({ ...one, excluded: true })) }));
  }
};
const NO_ANSWER = ['hr-answers'];
const HELD = ['held-plan'];
/** First HR answers for too few; once an absence is confirmed, an admin is asked. */
const ABSENT = ['held-plan', 'hr-answers'];

const LIES: readonly Lie[] = [
  {
    lie: '500',
    reading: 'one by one',
    tell: () => around.hr.fault('500'),
    hours: FOR_A_DAY,
    alarms: NO_ANSWER,
  },
  {
    lie: 'an empty list',
    reading: 'list',
    tell: () => around.hr.fault('empty-list'),
    hours: FOR_DAYS,
    alarms: NO_ANSWER,
  },
  {
    lie: '404',
    reading: 'one by one',
    tell: () => around.hr.fault('404-for-all'),
    hours: FOR_DAYS,
    alarms: ABSENT,
  },
  { lie: 'half the people', reading: 'list', tell: halfIsGone, hours: FOR_DAYS, alarms: ABSENT },
  { lie: 'half the people', reading: 'one by one', tell: halfIsGone, hours: FOR_DAYS, alarms: ABSENT },
  {
    lie: 'all dates in the past',
    reading: 'list',
    tell: () => everybodyHas([{ ...C, endDate: '2020-12-31' }]),
    hours: FOR_DAYS,
    alarms: HELD,
  },
  { lie: 'no contract', reading: 'list', tell: () => everybodyHas([]), hours: FOR_DAYS, alarms: HELD },
  { lie: 'every contract excluded', reading: 'list', tell: everyoneExcluded, hours: FOR_DAYS, alarms: HELD },
];

const OPEN = '9999-12-31';
/** What is taken from somebody by what they are told: by hand, from the rules' words alone. */
function isHarm(told: NonNullable<Surroundings['tellings'][number]['observation']>): boolean {
  const before = people.find(({ id }) => String(id) === told.personId)?.contracts ?? [];
  const hadAccess = !before.some(
    ({ excluded, endDate }) => excluded === true || (endDate ?? OPEN) < day(-60),
  );
  // Whose last contract is over keeps the last day known.
  const wasOver = before.every(({ endDate }) => (endDate ?? OPEN) < TODAY);
  if (told.outcome !== 'found' || told.ties.length === 0) return !wasOver;
  const today = told.ties.filter((tie) => (tie.start ?? '') <= TODAY && (tie.end ?? OPEN) >= TODAY);
  if (hadAccess && today.length > 0 && today.every(({ excluded }) => excluded)) return true;
  const end = (dates: readonly (string | null | undefined)[]) =>
    dates
      .map((date) => date ?? OPEN)
      .sort()
      .at(-1) ?? '';
  return end(told.ties.map((tie) => tie.end)) < end(before.map(({ endDate }) => endDate));
}

const harmDone = () => around.tellings.flatMap(({ observation }) => observation ?? []).filter(isHarm);

describe('HR lies to everybody at once, whatever their situation:', () => {
  it.each(LIES)('$lie for everyone ($reading)', async ({ reading, tell, hours, alarms }) => {
    around.hr.setList(reading === 'list');
    const mails = around.sink.mails.length;
    const raised = new Set<string>();
    tell();
    for (const hour of hours) {
      await wholeSync(around.deps, NOW + hour * HOUR_MS);
      for (const { key } of await around.registry.alarms({ open: true })) raised.add(key.replace(/:.*/, ''));
    }
    // Nobody is blocked or deleted, and no last day moves: nobody is told anything that takes anything.
    expect(harmDone()).toEqual([]);
    expect([...raised].sort()).toEqual(alarms);
    expect(around.sink.mails.length - mails).toBeLessThanOrEqual(alarms.length);
    truth();
    await wholeSync(around.deps, NOW + (Math.max(...hours) + 1) * HOUR_MS);
    const open = await around.registry.alarms({ open: true });
    expect(open.map(({ key, message }) => `${key}: ${message}`)).toEqual([]);
    expect(harmDone()).toEqual([]);
  });
});
