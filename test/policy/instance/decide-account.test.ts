import { describe, expect, it } from 'vitest';
import type { Observation, Tie } from '../../../src/contracts/affiliation.ts';
import type { IamDialect } from '../../../src/contracts/instance.ts';
import { decideAccount } from '../../../src/policy/instance/decide-account.ts';
import type { Label } from '../../../src/policy/instance/labels.ts';
import type { AccountInput, HrSaid, Wanted } from '../../../src/policy/instance/wanted.ts';

const NOW = Date.UTC(2027, 2, 10, 9, 30, 15, 250);
const NOW_WHOLE = Date.UTC(2027, 2, 10, 9, 30, 15);
const day = (date: string) => Date.parse(`${date}T00:00:00Z`);

const ours = (name: string, value: string | null = null): Label => ({ prefix: 'hr.cern', name, value });
const lifecycle = (value: string): Label => ({ prefix: null, name: 'lifecycle.status', value });

function tie(end: string | null, over: Partial<Tie> = {}): Tie {
  return { kind: 'participation', start: '2020-01-01', end, excluded: false, experiment: 'CMS', ...over };
}

function fact(ties: readonly Tie[], number = 1): Observation {
  return { number, personId: '7', outcome: 'found', ties, at: NOW };
}

const PERSON = { givenName: 'Ada', familyName: 'Rossi', email: 'ada@example.org' };

function found(ties: readonly Tie[], over: Partial<Extract<HrSaid, { outcome: 'found' }>> = {}): HrSaid {
  return { outcome: 'found', person: PERSON, applied: fact(ties), newest: fact(ties), ...over };
}

const UNTIL_JUNE = found([tie('2027-06-30')]);
const OPEN = found([tie(null)]);
const OVER = found([tie('2027-03-09')]);
const NONE = found([]);
const FUTURE = found([tie(null, { start: '2027-05-01' })]);
const NO_PERSON: HrSaid = { outcome: 'no-person', isApplied: true };

interface Given {
  readonly hr?: HrSaid;
  readonly account?: Partial<AccountInput['account']>;
  readonly settings?: Partial<AccountInput['settings']>;
  readonly wishes?: Partial<AccountInput['wishes']>;
  readonly isFrozen?: boolean;
  readonly isEndTimeFixed?: boolean;
}

function decide(dialect: IamDialect, given: Given): Wanted {
  return decideAccount({
    now: NOW,
    run: 'run-9',
    isFrozen: given.isFrozen ?? false,
    isEndTimeFixed: given.isEndTimeFixed ?? false,
    settings: {
      dialect,
      experiment: 'cms',
      personIdLabel: 'cern_person_id',
      onPersonIdNotFound: 'no_action',
      onParticipationNotFound: 'disable_user',
      participationSightings: 1,
      ...given.settings,
    },
    account: {
      active: true,
      endTime: null,
      labels: [],
      suspendedBy: null,
      wasSuspendedBy: null,
      isNameless: false,
      sightings: null,
      ...given.account,
    },
    hr: given.hr ?? OPEN,
    wishes: { adminDate: null, disabledManually: false, ...given.wishes },
  });
}

const SKIP = ours('skip-end-date-synch');

/** Suspended by the lifecycle, as each dialect marks it. */
const suspended = {
  active: false,
  suspendedBy: 'lifecycle',
  labels: [lifecycle('PENDING_REMOVAL')],
} as const;
const disabled = {
  active: false,
  suspendedBy: 'lifecycle',
  labels: [ours('action', 'DISABLE_ACCOUNT')],
} as const;
const byAdmin = { active: false, suspendedBy: 'admin' } as const;

/** Nothing of the account itself changes. */
const UNTOUCHED = { person: undefined, active: undefined, endTime: undefined, endsExpiry: false };
const DISABLES = { active: false, action: 'DISABLE_ACCOUNT', status: 'OK', message: null };
const NO_ACTION = { active: undefined, action: 'NO_ACTION', status: 'OK', message: null };

interface Case {
  readonly rule: string;
  readonly given: Given;
  readonly current: Partial<Wanted>;
  readonly legacy: Partial<Wanted>;
}

const IGNORE: readonly Case[] = [
  {
    rule: 'label ignore: status IGNORED, and HR changes nothing',
    given: { hr: OVER, account: { labels: [ours('ignore')] } },
    current: { ...UNTOUCHED, status: 'IGNORED', message: 'ignored as the label ignore says' },
    legacy: { ...UNTOUCHED, action: 'NO_ACTION', status: 'OK', message: 'ignored as the label ignore says' },
  },
  {
    rule: 'label ignore: whoever is a member again is not given back',
    given: { account: { ...disabled, labels: [...disabled.labels, ours('ignore', 'x')] } },
    current: { ...UNTOUCHED, status: 'IGNORED' },
    legacy: { ...UNTOUCHED, action: 'DISABLE_ACCOUNT', status: 'OK' },
  },
  {
    rule: 'label ignore comes before a label without an id',
    given: { account: { isNameless: true, labels: [ours('ignore')] } },
    current: { ...UNTOUCHED, status: 'IGNORED' },
    legacy: { ...UNTOUCHED, action: 'NO_ACTION', status: 'OK' },
  },
  {
    rule: 'a label ignore under another prefix is none',
    given: { account: { labels: [{ prefix: null, name: 'ignore', value: null }] } },
    current: { status: 'MEMBER' },
    legacy: { status: 'OK', message: null },
  },
];

const error = (message: string) => ({
  current: { ...UNTOUCHED, status: 'ERROR', message, action: null },
  legacy: { ...UNTOUCHED, status: 'ERROR', message, action: undefined },
});

const ERRORS: readonly Case[] = [
  {
    rule: 'HR unavailable: status ERROR, end time untouched',
    given: { hr: { outcome: 'unavailable' } },
    ...error('HR unavailable'),
  },
  {
    rule: 'HR unavailable: a suspended account is not given back',
    given: { hr: { outcome: 'unavailable' }, account: suspended },
    ...error('HR unavailable'),
  },
  {
    rule: 'no such person: status ERROR, end time untouched',
    given: { hr: NO_PERSON },
    ...error('no such person in HR'),
  },
  {
    rule: 'no such person, with disable_user, and not confirmed or held: status ERROR, end time untouched',
    given: {
      hr: { outcome: 'no-person', isApplied: false },
      settings: { onPersonIdNotFound: 'disable_user' },
    },
    ...error('no such person in HR'),
  },
  {
    rule: 'nothing of the person is applied yet: status ERROR',
    given: { hr: { outcome: 'not-applied' } },
    ...error('nothing known from HR yet'),
  },
  {
    rule: 'label without an id: status ERROR and the message',
    given: { account: { isNameless: true } },
    ...error('no person id in label cern_person_id'),
  },
];

const GONE: readonly Case[] = [
  {
    rule: 'no such person, with disable_user and applied: an ended membership, status EXPIRED',
    given: { hr: NO_PERSON, settings: { onPersonIdNotFound: 'disable_user' } },
    current: {
      ...{ person: undefined, active: undefined, endTime: NOW_WHOLE },
      ...{ status: 'EXPIRED', message: 'no such person in HR', action: null },
    },
    legacy: { person: undefined, endTime: undefined, ...DISABLES },
  },
];

const FOUND: readonly Case[] = [
  {
    rule: 'found: given name, family name and e-mail follow HR, also of one who is over',
    given: { hr: OVER },
    current: { person: PERSON },
    legacy: { person: PERSON },
  },
  {
    rule: 'found: the e-mail is left if the label skip-email-synch is there',
    given: { account: { labels: [ours('skip-email-synch')] } },
    current: { person: { ...PERSON, email: null } },
    legacy: { person: { ...PERSON, email: null } },
  },
  {
    rule: 'found: the e-mail is left if HR has none',
    given: { hr: found([tie(null)], { person: { ...PERSON, email: null } }) },
    current: { person: { ...PERSON, email: null }, status: 'MEMBER' },
    legacy: { person: { ...PERSON, email: null }, status: 'OK' },
  },
  {
    rule: 'found: a name that IAM does not take is left, and the rest goes on',
    given: { hr: found([tie(null)], { person: { ...PERSON, familyName: 'O' } }) },
    current: { person: { ...PERSON, familyName: '' }, isNameRefused: true, status: 'MEMBER' },
    legacy: { person: { ...PERSON, familyName: '' }, isNameRefused: true, status: 'OK' },
  },
  {
    rule: 'found: letter case of the experiment does not count',
    given: { hr: found([tie(null, { experiment: 'Cms' })]) },
    current: { status: 'MEMBER' },
    legacy: NO_ACTION,
  },
];

const VALID: readonly Case[] = [
  {
    rule: 'participation valid: status MEMBER, end time = its end date',
    given: { hr: UNTIL_JUNE },
    current: { status: 'MEMBER', message: null, action: null, endTime: day('2027-06-30'), active: undefined },
    legacy: { ...NO_ACTION, endTime: undefined },
  },
  {
    rule: 'participation valid: its last day is one of them',
    given: { hr: found([tie('2027-03-10')]), account: { endTime: day('2027-01-01') } },
    current: { status: 'MEMBER', endTime: day('2027-03-10') },
    legacy: NO_ACTION,
  },
  {
    rule: 'participation valid and open-ended: the end time is cleared',
    given: { hr: OPEN, account: { endTime: day('2027-06-30') } },
    current: { status: 'MEMBER', endTime: null },
    legacy: NO_ACTION,
  },
  {
    rule: "the end time is never before an admin's date",
    given: { hr: UNTIL_JUNE, wishes: { adminDate: '2027-08-01' } },
    current: { endTime: day('2027-08-01') },
    legacy: NO_ACTION,
  },
  {
    rule: "an admin's date that is earlier changes nothing",
    given: { hr: UNTIL_JUNE, wishes: { adminDate: '2027-05-01' } },
    current: { endTime: day('2027-06-30') },
    legacy: NO_ACTION,
  },
  {
    rule: "an admin's date does not end an open-ended membership",
    given: { hr: OPEN, wishes: { adminDate: '2027-05-01' } },
    current: { endTime: null },
    legacy: NO_ACTION,
  },
  {
    rule: 'an account that the lifecycle had suspended is restored, and its mark removed',
    given: { hr: UNTIL_JUNE, account: suspended },
    current: { active: true, endTime: day('2027-06-30'), endsExpiry: true, status: 'MEMBER' },
    legacy: { active: true, endsExpiry: true, action: 'RESTORE_ACCOUNT', status: 'OK', message: null },
  },
  {
    rule: 'one whose end time is over and is not to be written is not restored: it would be suspended again',
    given: {
      hr: UNTIL_JUNE,
      account: { ...suspended, endTime: day('2027-03-09'), labels: [...suspended.labels, SKIP] },
    },
    current: { active: undefined, endTime: undefined, endsExpiry: false, status: 'MEMBER' },
    legacy: { ...NO_ACTION, endsExpiry: false },
  },
  {
    rule: 'nor one whose end time the instance lets nobody change',
    given: { hr: UNTIL_JUNE, isEndTimeFixed: true, account: { ...suspended, endTime: day('2027-03-09') } },
    current: { active: undefined, endTime: undefined, endsExpiry: false, status: 'MEMBER' },
    legacy: { ...NO_ACTION, endsExpiry: false },
  },
  {
    rule: 'legacy writes no end time: while it is over, what is disabled stays so',
    given: { account: { ...disabled, endTime: day('2027-03-09') } },
    current: { active: true, endTime: null },
    legacy: { ...NO_ACTION, action: 'DISABLE_ACCOUNT' },
  },
  {
    rule: 'an end time of today is not over',
    given: {
      hr: UNTIL_JUNE,
      account: { ...suspended, endTime: day('2027-03-10'), labels: [...suspended.labels, SKIP] },
    },
    current: { active: true, endsExpiry: true },
    legacy: { active: true, endsExpiry: true },
  },
  {
    rule: 'legacy: valid again and disabled by us: restored, RESTORE_ACCOUNT, OK',
    given: { account: disabled },
    current: { active: true, endsExpiry: false, action: null },
    legacy: { active: true, endsExpiry: false, action: 'RESTORE_ACCOUNT', status: 'OK', message: null },
  },
  {
    rule: 'a restore that was cut off is finished',
    given: { account: { labels: [lifecycle('SUSPENDED'), ours('action', 'DISABLE_ACCOUNT')] } },
    current: { active: undefined, endsExpiry: true, status: 'MEMBER', action: null },
    legacy: { active: undefined, endsExpiry: true, action: 'RESTORE_ACCOUNT', status: 'OK' },
  },
  {
    rule: 'legacy: the run after a restore has nothing to do',
    given: { account: { labels: [ours('action', 'RESTORE_ACCOUNT')] } },
    current: { status: 'MEMBER' },
    legacy: NO_ACTION,
  },
  {
    rule: 'legacy: an attempt after one that had restored it says RESTORE_ACCOUNT as well',
    given: { account: { wasSuspendedBy: 'lifecycle', labels: [ours('action', 'RESTORE_ACCOUNT')] } },
    current: { status: 'MEMBER' },
    legacy: { active: undefined, action: 'RESTORE_ACCOUNT', status: 'OK' },
  },
  {
    rule: 'one that an admin suspended stays suspended, and the rest goes on',
    given: { hr: UNTIL_JUNE, account: { ...byAdmin, labels: [lifecycle('PENDING_REMOVAL')] } },
    current: {
      ...{ active: undefined, endsExpiry: false, endTime: day('2027-06-30') },
      ...{ status: 'MEMBER', person: PERSON },
    },
    legacy: { ...NO_ACTION, endsExpiry: false, person: PERSON },
  },
  {
    rule: 'one that is disabled by hand stays so, whoever suspended it',
    given: { account: disabled, wishes: { disabledManually: true } },
    current: { active: undefined, endsExpiry: false, status: 'MEMBER' },
    legacy: { ...NO_ACTION, action: 'DISABLE_ACCOUNT' },
  },
  {
    rule: 'PENDING_SUSPENSION is left to whoever handles expired accounts: a changed end time takes it away',
    given: { hr: UNTIL_JUNE, account: { labels: [lifecycle('PENDING_SUSPENSION')] } },
    current: { endsExpiry: false, endTime: day('2027-06-30') },
    legacy: { endsExpiry: false },
  },
];

const ENDED: readonly Case[] = [
  {
    rule: 'participation over: status EXPIRED, and an account still valid ends now',
    given: { hr: OVER, account: { endTime: day('2027-06-30') } },
    current: {
      ...{ endTime: NOW_WHOLE, active: undefined, status: 'EXPIRED' },
      ...{ message: 'participation ended 2027-03-09', action: null },
    },
    legacy: { ...DISABLES, endTime: undefined },
  },
  {
    rule: 'none in the experiment: status EXPIRED, and an account without an end time ends now',
    given: { hr: found([tie(null, { experiment: 'ATLAS' })]) },
    current: { endTime: NOW_WHOLE, status: 'EXPIRED', message: 'no participation in cms' },
    legacy: DISABLES,
  },
  {
    rule: 'participation over: an end time that is past stays, so that graces run from the day we learned it',
    given: { hr: OVER, account: { endTime: day('2027-03-01') } },
    current: { endTime: undefined, status: 'EXPIRED' },
    legacy: DISABLES,
  },
  {
    rule: 'participation over: an end time of earlier today, ours, is not moved again',
    given: { hr: OVER, account: { endTime: NOW_WHOLE - 3_600_000 } },
    current: { endTime: undefined, status: 'EXPIRED' },
    legacy: DISABLES,
  },
  {
    rule: "participation over: not before an admin's date that is not over",
    given: { hr: OVER, account: { endTime: day('2027-06-30') }, wishes: { adminDate: '2027-04-01' } },
    current: { endTime: day('2027-04-01'), status: 'EXPIRED' },
    legacy: NO_ACTION,
  },
  {
    rule: "participation over: an end that is before an admin's date, and over, is moved to it",
    given: { hr: OVER, account: { endTime: day('2027-03-08') }, wishes: { adminDate: '2027-04-01' } },
    current: { active: undefined, endTime: day('2027-04-01'), status: 'EXPIRED' },
    legacy: NO_ACTION,
  },
  {
    rule: "participation over: one that was suspended before an admin's date is given back",
    given: {
      ...{ hr: OVER, wishes: { adminDate: '2027-04-01' } },
      account: { ...suspended, endTime: day('2027-03-08') },
    },
    current: { active: true, endTime: day('2027-04-01'), status: 'EXPIRED' },
    legacy: { active: undefined, action: 'NO_ACTION' },
  },
  {
    rule: "participation over: one that was disabled before an admin's date is given back",
    given: { hr: OVER, wishes: { adminDate: '2027-04-01' }, account: { ...disabled, endTime: null } },
    current: { endTime: day('2027-04-01') },
    legacy: { active: true, action: 'RESTORE_ACCOUNT' },
  },
  {
    rule: "participation over: one that an admin suspended before an admin's date stays suspended",
    given: {
      ...{ hr: OVER, wishes: { adminDate: '2027-04-01' } },
      account: { ...byAdmin, endTime: day('2027-03-08') },
    },
    current: { active: undefined, endTime: day('2027-04-01') },
    legacy: { active: undefined },
  },
  {
    rule: "participation over: disabled by hand it stays so, whatever an admin's date says",
    given: {
      ...{ hr: OVER, wishes: { adminDate: '2027-04-01', disabledManually: true } },
      account: { ...suspended, endTime: day('2027-03-08') },
    },
    current: { active: undefined, endTime: day('2027-04-01') },
    legacy: { active: undefined },
  },
  {
    rule: "participation over: an admin's date that is over counts for nothing",
    given: { hr: OVER, account: { endTime: day('2027-06-30') }, wishes: { adminDate: '2027-03-09' } },
    current: { endTime: NOW_WHOLE, status: 'EXPIRED' },
    legacy: DISABLES,
  },
  {
    rule: 'on-participation-not-found no_action: the end time is left if there is none in the experiment',
    given: { hr: NONE, settings: { onParticipationNotFound: 'no_action' } },
    current: { endTime: undefined, status: 'EXPIRED', message: 'no participation in cms' },
    legacy: NO_ACTION,
  },
  {
    rule: 'on-participation-not-found no_action: one that is over counts all the same',
    given: { hr: OVER, settings: { onParticipationNotFound: 'no_action' } },
    current: { endTime: NOW_WHOLE, status: 'EXPIRED' },
    legacy: DISABLES,
  },
  {
    rule: 'sightings: until there are enough, status and end time stay as they were',
    given: {
      ...{ hr: NONE, settings: { participationSightings: 3 } },
      account: { sightings: { count: 1, lastRun: 'run-8' } },
    },
    current: {
      ...{ endTime: undefined, status: undefined, message: 'no participation in cms 2 of 3 times' },
      sightings: { count: 2, lastRun: 'run-9' },
    },
    legacy: { ...NO_ACTION, sightings: { count: 2, lastRun: 'run-9' } },
  },
  {
    rule: 'sightings: a run that asks again counts once',
    given: {
      ...{ hr: NONE, settings: { participationSightings: 3 } },
      account: { sightings: { count: 2, lastRun: 'run-9' } },
    },
    current: { status: undefined, sightings: { count: 2, lastRun: 'run-9' } },
    legacy: { ...NO_ACTION, sightings: { count: 2, lastRun: 'run-9' } },
  },
  {
    rule: 'sightings: with enough of them in a row it counts',
    given: {
      ...{ hr: NONE, settings: { participationSightings: 3 } },
      account: { sightings: { count: 2, lastRun: 'run-8' } },
    },
    current: { endTime: NOW_WHOLE, status: 'EXPIRED' },
    legacy: DISABLES,
  },
  {
    rule: 'sightings: enough of them are not counted on, so that an unchanged account stays as it is',
    given: { hr: NONE, account: { sightings: { count: 1, lastRun: 'run-8' }, endTime: day('2027-01-01') } },
    current: { endTime: undefined, status: 'EXPIRED', sightings: { count: 1, lastRun: 'run-8' } },
    legacy: { ...DISABLES, sightings: { count: 1, lastRun: 'run-8' } },
  },
  {
    rule: 'sightings: HR unavailable neither counts nor resets',
    given: { hr: { outcome: 'unavailable' }, account: { sightings: { count: 2, lastRun: 'run-8' } } },
    current: { sightings: { count: 2, lastRun: 'run-8' } },
    legacy: { sightings: { count: 2, lastRun: 'run-8' } },
  },
  {
    rule: 'sightings: a participation resets them',
    given: { account: { sightings: { count: 2, lastRun: 'run-8' } } },
    current: { sightings: null },
    legacy: { sightings: null },
  },
  {
    rule: 'a participation that only begins later is none: an account still valid ends now',
    given: { hr: FUTURE, account: { endTime: day('2027-06-30') } },
    current: { endTime: NOW_WHOLE, status: 'EXPIRED', message: 'participation begins 2027-05-01' },
    legacy: DISABLES,
  },
  {
    rule: 'on-participation-not-found no_action: the end time is left if there is only one that begins later',
    given: {
      ...{ hr: FUTURE, settings: { onParticipationNotFound: 'no_action' } },
      account: { endTime: day('2027-06-30') },
    },
    current: { endTime: undefined, status: 'EXPIRED', message: 'participation begins 2027-05-01' },
    legacy: NO_ACTION,
  },
  {
    rule: 'sightings: one that only begins later is counted as none',
    given: { hr: FUTURE, settings: { participationSightings: 2 } },
    current: { endTime: undefined, message: 'participation begins 2027-05-01 1 of 2 times' },
    legacy: NO_ACTION,
  },
  {
    rule: 'over, and the lifecycle has suspended it: it stays so',
    given: { hr: OVER, account: { ...suspended, endTime: day('2027-01-01') } },
    current: { active: undefined, endTime: undefined, endsExpiry: false, status: 'EXPIRED' },
    legacy: { ...NO_ACTION, endsExpiry: false },
  },
  {
    rule: 'legacy: disabled by us, the mark stays as long as it stays disabled',
    given: { hr: OVER, account: disabled },
    current: { active: undefined },
    legacy: { ...NO_ACTION, action: 'DISABLE_ACCOUNT' },
  },
  {
    rule: "legacy: another task's NO_ACTION does not make us forget that we disabled it",
    given: { hr: OVER, account: { ...disabled, labels: [ours('action', 'NO_ACTION')] } },
    current: { active: undefined },
    legacy: { ...NO_ACTION, action: 'DISABLE_ACCOUNT' },
  },
  {
    rule: 'legacy: one that an admin suspended never gets our mark',
    given: { hr: OVER, account: byAdmin },
    current: { active: undefined, status: 'EXPIRED' },
    legacy: NO_ACTION,
  },
];

const skip = { labels: [SKIP] };

const SKIPPED: readonly Case[] = [
  {
    rule: 'skip-end-date-synch: the end time is not written for a member',
    given: { hr: UNTIL_JUNE, account: skip },
    current: { endTime: undefined, status: 'MEMBER' },
    legacy: NO_ACTION,
  },
  {
    rule: 'skip-end-date-synch: nor for one who is over',
    given: { hr: OVER, account: skip },
    current: { endTime: undefined, status: 'EXPIRED' },
    legacy: DISABLES,
  },
  {
    rule: 'skip-end-date-synch: what the lifecycle had suspended is restored all the same',
    given: { hr: UNTIL_JUNE, account: { ...suspended, labels: [...suspended.labels, ...skip.labels] } },
    current: { active: true, endTime: undefined, endsExpiry: true },
    legacy: { active: true, action: 'RESTORE_ACCOUNT' },
  },
];

const HARM: readonly Case[] = [
  {
    rule: 'frozen: an account that is over is left as it is',
    given: { hr: OVER, isFrozen: true },
    current: { endTime: undefined, active: undefined, status: undefined, message: undefined },
    legacy: { active: undefined, action: undefined, status: undefined },
  },
  {
    rule: 'frozen: no end time moves earlier',
    given: { hr: UNTIL_JUNE, isFrozen: true, account: { endTime: day('2027-12-31') } },
    current: { endTime: undefined, status: 'MEMBER' },
    legacy: NO_ACTION,
  },
  {
    rule: 'frozen: an end time moves later, and a suspended account is given back',
    given: { hr: UNTIL_JUNE, isFrozen: true, account: { ...suspended, endTime: day('2027-04-01') } },
    current: { endTime: day('2027-06-30'), active: true, status: 'MEMBER' },
    legacy: { active: true, action: 'RESTORE_ACCOUNT' },
  },
  {
    rule: 'a held loss takes nothing: what was applied counts, not what HR says now',
    given: { hr: found([tie('2027-06-30')], { newest: fact([], 2) }) },
    current: { endTime: day('2027-06-30'), status: 'MEMBER' },
    legacy: NO_ACTION,
  },
  {
    rule: 'what HR still grants is not taken because it is not applied yet',
    given: { hr: found([tie('2027-03-09')], { newest: fact([tie(null)], 2) }) },
    current: { endTime: undefined, status: undefined, message: 'change in HR not applied yet' },
    legacy: NO_ACTION,
  },
  {
    rule: 'names are no loss: they do not wait with it',
    given: { hr: found([tie(null)], { newest: fact([], 2) }) },
    current: { person: PERSON },
    legacy: { person: PERSON },
  },
];

const ALL = [...[...IGNORE, ...ERRORS, ...GONE, ...FOUND, ...VALID], ...[...ENDED, ...SKIPPED, ...HARM]];

describe.each<IamDialect>(['current', 'legacy'])('what is wanted of an account, dialect %s', (dialect) => {
  it.each(ALL)('$rule', ({ given, ...expected }) => {
    const wanted = decide(dialect, given);
    // Compared key by key: what stays as it is stands there as `undefined`.
    const relevant = Object.fromEntries(
      Object.entries(wanted).filter(([key]) => Object.hasOwn(expected[dialect], key)),
    );
    expect(relevant).toStrictEqual({ ...expected[dialect] });
  });
});

describe('what each dialect does without', () => {
  it.each(ALL)('current removes the label action: $rule', ({ given }) => {
    expect(decide('current', given).action).toBeNull();
  });

  it.each(ALL)('legacy writes no end time: $rule', ({ given }) => {
    expect(decide('legacy', given).endTime).toBeUndefined();
  });

  it.each(ALL)('legacy knows no other status than OK and ERROR: $rule', ({ given }) => {
    expect(['OK', 'ERROR', undefined]).toContain(decide('legacy', given).status);
  });
});
