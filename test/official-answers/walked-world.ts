import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { Entry } from 'ldapts';
import { createZone, type Day, dayOf } from '../../checker/calendar.ts';
import type { Tie } from '../../checker/life.ts';
import { RULES } from '../../checker/rules.ts';
import type { OperatorAnswer, OperatorRequest, OperatorRequestInput } from '../../src/contracts/operator.ts';
import type { ClockAnchor } from '../../src/contracts/time.ts';
import type { HrSyncInput, HrSyncResult } from '../../src/contracts/sync.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { accountWorkflowId } from '../../src/worker/account-workflows.ts';
import { recordAgain } from '../../workflows/messages.ts';
import { startApiWorld, type ApiWorld } from '../support/api.ts';
import { startTestDeployment, type TestDeployment } from '../support/deployment.ts';
import { eventually, TUNING, within } from '../support/lives.ts';
import { dnOf, startTestSlapd, type TestSlapd, USERS_BASE } from '../support/slapd.ts';
import type { TemporalAddress } from '../support/temporal.ts';
import type { Happening, Life } from './life.ts';
import { BOSS } from './lives.ts';
import type { AccountKind } from './table.ts';

const NOON = 12 * 60;
const PASSWORD = 'correct horse battery staple';
const BY = { actor: 'admin-7', reason: 'ticket 12' };
/** More than an account begins in one day. */
const STEPS_BETWEEN = 100;
/** A busy machine may take its time; nothing is judged by it. */
const LONGEST_WAIT_MS = 240_000;

/** One identity as the API answers it; absent fields are `null`. */
export interface ApiAnswer {
  readonly activeUser: boolean | null;
  readonly personId: string;
}

/** One entry as whoever reads the directory sees it. */
export interface LdapAnswer {
  readonly type: string;
  readonly status: string | null;
  readonly personId: string;
}

/**
 * A whole deployment on a clock that stands at a noon until it is put to another one: real workflows, registry and
 * activities over a real directory server, and the API. Between two noons, every workflow of an account ends and is
 * started anew from the registry, as after the loss of a Temporal server: it finds itself so much later.
 */
export interface WalkedWorld {
  /** The clock stands at the noon of this day from now on. */
  moveTo(day: Day): void;
  /** These persons' accounts look at the clock, and do what is due. Also those that they have handed on. */
  wake(persons: readonly Life[]): Promise<void>;
  /** Until these persons' accounts have done what they can; everybody's by default. */
  settle(persons?: readonly Life[]): Promise<void>;
  /** From now on HR says so. Known to accounts after a synchronisation. */
  hrSays(life: Life, ties: readonly Tie[]): void;
  synchronise(): Promise<void>;
  /** What an admin says of the person, to each of their accounts that is personal. */
  command(life: Life, said: Extract<Happening, { type: 'command' }>): Promise<void>;
  freeze(frozen: boolean): Promise<void>;
  request(life: Life, kind: AccountKind): Promise<void>;
  /** The login of the account; throws if there is none. */
  login(life: Life, kind: AccountKind): string;
  /** `GET /Identity/{upn}`, with the fields asked for. */
  identity(upn: string): Promise<ApiAnswer>;
  /** The list of everybody, by login. */
  identities(filters?: readonly string[]): Promise<ReadonlyMap<string, ApiAnswer>>;
  /** Every entry that the filter finds, by login, as anybody may read it. */
  entries(filter: string): Promise<ReadonlyMap<string, LdapAnswer>>;
  canBind(login: string): Promise<boolean>;
  stop(): Promise<void>;
}

const zone = createZone(RULES.timeZone);

function atNoon(day: Day): ClockAnchor {
  return { realMs: Date.now(), virtualMs: zone.wallTime(day, NOON), speed: 1 };
}

function hrPerson({ id, name }: Life, ties: readonly Tie[]): HrDoublePerson {
  const contracts = ties.map(({ start, end, excluded }, index) => ({
    ...{ id: `C-${id}-${index}`, startDate: start, endDate: end, excluded },
  }));
  const person = { id, name, firstName: 'Ada', email: `${name.toLowerCase()}@example.org`, contracts };
  return id === BOSS ? person : { ...person, supervisorId: BOSS };
}

/** Whether nothing is under way in the workflow but steps that the freeze stops. */
async function isQuiet(handle: WorkflowHandle, frozen: boolean): Promise<boolean> {
  const { raw, status } = await handle.describe();
  if (status.name !== 'RUNNING') return true;
  const isStopped = (failure: string | null | undefined) => frozen && failure === 'FROZEN';
  return (
    !raw.pendingWorkflowTask &&
    (raw.pendingActivities ?? []).every(({ lastFailure }) =>
      isStopped(lastFailure?.applicationFailureInfo?.type),
    )
  );
}

function ldapAnswer(entry: Entry): LdapAnswer {
  const text = (name: string) => [entry[name] ?? []].flat().map(String);
  const [status = null] = text('cernActiveStatus');
  return { type: text('cernAccountType').join(), status, personId: text('employeeID').join() };
}

export async function startWalkedWorld(server: TemporalAddress, begins: string): Promise<WalkedWorld> {
  let clock = atNoon(dayOf(begins));
  let frozen = false;
  const slapd: TestSlapd = await startTestSlapd();
  const directory = slapd.directory();
  const deployment: TestDeployment = await startTestDeployment(server, {
    clock,
    over: ({ registry }) => ({
      directories: [directory],
      registry: { ...registry, clock: () => Promise.resolve(clock) },
    }),
  });
  const api: ApiWorld = await startApiWorld({ through: () => deployment.registry });
  api.setNow(clock.virtualMs);
  const { client, queues, registry, deps } = deployment;
  const handleOf = (accountId: string) => client.workflow.getHandle(accountWorkflowId(accountId));
  const hasPassword = new Set<string>();
  const logins = new Map<string, string>();
  const wakes = new Map<string, number>();
  const nameOf = (life: Life, kind: AccountKind) => `${String(life.id)} ${kind}`;

  const quiet = (accounts: readonly AccountRow[]) =>
    eventually(
      'accounts to have done what they can',
      async () => {
        const looks = accounts.map(({ accountId }) => isQuiet(handleOf(accountId), frozen));
        return (await Promise.all(looks)).every(Boolean);
      },
      LONGEST_WAIT_MS,
    );

  /** Whoever is new in the directory gets a password, with which somebody can try to sign in. */
  const givePasswords = async (): Promise<void> => {
    for (const { login } of await registry.accounts({})) {
      if (hasPassword.has(login) || (await slapd.look(dnOf(login))) === null) continue;
      hasPassword.add(login);
      await directory.setPassword({ login, password: PASSWORD, signal: new AbortController().signal });
    }
  };

  const accountsOf = async (persons: readonly Life[]): Promise<readonly AccountRow[]> => {
    const kinds = ['primary', 'secondary', 'service'] as const;
    const own = new Set(
      persons.flatMap((life) => kinds.flatMap((kind) => logins.get(nameOf(life, kind)) ?? [])),
    );
    return (await registry.accounts({})).filter(({ login }) => own.has(login));
  };

  /** Ends the workflow and starts it from what the registry knows, at the moment that the clock shows. */
  const wake = async (account: AccountRow): Promise<void> => {
    const { accountId } = account;
    const handle = handleOf(accountId);
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') return;
    await handle.signal(recordAgain);
    await quiet([account]);
    await handle.terminate('the clock is put forward');
    const row = await registry.account(accountId);
    if (!row) throw new Error('an account is gone from the registry');
    const times = (wakes.get(accountId) ?? 0) + 1;
    wakes.set(accountId, times);
    // A step that the freeze stops writes nothing: it must not stand back before what it was an awakening ago.
    const sequence = row.state.sequence + times * STEPS_BETWEEN;
    await deps.workflows.ensureStarted({ state: { ...row.state, sequence }, clock });
  };

  async function ask(request: OperatorRequest): Promise<OperatorAnswer> {
    type Workflow = (input: OperatorRequestInput) => Promise<OperatorAnswer>;
    const asking = client.workflow.execute<Workflow>('operatorRequest', {
      taskQueue: queues.operator,
      workflowId: `operator-${randomUUID()}`,
      args: [{ request, clock, tuning: TUNING }],
    });
    const answer = await within('an answer', asking, LONGEST_WAIT_MS);
    if (answer.type === 'refused') throw new Error(answer.why);
    return answer;
  }

  const loginOf = (life: Life, kind: AccountKind): string => {
    const login = logins.get(nameOf(life, kind));
    if (login === undefined) throw new Error(`${life.name} has no ${kind} account`);
    return login;
  };

  const answerOf = (data: Record<string, unknown>): ApiAnswer => ({
    activeUser: typeof data['activeUser'] === 'boolean' ? data['activeUser'] : null,
    personId: String(data['personId']),
  });

  return {
    login: loginOf,

    async settle(persons) {
      await quiet(persons ? await accountsOf(persons) : await registry.accounts({}));
      await givePasswords();
    },

    moveTo(day) {
      clock = atNoon(day);
      api.setNow(clock.virtualMs);
    },

    async wake(persons) {
      await Promise.all((await accountsOf(persons)).map(wake));
    },

    hrSays(life, ties) {
      deployment.hr.setPerson(hrPerson(life, ties));
    },

    async synchronise() {
      type Workflow = (input: HrSyncInput) => Promise<HrSyncResult>;
      const running = client.workflow.execute<Workflow>('hrSync', {
        taskQueue: queues.operator,
        workflowId: `hr-sync-${randomUUID()}`,
        args: [{ clock, tuning: TUNING }],
      });
      await within('a synchronisation', running, LONGEST_WAIT_MS);
      for (const { login, kind, personId } of await registry.accounts({ kind: 'primary' })) {
        logins.set(`${personId} ${kind}`, login);
      }
    },

    async command(life, { name, until }) {
      for (const { accountId, kind } of await accountsOf([life])) {
        if (kind === 'service') continue;
        const payload = { ...BY, ...(until !== undefined && { until }) };
        await handleOf(accountId).executeUpdate(name, { args: [payload] });
      }
    },

    async freeze(value) {
      await ask({ type: value ? 'freeze' : 'unfreeze', ...BY });
      frozen = value;
    },

    async request(life, kind) {
      const login = `${life.name.toLowerCase()}-${kind}`;
      logins.set(nameOf(life, kind), login);
      const personId = String(life.id);
      await ask({ type: 'requestAccount', requestId: randomUUID(), kind, personId, login, ...BY });
    },

    async identity(upn) {
      const { status, body } = await api.get(`/api/v1.0/Identity/${upn}?field=activeUser&field=personId`);
      if (status !== 200) throw new Error(`the API answers ${String(status)}`);
      return answerOf((body as { data: Record<string, unknown> }).data);
    },

    async identities(filters = []) {
      const query = ['limit=1000', 'field=upn', 'field=activeUser', 'field=personId'];
      for (const filter of filters) query.push(`filter=${filter}`);
      const { status, body } = await api.get(`/api/v1.0/Identity?${query.join('&')}`);
      if (status !== 200) throw new Error(`the API answers ${String(status)}`);
      const { data } = body as { data: Record<string, unknown>[] };
      return new Map(data.map((one) => [String(one['upn']), answerOf(one)]));
    },

    entries: (filter) =>
      slapd.as(null, async (somebody) => {
        const attributes = ['cn', 'cernAccountType', 'cernActiveStatus', 'employeeID'];
        const found = await somebody.search(USERS_BASE, { scope: 'one', filter, attributes, paged: true });
        return new Map(found.searchEntries.map((entry) => [[entry['cn']].flat().join(), ldapAnswer(entry)]));
      }),

    canBind: (login) => slapd.canBind(dnOf(login), PASSWORD),

    async stop() {
      await Promise.allSettled([api.stop(), deployment.stop()]);
      await slapd.close();
    },
  };
}
