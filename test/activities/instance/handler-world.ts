import type { SyncContext } from '../../../activities/sync-activities.ts';
import { handleInstance, type HandleInput } from '../../../activities/instance/handle-instance.ts';
import { storeLook } from '../../../activities/store-look.ts';
import { createIndigoIam } from '../../../src/connectors/indigo-iam/create-indigo-iam.ts';
import type { IndigoIam } from '../../../src/connectors/indigo-iam.ts';
import type { HrAnswer } from '../../../src/connectors/hr-source.ts';
import type { AccountState } from '../../../src/contracts/account.ts';
import type { HandledCounts } from '../../../src/contracts/instance-handling.ts';
import type { InstanceFacts, InstanceSettings } from '../../../src/contracts/instance.ts';
import {
  type IndigoIamAccount,
  type IndigoIamCall,
  type IndigoIamDouble,
  type NewIndigoIamAccount,
  startIndigoIamDouble,
} from '../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { adoptedState, foldInstance } from '../../../src/policy/fold-instance.ts';
import { suspendedBy } from '../../../src/policy/instance/suspended-by.ts';
import { factsOfRow } from '../../../activities/instance/facts-of-row.ts';
import { namedPerson } from '../../../activities/instance/named-person.ts';
import type { InstanceRow } from '../../../src/registry/instance-registry.ts';
import type { Surroundings } from '../../support/deployment.ts';
import { clockFrom } from '../../support/lives.ts';

const CLIENT = { id: 'lifecycle', secret: 'a secret of the instance' };

const SETTINGS: InstanceSettings = {
  experiment: 'CMS',
  personIdLabel: 'cern_person_id',
  dialect: 'current',
  expiredAccounts: 'delegate',
  timestamp: 'every-run',
  onPersonIdNotFound: 'no_action',
  onParticipationNotFound: 'disable_user',
  participationSightings: 1,
  concurrency: 4,
};

/** What HR says of a person. */
export interface Said {
  /** Last day of the participation in CMS; `null` = open-ended; absent = there is none. */
  readonly until?: string | null;
  readonly givenName?: string;
  readonly email?: string | null;
  /** Accounts are not told: a loss that is held, or one that could not be applied. */
  readonly isHeld?: boolean;
}

/** An instance with accounts, HR, and the handler between them; on a clock that stands until it is set. */
export interface HandlerWorld {
  readonly iam: IndigoIam;
  readonly double: IndigoIamDouble;
  readonly settings: InstanceSettings;
  now(): number;
  setNow(now: number): void;
  /** A person of HR's. */
  hrSays(personId: number, said: Said): Promise<void>;
  /** HR knows no such person; confirmed, unless said otherwise. */
  hrKnowsNobody(personId: number, over?: { isConfirmed?: boolean; isHeld?: boolean }): Promise<void>;
  addAccount(personId: number | null, over?: Partial<NewIndigoIamAccount>): string;
  /** Reads the instance as a synchronisation does, and follows what it finds. */
  read(): Promise<void>;
  /** Handles everything that was read. */
  handle(over?: Partial<HandleInput>, context?: Partial<SyncContext>): Promise<HandledCounts>;
  /** `read`, then `handle`: a synchronisation of its own. */
  sync(): Promise<HandledCounts>;
  /** What workflows were told arrives at them. */
  deliver(): Promise<void>;
  account(id: string): IndigoIamAccount;
  /** Values of the account's labels: those under our prefix by name, others as they are called; `''` = no value. */
  labels(id: string): Readonly<Record<string, string>>;
  row(id: string): Promise<InstanceRow>;
  /** The account of ours that follows it. */
  follower(id: string): Promise<{ readonly state: AccountState }>;
  /** Changes the state of the account that follows it, as its workflow would tell. */
  changeState(id: string, change: Partial<AccountState>): Promise<void>;
  /** Facts that workflows were told, oldest first. */
  told(): readonly InstanceFacts[];
  /** What the instance was asked since the last time this was called, without tokens. */
  calls(): readonly IndigoIamCall[];
  stop(): Promise<void>;
}

export async function startHandlerWorld(
  around: Surroundings,
  settings: Partial<InstanceSettings> = {},
  start = Date.UTC(2027, 2, 10, 9, 30),
): Promise<HandlerWorld> {
  let now = start;
  let run = 1;
  let seen = 0;
  let externalIds = 0;
  const double = await startIndigoIamDouble({
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    now: () => now,
    tokenLifetimeSeconds: 100_000_000,
  });
  const iam = createIndigoIam({
    url: double.url,
    client: CLIENT,
    now: () => now,
    timeoutMs: 5_000,
    concurrency: 4,
    ratePerSecond: null,
  });
  const kept = { iam, settings: { ...SETTINGS, ...settings } };
  const deps = { ...around.deps, instance: kept };
  const { registry } = deps;
  const { signal } = new AbortController();

  const hear = async (personId: string, answer: HrAnswer, count = 1): Promise<number> => {
    const number = await registry.nextObservationNumber();
    const before = await registry.person(personId);
    const sightings = { count, hours: 0 };
    const looking = { number, personId, answer, before, at: now, source: 'sync', run: `run-${run}` };
    await storeLook({ ...deps, settings: { ...deps.settings, sightings } }, looking);
    return number;
  };
  const apply = async (personId: string): Promise<void> => {
    const person = await registry.person(personId);
    const number = person?.observation?.number ?? 0;
    await registry.markApplied({ personId, digest: person?.digest ?? null, number });
  };
  const stateOf = async (id: string): Promise<AccountState> => {
    const row = await registry.instanceRow(id);
    const account = row?.accountId ? await registry.account(row.accountId) : null;
    if (!account) throw new Error('nobody follows the account');
    return account.state;
  };
  const project = (state: AccountState): Promise<void> =>
    registry.project({ state, nextStep: null, nextStepAt: null, problem: null, notes: [] });

  /** One account as a synchronisation finds it; who is new is adopted. */
  const readOne = async (id: string): Promise<void> => {
    const number = await registry.nextObservationNumber();
    const user = await iam.readUser({ id, signal });
    const all = user && (await iam.readLabels({ id, signal }));
    if (!user || !all) return;
    const labels = all.filter(({ name }) => name !== 'timestamp');
    const named = namedPerson(labels, kept.settings.personIdLabel);
    if (named === undefined) return;
    const before = await registry.instanceRow(id);
    const snapshot = { user, labels };
    const accountId = before?.accountId ?? (named === null ? null : `follows-${id}`);
    const row: InstanceRow = {
      externalId: id,
      accountId,
      personId: named ?? before?.personId ?? null,
      nameless: named === null,
      presence: 'there',
      suspendedBy: suspendedBy(before, snapshot, kept.settings.dialect),
      snapshot,
      number,
      at: now,
      participationSightings: before?.participationSightings ?? null,
      isStamped: before?.isStamped ?? false,
    };
    const facts = factsOfRow(row);
    if (!before?.accountId && accountId !== null && facts !== null) {
      const { experiment } = kept.settings;
      const own = { accountId, experiment };
      // Its first comparison with HR has been applied.
      const { applied: observation = null } = (await registry.person(facts.personId)) ?? {};
      const state = { ...adoptedState({ ...own, facts, at: now }), observation };
      await registry.createAccount({
        ...{ ...own, kind: 'experiment', login: user.userName, personId: facts.personId },
        ...{ state, at: now, reason: 'adopted' },
      });
    }
    await registry.storeInstance([row]);
  };

  const world: HandlerWorld = {
    iam,
    double,
    settings: kept.settings,
    now: () => now,
    setNow(at) {
      now = at;
    },
    async hrSays(personId, { until, givenName = 'Ada', email = `p${personId}@example.org`, isHeld }) {
      const participations = until === undefined ? [] : [{ experiment: 'CMS', endDate: until }];
      const person = { id: personId, firstName: givenName, name: 'Rossi', participations };
      around.hr.setPerson(email === null ? person : { ...person, email });
      await hear(String(personId), await deps.hr.readPerson({ personId: String(personId), signal }));
      if (!isHeld) await apply(String(personId));
    },
    async hrKnowsNobody(personId, { isConfirmed = true, isHeld = false } = {}) {
      around.hr.removePerson(personId);
      const answer = await deps.hr.readPerson({ personId: String(personId), signal });
      await hear(String(personId), answer, isConfirmed ? 1 : 3);
      if (isConfirmed && !isHeld) await apply(String(personId));
    },
    addAccount(personId, over = {}) {
      externalIds += 1;
      const id = over.id ?? `00000000-0000-4000-8000-${String(externalIds).padStart(12, '0')}`;
      const label = { prefix: 'hr.cern', name: 'cern_person_id' };
      const own = personId === null ? label : { ...label, value: String(personId) };
      return double.addAccount({
        givenName: 'Ada',
        familyName: 'Rossi',
        email: personId === null ? `a${externalIds}@example.org` : `p${personId}@example.org`,
        userName: `user${externalIds}`,
        ...over,
        id,
        labels: [own, ...(over.labels ?? [])],
      });
    },
    async read() {
      for (const { id } of double.accounts()) await readOne(id);
      seen = double.requests.length;
    },
    handle: (over = {}, context = {}) =>
      handleInstance(
        {
          ...{ deps, clock: clockFrom(now), signal, now: () => now },
          ...{ beat: () => undefined, resumeFrom: null, ...context },
        },
        { planId: `run-${run}`, part: { after: null, upTo: null }, unheard: [], ...over },
      ),
    async sync() {
      run += 1;
      await world.read();
      return world.handle();
    },
    async deliver() {
      for (const { accountId, facts } of around.tellings.splice(0)) {
        const account = await registry.account(accountId);
        if (account && facts) await project(foldInstance(account.state, facts, now));
      }
    },
    account(id) {
      const account = double.account(id);
      if (!account) throw new Error('the instance has no such account');
      return account;
    },
    labels: (id) =>
      Object.fromEntries(
        world
          .account(id)
          .labels.map(({ prefix, name, value = '' }) => [prefix === 'hr.cern' ? name : `/${name}`, value]),
      ),
    async row(id) {
      const row = await registry.instanceRow(id);
      if (!row) throw new Error('the registry has no such row');
      return row;
    },
    follower: async (id) => ({ state: await stateOf(id) }),
    async changeState(id, change) {
      const state = await stateOf(id);
      await project({ ...state, ...change, sequence: state.sequence + 1 });
    },
    told: () => around.tellings.flatMap(({ facts }) => (facts ? [facts] : [])),
    calls() {
      const calls = double.requests.slice(seen).flatMap(({ call }) => (call ? [call] : []));
      seen = double.requests.length;
      return calls.filter((call) => call !== 'token');
    },
    async stop() {
      await iam.close();
      await double.stop();
    },
  };
  return world;
}
