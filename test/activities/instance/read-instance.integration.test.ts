import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActivityDependencies } from '../../../activities/dependencies.ts';
import { readInstance } from '../../../activities/instance/read-instance.ts';
import type { IamListed, IndigoIam } from '../../../src/connectors/indigo-iam.ts';
import type { InstanceSettings } from '../../../src/contracts/instance.ts';
import type { IndigoIamLabel } from '../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { IamError, LifecycleError, RegistryError } from '../../../src/errors.ts';
import type { InstanceRow } from '../../../src/registry/instance-registry.ts';
import type { AccountRow, Registry } from '../../../src/registry/registry.ts';
import { startSurroundings, type Surroundings } from '../../support/deployment.ts';
import { startTestInstance, type TestInstance } from '../../support/instance.ts';
import { clockFrom } from '../../support/lives.ts';
import { at } from '../../support/policy-builders.ts';

const DAY_1 = at('2027-02-01 12:00');
const PERSON_LABEL: IndigoIamLabel = { prefix: 'hr.cern', name: 'cern_person_id' };
const LAST_WEEK = Date.UTC(2027, 0, 25);

let instance: TestInstance;
let around: Surroundings;
beforeAll(async () => {
  instance = await startTestInstance(clockFrom(DAY_1));
  around = await startSurroundings({ instance: instance.kept });
});
beforeEach(async () => {
  await around.forget();
  instance.double.fault('none');
  instance.double.onPage(null);
  for (const { id } of instance.double.accounts()) instance.double.deleteAccount(id);
});
afterAll(async () => {
  await around.stop();
  await instance.stop();
});

interface Attempt {
  readonly deps?: Partial<ActivityDependencies>;
  readonly iam?: Partial<IndigoIam>;
  readonly settings?: Partial<InstanceSettings>;
  readonly now?: number;
  readonly dryRun?: boolean;
  readonly resumeFrom?: unknown;
  readonly backoffMs?: number;
  /** What the attempt said last of where it stands. */
  readonly beats?: unknown[];
}

/** One attempt at reading the instance. */
function read({ now = DAY_1, dryRun = false, resumeFrom, backoffMs = 0, ...over }: Attempt = {}) {
  const kept = {
    iam: { ...instance.kept.iam, ...over.iam },
    settings: { ...instance.kept.settings, ...over.settings },
  };
  const context = {
    deps: { ...around.deps, instance: kept, ...over.deps },
    clock: clockFrom(now),
    signal: new AbortController().signal,
    now: () => now,
    beat: (details: unknown) => void over.beats?.push(details),
    resumeFrom,
  };
  return readInstance(context, { planId: 'run-1', dryRun, backoffMs });
}

const add = (personId: number, over: Parameters<TestInstance['addAccount']>[1] = {}) =>
  instance.addAccount(personId, over);

async function rowOf(externalId: string): Promise<InstanceRow> {
  const row = await around.registry.instanceRow(externalId);
  if (!row) throw new Error('the registry has no such account of the instance');
  return row;
}

/** The account of ours that follows it. */
async function followerOf(externalId: string): Promise<AccountRow> {
  const { accountId } = await rowOf(externalId);
  const account = accountId === null ? null : await around.registry.account(accountId);
  if (!account) throw new Error('nobody follows it');
  return account;
}

/** The account's workflow has been heard of; it may have ended. */
async function heard(externalId: string, over: Partial<AccountRow['state']> = {}): Promise<void> {
  const { state } = await followerOf(externalId);
  const nextStep = 'nothing until it ends';
  const next = { ...state, ...over, sequence: state.sequence + 1 };
  await around.registry.project({ state: next, nextStep, nextStepAt: null, problem: null, notes: [] });
}

const experiments = () => around.registry.accounts({ kind: 'experiment' });
const alarms = async (key: string) =>
  (await around.registry.alarms({ open: true })).filter((alarm) => alarm.key === key);
const writesTo = (id: string) => instance.double.writes(id).filter(({ by }) => by === 'api');

/** A list that does not show these accounts. */
function without(...ids: readonly string[]): Partial<IndigoIam> {
  async function* listUsers(input: { readonly signal: AbortSignal }): AsyncGenerator<IamListed> {
    for await (const listed of instance.kept.iam.listUsers(input)) {
      if (listed.outcome === 'end') yield { ...listed, isWhole: false };
      else yield { ...listed, users: listed.users.filter(({ id }) => !ids.includes(id)) };
    }
  }
  return { listUsers };
}

describe('accounts with the label of the person id', () => {
  it('get an account of ours each, and its workflow; all others are left alone', async () => {
    const endTime = Date.UTC(2027, 5, 30);
    const ada = add(900_123, { endTime });
    const ben = add(900_124);
    const plain = { givenName: 'Ida', familyName: 'Li' };
    instance.double.addAccount({ ...plain, email: 'a@x.org', labels: [] });
    const sameName = { name: 'cern_person_id', value: '900125' };
    instance.double.addAccount({ ...plain, email: 'b@x.org', labels: [sameName] });
    instance.double.addAccount({ ...plain, email: 'c@x.org', labels: [{ ...sameName, prefix: 'other' }] });
    expect(await read()).toEqual({
      outcome: 'read',
      accounts: 2,
      adopted: 2,
      departed: 0,
      repointed: 0,
      failed: 0,
      parts: [{ after: null, upTo: null }],
    });
    expect(await followerOf(ada)).toMatchObject({
      kind: 'experiment',
      personId: '900123',
      experiment: 'CMS',
      login: 'user900123',
      state: { stage: 'active', instance: { personId: '900123', presence: 'there', active: true, endTime } },
    });
    const followers = [await followerOf(ada), await followerOf(ben)];
    expect(await experiments()).toHaveLength(2);
    expect(around.tellings.map(({ accountId }) => accountId).sort()).toEqual(
      followers.map(({ accountId }) => accountId).sort(),
    );
    expect((await around.registry.person('900124'))?.observation).toBeNull();
  });

  it('begin in the stage that the instance shows', async () => {
    const expired = { endTime: LAST_WEEK };
    const grace = add(1, { ...expired, labels: [{ name: 'lifecycle.status', value: 'PENDING_SUSPENSION' }] });
    const marked = { labels: [{ name: 'lifecycle.status', value: 'PENDING_REMOVAL' }] };
    const blocked = add(2, { ...expired, active: false, ...marked });
    const admins = add(3, { active: false });
    const ignored = add(4, { labels: [{ prefix: 'hr.cern', name: 'ignore' }] });
    await read();
    expect((await followerOf(grace)).state.stage).toBe('grace');
    expect((await followerOf(blocked)).state.stage).toBe('blocked');
    expect((await rowOf(blocked)).suspendedBy).toBe('lifecycle');
    expect((await followerOf(admins)).state).toMatchObject({
      stage: 'active',
      instance: { suspendedBy: 'admin' },
    });
    expect((await followerOf(ignored)).state.holds.ignored).not.toBeNull();
  });

  it('are adopted once, however many read at the same time', async () => {
    const ids = [1, 2, 3, 4, 5].map((id) => add(id));
    const both = await Promise.all([read(), read()]);
    expect(both.reduce((sum, { adopted }) => sum + adopted, 0)).toBe(ids.length);
    expect(await experiments()).toHaveLength(ids.length);
    expect((await experiments()).map(({ personId }) => personId).sort()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('are all found when the list has more than one page, and cut into parts', async () => {
    for (let id = 1; id <= 105; id += 1) add(id);
    const { adopted, parts } = await read({
      deps: { settings: { ...around.deps.settings, rangeSize: 50 } },
    });
    expect(adopted).toBe(105);
    expect(parts).toHaveLength(3);
    expect(parts[0]?.after).toBeNull();
    expect(parts[1]?.after).toBe(parts[0]?.upTo);
    expect(parts[2]?.upTo).toBeNull();
  });

  it('are found also where their entry in the list cannot be read, and others are nobody’s failure', async () => {
    const ada = add(1);
    const other = instance.double.addAccount({ givenName: 'Ida', familyName: 'Li', email: 'a@x.org' });
    instance.double.fault('500', { for: 'getUser', account: other });
    async function* listUsers(): AsyncGenerator<IamListed> {
      yield { outcome: 'page', users: [], unreadable: [ada, other] };
      yield { outcome: 'end', isWhole: true, total: 2 };
    }
    expect(await read({ iam: { listUsers } })).toMatchObject({ accounts: 1, adopted: 1, failed: 0 });
    expect((await followerOf(ada)).personId).toBe('1');
  });

  it('that hold no id name nobody: they are noted, and adopted once they do', async () => {
    const values = [undefined, '..', 'a/b'];
    const ids = values.map((value, index) => {
      const id = add(index + 1);
      instance.double.setLabel(id, { ...PERSON_LABEL, ...(value !== undefined && { value }) });
      return id;
    });
    expect(await read()).toMatchObject({ accounts: 3, adopted: 0 });
    for (const id of ids) {
      expect(await rowOf(id)).toMatchObject({ nameless: true, personId: null, accountId: null });
    }
    expect(await experiments()).toEqual([]);
    const [first = ''] = ids;
    const { number } = await rowOf(first);
    await read();
    expect((await rowOf(first)).number).toBe(number);
    instance.double.setLabel(first, { ...PERSON_LABEL, value: '77' });
    expect(await read()).toMatchObject({ accounts: 3, adopted: 1 });
    expect((await followerOf(first)).personId).toBe('77');
  });

  it('keep their person when the label loses its id later', async () => {
    const id = add(5);
    await read();
    instance.double.setLabel(id, PERSON_LABEL);
    expect(await read()).toMatchObject({ accounts: 1, adopted: 0, departed: 0, repointed: 0 });
    expect(await rowOf(id)).toMatchObject({ nameless: true, personId: '5', presence: 'there' });
  });

  it('end up with one account of ours, started, wherever an attempt was cut off', async () => {
    const cut = () => new LifecycleError({ code: 'CUT', message: 'cut off', retryable: true });
    type Call = (...args: never[]) => Promise<unknown>;
    const cutting =
      (call: Call, when: 'before' | 'after'): Call =>
      async (...args: never[]) => {
        if (when === 'after') await call(...args);
        throw cut();
      };
    const calls = [
      ...(['expectPersons', 'storeInstance', 'adoptAccount', 'account', 'followedRows'] as const),
      ...(['nextObservationNumber', 'cutInstance', 'clearAlarm'] as const),
    ];
    let person = 0;
    for (const when of ['before', 'after'] as const) {
      for (const name of [...calls, 'ensureStarted'] as const) {
        person += 1;
        const id = add(person);
        const { registry, workflows } = around.deps;
        const deps =
          name === 'ensureStarted'
            ? { workflows: { ...workflows, ensureStarted: cutting(workflows.ensureStarted, when) } }
            : { registry: { ...registry, [name]: cutting(registry[name], when) } };
        await read({ deps: deps as Partial<ActivityDependencies> }).catch(() => undefined);
        await read();
        const where = `${when} ${name}`;
        const { accountId } = await followerOf(id);
        expect(
          (await experiments()).filter(({ personId }) => personId === String(person)),
          where,
        ).toHaveLength(1);
        expect(
          around.tellings.map((telling) => telling.accountId),
          where,
        ).toContain(accountId);
        expect(await around.registry.person(String(person)), where).not.toBeNull();
      }
    }
  });

  it('are counted over all attempts', async () => {
    add(1);
    const beats: unknown[] = [];
    await read({ beats });
    add(2);
    expect(await read({ resumeFrom: beats.at(-1) })).toMatchObject({ adopted: 2, accounts: 2 });
  });
});

describe('what has not changed', () => {
  it('is stored no second time, and costs nothing but reads', async () => {
    const status = { prefix: 'hr.cern', name: 'status', value: 'MEMBER' };
    const id = add(1, { labels: [status, { prefix: 'hr.cern', name: 'timestamp', value: '1' }] });
    await read();
    await heard(id);
    const before = await rowOf(id);
    around.tellings.length = 0;
    // The same labels in another order, and the one that rises by itself.
    instance.double.setLabel(id, { ...PERSON_LABEL, value: '1' });
    instance.double.setLabel(id, { prefix: 'hr.cern', name: 'timestamp', value: '2' });
    const stored: unknown[] = [];
    const registry: Registry = {
      ...around.registry,
      storeInstance: async (rows) => void stored.push(...rows),
      expectPersons: async (personIds) => void stored.push(...personIds),
    };
    const later = DAY_1 + 3_600_000;
    expect(await read({ now: later, deps: { registry } })).toMatchObject({ accounts: 1, adopted: 0 });
    expect(stored).toEqual([]);
    expect(await rowOf(id)).toEqual(before);
    expect(around.tellings).toEqual([]);
    expect(writesTo(id)).toEqual([]);
  });

  it('has its number and moment; what changed gets new ones', async () => {
    const id = add(1);
    await read();
    const before = await rowOf(id);
    expect(before.at).toBe(DAY_1);
    instance.double.setActive(id, false);
    await read({ now: DAY_1 + 1000 });
    const after = await rowOf(id);
    expect(after).toMatchObject({ at: DAY_1 + 1000, suspendedBy: 'admin' });
    expect(after.snapshot.user.active).toBe(false);
    expect(after.number).toBeGreaterThan(before.number);
  });

  it('is kept when somebody else has looked since: the later look counts', async () => {
    const id = add(1);
    await read();
    const iam: Partial<IndigoIam> = {
      readLabels: async (input) => {
        const labels = await instance.kept.iam.readLabels(input);
        const row = await rowOf(id);
        const number = await around.registry.nextObservationNumber();
        await around.registry.storeInstance([{ ...row, number, suspendedBy: 'lifecycle' }]);
        return labels;
      },
    };
    instance.double.setActive(id, false);
    await read({ iam });
    expect((await rowOf(id)).suspendedBy).toBe('lifecycle');
  });
});

describe('an account that lost the label', () => {
  it('is let go, and its account in the instance is left as it is', async () => {
    const id = add(1);
    await read();
    instance.double.removeLabel(id, PERSON_LABEL);
    expect(await read()).toMatchObject({ outcome: 'read', accounts: 0, departed: 1, failed: 0 });
    expect((await rowOf(id)).presence).toBe('released');
    expect((await around.registry.departing(['1'])).map(({ externalId }) => externalId)).toEqual([id]);
    expect(writesTo(id)).toEqual([]);
    expect(await read()).toMatchObject({ departed: 0, accounts: 0 });
  });

  it('stays ours if it has it again before that was told', async () => {
    const id = add(1);
    await read();
    const { accountId } = await followerOf(id);
    instance.double.removeLabel(id, PERSON_LABEL);
    await read();
    instance.double.setLabel(id, { ...PERSON_LABEL, value: '1' });
    expect(await read()).toMatchObject({ adopted: 0, accounts: 1 });
    expect(await rowOf(id)).toMatchObject({ presence: 'there', accountId });
    expect(await around.registry.departing(['1'])).toEqual([]);
  });

  it('is told so although a step of its own saw the label in between', async () => {
    const id = add(900_123);
    await read();
    const { snapshot, suspendedBy } = await rowOf(id);
    instance.double.removeLabel(id, PERSON_LABEL);
    await read();
    const number = await around.registry.nextObservationNumber();
    await around.registry.storeInstanceLook({
      ...{ externalId: id, snapshot, suspendedBy, number, at: DAY_1 },
    });
    await read();
    const row = await rowOf(id);
    expect(row.presence).toBe('released');
    expect(row.number).toBeGreaterThan(number);
    await read();
    expect(await rowOf(id)).toEqual(row);
  });

  it('is adopted anew, as another account, if it has it again after ours has ended', async () => {
    const id = add(1, { active: false });
    await read();
    const { accountId: former } = await followerOf(id);
    const row = await rowOf(id);
    await around.registry.storeInstance([{ ...row, isStamped: true, suspendedBy: 'lifecycle' }]);
    instance.double.removeLabel(id, PERSON_LABEL);
    await read();
    await heard(id, { stage: 'released' });
    instance.double.setLabel(id, { ...PERSON_LABEL, value: '2' });
    expect(await read()).toMatchObject({ adopted: 1, accounts: 1, repointed: 0 });
    const { accountId, personId } = await followerOf(id);
    expect(accountId).not.toBe(former);
    expect(personId).toBe('2');
    // Nothing of the life before counts.
    expect(await rowOf(id)).toMatchObject({ presence: 'there', isStamped: false, suspendedBy: 'admin' });
    expect((await around.registry.account(former))?.state.stage).toBe('released');
  });

  it('is let go also where its own entry cannot be read any more', async () => {
    const id = add(1);
    await read();
    instance.double.removeLabel(id, PERSON_LABEL);
    instance.double.fault('500', { for: 'getUser', account: id });
    expect(await read({ iam: without(id) })).toMatchObject({ departed: 1, failed: 0 });
  });

  it('is not let go while its labels cannot be read', async () => {
    const [id, other] = [add(1), add(2)];
    await read();
    const before = await rowOf(id);
    instance.double.removeLabel(id, PERSON_LABEL);
    instance.double.setActive(other, false);
    instance.double.fault('500', { for: 'getLabels', account: id });
    expect(await read()).toMatchObject({ outcome: 'read', accounts: 1, departed: 0, failed: 1 });
    expect(await rowOf(id)).toEqual(before);
    expect((await rowOf(other)).snapshot.user.active).toBe(false);
  });
});

describe('an account that is gone', () => {
  it('was deleted by somebody else, unless its lifecycle was about to delete it', async () => {
    const marked = { labels: [{ name: 'lifecycle.status', value: 'PENDING_REMOVAL' }] };
    const byHand = add(1, { endTime: LAST_WEEK });
    const due = add(2, { endTime: LAST_WEEK, active: false, ...marked });
    const notDue = add(3, { endTime: Date.UTC(2027, 1, 1), active: false, ...marked });
    await read();
    for (const id of [byHand, due, notDue]) instance.double.deleteAccount(id);
    expect(await read()).toMatchObject({ outcome: 'read', departed: 3, accounts: 0, failed: 0 });
    expect((await rowOf(byHand)).presence).toBe('deletedOutside');
    expect((await rowOf(due)).presence).toBe('deleted');
    expect((await rowOf(notDue)).presence).toBe('deletedOutside');
    expect(await around.registry.departing(['1', '2', '3'])).toHaveLength(3);
    // What was known of it last stays.
    expect((await rowOf(byHand)).snapshot.user.userName).toBe('user1');
  });

  it('is none because the list does not show it: its own GET says that it is there, and how', async () => {
    const ids = [add(1), add(2), add(3)];
    await read();
    const [hidden = ''] = ids;
    const before = await rowOf(hidden);
    expect(await read({ iam: without(...ids) })).toMatchObject({ accounts: 3, departed: 0, failed: 0 });
    expect(await rowOf(hidden)).toEqual(before);
    instance.double.setEndTime(hidden, LAST_WEEK);
    await read({ iam: without(hidden) });
    expect(await rowOf(hidden)).toMatchObject({
      presence: 'there',
      snapshot: { user: { endTime: LAST_WEEK } },
    });
  });

  it('is none while its own GET gives no answer', async () => {
    const [id] = [add(1), add(2)];
    await read();
    for (const call of ['getLabels', 'getUser'] as const) {
      instance.double.fault('500', { for: call, account: id });
      expect(await read({ iam: without(id) }), call).toMatchObject({ accounts: 1, departed: 0, failed: 1 });
      expect((await rowOf(id)).presence).toBe('there');
      instance.double.fault('none');
    }
  });

  it.each([['in the list', []] as const, ['not in the list', ['it']] as const])(
    'is none while it is there and its labels are said not to be, %s',
    async (_, missing) => {
      const id = add(900_123);
      add(900_124);
      await read();
      instance.double.fault('404', { for: 'getLabels', account: id });
      expect(await read({ iam: without(...missing.map(() => id)) })).toMatchObject({
        departed: 0,
        failed: 1,
      });
      expect(await rowOf(id)).toMatchObject({ presence: 'there' });
    },
  );

  it('is seen as the lifecycle suspended it, also if that comes between two of its reads', async () => {
    const id = add(900_123, { endTime: LAST_WEEK });
    await read();
    const iam = instance.kept.iam;
    const readLabels: IndigoIam['readLabels'] = async (input) => {
      const labels = await iam.readLabels(input);
      if (instance.double.account(id)?.active === true) {
        instance.double.setActive(id, false);
        instance.double.setLabel(id, { name: 'lifecycle.status', value: 'PENDING_REMOVAL' });
      }
      return labels;
    };
    await read({ iam: { ...without(id), readLabels } });
    expect(await rowOf(id)).toMatchObject({ suspendedBy: 'lifecycle' });
  });

  it('may go while the list is read', async () => {
    const [stays, goes] = [add(1), add(2)];
    await read();
    instance.double.onPage(() => {
      instance.double.onPage(null);
      instance.double.deleteAccount(goes);
    });
    expect(await read()).toMatchObject({ accounts: 1, departed: 1, failed: 0 });
    expect((await rowOf(goes)).presence).toBe('deletedOutside');
    expect((await rowOf(stays)).presence).toBe('there');
  });

  it('is none when others move up into other pages because one has gone', async () => {
    const ids = Array.from({ length: 205 }, (_, index) => add(index + 1));
    await read();
    const gone: string[] = [];
    instance.double.onPage(() => {
      const id = gone.length < 3 ? ids.shift() : undefined;
      if (id === undefined) return;
      instance.double.deleteAccount(id);
      gone.push(id);
    });
    await read();
    instance.double.onPage(null);
    const rows = await around.registry.instanceRows({ after: null, upTo: null, limit: 300 });
    expect(rows).toHaveLength(205);
    const away = rows.filter(({ presence }) => presence !== 'there').map(({ externalId }) => externalId);
    expect(away.filter((id) => !gone.includes(id))).toEqual([]);
    expect(gone.length).toBeGreaterThan(0);
  });
});

describe('a label that names another person', () => {
  it('is noted, and that person is asked for; ours goes there when it was told', async () => {
    const id = add(1);
    await read();
    const row = await rowOf(id);
    const participationSightings = { count: 2, lastRun: 'earlier' };
    await around.registry.storeInstance([{ ...row, participationSightings }]);
    instance.double.setLabel(id, { ...PERSON_LABEL, value: '9' });
    expect(await read()).toMatchObject({ accounts: 1, adopted: 0, departed: 0, repointed: 1 });
    expect(await rowOf(id)).toMatchObject({
      personId: '9',
      accountId: row.accountId,
      presence: 'there',
      // They were another person's.
      participationSightings: null,
    });
    expect(await around.registry.person('9')).not.toBeNull();
    expect((await followerOf(id)).personId).toBe('1');
    expect(await around.registry.departing(['1'])).toHaveLength(1);
    expect(await read()).toMatchObject({ repointed: 0 });
  });
});

describe('a dry run', () => {
  it('counts, and stores, adopts and starts nothing', async () => {
    const [released, gone, moved] = [add(1), add(2), add(3)];
    await read();
    for (const id of [released, gone, moved]) await heard(id);
    const rows = await around.registry.instanceRows({ after: null, upTo: null, limit: 10 });
    around.tellings.length = 0;
    instance.double.removeLabel(released, PERSON_LABEL);
    instance.double.deleteAccount(gone);
    instance.double.setLabel(moved, { ...PERSON_LABEL, value: '33' });
    instance.double.runHrTask();
    add(4);
    expect(await read({ dryRun: true })).toMatchObject({
      outcome: 'read',
      accounts: 2,
      adopted: 1,
      departed: 2,
      repointed: 1,
    });
    expect(await around.registry.instanceRows({ after: null, upTo: null, limit: 10 })).toEqual(rows);
    expect(await experiments()).toHaveLength(3);
    expect(around.tellings).toEqual([]);
    expect(await around.registry.person('4')).toBeNull();
    expect(await around.registry.person('33')).toBeNull();
    instance.double.fault('401', { for: 'token' });
    instance.double.expireTokens();
    expect((await read({ dryRun: true })).outcome).toBe('unavailable');
    expect(await around.registry.alarms({ open: true })).toEqual([]);
  });
});

describe('an instance that is down', () => {
  const settings = (giveUpMs: number) => ({ settings: { ...around.deps.settings, giveUpMs } });

  it('is waited for, with everything as it was', async () => {
    const id = add(1);
    await read();
    const before = await rowOf(id);
    instance.double.setActive(id, false);
    for (const call of ['listUsers', 'getLabels'] as const) {
      instance.double.fault('500', { for: call });
      await expect(read(), call).rejects.toMatchObject({ code: 'IAM_UNAVAILABLE', retryable: true });
      instance.double.fault('none');
    }
    expect(await rowOf(id)).toEqual(before);
    expect(await alarms('iam-unavailable')).toEqual([]);
  });

  it('is done without after so long, over all attempts, with an alarm that no read clears', async () => {
    add(1);
    await read();
    instance.double.fault('500', { for: 'listUsers' });
    const beats: unknown[] = [];
    const giveUpMs = 600_000;
    await expect(read({ beats, deps: settings(giveUpMs) })).rejects.toMatchObject({
      code: 'IAM_UNAVAILABLE',
    });
    const resumeFrom = beats.at(-1);
    const goOn = (backoffMs: number) => read({ resumeFrom, backoffMs, deps: settings(giveUpMs) });
    await expect(goOn(giveUpMs - 60_000)).rejects.toMatchObject({ code: 'IAM_UNAVAILABLE' });
    expect(await goOn(giveUpMs)).toMatchObject({ outcome: 'unavailable', parts: [], departed: 0 });
    expect(await alarms('iam-unavailable')).toHaveLength(1);
    instance.double.fault('none');
    await read({ dryRun: true });
    expect(await alarms('iam-unavailable')).toHaveLength(1);
    // That it is read again does not say that it lets us write.
    await read();
    expect(await alarms('iam-unavailable')).toHaveLength(1);
  });

  it('is done without at once when it refuses us, with an alarm that says what to do', async () => {
    const id = add(1);
    await read();
    const before = await rowOf(id);
    instance.double.removeLabel(id, PERSON_LABEL);
    const refusals = [
      { mode: '401', for: 'token', words: /client/ },
      { mode: '403', for: 'listUsers', words: /scim:read/ },
      { mode: '403', for: 'getLabels', words: /iam:admin\.read/ },
    ] as const;
    for (const { mode, for: call, words } of refusals) {
      instance.double.expireTokens();
      instance.double.fault(mode, { for: call });
      expect(await read(), call).toMatchObject({ outcome: 'unavailable', departed: 0, parts: [] });
      expect((await alarms('iam-unavailable'))[0]?.message, call).toMatch(words);
      instance.double.fault('none');
    }
    expect(await rowOf(id)).toEqual(before);
  });

  it('ends the attempt after many in a row, although some have answered', async () => {
    for (let id = 1; id <= 70; id += 1) add(id);
    const silence = new IamError({ code: 'IAM_TIMEOUT', message: 'no answer', retryable: true });
    const readLabels: IndigoIam['readLabels'] = async (input) => {
      asked += 1;
      return asked <= 5 ? instance.kept.iam.readLabels(input) : Promise.reject(silence);
    };
    let asked = 0;
    await expect(read({ iam: { readLabels } })).rejects.toMatchObject({ code: 'IAM_UNAVAILABLE' });
    expect(asked).toBeLessThan(70);
  });

  it('is the registry’s matter when the registry is away: the attempt fails', async () => {
    add(1);
    const away = new RegistryError({ code: 'REGISTRY_UNREACHABLE', message: 'away', retryable: true });
    const registry: Registry = { ...around.registry, storeInstance: () => Promise.reject(away) };
    await expect(read({ deps: { registry } })).rejects.toBe(away);
    expect(await experiments()).toEqual([]);
  });
});

describe('traces of the instance’s own HR task', () => {
  it('raise one alarm, which a read without any clears', async () => {
    const [first] = [add(1), add(2)];
    await read();
    expect(await alarms('iam-hr-task')).toEqual([]);
    instance.double.runHrTask();
    await read();
    const [alarm, ...more] = await alarms('iam-hr-task');
    expect(more).toEqual([]);
    expect(alarm).toMatchObject({ firstSeen: DAY_1, lastSeen: DAY_1 });
    expect(alarm?.message).toContain(' 2 ');
    // What it wrote stands there still, in accounts that nobody handles.
    await read();
    expect(await alarms('iam-hr-task')).toEqual([]);
    for (const { id } of instance.double.accounts()) {
      instance.double.setLabel(id, { prefix: 'hr.cern', name: 'status', value: 'MEMBER' });
    }
    await read();
    expect(await alarms('iam-hr-task')).toEqual([]);
    // It is at work still.
    instance.double.setLabel(first, { prefix: 'hr.cern', name: 'status', value: 'VO_MEMBER' });
    await read();
    expect((await alarms('iam-hr-task'))[0]?.message).toContain(' 1 ');
  });

  it('that an attempt had stored which was cut off are told by the next', async () => {
    add(1);
    await read();
    instance.double.runHrTask();
    async function* listUsers(input: { readonly signal: AbortSignal }): AsyncGenerator<IamListed> {
      for await (const listed of instance.kept.iam.listUsers(input)) {
        if (listed.outcome === 'end')
          throw new IamError({ code: 'IAM_TIMEOUT', message: 'no answer', retryable: true });
        yield listed;
      }
    }
    const beats: unknown[] = [];
    await expect(read({ iam: { listUsers }, beats })).rejects.toMatchObject({ retryable: true });
    expect(await alarms('iam-hr-task')).toEqual([]);
    await read({ resumeFrom: beats.at(-1) });
    expect(await alarms('iam-hr-task')).toHaveLength(1);
  });

  it('are a time stamp of ours that is gone, and none that we never wrote', async () => {
    const timestamp = { prefix: 'hr.cern', name: 'timestamp', value: '1' };
    const id = add(1, { labels: [timestamp] });
    await read();
    instance.double.removeLabel(id, timestamp);
    await read();
    expect(await alarms('iam-hr-task')).toEqual([]);
    await around.registry.storeInstance([{ ...(await rowOf(id)), isStamped: true }]);
    await read();
    expect(await alarms('iam-hr-task')).toHaveLength(1);
    instance.double.setLabel(id, timestamp);
    await read();
    expect(await alarms('iam-hr-task')).toEqual([]);
    // Without the label of the person id there is nothing to miss.
    instance.double.removeLabel(id, timestamp);
    instance.double.removeLabel(id, PERSON_LABEL);
    await read();
    expect(await alarms('iam-hr-task')).toEqual([]);
  });
});
