import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import { clockFrom, eventually, within } from '../support/lives.ts';
import { at, contract, found, LAST_DAY, policyFor } from '../support/policy-builders.ts';
import {
  type RecordedAccount,
  type RecordedAccounts,
  startRecordedAccounts,
} from '../support/recording-activities.ts';
import { describeOnTemporal } from '../support/temporal.ts';

type History = Awaited<ReturnType<RecordedAccount['handle']['fetchHistory']>>;
type Event = NonNullable<History['events']>[number];

/** The text of a payload. */
function textOf(data: Uint8Array | null | undefined): string {
  return data ? new TextDecoder().decode(data) : '';
}

function summaryOf(event: Event): string | null {
  const data = event.userMetadata?.summary?.data;
  return data ? String(JSON.parse(textOf(data))) : null;
}

/** Words that no operator should have to understand, and what is personal in the test's people. */
const NOT_WORDS = /undefined|\[object|null|NaN|@/;

describeOnTemporal('an account in Temporal', (server) => {
  let accounts: RecordedAccounts;
  let life: RecordedAccount;
  const FIRST = at('2027-01-29 12:00');

  beforeAll(async () => {
    accounts = await startRecordedAccounts(server);
    // A whole life, six days a second, while the other tests run. Notices go out right after midnight, so that an
    // account that wakes late by a part of a second still has the whole day.
    life = await accounts.start({
      clock: clockFrom(FIRST, 6),
      policy: policyFor('primary', { noticeTime: '00:30' }),
    });
  });
  afterAll(() => accounts.stop());

  /** Every event of every run, oldest first. */
  const allEvents = async (one: RecordedAccount): Promise<readonly Event[]> => {
    const events: Event[] = [];
    const { workflowId } = one.handle;
    let runId: string | null | undefined = (await one.handle.describe()).raw.workflowExtendedInfo
      ?.originalStartTime
      ? await firstRun(one)
      : null;
    while (runId) {
      const history: History = await accounts.client.workflow.getHandle(workflowId, runId).fetchHistory();
      events.push(...(history.events ?? []));
      const last = history.events?.at(-1);
      runId = last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    }
    return events;
  };
  const firstRun = async (one: RecordedAccount): Promise<string> => {
    const { events } = await one.handle.fetchHistory();
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    return started?.firstExecutionRunId ?? '';
  };

  it('shows stage, why and what comes next in search attributes and memo', async () => {
    const one = await accounts.start({
      clock: clockFrom(at('2027-03-01 12:00')),
      state: { managedSince: at('2027-02-28 12:00') },
    });
    const attributes = async (): Promise<Record<string, unknown>> => {
      const { typedSearchAttributes } = await one.handle.describe();
      const own = typedSearchAttributes.getAll().filter(({ key }) => key.name in SEARCH_ATTRIBUTES);
      return Object.fromEntries(own.map(({ key, value }) => [key.name, value]));
    };
    await eventually('the attributes', async () => 'NextMilestone' in (await attributes()));
    expect(await attributes()).toEqual({
      AccountKind: 'primary',
      LifecycleStage: 'active',
      HrStanding: 'member',
      LastDay: new Date('2027-03-31T00:00:00Z'),
      NextMilestone: 'notice -27',
      NextMilestoneAt: new Date(at('2027-03-04 08:00')),
    });
    expect((await one.handle.describe()).memo).toEqual({
      summary: 'primary account, active; last day 2027-03-31 (member); next: notice -27 on 2027-03-04 08:00',
    });
    await one.update('disable', { actor: 'security-1', reason: 'incident 4' });
    await eventually('the hold', async () => 'Holds' in (await attributes()));
    expect((await attributes())['Holds']).toEqual(['disabledManually']);
    await one.signal('participationChanged', found(9, [contract('2024-01-01', null)]));
    await eventually('no last day', async () => !('LastDay' in (await attributes())));
    expect(await attributes()).not.toHaveProperty('NextMilestone');
    const { memo } = await one.handle.describe();
    expect(memo?.['summary']).toBe(
      'primary account, active; open-ended (member); disabled manually by security-1: access is off; nothing planned',
    );
  });

  it('says in its current details where it stands, why, what comes next, and what was done', async () => {
    const one = await accounts.start({
      clock: clockFrom(at('2027-03-23 20:00'), 0.5),
      state: { told: { '-60': { lastDay: LAST_DAY, times: 1 }, '-27': { lastDay: LAST_DAY, times: 1 } } },
    });
    await one.untilStatus('the notice is sent', ({ past }) => past.length > 0);
    const metadata = await one.handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    const details = metadata.currentDetails;
    expect(details).toMatch(
      /^\*\*primary account: active\*\*, access on\nWhy: last day 2027-03-31 \(member\)\n/,
    );
    expect(details).toContain('- 2027-05-31 00:00: block (last day 2027-03-31)');
    expect(details).toMatch(/\*\*Done lately\*\*\n- 2027-03-24 \d\d:\d\d: notice done \(done by the test\)/);
    expect(details).not.toMatch(NOT_WORDS);
  });

  it('says at its start what it is', async () => {
    const one = await accounts.start({ clock: clockFrom(at('2027-03-01 12:00')) });
    const description = await one.handle.describe();
    expect(await description.staticSummary()).toBe(`primary account ${one.accountId}`);
    expect(await description.staticDetails()).toMatch(/^The life of one account\. Current details say where/);
  });

  it('costs no event in a year in which nothing happens', async () => {
    // A hundred and fifty days a second: a year is over when the other account gets its notice.
    const clock = clockFrom(at('2026-01-02 12:00'), 150);
    const [open, far, other] = await Promise.all([
      accounts.start({ clock, state: { observation: found(1, [contract('2024-01-01', null)]) } }),
      accounts.start({ clock, state: { observation: found(1, [contract('2024-01-01', '2031-12-31')]) } }),
      accounts.start({
        clock,
        state: { observation: found(1, [contract('2024-01-01', '2027-01-04')]), told: NEVER_NOTIFIED },
      }),
    ]);
    const sizeOf = async (one: RecordedAccount) => {
      const { runId, historyLength } = await one.handle.describe();
      return `${runId} ${historyLength}`;
    };
    const asleep = async (one: RecordedAccount) =>
      eventually('it is asleep', async () => {
        const { raw, memo } = await one.handle.describe();
        return memo !== undefined && 'summary' in memo && !raw.pendingWorkflowTask && sizeOf(one);
      });
    const before = [await asleep(open), await asleep(far)];
    const { at: later } = await other.untilCall('leaving');
    expect(later - at('2026-01-03')).toBeGreaterThan(365 * 86_400_000);
    expect([await sizeOf(open), await sizeOf(far)]).toEqual(before);
    expect(open.calls()).toEqual([]);
  });

  it('a whole life is told in words, comes at its moments, and costs at most 150 events', async () => {
    await within('the life ends', life.handle.result(), 110_000);
    expect(life.begun()).toEqual(['notice', 'notice', 'notice', 'leaving', 'status', 'block', 'delete']);
    for (const { at: actual, input } of life.calls()) expect(actual).toBeGreaterThanOrEqual(input.step.dueAt);

    const events = await allEvents(life);
    expect(events.length).toBeLessThanOrEqual(150);
    const timers = events.filter(({ timerStartedEventAttributes: timer }) => timer).map(summaryOf);
    const activities = events.filter(({ activityTaskScheduledEventAttributes: a }) => a).map(summaryOf);
    for (const words of [...timers, ...activities]) {
      expect(words).toMatch(/^[a-z].* /);
      expect(words).not.toMatch(NOT_WORDS);
    }
    expect(timers).toEqual(
      expect.arrayContaining([
        'leaving on 2027-04-01 00:00',
        'status "Inactive" on 2027-05-31 00:00',
        'delete on 2027-09-28 00:00',
      ]),
    );
    expect(activities).toContain('block: last day 2027-03-31, due 2027-05-31 00:00');

    // More than three days asleep: only ever in a run that has done nothing else.
    let actedInRun = false;
    for (const event of events) {
      if (event.workflowExecutionStartedEventAttributes) actedInRun = false;
      if (event.activityTaskScheduledEventAttributes) actedInRun = true;
      const seconds = Number(event.timerStartedEventAttributes?.startToFireTimeout?.seconds ?? 0);
      const nanos = event.timerStartedEventAttributes?.startToFireTimeout?.nanos ?? 0;
      const isLong = seconds + nanos / 1e9 > 3 / 6 + 0.05;
      const isPatience = (summaryOf(event) ?? '').startsWith('patience');
      if (isLong && !isPatience) expect(actedInRun).toBe(false);
    }
  });

  it('a life that is over is never started again by a late fact', async () => {
    await within('the life ends', life.handle.result(), 110_000);
    const { runId } = await life.handle.describe();
    const late = accounts.client.workflow.signalWithStart('accountLifecycle', {
      workflowId: life.handle.workflowId,
      taskQueue: accounts.taskQueue,
      args: [],
      signal: 'participationChanged',
      signalArgs: [found(99, [contract('2024-01-01', null)])],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    });
    await expect(late).rejects.toMatchObject({ name: 'WorkflowExecutionAlreadyStartedError' });
    expect((await life.handle.describe()).runId).toBe(runId);
  });
});

/** Told by every notice that this account would get before 2027-01-05. */
const NEVER_NOTIFIED = Object.fromEntries(
  [-60, -27, -7].map((offset) => [offset, { lastDay: '2027-01-04', times: 1 }]),
);
