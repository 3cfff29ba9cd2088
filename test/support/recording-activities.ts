import { Context } from '@temporalio/activity';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { AccountActivities } from '../../activities/account-activities.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import type { AccountStatus, CommandAnswer } from '../../src/contracts/account-status.ts';
import type { CommandName } from '../../src/contracts/command.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { StepAction, StepOutcome } from '../../src/contracts/step.ts';
import type { ClockAnchor, Instant } from '../../src/contracts/time.ts';
import { virtualNow } from '../../src/contracts/time.ts';
import type { StepInput, Tuning } from '../../src/contracts/workflow-input.ts';
import { createAccountWorkflows } from '../../src/worker/account-workflows.ts';
import { bundleWorkflows, PAYLOAD_CONVERTER_PATH } from '../../src/worker/bundle-workflows.ts';
import { eventually, TUNING } from './lives.ts';
import { account, policyFor } from './policy-builders.ts';
import type { TemporalAddress } from './temporal.ts';

/** One attempt at a step, as the test's activities saw it. */
export interface Call {
  readonly input: StepInput;
  readonly attempt: number;
  /** When it began, on the account's clock. */
  readonly at: Instant;
  readonly signal: AbortSignal;
  /** Beats once; the answer to a beat is how an activity learns that it was called off. */
  readonly beat: () => void;
}

type Outcome<T> = T extends StepOutcome ? Omit<T, 'at' | 'recorded'> : never;

/** What a test makes of a step: an outcome, or it throws. Nothing = done. */
export type Answer = (
  call: Call,
) => Outcome<StepOutcome> | undefined | Promise<Outcome<StepOutcome> | undefined>;

/** One account under test. */
export interface RecordedAccount {
  readonly accountId: string;
  /** Without a run id: always the run that goes on. */
  readonly handle: WorkflowHandle;
  /** Every attempt so far. */
  readonly calls: () => readonly Call[];
  /** Actions of the steps that were begun, in order, each once; without `record`. */
  readonly begun: () => readonly StepAction[];
  /** The first attempt, past or to come, at such a step. */
  untilCall(action: StepAction, attempt?: number): Promise<Call>;
  /** From now on the action is carried out like this; `null` = it succeeds again. */
  answer(action: StepAction, answer: Answer | null): void;
  status(): Promise<AccountStatus>;
  untilStatus(what: string, holds: (status: AccountStatus) => boolean): Promise<AccountStatus>;
  update(name: CommandName, payload: unknown, updateId?: string): Promise<CommandAnswer>;
  signal(name: string, ...args: unknown[]): Promise<void>;
}

export interface RecordedAccounts {
  readonly client: Client;
  readonly taskQueue: string;
  start(input: {
    readonly clock: ClockAnchor;
    readonly state?: Partial<AccountState>;
    readonly policy?: Policy;
    readonly tuning?: Partial<Tuning>;
    readonly answers?: Partial<Record<StepAction, Answer>>;
  }): Promise<RecordedAccount>;
  stop(): Promise<void>;
}

const ACTIONS: Readonly<Record<keyof AccountActivities, StepAction>> = {
  activateAccount: 'activate',
  sendNotice: 'notice',
  sendReminder: 'reminder',
  sendAllClear: 'allClear',
  enterGrace: 'leaving',
  writeActiveStatus: 'status',
  transferServiceAccount: 'transfer',
  reassignServiceAccount: 'reassign',
  followMerge: 'merge',
  openGuest: 'guest',
  shutGuest: 'shutGuest',
  writeGuests: 'writeGuests',
  blockAccount: 'block',
  deleteAccount: 'delete',
  giveAccess: 'giveAccess',
  disableAccount: 'disable',
  excludeAccount: 'exclude',
  mirrorHold: 'hold',
  writeAdminDate: 'adminDate',
  recordChange: 'record',
};

let isQuiet = false;

/** Keeps Temporal's own log out of the tests' output: steps fail here on purpose, hundreds of times. */
export function quietTemporal(): void {
  if (!isQuiet) Runtime.install({ logger: new DefaultLogger('ERROR') });
  isQuiet = true;
}

/** Accounts' workflows on the run's server, with activities that are functions of the test. */
export async function startRecordedAccounts(server: TemporalAddress): Promise<RecordedAccounts> {
  const { address, namespace } = server;
  quietTemporal();
  const taskQueue = `recorded-${randomUUID()}`;
  const calls = new Map<string, Call[]>();
  const answers = new Map<string, Map<StepAction, Answer>>();

  const carryOut = async (input: StepInput): Promise<StepOutcome> => {
    const context = Context.current();
    const { accountId, noteSequence } = input.state;
    const now = () => virtualNow(input.clock, Date.now());
    const call: Call = {
      input,
      attempt: context.info.attempt,
      at: now(),
      signal: context.cancellationSignal,
      beat: () => {
        context.heartbeat();
      },
    };
    calls.get(accountId)?.push(call);
    const outcome = (await answers.get(accountId)?.get(input.step.action)?.(call)) ?? {
      result: 'done',
      note: 'done by the test',
    };
    return { ...outcome, at: now(), recorded: noteSequence };
  };
  const activities = Object.fromEntries(Object.keys(ACTIONS).map((name) => [name, carryOut]));

  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  const client = new Client({ connection, namespace });
  const common = {
    connection: native,
    namespace,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
  };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue, workflowBundle: await bundleWorkflows() }),
    ...['mail', 'target', 'sync'].map((queue) =>
      Worker.create({
        ...common,
        taskQueue: `${taskQueue}-${queue}`,
        activities,
        // A test that failed may have left an activity that never ends.
        shutdownForceTime: '1s',
      }),
    ),
  ]);
  const running = workers.map((worker) => worker.run());
  const started: WorkflowHandle[] = [];

  return {
    client,
    taskQueue,
    async start({ clock, state, policy: given, tuning, answers: own = {} }) {
      const accountId = `acc-${randomUUID()}`;
      const whole = account({ ...state, accountId });
      const policy = given ?? policyFor(whole.kind);
      calls.set(accountId, []);
      const ownAnswers = new Map<StepAction, Answer>();
      for (const action of Object.values(ACTIONS)) {
        const answer = own[action];
        if (answer) ownAnswers.set(action, answer);
      }
      answers.set(accountId, ownAnswers);
      const workflows = createAccountWorkflows({
        client,
        taskQueue,
        policies: { name: 'test', version: '1', policies: { [whole.kind]: policy } },
        tuning: { ...TUNING, ...tuning },
      });
      await workflows.ensureStarted({ state: whole, clock });
      const handle = client.workflow.getHandle(`account/${accountId}`);
      started.push(handle);
      const ownCalls = () => calls.get(accountId) ?? [];
      const status = () => handle.query<AccountStatus>('lifecycleStatus');
      return {
        accountId,
        handle,
        calls: ownCalls,
        begun: () => {
          const first = ownCalls().filter(
            ({ attempt, input }) => attempt === 1 && input.step.action !== 'record',
          );
          return first.map(({ input }) => input.step.action);
        },
        untilCall: (action, attempt = 1) =>
          eventually(`attempt ${attempt} at ${action}`, () =>
            ownCalls().find((call) => call.input.step.action === action && call.attempt === attempt),
          ),
        answer: (action, answer) => {
          if (answer) ownAnswers.set(action, answer);
          else ownAnswers.delete(action);
        },
        status,
        untilStatus: (what, holds) =>
          eventually(what, async () => {
            const now = await status();
            return holds(now) && now;
          }),
        update: (name, payload, updateId) =>
          handle.executeUpdate<CommandAnswer, [unknown]>(name, {
            args: [payload],
            ...(updateId === undefined ? {} : { updateId }),
          }),
        signal: (name, ...args) => handle.signal(name, ...args),
      };
    },
    async stop() {
      for (const handle of started) await handle.terminate('the test is over').catch(() => undefined);
      for (const worker of workers) worker.shutdown();
      await Promise.allSettled(running);
      await native.close();
      await connection.close();
    },
  };
}

/** A promise and how to end it from outside. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}
