import { WorkflowUpdateFailedError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clockFrom } from '../support/lives.ts';
import { at, found } from '../support/policy-builders.ts';
import { type RecordedAccounts, startRecordedAccounts } from '../support/recording-activities.ts';
import { describeOnTemporal } from '../support/temporal.ts';

/** A payload as it goes over the wire, whatever the client library would make of it. */
interface RawPayload {
  readonly metadata?: Readonly<Record<string, Uint8Array>>;
  readonly data?: Uint8Array;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const encoded = (encoding: string, data: string): RawPayload => ({
  metadata: { encoding: bytes(encoding) },
  data: bytes(data),
});

const GOOD = { actor: 'admin-7', reason: 'ticket 12' };

describeOnTemporal('messages with rubbish in them', (server) => {
  let accounts: RecordedAccounts;
  beforeAll(async () => {
    accounts = await startRecordedAccounts(server);
  });
  afterAll(() => accounts.stop());

  const signalRaw = (workflowId: string, signalName: string, payloads: readonly RawPayload[]) =>
    accounts.client.workflowService.signalWorkflowExecution({
      namespace: server.namespace,
      workflowExecution: { workflowId },
      signalName,
      input: { payloads: [...payloads] },
    });

  /** Half a day before leaving, which comes after a second. */
  const beforeLeaving = () =>
    accounts.start({
      clock: clockFrom(at('2027-03-31 12:00'), 0.5),
      state: {
        told: Object.fromEntries([-60, -27, -7].map((o) => [o, { lastDay: '2027-03-31', times: 1 }])),
      },
    });

  it.concurrent.each<[string, string, readonly unknown[], string]>([
    ['nothing at all', 'disable', [], 'disable: send an object: {"actor":"…","reason":"…"}'],
    ['a text', 'disable', ['now!'], 'disable: send an object: {"actor":"…","reason":"…"}'],
    ['a list', 'disable', [[GOOD]], 'disable: send an object: {"actor":"…","reason":"…"}'],
    ['a number', 'extend', [42], 'extend: send an object: {"actor":"…","reason":"…"}'],
    ['null', 'ignore', [null], 'ignore: send an object: {"actor":"…","reason":"…"}'],
    ['no actor', 'disable', [{ reason: 'x' }], 'disable: actor is missing: who sends this, as an opaque id'],
    ['no reason', 'ignore', [{ actor: 'x' }], 'ignore: reason is missing, or longer than 200 characters'],
    [
      'a date that does not exist',
      'extend',
      [{ ...GOOD, until: '2027-02-29' }],
      'extend: until must be a date that exists, YYYY-MM-DD',
    ],
    [
      'a fact without a number',
      'participationChanged',
      [{ ...found(9, []), number: 'nine' }],
      'participationChanged: number must be a whole number',
    ],
    [
      'a fact with a tie that is none',
      'participationChanged',
      [{ ...found(9, []), ties: [{ kind: 'contract', end: 'soon' }] }],
      'participationChanged: a tie is not {kind, start, end, excluded, experiment}',
    ],
    ['an empty fact', 'participationChanged', [{}], 'participationChanged: number must be a whole number'],
    ['a name nobody knows', 'delete-everything', [GOOD], 'no signal is called delete-everything'],
  ])('a signal with %s is refused in words; the account goes on', async (_, name, args, words) => {
    const one = await beforeLeaving();
    await one.signal(name, ...args);
    const status = await one.untilStatus('the refusal', ({ lastRefusal }) => lastRefusal !== null);
    expect(status.lastRefusal).toBe(words);
    expect(status.holds).toEqual([]);
    const { at: left, input } = await one.untilCall('leaving');
    expect(left).toBeGreaterThanOrEqual(input.step.dueAt);
  });

  it.concurrent.each<[string, RawPayload]>([
    ['JSON that is cut off', encoded('json/plain', '{"actor":"admin-7",')],
    [
      'bytes that are no text',
      { metadata: { encoding: bytes('json/plain') }, data: new Uint8Array([0xff, 0xfe]) },
    ],
    ['plain bytes', encoded('binary/plain', 'disable them')],
    ['no encoding', { data: bytes('{"actor":"admin-7","reason":"x"}') }],
    ['an encoding nobody knows', encoded('binary/encrypted', 'xxxx')],
    ['an encoding without data', encoded('binary/null', '')],
  ])('a signal whose payload is %s is refused; the account goes on', async (_, payload) => {
    const one = await beforeLeaving();
    for (const name of ['disable', 'participationChanged', 'nobody-knows']) {
      await signalRaw(one.handle.workflowId, name, [payload]);
    }
    const status = await one.untilStatus('the refusal', ({ lastRefusal }) => lastRefusal !== null);
    expect(status.holds).toEqual([]);
    await one.untilCall('leaving');
  });

  it.concurrent('an Update nobody knows is refused, and the account goes on', async () => {
    const one = await beforeLeaving();
    const update = one.handle.executeUpdate('promote', { args: [GOOD] });
    await expect(update).rejects.toBeInstanceOf(WorkflowUpdateFailedError);
    await one.untilCall('leaving');
  });

  it.concurrent('an Update whose payload cannot be read is refused, and the account goes on', async () => {
    const one = await beforeLeaving();
    const answer = await accounts.client.workflowService.updateWorkflowExecution({
      namespace: server.namespace,
      workflowExecution: { workflowId: one.handle.workflowId },
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- COMPLETED, by its number on the wire
      waitPolicy: { lifecycleStage: 3 },
      request: {
        meta: { updateId: 'rubbish', identity: 'test' },
        input: { name: 'disable', args: { payloads: [encoded('json/plain', '{"actor":')] } },
      },
    });
    expect(answer.outcome?.failure?.message).toMatch(/^disable: actor is missing/);
    expect((await one.status()).holds).toEqual([]);
    await one.untilCall('leaving');
  });

  it.concurrent('a query with rubbish in it is answered', async () => {
    const one = await beforeLeaving();
    const answer = await one.handle.query('lifecycleStatus', { what: 'ever' }, 7);
    expect(answer).toMatchObject({ stage: 'active' });
  });

  it.concurrent('a request to cancel does not end the watch', async () => {
    const one = await beforeLeaving();
    await one.handle.cancel();
    await one.untilCall('leaving');
    await one.untilStatus('the account has left', ({ stage }) => stage === 'grace');
    expect((await one.handle.describe()).status.name).toBe('RUNNING');
  });

  it.concurrent('a request to cancel while a step is retried does not end the watch', async () => {
    const one = await beforeLeaving();
    one.answer('leaving', ({ attempt }) => {
      if (attempt < 4) throw new Error('not yet');
      return undefined;
    });
    await one.untilCall('leaving', 2);
    await one.handle.cancel();
    await one.untilStatus('the account has left', ({ stage }) => stage === 'grace');
    expect((await one.handle.describe()).status.name).toBe('RUNNING');
  });
});
