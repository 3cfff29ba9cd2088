import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AuditNote } from '../../src/contracts/account.ts';
import { clockFrom, eventually } from '../support/lives.ts';
import { at, contract, found, LAST_DAY } from '../support/policy-builders.ts';
import {
  type RecordedAccount,
  type RecordedAccounts,
  startRecordedAccounts,
} from '../support/recording-activities.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const BY = { actor: 'admin-7', reason: 'ticket 12' };
const TOLD = Object.fromEntries([-60, -27].map((offset) => [offset, { lastDay: LAST_DAY, times: 1 }]));

const ALL_TOLD = { ...TOLD, '-7': { lastDay: LAST_DAY, times: 1 } };
const ROUNDS = 12;
/** Taken over lately: no notice is due, so that every sleep is a long one. */
const NEW_HERE = { managedSince: at('2027-02-28 12:00') };

describeOnTemporal('continue-as-new', (server) => {
  let accounts: RecordedAccounts;
  beforeAll(async () => {
    accounts = await startRecordedAccounts(server);
  });
  afterAll(() => accounts.stop());

  const runOf = async (one: RecordedAccount) => (await one.handle.describe()).runId;
  const notesOf = (one: RecordedAccount): AuditNote[] => {
    const notes = one.calls().flatMap(({ input }) => input.state.unrecorded);
    return [...new Map(notes.map((note) => [note.sequence, note])).values()];
  };

  it.concurrent('a sleep of more than three days begins in a fresh run, a shorter one does not', async () => {
    const clock = clockFrom(at('2027-03-01 12:00'));
    const [long, short] = await Promise.all([
      accounts.start({ clock, state: { told: TOLD } }),
      accounts.start({ clock: clockFrom(at('2027-03-30 12:00')), state: { told: ALL_TOLD } }),
    ]);
    const [longRun, shortRun] = [await runOf(long), await runOf(short)];
    for (const one of [long, short]) await one.update('ignore', { ...BY, until: 'never' });
    for (const one of [long, short]) await one.update('resume', BY);
    await eventually('a fresh run', async () => (await runOf(long)) !== longRun);
    await eventually('both commands are recorded', () => notesOf(short).length === 2);
    expect(await runOf(short)).toBe(shortRun);
    // The last fresh run has begun, shown itself and sleeps: nothing else. One before it still recorded `resume`.
    const types = await eventually('the long sleep', async () => {
      const events = (await long.handle.fetchHistory()).events ?? [];
      const hasActed = events.some((event) => event.activityTaskScheduledEventAttributes);
      return !hasActed && events.some((event) => event.timerStartedEventAttributes) && events;
    });
    expect(types.filter(({ timerStartedEventAttributes: timer }) => timer)).toHaveLength(1);
  });

  it.concurrent('loses no signal and no Update that comes at its very moment', async () => {
    const one = await accounts.start({ clock: clockFrom(at('2027-03-01 12:00')), state: { told: TOLD } });
    const runs = new Set<string>();
    /** The next round comes at another moment of the account's work: at once, while it records, in a fresh run. */
    const moments = [
      async () => undefined,
      (round: number) =>
        eventually('the round is being recorded', () =>
          notesOf(one).some(({ commandId }) => commandId === `ignore-${round}`),
        ),
      (_: number, before: string) => eventually('a fresh run', async () => (await runOf(one)) !== before),
    ];
    const answers: boolean[] = [];
    // Each of them wakes the account, is recorded, and leads to a fresh run: all of them race with that.
    for (let round = 0; round < ROUNDS; round += 1) {
      const end = `2027-05-${String(round + 10)}`;
      const before = await runOf(one);
      runs.add(before);
      await Promise.all([
        one.signal('participationChanged', found(100 + round, [contract('2024-01-01', end)])),
        one.signal('ignore', { ...BY, until: `2027-08-${String(round + 10)}`, commandId: `ignore-${round}` }),
        one
          .update('extend', { ...BY, until: `2027-09-${String(round + 10)}`, commandId: `extend-${round}` })
          .then(({ applied }) => answers.push(applied)),
        one.signal('nobody-knows', round),
      ]);
      await moments[round % moments.length]?.(round, before);
    }
    const wanted = Array.from({ length: ROUNDS }, (_, round) => [
      `ignore-${round}`,
      `extend-${round}`,
    ]).flat();
    await eventually('every command is recorded', () => {
      const ids = notesOf(one).map(({ commandId }) => commandId);
      return wanted.every((id) => ids.includes(id));
    });
    const ids = notesOf(one).flatMap(({ commandId }) => (commandId === null ? [] : [commandId]));
    expect([...ids].sort()).toEqual([...wanted].sort());
    expect(answers).toEqual(Array.from({ length: ROUNDS }, () => true));
    const status = await one.untilStatus(
      'the last fact',
      ({ lastDay }) => lastDay === `2027-09-${ROUNDS + 9}`,
    );
    expect(status.holds).toEqual(['ignored']);
    const sequences = notesOf(one).map(({ sequence }) => sequence);
    expect(new Set(sequences).size).toBe(Math.max(...sequences));
    expect(runs.size).toBeGreaterThanOrEqual(ROUNDS / moments.length);

    // What was carried out before is known in every later run, whatever the id of the Update.
    const again = await one.update(
      'extend',
      { ...BY, until: '2027-09-10', commandId: 'extend-0' },
      'other-id',
    );
    expect(again.applied).toBe(false);
    await one.signal('ignore', { ...BY, until: '2027-08-10', commandId: 'ignore-0' });
    await one.update('disable', { ...BY, commandId: 'the-end' });
    const call = await one.untilCall('disable');
    expect(call.input.state).toMatchObject({
      told: TOLD,
      holds: { ignored: { until: `2027-08-${ROUNDS + 9}` } },
      observation: { number: 99 + ROUNDS },
      adminDate: { until: `2027-09-${ROUNDS + 9}` },
    });
  });

  it.concurrent('keeps the ring of handled commands at fifty', async () => {
    const handledCommands = Array.from({ length: 50 }, (_, index) => `old-${index}`);
    const one = await accounts.start({
      clock: clockFrom(at('2027-03-01 12:00')),
      state: { told: TOLD, handledCommands },
    });
    await one.update('ignore', { ...BY, commandId: 'new' });
    const { input } = await one.untilCall('record');
    expect(input.state.handledCommands).toEqual([...handledCommands.slice(1), 'new']);
  });

  it.concurrent('an Update that waits for its answer gets it, although the run ends with it', async () => {
    const one = await accounts.start({ clock: clockFrom(at('2027-03-01 12:00')), state: NEW_HERE });
    const before = await runOf(one);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        one.update('extend', { ...BY, until: `2027-06-1${index}`, commandId: `c${index}` }),
      ),
    );
    expect(answers.map(({ applied }) => applied)).toEqual(answers.map(() => true));
    await eventually('a fresh run', async () => (await runOf(one)) !== before);
    expect((await one.status()).lastDay).toMatch(/^2027-06-1\d$/);
  });
});
