import { afterAll, beforeAll, expect, it } from 'vitest';
import type { InstanceEnd } from '../../../activities/instance/instance-alarms.ts';
import { runSync, startSurroundings, type Surroundings } from '../../support/deployment.ts';
import { clockFrom } from '../../support/lives.ts';
import { at } from '../../support/policy-builders.ts';

const DAY_1 = at('2027-02-01 12:00');

let around: Surroundings;
let runs = 0;
beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.stop());

/** The alarms that are open at the end of a run in which the instance's accounts came to this. */
async function alarmsAfter(over: Partial<InstanceEnd>) {
  const instance = { gaveUp: false, refusedEndTimes: 0, otherExperiment: 0, ...over };
  runs += 1;
  const planId = `run-${String(runs)}`;
  const run = { clock: clockFrom(DAY_1), planId };
  await around.registry.openPlan({ planId, dryRun: false, at: DAY_1 });
  await runSync(around.deps, (activities) => activities.endRun({ ...run, shrunk: false, instance }));
  const open = await around.registry.alarms({ open: true });
  return open.filter(({ key }) => key.startsWith('iam-')).map(({ key, message }) => [key, message] as const);
}

it('end times that nobody may change, and accounts of another experiment, are alarms until a run finds none', async () => {
  const alarms = await alarmsAfter({ refusedEndTimes: 3, otherExperiment: 2 });
  expect(new Map(alarms)).toEqual(
    new Map([
      [
        'iam-end-time-read-only',
        expect.stringMatching(/refuses to change the end time of 3 accounts.*skip-end-date-synch/s),
      ],
      ['iam-other-experiment', expect.stringMatching(/^2 accounts .* cern\.experimentName/s)],
    ]),
  );
  expect(await alarmsAfter({})).toEqual([]);
});

it('an instance that was silent, or refuses our client, is an alarm until a run handles every account', async () => {
  const reason = 'the INDIGO IAM instance refuses our client (IAM_FORBIDDEN): it lacks the scope scim:write';
  expect(await alarmsAfter({ gaveUp: true, reason })).toEqual([
    ['iam-unavailable', expect.stringContaining(reason)],
  ]);
  expect((await alarmsAfter({ gaveUp: true })).map(([key]) => key)).toEqual(['iam-unavailable']);
  expect(await alarmsAfter({})).toEqual([]);
});

it('a run that left accounts out clears no alarm: what it did not find may be there', async () => {
  await alarmsAfter({ refusedEndTimes: 3, otherExperiment: 2 });
  const mailed = around.sink.mails.length;
  const keys = (await alarmsAfter({ gaveUp: true })).map(([key]) => key);
  expect(keys.sort()).toEqual(['iam-end-time-read-only', 'iam-other-experiment', 'iam-unavailable']);
  await alarmsAfter({ refusedEndTimes: 3, otherExperiment: 2 });
  // Only what is new: the silence.
  expect(around.sink.mails).toHaveLength(mailed + 1);
  expect(await alarmsAfter({})).toEqual([]);
});
