import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createReconcileActivities,
  type ReconcileActivities,
} from '../../activities/reconcile-activities.ts';
import { writeGuestsOf } from '../../activities/guests/write-guests.ts';
import type { WatchDependencies } from '../../activities/watchdog/watch-context.ts';
import type { Difference } from '../../src/contracts/reconcile.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import {
  activityEnvironment,
  personOfHr,
  startSurroundings,
  type Surroundings,
} from '../support/deployment.ts';
import { clockFrom } from '../support/lives.ts';
import { at } from '../support/policy-builders.ts';
import { createWatchDouble, type WatchDouble } from '../support/watching.ts';

const NOW = at('2027-02-01 12:00');
const { signal } = new AbortController();

let around: Surroundings;
let watch: WatchDouble;
let deps: WatchDependencies;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(async () => {
  await around.forget();
  await around.registry.setFrozen({ frozen: false, actor: 'test', reason: 'begin', at: NOW });
  watch = createWatchDouble(around, () => NOW);
  deps = { ...around.deps, watch };
});
afterAll(() => around.stop());

type Seed = Omit<Parameters<Surroundings['seedAccount']>[0], 'personId' | 'at'>;
async function member(id: number, seed: Seed = {}): Promise<AccountRow> {
  await around.seedPerson(personOfHr(id), NOW - 90 * DAY_MS);
  return around.seedAccount({ personId: String(id), at: NOW - 90 * DAY_MS, ...seed });
}

function run<T>(call: (activities: ReconcileActivities) => Promise<T>): Promise<T> {
  return activityEnvironment({}).run(() => call(createReconcileActivities(deps)));
}

const ROOM = 100;
const compare = async (repair = false, accountId: string | null = null, room = ROOM) => {
  const { rows: differences, ...rest } = await run((activities) =>
    activities.reconcileAccounts({ clock: clockFrom(NOW), after: null, accountId, repair, room }),
  );
  return { differences, ...rest };
};
const kindsOf = (differences: readonly Difference[]) => differences.map(({ kind }) => kind);
const audits = async ({ accountId }: AccountRow) =>
  (await around.registry.auditTrail({ accountId })).filter(({ actor }) => actor === 'reconcile');

const BLOCKED: Seed = {
  stage: 'blocked',
  state: { activeStatus: 'Inactive', blocked: { lastDay: '2026-11-30', at: NOW - DAY_MS } },
};

/** A difference at the directory, made by hand, and what the directory says once it is mended. */
interface Case {
  readonly seed: Seed;
  readonly spoil: (row: AccountRow) => Promise<unknown>;
  readonly kind: Difference['kind'];
  readonly isHarm: boolean;
  readonly mended: unknown;
}

const CASES: readonly (readonly [string, Case])[] = [
  [
    'access is off, and the account says on',
    {
      seed: {},
      spoil: ({ login }) => around.directory.setAccess({ login, access: 'off', signal }),
      ...{ kind: 'access', isHarm: false, mended: { access: 'on' } },
    },
  ],
  [
    'access is on, and the account is blocked',
    {
      seed: BLOCKED,
      spoil: ({ login }) => around.directory.setAccess({ login, access: 'on', signal }),
      ...{ kind: 'access', isHarm: true, mended: { access: 'off' } },
    },
  ],
  [
    'access is on, and an admin disabled the account',
    {
      seed: {
        state: {
          access: 'off',
          holds: { ignored: null, excluded: null, disabledManually: { actor: 'admin-7', at: NOW } },
        },
      },
      spoil: ({ login }) => around.directory.setAccess({ login, access: 'on', signal }),
      // Disabling works under a freeze.
      ...{ kind: 'access', isHarm: false, mended: { access: 'off' } },
    },
  ],
  [
    'a blocked account is in static groups',
    {
      seed: BLOCKED,
      spoil: ({ login }) => around.directory.addMembership(login, 'staff'),
      ...{ kind: 'memberships', isHarm: true, mended: { memberships: [] } },
    },
  ],
  [
    'the status is another',
    {
      seed: {},
      spoil: ({ login }) => around.directory.setActiveStatus({ login, activeStatus: 'Inactive', signal }),
      ...{ kind: 'active-status', isHarm: false, mended: { activeStatus: 'Active' } },
    },
  ],
  [
    'the entry is missing',
    {
      seed: {},
      spoil: ({ login }) => around.directory.delete({ login, signal }),
      ...{
        kind: 'entry-missing',
        isHarm: false,
        mended: { access: 'on', activeStatus: 'Active', kind: 'primary' },
      },
    },
  ],
  [
    'the account is deleted, and its entry is there',
    {
      seed: { state: { stage: 'deleted', access: 'off' } },
      spoil: () => Promise.resolve(),
      ...{ kind: 'entry-unexpected', isHarm: true, mended: null },
    },
  ],
];

describe('a directory that differs', () => {
  it.each(CASES)('because %s is reported; nothing changes', async (_, { seed, spoil, kind }) => {
    const row = await member(1, seed);
    await spoil(row);
    const before = await around.entry(row.login);
    const { differences } = await compare();
    expect(differences).toMatchObject([{ accountId: row.accountId, kind, repaired: false }]);
    expect(await around.entry(row.login)).toEqual(before);
    expect(await audits(row)).toEqual([]);
  });

  it.each(CASES)('because %s is repaired when asked, once', async (_, one) => {
    const row = await member(1, one.seed);
    await one.spoil(row);
    const { differences } = await compare(true);
    expect(differences).toMatchObject([{ kind: one.kind, repaired: true }]);
    const entry = await around.entry(row.login);
    if (one.mended === null) expect(entry).toBeNull();
    else expect(entry).toMatchObject(one.mended as object);
    expect((await compare(true)).differences).toEqual([]);
    expect(await audits(row)).toHaveLength(1);
  });

  it.each(CASES)('because %s is repaired under a freeze only if it harms nobody', async (_, one) => {
    const row = await member(1, one.seed);
    await one.spoil(row);
    const before = await around.entry(row.login);
    await around.registry.setFrozen({ frozen: true, actor: 'admin-7', reason: 'HR is moved', at: NOW });
    const [difference] = (await compare(true)).differences;
    expect(difference?.repaired).toBe(!one.isHarm);
    if (one.isHarm) {
      expect(difference?.note).toBe('the deployment is frozen');
      expect(await around.entry(row.login)).toEqual(before);
    }
  });

  it('is not repaired while the account carries out a step, nor once it has begun one', async () => {
    const row = await member(1, BLOCKED);
    await around.directory.setAccess({ login: row.login, access: 'on', signal });
    watch.show(row.accountId, {
      step: { activity: 'giveAccess', attempt: 1, failure: null, waitsSince: null },
    });
    expect(await compare(true)).toMatchObject({ busy: 1, differences: [] });
    watch.show(row.accountId, {});
    // The workflow took a step since the registry last heard of it.
    await around.registry.claim({ accountId: row.accountId, sequence: row.state.sequence + 1, attempt: 1 });
    const [difference] = (await compare(true)).differences;
    expect(difference).toMatchObject({ repaired: false, note: expect.stringContaining('has begun a step') });
    expect(await around.entry(row.login)).toMatchObject({ access: 'on' });
  });

  it('in whose entry it is, is nothing that a program settles', async () => {
    const row = await member(1);
    await around.directory.delete({ login: row.login, signal });
    const other = await member(2);
    const entry = await around.entry(other.login);
    if (!entry) throw new Error('it was made');
    await around.directory.create({ ...entry, uidNumber: 1, login: row.login, signal });
    const { differences } = await compare(true);
    expect(differences).toMatchObject([{ kind: 'entry-of-another-person', repaired: false }]);
    expect(await around.entry(row.login)).toMatchObject({ access: 'off' });
  });

  it('by an entry for somebody whose first day has not come: access is turned off, nothing is deleted', async () => {
    const row = await member(1, { stage: 'pending' });
    const other = await member(2);
    const entry = await around.entry(other.login);
    if (!entry) throw new Error('it was made');
    const person = { ...entry.person, personId: '1' };
    await around.directory.create({ ...entry, uidNumber: 1, person, login: row.login, signal });
    await around.directory.setAccess({ login: row.login, access: 'on', signal });
    expect((await compare(true, row.accountId)).differences).toMatchObject([
      { kind: 'access', repaired: true },
    ]);
    expect((await compare(true, row.accountId)).differences).toMatchObject([
      { kind: 'entry-unexpected', repaired: false },
    ]);
    expect(await around.entry(row.login)).toMatchObject({ access: 'off' });
  });

  it('only for a service account’s access is none of ours', async () => {
    const row = await member(1, { kind: 'service' });
    await around.directory.setAccess({ login: row.login, access: 'off', signal });
    expect((await compare(true)).differences).toEqual([]);
  });
});

describe('guest accounts and mail', () => {
  const GONE: Seed = { state: { stage: 'deleted', access: 'off' } };
  const deed = { actor: 'admin-7', reason: 'ticket 12', at: NOW } as const;
  let requests = 0;
  /** A leaver's account, and an open guest account that leads to it, also in the directory. */
  async function guest(seed: Seed = BLOCKED) {
    const row = await member(1, seed);
    if (seed === GONE) await around.directory.delete({ login: row.login, signal });
    requests += 1;
    const outcome = await around.registry.associateGuest<string>({
      ...{ guestId: `g${requests}`, requestId: `r${requests}`, accountId: row.accountId, ...deed },
      identity: { provider: 'edugain', subject: 'a1', email: null },
      judge: () => null,
    });
    if (!('guest' in outcome)) throw new Error('it was associated');
    const { guestId } = outcome.guest;
    const login = `guest-${guestId}`;
    const writing = { registry: around.registry, directory: around.directory, signal };
    await writeGuestsOf(writing, row.personId);
    return { row, guestId, login };
  }
  const repaired = async (kind: Difference['kind'], row: AccountRow) => {
    const [told] = (await compare()).differences;
    expect(told).toMatchObject({ accountId: row.accountId, kind, repaired: false });
    expect(JSON.stringify(told)).not.toMatch(/edugain|a1"|example/);
    expect((await compare(true)).differences).toMatchObject([{ kind, repaired: true }]);
    expect((await compare(true)).differences).toEqual([]);
    expect(await audits(row)).toHaveLength(1);
  };

  it.each([
    ['blocked', BLOCKED],
    ['deleted', GONE],
  ])('agree, as a rule, also of an account that is %s', async (_, seed) => {
    await guest(seed);
    expect((await compare()).differences).toEqual([]);
  });

  it.each([
    ['missing', BLOCKED],
    ['missing, and the account deleted', GONE],
  ])('whose entry is %s get it anew', async (_, seed) => {
    const { row, login } = await guest(seed);
    await around.directory.delete({ login, signal });
    await repaired('guest-missing', row);
    expect(await around.entry(login)).toMatchObject({
      kind: 'guest',
      access: 'on',
      person: { personId: '1' },
    });
  });

  it('that are shut, and whose entry is not, are shut there', async () => {
    const { row, login } = await guest();
    await around.registry.shutGuests({ personId: '1', at: NOW });
    await repaired('guest-access', row);
    expect(await around.entry(login)).toMatchObject({ access: 'off' });
  });

  it.each([
    ['the person is back', { stage: 'active', blocked: null, access: 'on', activeStatus: 'Active' }],
    [
      'an admin has disabled the person',
      { holds: { ignored: null, excluded: null, disabledManually: { actor: 'a', at: NOW } } },
    ],
  ] as const)('that are open although %s are shut everywhere', async (_, over) => {
    const { row, login } = await guest();
    const state = { ...row.state, ...over, sequence: row.state.sequence + 1 };
    await around.registry.project({ state, nextStep: null, nextStepAt: null, problem: null, notes: [] });
    await around.directory.setAccess({
      login: row.login,
      access: state.access === 'on' ? 'on' : 'off',
      signal,
    });
    await around.directory.setActiveStatus({
      login: row.login,
      activeStatus: state.activeStatus ?? 'Inactive',
      signal,
    });
    await repaired('guest-open', row);
    expect(await around.registry.guests('1')).toMatchObject([{ isOpen: false }]);
    expect(await around.entry(login)).toMatchObject({ access: 'off' });
  });

  it('that were released, and whose entry is left, lose it and are forgotten', async () => {
    const { row, guestId, login } = await guest();
    await around.registry.releaseGuest({ guestId, requestId: `rel-${guestId}`, ...deed });
    await repaired('guest-unexpected', row);
    expect(await around.entry(login)).toBeNull();
    expect(await around.registry.guests('1')).toEqual([]);
  });

  it('whose name is somebody else’s there is nothing that a program settles', async () => {
    const { login } = await guest();
    await member(2);
    await around.directory.delete({ login, signal });
    const entry = await around.entry((await around.registry.accounts({ personId: '2' }))[0]?.login ?? '');
    if (!entry) throw new Error('it was made');
    await around.directory.create({ ...entry, uidNumber: 1, login, signal });
    expect((await compare(true)).differences).toMatchObject([
      { kind: 'guest-of-another-person', repaired: false },
    ]);
  });

  it('are known entries, by their own person; a stranger is told', async () => {
    const { login } = await guest();
    const entry = await around.entry(login);
    if (!entry) throw new Error('it was made');
    await around.directory.create({ ...entry, uidNumber: 1, login: 'guest-stranger', signal });
    const page = await run((activities) =>
      activities.findUnknownEntries({
        ...{ clock: clockFrom(NOW), directory: 'directory', after: null, room: ROOM },
      }),
    );
    expect(page.rows).toMatchObject([{ kind: 'entry-unknown' }]);
    expect(JSON.stringify(page.rows)).not.toContain(login);
  });

  it.each(['secondary', 'service'] as const)('of a %s account go to the primary one again', async (kind) => {
    await member(1, { login: 'ada' });
    const row = await around.seedAccount({ personId: '1', at: NOW - 90 * DAY_MS, kind, login: 'other' });
    await around.directory.setMailRouting({ login: 'other', to: 'thief@example.net', signal });
    await repaired('mail-routing', row);
    expect(await around.entry('other')).toMatchObject({ mailRouting: 'ada@example.org' });
  });

  it('of who has no primary account any more stays where it went', async () => {
    await member(1, { ...GONE, login: 'ada' });
    await around.directory.delete({ login: 'ada', signal });
    await around.seedAccount({ personId: '1', at: NOW - 90 * DAY_MS, kind: 'service', login: 'other' });
    await around.directory.setMailRouting({ login: 'other', to: 'ada@example.org', signal });
    expect((await compare(true)).differences).toEqual([]);
  });
});

describe('a workflow', () => {
  it('that is missing is started again; its targets are looked at next time', async () => {
    const row = await member(1);
    await around.directory.setAccess({ login: row.login, access: 'off', signal });
    watch.show(row.accountId, { status: 'missing' });
    expect((await compare()).differences).toMatchObject([{ kind: 'workflow-missing', repaired: false }]);
    expect(around.tellings).toEqual([]);
    const ensureStarted: typeof deps.workflows.ensureStarted = async () => {
      watch.show(row.accountId, {});
    };
    deps = { ...deps, workflows: { ...deps.workflows, ensureStarted } };
    expect((await compare(true)).differences).toMatchObject([{ kind: 'workflow-missing', repaired: true }]);
    expect(await around.entry(row.login)).toMatchObject({ access: 'off' });
    expect(kindsOf((await compare()).differences)).toEqual(['access']);
  });

  it('that has ended as it should is not started: its end is written into the registry', async () => {
    const row = await member(1, BLOCKED);
    watch.show(row.accountId, { status: 'completed' });
    watch.ended(row.accountId, 'deleted');
    expect((await compare(true)).differences).toMatchObject([{ kind: 'workflow-over', repaired: true }]);
    expect(around.tellings).toEqual([]);
    const known = await around.registry.account(row.accountId);
    expect(known?.state).toMatchObject({ stage: 'deleted', access: 'off' });
    expect(known).toMatchObject({ nextStep: null, problem: null });
    // What is left of it in the directory goes in a second run, once both agree.
    expect((await compare(true)).differences).toMatchObject([{ kind: 'entry-unexpected', repaired: true }]);
  });

  it('whose end cannot be read is left alone', async () => {
    const row = await member(1, BLOCKED);
    watch.show(row.accountId, { status: 'completed' });
    expect((await compare(true)).differences).toMatchObject([{ kind: 'workflow-over', repaired: false }]);
    expect((await around.registry.account(row.accountId))?.state.stage).toBe('blocked');
  });

  it('that is ahead of the registry tells it anew, before any target is touched', async () => {
    const row = await member(1, BLOCKED);
    const ahead = { ...row.state, stage: 'active', blocked: null, access: 'on', sequence: 9 } as const;
    watch.knows(row.accountId, ahead);
    await around.directory.setAccess({ login: row.login, access: 'on', signal });
    const [difference] = (await compare()).differences;
    expect(difference).toMatchObject({
      kind: 'projection',
      words: expect.stringContaining('stage: registry blocked, workflow active'),
    });
    const recordAgain: WatchDouble['recordAgain'] = async () => {
      const told = { nextStep: null, nextStepAt: null, problem: null, notes: [] };
      await around.registry.project({ state: ahead, ...told });
    };
    deps = { ...deps, watch: { ...watch, recordAgain } };
    expect((await compare(true)).differences).toMatchObject([{ kind: 'projection', repaired: true }]);
    expect(await around.entry(row.login)).toMatchObject({ access: 'on' });
  });

  it('of an account that is over needs not be there', async () => {
    const row = await member(1, { state: { stage: 'deleted', access: 'off' } });
    await around.directory.delete({ login: row.login, signal });
    watch.show(row.accountId, { status: 'missing' });
    expect((await compare()).differences).toEqual([]);
  });
});

describe('everybody', () => {
  it('agrees, as a rule', async () => {
    for (const id of [1, 2, 3]) await member(id);
    await member(4, { stage: 'pending' });
    await member(5, { ...BLOCKED, groups: [] });
    const counts = { differences: 0, repaired: 0, kinds: {} };
    expect(await compare(true)).toEqual({ accounts: 5, busy: 0, differences: [], counts, next: null });
  });

  it('is counted, by kind, also where there is no room for rows any more', async () => {
    for (const id of [1, 2, 3]) {
      const { login } = await member(id);
      await around.directory.setAccess({ login, access: 'off', signal });
    }
    const first = await compare(false, null, 2);
    expect(kindsOf(first.differences)).toEqual(['access', 'access']);
    expect(first.counts).toEqual({ differences: 3, repaired: 0, kinds: { access: 3 } });
    const second = await compare(true, null, -5);
    expect(second.differences).toEqual([]);
    expect(second.counts).toEqual({ differences: 3, repaired: 3, kinds: { access: 3 } });
  });

  it('is compared although one account fails', async () => {
    const rows = [await member(1), await member(2), await member(3)];
    const [broken, ...others] = rows;
    for (const { login } of others) await around.directory.setAccess({ login, access: 'off', signal });
    watch.show(broken?.accountId ?? '', new TypeError('a fault'));
    expect(kindsOf((await compare()).differences).sort()).toEqual(['access', 'access', 'failed']);
  });

  it('is told by what a directory has that nobody knows, without a login', async () => {
    const row = await member(1);
    const entry = await around.entry(row.login);
    if (!entry) throw new Error('it was made');
    await around.directory.create({ ...entry, uidNumber: 1, login: 'stranger', signal });
    const page = await run((activities) =>
      activities.findUnknownEntries({
        ...{ clock: clockFrom(NOW), directory: 'directory', after: null, room: ROOM },
      }),
    );
    expect(page.rows).toMatchObject([{ accountId: null, kind: 'entry-unknown', repaired: false }]);
    expect(JSON.stringify(page.rows)).toContain('person 1');
    expect(JSON.stringify(page.rows)).not.toContain('stranger');
  });

  it('is told by workflows that the registry does not know', async () => {
    const { accountId } = await member(1);
    watch.list([accountId, 'nobody-knows']);
    const found = await run((activities) =>
      activities.findUnknownWorkflows({ clock: clockFrom(NOW), room: ROOM }),
    );
    expect(found.rows).toMatchObject([{ accountId: 'nobody-knows', kind: 'workflow-unknown' }]);
  });
});
