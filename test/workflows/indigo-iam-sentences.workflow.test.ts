import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IamDialect } from '../../src/contracts/instance.ts';
import type { PolicySet } from '../../src/contracts/policy.ts';
import { DAY_MS, type Instant } from '../../src/contracts/time.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import type { NewIndigoIamAccount } from '../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { indigoIam } from '../../src/policies/indigo-iam.ts';
import { type InstanceWorld, participant, startInstanceWorld } from '../support/instance-world.ts';
import { eventually, within } from '../support/lives.ts';
import { describeOnTemporal } from '../support/temporal.ts';

/*
 * The sentences about experiment accounts, each by name, against the doubles over HTTP and the Temporal server. Many
 * accounts share a world, and each synchronisation is for all of them: a sentence is what its account shows after each.
 */

const NOON = Date.UTC(2027, 1, 1, 12);
const DIALECTS = ['current', 'legacy'] as const;
/** A share of losses that no world of a few dozen accounts reaches. */
const NO_SAFEGUARD = {
  lapseDays: 14,
  limits: {
    ...{ lossCount: 1_000, lossPercent: 100, lossMaximum: 1_000, hours: 24 },
    ...{ answeredPercent: 0, missingCount: 1_000 },
  },
};

const label = (name: string, value?: string) => ({
  prefix: 'hr.cern',
  name,
  ...(value !== undefined && { value }),
});
const lifecycle = (value: string) => ({ name: 'lifecycle.status', value });
const midnight = (date: string): Instant => Date.parse(`${date}T00:00:00Z`);

/** An account after a synchronisation. */
interface After {
  /** When the synchronisation began and ended. */
  readonly from: Instant;
  readonly to: Instant;
  readonly active: boolean | undefined;
  readonly endTime: Instant | null | undefined;
  readonly givenName: string | undefined;
  readonly familyName: string | undefined;
  readonly email: string | undefined;
  readonly status: string | null | undefined;
  readonly message: string | null | undefined;
  readonly action: string | null | undefined;
  readonly timestamp: string | null | undefined;
  readonly lifecycle: string | null | undefined;
  /** What we have written in it, but the time stamp. */
  readonly wrote: readonly string[];
  /** All of what we have written in it. */
  readonly wroteAtAll: readonly string[];
}

/** Synchronises, and answers what each of the accounts shows then. */
async function syncAndLook(
  world: InstanceWorld,
  ids: readonly string[],
): Promise<ReadonlyMap<string, After>> {
  const { deployment, instance } = world;
  const ours = (id: string) => instance.double.writes(id).filter(({ by }) => by === 'api');
  const before = new Map(ids.map((id) => [id, ours(id).length]));
  const from = deployment.now();
  await world.sync();
  const to = deployment.now();
  return new Map(
    ids.map((id) => {
      const account = instance.double.account(id);
      const wroteAtAll = ours(id)
        .slice(before.get(id))
        .map(({ what }) => what);
      return [
        id,
        {
          ...{ from, to, active: account?.active, endTime: account?.endTime },
          givenName: account?.givenName,
          familyName: account?.familyName,
          email: account?.email,
          status: instance.label(id, 'hr.cern/status'),
          message: instance.label(id, 'hr.cern/message'),
          action: instance.label(id, 'hr.cern/action'),
          timestamp: instance.label(id, 'hr.cern/timestamp'),
          lifecycle: instance.label(id, 'lifecycle.status'),
          wrote: wroteAtAll.filter((what) => !what.startsWith('label hr.cern/timestamp')),
          wroteAtAll,
        },
      ];
    }),
  );
}

/** The end time is the moment at which a synchronisation learned that it is over, in whole seconds. */
function expectEndedIn({ endTime, from, to }: After): void {
  expect(endTime).toBeGreaterThanOrEqual(Math.floor(from / 1_000) * 1_000);
  expect(endTime).toBeLessThanOrEqual(to);
}

/** A reason that IAM takes as the value of a label. */
function expectReason({ message }: After, words: RegExp): void {
  expect(message).toMatch(words);
  expect(message).toMatch(/^\S{1,64}$/);
}

interface Actor {
  readonly person: number;
  readonly id: string;
}

type Change = (world: InstanceWorld, actor: Actor) => void;
type Look = (rounds: readonly After[]) => void;

interface Sentence {
  readonly says: string;
  /** As HR knows the person; `null` = not at all. */
  readonly person: ((id: number) => HrDoublePerson) | null;
  readonly account?: Partial<NewIndigoIamAccount>;
  /** `none` = the account has no label of a person id, `empty` = one without an id. */
  readonly idLabel?: 'none' | 'empty';
  /** What happens before the second synchronisation, the third, and so on. */
  readonly then?: readonly (Change | null)[];
  /** What is so then; a dialect that is left out knows nothing of it. */
  readonly shows: Partial<Record<IamDialect, Look>>;
}

/** Destructures rounds, of which there are as many as the world makes. */
function round(rounds: readonly After[], number: number): After {
  const after = rounds[number - 1];
  if (!after) throw new Error(`there was no synchronisation ${String(number)}`);
  return after;
}

const until =
  (end: string | null, over: Partial<HrDoublePerson> = {}) =>
  (id: number) =>
    participant(id, end, over);
const hrSays =
  (end: string | null, over: Partial<HrDoublePerson> = {}): Change =>
  ({ deployment }, { person }) =>
    deployment.hr.setPerson(participant(person, end, over));

const JUNE = midnight('2027-06-30');
const both = (look: Look): Sentence['shows'] => ({ current: look, legacy: look });

const SENTENCES: readonly Sentence[] = [
  {
    says: 'label ignore present: IGNORED (legacy: NO_ACTION and OK), with the message; HR changes nothing',
    person: until('2027-01-15', { firstName: 'Grace', email: 'grace-0@example.org' }),
    account: { endTime: JUNE, labels: [label('ignore')] },
    shows: {
      current: (rounds) => {
        for (const after of rounds) {
          expect(after).toMatchObject({ status: 'IGNORED', active: true, endTime: JUNE, givenName: 'Ada' });
          expectReason(after, /^ignored/);
        }
      },
      legacy: (rounds) => {
        for (const after of rounds) {
          expect(after).toMatchObject({ action: 'NO_ACTION', status: 'OK', active: true, endTime: JUNE });
          expect(after.givenName).toBe('Ada');
          expectReason(after, /^ignored/);
        }
      },
    },
  },
  {
    says: 'the admins of an ignored account manage its end time by hand',
    person: until('2027-12-31'),
    account: { endTime: JUNE, labels: [label('ignore')] },
    then: [({ instance }, { id }) => instance.double.setEndTime(id, midnight('2027-03-31'))],
    shows: both((rounds) => {
      for (const after of rounds.slice(1)) expect(after.endTime).toBe(midnight('2027-03-31'));
    }),
  },
  {
    says: 'HR unavailable: ERROR and the message; end time, names and active untouched, until HR answers again',
    person: until('2027-06-30'),
    account: { endTime: JUNE },
    then: [
      (world, actor) => {
        hrSays('2027-01-15', { firstName: 'Grace' })(world, actor);
        world.deployment.hr.fault('500', { for: [actor.person] });
      },
      ({ deployment }) => deployment.hr.fault('none'),
    ],
    shows: {
      current: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({ status: 'MEMBER', endTime: JUNE });
        expect(round(rounds, 2)).toMatchObject({
          status: 'ERROR',
          active: true,
          endTime: JUNE,
          givenName: 'Ada',
        });
        expectReason(round(rounds, 2), /HR/);
        expect(round(rounds, 3)).toMatchObject({ status: 'EXPIRED', givenName: 'Grace' });
      },
      legacy: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({ status: 'OK', action: 'NO_ACTION' });
        expect(round(rounds, 2)).toMatchObject({
          status: 'ERROR',
          active: true,
          endTime: JUNE,
          givenName: 'Ada',
        });
        expectReason(round(rounds, 2), /HR/);
        expect(round(rounds, 3)).toMatchObject({ status: 'OK', action: 'DISABLE_ACCOUNT', active: false });
      },
    },
  },
  {
    says: 'no such person: ERROR, and the end time untouched, however often it is seen',
    person: null,
    account: { endTime: JUNE },
    shows: both((rounds) => {
      for (const after of rounds) {
        expect(after).toMatchObject({ status: 'ERROR', active: true, endTime: JUNE });
        expectReason(after, /no-such-person/);
      }
    }),
  },
  {
    says: 'a person whom HR knows no more: ERROR, also when that is confirmed; the end time untouched',
    person: until('2027-06-30'),
    account: { endTime: JUNE },
    then: [({ deployment }, { person }) => deployment.hr.removePerson(person)],
    shows: both((rounds) => {
      for (const after of rounds.slice(1)) {
        expect(after).toMatchObject({ status: 'ERROR', active: true, endTime: JUNE });
        expectReason(after, /no-such-person/);
      }
    }),
  },
  {
    says: 'person found: given name, family name and e-mail follow HR',
    person: until(null),
    then: [hrSays(null, { firstName: 'Grace', name: 'Hopper', email: 'hopper@example.org' })],
    shows: both((rounds) => {
      expect(round(rounds, 1)).toMatchObject({ givenName: 'Ada', familyName: 'Rossi' });
      const followed = { givenName: 'Grace', familyName: 'Hopper', email: 'hopper@example.org' };
      expect(round(rounds, 2)).toMatchObject(followed);
    }),
  },
  {
    says: 'e-mail not, if skip-email-synch is set; the names go on',
    person: until('2027-06-30', { firstName: 'Emmy', name: 'Noether', email: 'noether@example.org' }),
    account: { email: 'of-old@example.org', labels: [label('skip-email-synch')] },
    shows: both((rounds) => {
      const followed = { givenName: 'Emmy', familyName: 'Noether', email: 'of-old@example.org' };
      expect(round(rounds, 4)).toMatchObject(followed);
    }),
  },
  {
    says: 'e-mail not, if HR has none; the names go on',
    person: until('2027-06-30', { firstName: 'Emmy', name: 'Noether', email: null }),
    account: { email: 'only-here@example.org' },
    shows: both((rounds) => {
      const followed = { givenName: 'Emmy', familyName: 'Noether', email: 'only-here@example.org' };
      expect(round(rounds, 4)).toMatchObject(followed);
    }),
  },
  {
    says: 'e-mail not, if it is bound to another account; then the rest goes on',
    person: until('2027-06-30', { firstName: 'Emmy', name: 'Noether', email: 'stranger@example.org' }),
    account: { email: 'still-mine@example.org', endTime: null },
    shows: {
      current: (rounds) => {
        const followed = { givenName: 'Emmy', familyName: 'Noether', email: 'still-mine@example.org' };
        expect(round(rounds, 1)).toMatchObject({ ...followed, endTime: JUNE, status: 'MEMBER' });
      },
      legacy: (rounds) => {
        const followed = { givenName: 'Emmy', familyName: 'Noether', email: 'still-mine@example.org' };
        expect(round(rounds, 1)).toMatchObject({ ...followed, action: 'NO_ACTION', status: 'OK' });
      },
    },
  },
  {
    says: 'participation valid: MEMBER, end time = its end date; legacy: nothing to do, NO_ACTION and OK',
    person: until('2027-12-31'),
    account: { endTime: JUNE },
    then: [hrSays(null), hrSays('2027-02-01')],
    shows: {
      current: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({
          status: 'MEMBER',
          endTime: midnight('2027-12-31'),
          active: true,
        });
        // Open-ended, and at last one whose last day is today.
        expect(round(rounds, 2)).toMatchObject({ status: 'MEMBER', endTime: null, active: true });
        expect(round(rounds, 3)).toMatchObject({ status: 'MEMBER', endTime: midnight('2027-02-01') });
      },
      legacy: (rounds) => {
        for (const after of rounds) {
          expect(after).toMatchObject({ status: 'OK', action: 'NO_ACTION', active: true, endTime: JUNE });
        }
      },
    },
  },
  {
    says: 'the name of the experiment counts in any letter case',
    person: until(null, { participations: [{ experiment: 'cms', endDate: '2027-06-30' }] }),
    shows: {
      current: (rounds) => expect(round(rounds, 1)).toMatchObject({ status: 'MEMBER', endTime: JUNE }),
      legacy: (rounds) => expect(round(rounds, 1)).toMatchObject({ status: 'OK', active: true }),
    },
  },
  ...(['SUSPENDED', 'PENDING_REMOVAL'] as const).map((mark): Sentence => ({
    says: `an account that the lifecycle had suspended (${mark}) is restored: active first, then the end time`,
    person: until('2027-12-31'),
    account: { active: false, endTime: midnight('2027-01-10'), labels: [lifecycle(mark)] },
    shows: {
      current: (rounds) => {
        const { wrote, ...first } = round(rounds, 1);
        expect(first).toMatchObject({ active: true, endTime: midnight('2027-12-31'), status: 'MEMBER' });
        expect(first.lifecycle).toBeUndefined();
        expect(wrote.filter((what) => /active|endTime/.test(what))).toEqual([
          'active=true',
          'endTime=2027-12-31T00:00:00.000Z',
        ]);
      },
    },
  })),
  {
    says: 'then lifecycle.status is removed, if it is still there',
    person: until('2027-06-30'),
    account: { active: false, endTime: JUNE, labels: [lifecycle('SUSPENDED')] },
    shows: {
      current: (rounds) => {
        const { wrote, ...first } = round(rounds, 1);
        expect(first).toMatchObject({ active: true, endTime: JUNE, status: 'MEMBER', lifecycle: undefined });
        const done = wrote.filter((what) => /active|endTime|lifecycle/.test(what));
        expect(done).toEqual(['active=true', 'no label lifecycle.status']);
      },
    },
  },
  {
    says: 'one that an admin suspended stays suspended; names and status go on',
    person: until('2027-06-30', { firstName: 'Grace' }),
    account: { active: false, endTime: null },
    shows: {
      current: (rounds) => {
        for (const after of rounds) {
          expect(after).toMatchObject({ active: false, givenName: 'Grace', status: 'MEMBER', endTime: JUNE });
        }
      },
      legacy: (rounds) => {
        for (const after of rounds) {
          expect(after).toMatchObject({
            active: false,
            givenName: 'Grace',
            status: 'OK',
            action: 'NO_ACTION',
          });
        }
      },
    },
  },
  {
    says: 'one that was seen inactive before the label came stays suspended, whatever labels it afterwards',
    person: until('2027-06-30'),
    account: { endTime: JUNE },
    then: [
      ({ instance }, { id }) => instance.double.setActive(id, false),
      ({ instance }, { id }) => instance.double.setLabel(id, lifecycle('PENDING_REMOVAL')),
      hrSays('2027-12-31'),
    ],
    shows: {
      current: (rounds) => {
        const [, ...later] = rounds;
        expect(later.map(({ active }) => active)).toEqual(later.map(() => false));
        expect(round(rounds, 4)).toMatchObject({ status: 'MEMBER', endTime: midnight('2027-12-31') });
      },
      legacy: (rounds) => {
        const [, ...later] = rounds;
        expect(later.map(({ active }) => active)).toEqual(later.map(() => false));
        expect(round(rounds, 4)).toMatchObject({ status: 'OK', action: 'NO_ACTION' });
      },
    },
  },
  {
    says: 'participation over: EXPIRED, end time = now if it was still valid, once; valid again: a member',
    person: until('2027-01-15'),
    account: { endTime: JUNE },
    then: [null, hrSays('2027-12-31')],
    shows: {
      current: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({ status: 'EXPIRED', active: true });
        expectReason(round(rounds, 1), /2027-01-15/);
        expectEndedIn(round(rounds, 1));
        // Grace periods run from the day we learned it.
        expect(round(rounds, 2)).toMatchObject({ status: 'EXPIRED', endTime: round(rounds, 1).endTime });
        expect(round(rounds, 3)).toMatchObject({ status: 'MEMBER', endTime: midnight('2027-12-31') });
      },
    },
  },
  {
    says: 'expired is disabled at once, DISABLE_ACCOUNT and OK; valid again is restored, RESTORE_ACCOUNT and OK',
    person: until('2027-01-15'),
    account: { endTime: JUNE },
    then: [null, hrSays('2027-12-31'), null],
    shows: {
      legacy: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({ active: false, action: 'DISABLE_ACCOUNT', status: 'OK' });
        expect(round(rounds, 2)).toMatchObject({ active: false, status: 'OK' });
        expect(round(rounds, 3)).toMatchObject({ active: true, action: 'RESTORE_ACCOUNT', status: 'OK' });
        expect(round(rounds, 4)).toMatchObject({ active: true, action: 'NO_ACTION', status: 'OK' });
        expect(rounds.map(({ endTime }) => endTime)).toEqual(rounds.map(() => JUNE));
      },
    },
  },
  {
    says: 'none in the experiment: EXPIRED and end time = now; legacy: DISABLE_ACCOUNT and OK',
    person: until(null, { participations: [{ experiment: 'ATLAS' }] }),
    account: { endTime: null },
    shows: {
      current: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({
          ...{ status: 'EXPIRED', message: 'no-participation-in-CMS', active: true },
        });
        expectEndedIn(round(rounds, 1));
        expect(round(rounds, 2).endTime).toBe(round(rounds, 1).endTime);
      },
      legacy: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({ active: false, action: 'DISABLE_ACCOUNT', status: 'OK' });
        expect(round(rounds, 1).endTime).toBeNull();
      },
    },
  },
  {
    says: 'an end time that is over already stays',
    person: until('2027-01-10'),
    account: { endTime: midnight('2027-01-20') },
    shows: {
      current: (rounds) => {
        for (const after of rounds) {
          expect(after).toMatchObject({ status: 'EXPIRED', endTime: midnight('2027-01-20') });
        }
      },
    },
  },
  {
    says: 'skip-end-date-synch: the end time is never written',
    person: until('2027-12-31'),
    account: { endTime: JUNE, labels: [label('skip-end-date-synch')] },
    then: [hrSays('2027-01-15')],
    shows: {
      current: (rounds) => {
        expect(round(rounds, 1)).toMatchObject({ status: 'MEMBER', endTime: JUNE });
        expect(round(rounds, 2)).toMatchObject({ status: 'EXPIRED', endTime: JUNE });
      },
    },
  },
  {
    says: 'the label of the person id without an id: ERROR and the message, and nothing else',
    person: null,
    idLabel: 'empty',
    account: { endTime: JUNE },
    shows: both((rounds) => {
      for (const after of rounds) {
        expect(after).toMatchObject({ status: 'ERROR', active: true, endTime: JUNE, givenName: 'Ada' });
        expectReason(after, /no-person-id/);
      }
    }),
  },
  {
    says: 'an account without the label of the person id is none of ours',
    person: until('2027-01-15'),
    idLabel: 'none',
    shows: both((rounds) => {
      for (const { wroteAtAll } of rounds) expect(wroteAtAll).toEqual([]);
    }),
  },
  {
    says: 'dialect current removes the label action',
    person: until('2027-06-30'),
    account: { endTime: JUNE, labels: [label('action', 'NO_ACTION')] },
    shows: { current: (rounds) => expect(round(rounds, 1).action).toBeUndefined() },
  },
  {
    says: 'timestamp: the last time handled, at every run; of an unchanged account nothing else is written',
    person: until('2027-06-30'),
    account: { endTime: JUNE },
    shows: both((rounds) => {
      for (const { timestamp, from, to } of rounds) {
        expect(Number(timestamp)).toBeGreaterThanOrEqual(Math.floor(from));
        expect(Number(timestamp)).toBeLessThanOrEqual(to);
      }
      expect(rounds.slice(1).map(({ wrote }) => wrote)).toEqual(rounds.slice(1).map(() => []));
    }),
  },
];

const ROUNDS = 4;

/** Sets the stage for each sentence, and synchronises as often as it takes. */
async function playSentences(world: InstanceWorld): Promise<ReadonlyMap<Sentence, readonly After[]>> {
  const { deployment, instance } = world;
  instance.double.addAccount({ givenName: 'No', familyName: 'Label', email: 'stranger@example.org' });
  const actors = SENTENCES.map((sentence, index): readonly [Sentence, Actor] => {
    const person = index + 1;
    const { idLabel, account } = sentence;
    if (sentence.person !== null) deployment.hr.setPerson(sentence.person(person));
    if (idLabel === undefined) return [sentence, { person, id: instance.addAccount(person, account) }];
    const names = { givenName: 'Ada', familyName: 'Rossi', email: `person-${String(person)}@example.org` };
    const labels = idLabel === 'empty' ? [label('cern_person_id')] : [];
    return [sentence, { person, id: instance.double.addAccount({ ...names, ...account, labels }) }];
  });
  const ids = actors.map(([, { id }]) => id);
  const seen: ReadonlyMap<string, After>[] = [];
  for (let number = 1; number <= ROUNDS; number += 1) {
    for (const [{ then = [] }, actor] of actors) if (number > 1) then[number - 2]?.(world, actor);
    seen.push(await syncAndLook(world, ids));
  }
  return new Map(
    actors.map(([sentence, { id }]) => [
      sentence,
      seen.flatMap((after) => {
        const one = after.get(id);
        return one ? [one] : [];
      }),
    ]),
  );
}

describeOnTemporal('the sentences about experiment accounts', (server) => {
  /** A world of one dialect. HR is asked for each person alone: of each apart it can be said how HR answers. */
  const startWorld = async (
    dialect: IamDialect,
    { instance = {}, settings = {}, ...rest }: Partial<Parameters<typeof startInstanceWorld>[1]> = {},
  ) => {
    const world = await startInstanceWorld(server, {
      ...{ start: NOON, ...rest, instance: { dialect, ...instance } },
      settings: { safeguard: NO_SAFEGUARD, ...settings },
    });
    world.deployment.hr.setList(false);
    return world;
  };

  describe.each(DIALECTS)('dialect %s, with the settings that a site has which changes none', (dialect) => {
    let world: InstanceWorld;
    let played: ReadonlyMap<Sentence, readonly After[]>;
    beforeAll(async () => {
      // "No such person" is confirmed within the rounds.
      world = await startWorld(dialect, { settings: { sightings: { count: 2, hours: 0 } } });
      played = await playSentences(world);
    });
    afterAll(() => world.stop());

    const sentences = SENTENCES.filter(({ shows }) => shows[dialect] !== undefined);
    it.each(sentences.map((sentence) => [sentence.says, sentence] as const))('%s', (_, sentence) => {
      const rounds = played.get(sentence) ?? [];
      expect(rounds).toHaveLength(ROUNDS);
      sentence.shows[dialect]?.(rounds);
    });

    it('IAM’s own HR task at work raises an alarm, once; the next run without a trace clears it', async () => {
      const { deployment, instance } = world;
      const open = async () =>
        (await deployment.registry.alarms({ open: true })).filter(({ key }) => key === 'iam-hr-task');
      expect(await open()).toEqual([]);
      instance.double.runHrTask();
      await world.sync();
      expect(await open()).toHaveLength(1);
      await world.sync();
      expect(await open()).toEqual([]);
      const mails = deployment.sink.mails.filter(({ subject }) => subject.includes('iam-hr-task'));
      expect(mails).toHaveLength(1);
    });
  });

  describe.each(DIALECTS)('dialect %s, with the other settings', (dialect) => {
    let world: InstanceWorld;
    beforeAll(async () => {
      world = await startWorld(dialect, {
        // Sightings over 72 hours take a second and a half.
        daysPerSecond: 2,
        instance: {
          ...{ onPersonIdNotFound: 'disable_user', onParticipationNotFound: 'no_action' },
          timestamp: 'on-change',
        },
      });
    });
    afterAll(() => world.stop());

    it('disable_user: no such person is an ended membership after 3 sightings over 72 hours, and ERROR until then', async () => {
      const { deployment, instance } = world;
      const end = midnight('2029-06-30');
      deployment.hr.setPerson(participant(1, '2029-06-30'));
      const id = instance.addAccount(1, { endTime: end });
      await world.sync();
      deployment.hr.removePerson(1);
      const rounds: After[] = [];
      const isEnded = () => ['EXPIRED', 'OK'].includes(instance.label(id, 'hr.cern/status') ?? '');
      do {
        const after = (await syncAndLook(world, [id])).get(id);
        if (after) rounds.push(after);
      } while (!isEnded() && rounds.length < 100);
      const last = round(rounds, rounds.length);
      const before = rounds.slice(0, -1);
      expect(before.length).toBeGreaterThanOrEqual(2);
      for (const after of before) {
        expect(after).toMatchObject({ status: 'ERROR', endTime: end, active: true });
      }
      expect(last.to - round(rounds, 1).from).toBeGreaterThanOrEqual(3 * DAY_MS);
      if (dialect === 'legacy') {
        expect(last).toMatchObject({ active: false, action: 'DISABLE_ACCOUNT', status: 'OK', endTime: end });
      } else {
        expect(last).toMatchObject({ active: true, status: 'EXPIRED' });
        expectEndedIn(last);
      }
    });

    it('on-participation-not-found no_action leaves the account when there is none, and not when it is over', async () => {
      const { deployment, instance } = world;
      const end = midnight('2029-06-30');
      deployment.hr.setPerson(participant(2, null, { participations: [] }));
      deployment.hr.setPerson(participant(3, '2026-12-31'));
      const none = instance.addAccount(2, { endTime: end });
      const over = instance.addAccount(3, { endTime: end });
      const after = await syncAndLook(world, [none, over]);
      if (dialect === 'legacy') {
        const left = { active: true, action: 'NO_ACTION', status: 'OK', endTime: end };
        expect(after.get(none)).toMatchObject(left);
        expect(after.get(over)).toMatchObject({ active: false, action: 'DISABLE_ACCOUNT', status: 'OK' });
      } else {
        expect(after.get(none)).toMatchObject({ active: true, status: 'EXPIRED', endTime: end });
        expect(after.get(over)).toMatchObject({ active: true, status: 'EXPIRED' });
        expect(after.get(over)?.endTime).toBeLessThan(end);
      }
    });

    it('timestamp on-change: nothing at all is written to an unchanged account', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(4, '2029-06-30'));
      const id = instance.addAccount(4, { endTime: null });
      const first = (await syncAndLook(world, [id])).get(id);
      expect(first?.timestamp).toMatch(/^\d+$/);
      const second = (await syncAndLook(world, [id])).get(id);
      expect(second?.wroteAtAll).toEqual([]);
      expect(second?.timestamp).toBe(first?.timestamp);
    });
  });

  describe.each(DIALECTS)('dialect %s, with two sightings of no participation', (dialect) => {
    let world: InstanceWorld;
    beforeAll(async () => {
      world = await startWorld(dialect, { instance: { participationSightings: 2 } });
    });
    afterAll(() => world.stop());

    it('no participation counts at the second run in a row that finds none', async () => {
      const { deployment, instance } = world;
      const none: Partial<HrDoublePerson> = { participations: [] };
      deployment.hr.setPerson(participant(1, '2027-06-30'));
      const id = instance.addAccount(1, { endTime: JUNE });
      const look = async () => (await syncAndLook(world, [id])).get(id);
      const isLeft = (after: After | undefined) =>
        expect(after).toMatchObject({
          ...{ active: true, endTime: JUNE },
          ...(dialect === 'legacy' ? { action: 'NO_ACTION', status: 'OK' } : { status: 'MEMBER' }),
        });
      isLeft(await look());
      deployment.hr.setPerson(participant(1, null, none));
      isLeft(await look());
      // In a row: one that finds it begins anew.
      deployment.hr.setPerson(participant(1, '2027-06-30'));
      isLeft(await look());
      deployment.hr.setPerson(participant(1, null, none));
      isLeft(await look());
      const last = await look();
      if (dialect === 'legacy') {
        expect(last).toMatchObject({ active: false, action: 'DISABLE_ACCOUNT', status: 'OK' });
      } else {
        expect(last).toMatchObject({ active: true, status: 'EXPIRED', message: 'no-participation-in-CMS' });
        if (last) expectEndedIn(last);
      }
    });

    if (dialect === 'legacy') return;
    it('delegate: an admin’s suspension in the middle of a grace stays, also when IAM’s handler marks it PENDING_REMOVAL', async () => {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(2, '2027-01-28'));
      const id = instance.addAccount(2, { endTime: midnight('2027-01-28') });
      await world.sync();
      instance.double.runExpiredAccountsHandler();
      expect(instance.label(id, 'lifecycle.status')).toBe('PENDING_SUSPENSION');
      instance.double.setActive(id, false);
      await world.sync();
      instance.double.set({ suspensionGraceDays: 1 });
      instance.double.runExpiredAccountsHandler();
      expect(instance.label(id, 'lifecycle.status')).toBe('PENDING_REMOVAL');
      await world.sync();
      deployment.hr.setPerson(participant(2, '2027-12-31'));
      await world.sync();
      expect(instance.double.account(id)).toMatchObject({ active: false, endTime: midnight('2027-12-31') });
      expect(instance.label(id, 'hr.cern/status')).toBe('MEMBER');
      await world.sync();
      expect(instance.double.account(id)).toMatchObject({ active: false });
    });
  });

  describe('manage', () => {
    /** Suspended accounts stay until the test is over, whatever the machine does meanwhile. */
    const removesLate: PolicySet = withMilestones([
      { action: 'leaving', offset: 0 },
      { action: 'block', offset: 7 },
      { action: 'delete', offset: 2_000 },
    ]);
    let world: InstanceWorld;
    beforeAll(async () => {
      world = await startWorld('current', {
        ...{ daysPerSecond: 0.75, policies: removesLate, instance: { expiredAccounts: 'manage' } },
      });
    });
    afterAll(() => world.stop());

    it('who is valid again after our own suspension is restored; an admin’s suspension in the grace stays; who is ignored expires by the end time', async () => {
      const { deployment, instance } = world;
      const end = '2027-02-02';
      deployment.hr.setPerson(participant(1, end));
      deployment.hr.setPerson(participant(2, end));
      deployment.hr.setPerson(participant(3, null));
      const ours = instance.addAccount(1, { endTime: midnight(end) });
      const admins = instance.addAccount(2, { endTime: midnight(end) });
      const ignored = instance.addAccount(3, { endTime: midnight(end), labels: [label('ignore')] });
      await world.sync();
      const mark = (id: string, value: string) =>
        eventually(`the mark ${value}`, () => instance.label(id, 'lifecycle.status') === value);
      await mark(admins, 'PENDING_SUSPENSION');
      instance.double.setActive(admins, false);
      await world.sync();
      for (const id of [ours, admins, ignored]) {
        await mark(id, 'PENDING_REMOVAL');
        await eventually('it is inactive', () => instance.double.account(id)?.active === false);
        const { at } = instance.double.writes(id).find(({ what }) => what.endsWith('PENDING_REMOVAL')) ?? {
          at: 0,
        };
        expect(at).toBeGreaterThan(midnight(end) + 7 * DAY_MS);
      }
      expect(instance.label(ignored, 'hr.cern/status')).toBe('IGNORED');
      const account = await world.accountOf(ours);
      await deployment.untilStatus(account, 'suspended by us', ({ stage }) => stage === 'blocked');

      deployment.hr.setPerson(participant(1, '2031-12-31'));
      deployment.hr.setPerson(participant(2, '2031-12-31'));
      const after = await syncAndLook(world, [ours, admins]);
      const back = after.get(ours)?.wrote.filter((what) => /^(active|endTime|label lifecycle)/.test(what));
      expect(back).toEqual(['active=true', 'endTime=2031-12-31T00:00:00.000Z']);
      expect(after.get(ours)).toMatchObject({ active: true, status: 'MEMBER', lifecycle: undefined });
      await deployment.untilStatus(account, 'it is back', ({ stage }) => stage === 'active');
      expect(after.get(admins)).toMatchObject({ active: false, status: 'MEMBER' });
      // HR changes nothing of what is ignored.
      expect(instance.double.account(ignored)).toMatchObject({ active: false, endTime: midnight(end) });
      await world.sync();
      expect(instance.double.account(admins)).toMatchObject({ active: false });
    });
  });

  it('manage, removal switched off: SUSPENDED after the suspension grace, and never deleted', async () => {
    const world = await startWorld('current', {
      daysPerSecond: 10,
      instance: { expiredAccounts: 'manage' },
      policies: withMilestones([
        { action: 'leaving', offset: 0 },
        { action: 'block', offset: 7 },
      ]),
    });
    try {
      const { deployment, instance } = world;
      deployment.hr.setPerson(participant(1, '2027-02-02'));
      const id = instance.addAccount(1, { endTime: midnight('2027-02-02') });
      await world.sync();
      await eventually('it is inactive', () => instance.double.account(id)?.active === false);
      expect(instance.label(id, 'lifecycle.status')).toBe('SUSPENDED');
      const account = await world.accountOf(id);
      const status = await deployment.untilStatus(account, 'suspended', ({ stage }) => stage === 'blocked');
      expect(status.plan).toEqual([]);
      // The removal grace is over, and the next synchronisation after it finds the account where it was.
      await eventually('31 days', () => deployment.now() > midnight('2027-03-06'));
      await within('a synchronisation', world.sync());
      expect(instance.double.account(id)).toMatchObject({ active: false });
      expect(instance.label(id, 'lifecycle.status')).toBe('SUSPENDED');
    } finally {
      await world.stop();
    }
  });
});

/** The shipped policy with other milestones. */
function withMilestones(
  milestones: NonNullable<PolicySet['policies']['experiment']>['milestones'],
): PolicySet {
  const { experiment } = indigoIam.policies;
  if (!experiment) throw new Error('the shipped policy is for experiment accounts');
  return { ...indigoIam, policies: { experiment: { ...experiment, milestones } } };
}
