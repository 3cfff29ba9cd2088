import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { findTemporalCli } from '../../src/dev/temporal-binaries.ts';
import { startTemporalServer, type TemporalServer } from '../../src/dev/temporal-server.ts';
import { describeInBrowser } from '../support/browser.ts';
import { clockFrom, eventually } from '../support/lives.ts';
import { at, contract, found } from '../support/policy-builders.ts';
import {
  type RecordedAccount,
  type RecordedAccounts,
  startRecordedAccounts,
} from '../support/recording-activities.ts';
import { describeOnTemporal } from '../support/temporal.ts';

const log = () => undefined;
const PATIENCE_MS = 60_000;

describeOnTemporal('an account in Temporal UI', () => {
  describeInBrowser('(a server of its own, a real browser)', (launch) => {
    let server: TemporalServer;
    let accounts: RecordedAccounts;
    /** What was opened, for the end: a set-up that fails half way leaves nothing behind. */
    const closers: (() => Promise<unknown>)[] = [];
    let page: Page;
    let one: RecordedAccount;

    beforeAll(async () => {
      const browser = await launch();
      closers.push(() => browser.close());
      page = await browser.newPage({ viewport: { width: 1400, height: 1200 } });
      page.setDefaultTimeout(PATIENCE_MS);
      server = await startTemporalServer({ ui: true, searchAttributes: SEARCH_ATTRIBUTES, log });
      closers.push(() => server.stop());
      accounts = await startRecordedAccounts(server);
      closers.push(() => accounts.stop());
      // A day in ten seconds: nothing is due for minutes, and a notice can be waited for.
      one = await accounts.start({
        clock: clockFrom(at('2027-03-20 12:00'), 0.1),
        state: {
          observation: found(1, [contract('2024-01-01', '2027-06-30')]),
          managedSince: at('2027-03-01 12:00'),
        },
      });
      await one.status();
    });
    afterAll(async () => {
      for (const close of closers.reverse()) await close();
    });

    /** Opens the page that the link in a list opens, at one of its tabs. */
    const open = async (tab: string): Promise<void> => {
      const id = encodeURIComponent(one.handle.workflowId);
      await page.goto(`${server.uiAddress ?? ''}/namespaces/${server.namespace}/workflows/${id}`);
      await page.getByRole('tab', { name: tab }).click();
    };
    /** All that can be read on the page, framed texts too. */
    const read = async (): Promise<string> => {
      const texts = await Promise.all(
        page.frames().map((frame) =>
          frame
            .locator('body')
            .innerText({ timeout: 5_000 })
            .catch(() => ''),
        ),
      );
      return texts.join('\n');
    };
    const untilRead = (words: RegExp): Promise<string> =>
      eventually(
        `the page says ${String(words)}`,
        async () => {
          const text = await read();
          return words.test(text) && text;
        },
        PATIENCE_MS,
      );
    const cli = async (...args: readonly string[]): Promise<string> => {
      const program = await findTemporalCli({ log });
      const where = ['--address', server.address, '--workflow-id', one.handle.workflowId];
      const result = await runCommand(program, ['workflow', ...args, ...where], PATIENCE_MS);
      return result.ok ? result.stdout : result.reason;
    };

    it('its page tells the stage, why, and what comes next, in words', { timeout: 240_000 }, async () => {
      await open('User Metadata');
      const details = await untilRead(/Plan/);
      expect(details).toContain(`primary account ${one.accountId}`);
      expect(details).toMatch(/primary account: active, access on\s+Why: last day 2027-06-30 \(member\)/);
      expect(details).toContain(
        '2027-05-01 08:00: notice -60 (notice 60 days before the last day, 2027-06-30)',
      );
      expect(details).toContain('2027-08-30 00:00: block (last day 2027-06-30)');
      expect(details).toMatch(/Done lately\s+- nothing yet/);

      await page.getByRole('tab', { name: 'Memo' }).click();
      await untilRead(
        /primary account, active; last day 2027-06-30 \(member\); next: notice -60 on 2027-05-01 08:00/,
      );
      await page.getByRole('tab', { name: 'Search Attributes' }).click();
      expect(await untilRead(/NextMilestoneAt/)).toMatch(
        /"LifecycleStage": "active"[^]*"NextMilestone": "notice -60"/,
      );
      // What it waits for stands beside its timer.
      await page.getByRole('tab', { name: 'Timeline' }).click();
      await untilRead(/notice -60 on 2027-05-01 08:00/);
      expect(await read()).not.toMatch(/undefined|\[object|NaN/);
    });

    it('the command line says the same', { timeout: 240_000 }, async () => {
      const metadata = await cli('metadata');
      expect(metadata).toContain('**primary account: active**, access on');
      expect(metadata).toContain('Why: last day 2027-06-30 (member)');
      expect(metadata).toContain(
        '2027-05-01 08:00: notice -60 (notice 60 days before the last day, 2027-06-30)',
      );
      expect(metadata).toContain('Stops milestones, for 90 days by default');
      const description = await cli('describe');
      expect(description).toContain(`primary account ${one.accountId}`);
      expect(description).toMatch(/LifecycleStage:.{0,160}active.*NextMilestone:.{0,160}notice -60/);
      expect(description).toContain('next: notice -60 on 2027-05-01 08:00');
    });

    it('a cancellation requested there does not end the watch', { timeout: 240_000 }, async () => {
      await open('Timeline');
      const { runId } = await one.handle.describe();
      // The page has it twice, for wide and for narrow windows.
      await page.getByRole('button', { name: 'Request Cancellation' }).filter({ visible: true }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Confirm' }).click();
      await untilRead(/Cancel Request Sent/);
      const { events } = await one.handle.fetchHistory();
      const isRequest = (event: NonNullable<typeof events>[number]) =>
        Boolean(event.workflowExecutionCancelRequestedEventAttributes);
      expect(events?.filter(isRequest)).toHaveLength(1);

      expect(await one.status()).toMatchObject({ stage: 'active', lastDay: '2027-06-30' });
      expect((await one.handle.describe()).status.name).toBe('RUNNING');
      expect(one.begun()).toEqual([]);
      expect(await cli('describe')).toMatch(/CancelRequested\s+true/);

      // A fact that makes a step due, which leads to one by the clock, and then to a long sleep in a fresh run.
      await one.signal('participationChanged', found(2, [contract('2024-01-01', '2027-03-15')]));
      await one.untilCall('leaving');
      await one.untilCall('notice');
      await eventually('a fresh run', async () => (await one.handle.describe()).runId !== runId);
      expect(await one.status()).toMatchObject({ stage: 'grace' });
      await open('User Metadata');
      const details = await untilRead(/primary account: grace, access on/);
      expect(details).toContain('2027-05-15 00:00: block (last day 2027-03-15)');
      expect(details).toMatch(/Done lately[^]*leaving done \(done by the test\)[^]*notice done/);
    });
  });
});
