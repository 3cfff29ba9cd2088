import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { forEachOf } from '../activities/sync/for-each-of.ts';
import { accountWorkflowId } from '../src/worker/account-workflows.ts';

/** Of every account: its workflow's newest run, and how many events that has. */
export type Histories = ReadonlyMap<string, { readonly runId: string; readonly events: number }>;

const AT_ONCE = 32;
const POLL_MS = 1_000;

/** Asks Temporal for every single one of these accounts. */
export async function readHistories(client: Client, accountIds: readonly string[]): Promise<Histories> {
  const read = new Map<string, { runId: string; events: number }>();
  await forEachOf(accountIds, AT_ONCE, async (accountId) => {
    const { runId, historyLength } = await client.workflow.getHandle(accountWorkflowId(accountId)).describe();
    read.set(accountId, { runId, events: historyLength });
  });
  return read;
}

/** Events that came since; of a run that is new, all it has. */
export function eventsSince(before: Histories, now: Histories): number {
  let events = 0;
  for (const [accountId, { runId, events: length }] of now) {
    const earlier = before.get(accountId);
    events += earlier?.runId === runId ? length - earlier.events : length;
  }
  return events;
}

/** Waits until these accounts are at rest: two looks in a row that show no event between them. */
export async function untilAtRest(client: Client, accountIds: readonly string[]): Promise<void> {
  let before = await readHistories(client, accountIds);
  for (;;) {
    await delay(POLL_MS);
    const now = await readHistories(client, accountIds);
    if (eventsSince(before, now) === 0) return;
    before = now;
  }
}

/** Waits until so many active accounts' workflows have shown where they stand, after which they sleep. */
export async function untilAsleep(client: Client, accounts: number): Promise<void> {
  const query = `WorkflowType='accountLifecycle' AND ExecutionStatus='Running' AND LifecycleStage='active'`;
  while ((await client.workflow.count(query)).count < accounts) await delay(POLL_MS);
}
