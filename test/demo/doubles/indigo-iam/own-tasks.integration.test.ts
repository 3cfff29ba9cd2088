import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, done, openIam, type OpenIam } from './iam-client.ts';

const DAY_MS = 86_400_000;
const END = Date.parse('2027-03-31T00:00:00Z');

let it: OpenIam;
beforeEach(async () => {
  it = await openIam();
  it.iam.setEndTime(ADA, END);
});
afterEach(() => it.iam.stop());

const runOn = (date: string): void => {
  it.clock.ms = Date.parse(date);
  it.iam.runExpiredAccountsHandler();
};
const byHandler = (id: string): string[] =>
  it.iam
    .writes(id)
    .filter(({ by }) => by === 'expired-accounts-handler')
    .map(({ what }) => what);

describe('the expired-accounts handler of the INDIGO IAM double', () => {
  test('knows an account as expired once its end time is before today, 00:00 UTC', () => {
    runOn('2027-03-31T23:59:59Z');
    expect(byHandler(ADA)).toEqual([]);
    runOn('2027-04-01T00:00:00Z');
    expect(byHandler(ADA)).toEqual(['label lifecycle.status=PENDING_SUSPENSION']);
    expect(it.iam.account(ADA)?.active).toBe(true);
    expect(it.iam.writes(BOB)).toEqual([]);
  });

  test('suspends strictly after the grace, and deletes strictly after the other, both from the end time', () => {
    runOn('2027-04-07T12:00:00Z');
    expect(it.iam.account(ADA)?.active).toBe(true);
    runOn('2027-04-08T00:00:00Z');
    expect(it.iam.account(ADA)).toMatchObject({
      active: false,
      labels: [{ name: 'lifecycle.status', value: 'PENDING_REMOVAL' }],
    });
    runOn('2027-04-30T23:59:59Z');
    expect(it.iam.account(ADA)).toBeDefined();
    runOn('2027-05-01T00:00:00Z');
    expect(it.iam.account(ADA)).toBeUndefined();
    expect(byHandler(ADA)).toEqual([
      'label lifecycle.status=PENDING_SUSPENSION',
      'active=false',
      'label lifecycle.status=PENDING_REMOVAL',
      'deleted',
    ]);
  });

  test('counts the grace from the end time, also when that is no midnight', () => {
    it.iam.setEndTime(ADA, END + 1);
    runOn('2027-04-07T12:00:00Z');
    expect(it.iam.account(ADA)?.active).toBe(true);
    it.iam.setEndTime(ADA, END - 1);
    runOn('2027-04-07T12:00:00Z');
    expect(it.iam.account(ADA)?.active).toBe(false);
  });

  test('with no grace suspends what is expired', () => {
    it.iam.set({ suspensionGraceDays: 0 });
    runOn('2027-04-01T00:00:00Z');
    expect(it.iam.account(ADA)?.active).toBe(false);
  });

  test('deletes an account past the second grace at once, although nobody had suspended it', () => {
    runOn('2027-06-01T00:00:00Z');
    expect(byHandler(ADA)).toEqual(['deleted']);
  });

  test('with removal switched off keeps it as SUSPENDED', () => {
    it.iam.set({ removalEnabled: false });
    runOn('2028-01-01T00:00:00Z');
    expect(it.iam.account(ADA)).toMatchObject({
      active: false,
      labels: [{ name: 'lifecycle.status', value: 'SUSPENDED' }],
    });
  });

  test('labels also what an admin has suspended before', () => {
    it.iam.setActive(ADA, false);
    runOn('2027-04-01T00:00:00Z');
    runOn('2027-04-08T00:00:00Z');
    expect(byHandler(ADA)).toEqual([
      'label lifecycle.status=PENDING_SUSPENSION',
      'label lifecycle.status=PENDING_REMOVAL',
    ]);
  });

  test('writes nothing that is so already', () => {
    runOn('2027-04-02T00:00:00Z');
    runOn('2027-04-02T00:05:00Z');
    runOn('2027-04-09T00:00:00Z');
    runOn('2027-04-10T00:00:00Z');
    expect(byHandler(ADA)).toHaveLength(3);
  });

  test('runs by itself where it was told to, by the clock of the double', async () => {
    const own = await openIam({ handleExpiredEveryMs: DAY_MS });
    try {
      own.iam.setEndTime(ADA, own.clock.ms);
      const run = own.iam.nextHandlerRun();
      own.clock.ms += DAY_MS;
      await run;
      expect(done(own.iam, ADA).slice(1)).toEqual([
        'expired-accounts-handler: label lifecycle.status=PENDING_SUSPENSION',
      ]);
    } finally {
      await own.iam.stop();
    }
  });
});

describe('the traces of the HR task in the INDIGO IAM double', () => {
  const label = (name: string, value?: string) => ({ prefix: 'hr.cern', name, ...(value ? { value } : {}) });

  test('are VO_MEMBER, and labels that vanish, on accounts with a person id', () => {
    it.iam.setLabel(ADA, label('cern_person_id', '900123'));
    it.iam.setLabel(ADA, label('timestamp', '1806451200000'));
    it.iam.setLabel(ADA, label('action', 'NO_ACTION'));
    it.iam.setLabel(ADA, label('status', 'MEMBER'));
    it.iam.setLabel(BOB, label('timestamp', '1806451200000'));
    it.iam.runHrTask();
    expect(it.iam.account(ADA)?.labels).toEqual([
      label('cern_person_id', '900123'),
      label('status', 'VO_MEMBER'),
      label('message', 'The membership was synchronized'),
    ]);
    expect(it.iam.account(BOB)?.labels).toEqual([label('timestamp', '1806451200000')]);
  });

  test('are IGNORED where the label says to ignore the account', () => {
    it.iam.setLabel(ADA, label('cern_person_id', '900123'));
    it.iam.setLabel(ADA, label('ignore'));
    it.iam.runHrTask();
    expect(done(it.iam, ADA)).toContain('hr-task: label hr.cern/status=IGNORED');
  });
});
