import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { RegistryError } from '../../src/errors.ts';
import { personOfHr, startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { clockFrom, within } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const START = at('2027-02-01 12:00');
const ids = [1, 2, 3, 4, 5, 6, 7, 8];
/** Longer than one attempt at an HR that fails at once, which takes half a second. */
const GIVE_UP_MS = 1_500;

describeOnTemporal('a synchronisation', (server) => {
  let deployment: TestDeployment;
  let giveUpMs = GIVE_UP_MS;
  let isRegistryBroken = false;
  beforeAll(async () => {
    deployment = await startTestDeployment(server, {
      clock: clockFrom(START),
      syncSlots: 2,
      settings: { rangeSize: 2 },
      over: ({ registry, settings }) => ({
        settings: {
          ...settings,
          get giveUpMs() {
            return giveUpMs;
          },
        },
        registry: {
          ...registry,
          observationNumbers: async (count) => {
            if (isRegistryBroken) throw refused();
            return registry.observationNumbers(count);
          },
        },
      }),
    });
    for (const id of ids) {
      await deployment.seedPerson(personOfHr(id), START);
      const row = await deployment.seedAccount({ personId: String(id), at: START });
      await deployment.startAccount(row.accountId);
    }
  });
  beforeEach(() => {
    giveUpMs = GIVE_UP_MS;
    isRegistryBroken = false;
    deployment.hr.fault('none');
  });
  afterAll(() => deployment.stop());

  const refused = () =>
    new RegistryError({ code: 'REGISTRY_VALUE_REFUSED', message: 'refused', retryable: false });
  const alarms = async () => (await deployment.registry.alarms({ open: true })).map(({ key }) => key);
  const mails = () => deployment.sink.mails.filter(({ subject }) => subject.includes('hr-answers'));

  it('gives up an HR that stays silent, tells so once and holds nothing; the next one goes on', async () => {
    deployment.hr.fault('500');
    const silent = await deployment.startSync();
    expect(await within('its end', silent.result())).toMatchObject({
      looked: 0,
      unavailable: ids.length,
      heldBecause: [],
      heldPlan: null,
      hrProblem: expect.stringContaining('unavailable for so long'),
    });
    // It waited over several attempts, each of which knew how long those before it had waited.
    const { events } = await silent.fetchHistory();
    const attempts = (events ?? []).map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0);
    expect(Math.max(...attempts)).toBeGreaterThan(1);
    await within('another one', deployment.sync());
    expect([await alarms(), mails().length]).toEqual([['hr-answers'], 1]);

    deployment.hr.fault('none');
    deployment.hr.setPerson(personOfHr(8, { to: '2027-12-31' }));
    expect(await within('the next one', deployment.sync())).toMatchObject({ told: 1, hrProblem: null });
    expect([await alarms(), mails().length]).toEqual([[], 1]);
  });

  it('waits as long as it must for a slot: that is no silence of HR', async () => {
    // Two ranges at a time: the others wait for longer than this.
    giveUpMs = 1;
    expect(await within('its end', deployment.sync())).toMatchObject({
      looked: ids.length,
      unavailable: 0,
      hrProblem: null,
    });
  });

  it('that fails for another reason says which, and the next one need not wait for it', async () => {
    isRegistryBroken = true;
    const failed = await within(
      'its end',
      deployment.sync().then(
        () => null,
        (error: unknown) => error,
      ),
    );
    const cause = failed instanceof WorkflowFailedError ? failed.cause : null;
    const why = cause instanceof ActivityFailure ? cause.cause : null;
    expect(why instanceof ApplicationFailure ? why.type : failed).toBe('REGISTRY_VALUE_REFUSED');
    expect(await alarms()).toEqual([]);
    isRegistryBroken = false;
    expect(await within('the next one', deployment.sync())).toMatchObject({ looked: ids.length });
  });
});
