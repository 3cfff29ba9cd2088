import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSyncActivities } from '../../activities/sync-activities.ts';
import { TargetError } from '../../src/errors.ts';
import type { AccountState } from '../../src/contracts/account.ts';
import type { GuestRequest, OperatorAnswer } from '../../src/contracts/operator.ts';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import { decide } from '../../src/policy/decide.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { newSealingKeys, seal, unseal } from '../../src/sealing.ts';
import {
  activityEnvironment,
  attemptStep,
  personOfHr,
  startSurroundings,
  type Surroundings,
} from '../support/deployment.ts';
import { beginStep, clockFrom } from '../support/lives.ts';
import { at, LAST_DAY, policyFor, policyWithGuest } from '../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const LEFT = at('2027-04-01 00:10');
const NOW = at('2027-06-10 12:00');
const POLICY = policyWithGuest();
const SAID = { actor: 'admin-7', reason: 'ticket 12' };

let around: Surroundings;
let nextId = 912_000;
beforeAll(async () => {
  around = await startSurroundings();
});
beforeEach(() => around.hr.fault('none'));
afterAll(() => around.stop());

type Seed = Omit<Parameters<Surroundings['seedAccount']>[0], 'personId' | 'at'>;
async function former(seed: Seed = {}, externalEmail: string | null = null) {
  nextId += 1;
  const id = nextId;
  await around.seedPerson(personOfHr(id, { to: LAST_DAY, externalEmail }), LONG_AGO);
  const personId = String(id);
  const blocked = { activeStatus: 'Inactive', blocked: { lastDay: LAST_DAY, at: LEFT } } as const;
  const account = await around.seedAccount({
    ...{ personId, at: LONG_AGO, login: `p${personId}`, stage: 'blocked', ...seed },
    state: { ...(seed.stage === undefined && blocked), ...seed.state },
  });
  return { id, personId, account };
}

function answer(request: GuestRequest, deps: ActivityDependencies = around.deps): Promise<OperatorAnswer> {
  return activityEnvironment({}).run(() =>
    createSyncActivities(deps).answerOperator({ clock: clockFrom(NOW), request }),
  );
}
async function sealed(value: unknown): Promise<string> {
  const key = await answer({ type: 'sealingKey' });
  if (key.type !== 'sealingKey') throw new Error('there is always a key');
  return seal(JSON.stringify(value), key.publicKey);
}
async function associate(
  account: string,
  identity: unknown,
  over: { requestId?: string; deps?: ActivityDependencies } = {},
) {
  nextId += 1;
  const { requestId = `r${String(nextId)}`, deps } = over;
  const box = await sealed({ account, identity });
  return answer({ type: 'associateGuest', requestId, sealed: box, ...SAID }, deps);
}
async function granted(account: string, identity: unknown) {
  const given = await associate(account, identity);
  if (given.type !== 'guest') throw new Error(JSON.stringify(given));
  return given;
}
const edugain = (subject: string, email: string | null = null) => ({ provider: 'edugain', subject, email });
const told = (accountId: string) =>
  around.tellings.filter((one) => one.accountId === accountId && one.guestChanged !== undefined);

/** The step that the account's workflow carries out when it is told. */
function tellStep(row: AccountRow, state: AccountState = row.state, policy = POLICY) {
  const [telling] = told(row.accountId).slice(-1);
  const change = telling?.guestChanged;
  if (!change) throw new Error('it was told nothing');
  return beginStep(
    decide(state, { type: 'guestChanged', at: NOW, change }, policy),
    policy,
    NOW,
    'writeGuests',
  );
}

describe('an identity that an admin associates', () => {
  it('is open in the registry, and its account is told no more than the request; then every target has it', async () => {
    const { account, personId } = await former();
    const given = await granted(account.login, edugain('Ada@IdP', 'ada@example.net'));
    expect(given).toMatchObject({ accountId: account.accountId, personId, changed: true });
    expect(await around.registry.guestOf(edugain('Ada@IdP'))).toMatchObject({
      ...{ personId, formerLogin: account.login, isOpen: true, email: 'ada@example.net' },
    });
    expect(JSON.stringify([given, told(account.accountId)])).not.toMatch(/IdP|example|edugain/);
    const input = tellStep(account);
    expect(JSON.stringify(input)).not.toMatch(/IdP|example\.net|edugain/);
    const entry = `guest-${given.guestId}`;
    expect(await around.entry(entry)).toBeNull();
    expect(await attemptStep(around.deps, input)).toMatchObject({ result: 'done' });
    expect(await around.entry(entry)).toMatchObject({
      ...{ kind: 'guest', access: 'on', person: { personId, mail: 'ada@example.net' } },
    });
    expect(await attemptStep(around.deps, input, { attempt: 2 })).toMatchObject({ result: 'done' });
  });

  it('is the same one if the request comes twice, and the account is told again', async () => {
    const { account } = await former();
    const first = await associate(account.login, edugain('twice'), { requestId: 'again' });
    const second = await associate(account.accountId, edugain('twice'), { requestId: 'again' });
    expect([first, second]).toMatchObject([{ changed: true }, { changed: false }]);
    expect(told(account.accountId)).toHaveLength(2);
    const other = await associate(account.login, edugain('else'), { requestId: 'again' });
    expect(other).toMatchObject({ type: 'refused', code: 'REQUEST_REUSED' });
  });

  it('is refused in words, and changes nothing', async () => {
    const { account } = await former();
    const taken = await former({}, 'taken@example.net');
    const active = await former({ stage: 'active' });
    await granted(taken.account.login, edugain('bound'));
    const before = around.tellings.length;
    const refusals: readonly (readonly [string, unknown, string, RegExp])[] = [
      ['nobody-here', edugain('a'), 'ACCOUNT_UNKNOWN', /no such account/],
      [active.account.login, edugain('a'), 'NOT_LEFT', /has not left/],
      [account.login, edugain('bound'), 'IDENTITY_BOUND', /another person/],
      [account.login, edugain('a', 'Taken@Example.NET'), 'IDENTITY_BOUND', /another person/],
      [account.login, edugain('a', 'a@mail.example.org'), 'ADDRESS_NOT_EXTERNAL', /own domain/],
      [account.login, { provider: 'edugain' }, 'IDENTITY_MALFORMED', /subject is missing/],
      [taken.account.login, edugain('second'), 'PROVIDER_TAKEN', /release it first/],
    ];
    for (const [name, identity, code, words] of refusals) {
      const refused = await associate(name, identity);
      expect(refused).toMatchObject({ type: 'refused', code, why: expect.stringMatching(words) as string });
    }
    const unsealed = await answer({
      type: 'associateGuest',
      requestId: 'x',
      sealed: 'ada@example.net',
      ...SAID,
    });
    expect(unsealed).toMatchObject({ type: 'refused', code: 'SEALED_UNREADABLE' });
    const nobody = {
      type: 'associateGuest',
      requestId: 'x',
      sealed: '',
      actor: 'a@b.c',
      reason: 'r',
    } as const;
    expect(await answer(nobody)).toMatchObject({
      type: 'refused',
      why: expect.stringContaining('opaque') as string,
    });
    expect(await around.registry.guests(account.personId)).toEqual([]);
    expect(around.tellings).toHaveLength(before);
  });

  it('of an account that is over is written at once: no workflow would', async () => {
    const { account, personId } = await former({ state: { stage: 'deleted', access: 'off' } });
    const given = await granted(account.login, edugain('late'));
    expect(await around.entry(`guest-${given.guestId}`)).toMatchObject({
      access: 'on',
      person: { personId },
    });
  });

  it('is shut when the person comes back, whether or not an external address ever was', async () => {
    const { account, personId } = await former();
    const given = await granted(account.login, edugain('back'));
    const input = tellStep(account, account.state, policyFor('primary'));
    const policy = policyFor('primary');
    await attemptStep(around.deps, input);
    const outcome = { result: 'done', at: NOW, note: '', recorded: 99 } as const;
    const state = decide(input.state, { type: 'stepEnded', at: NOW, step: input.step, outcome }, policy);
    expect(state.guestChange).toBeUndefined();
    const back: AccountState = {
      ...{ ...state, stage: 'active', departure: state.departure + 1, blocked: null, access: 'on' },
      vanishedLastDay: null,
      activeStatus: 'Active',
      observation: { ...(state.observation ?? neverSeen), ties: [] },
      adminDate: { until: '2027-12-31', actor: 'a', at: NOW, reminded: false, written: true },
    };
    expect(await attemptStep(around.deps, beginStep(back, policy, NOW, 'shutGuest'))).toMatchObject({
      note: 'shut on every target',
    });
    expect(await around.registry.guests(personId)).toMatchObject([{ isOpen: false }]);
    expect(await around.entry(`guest-${given.guestId}`)).toMatchObject({ access: 'off' });
  });

  it('is opened again at the next leaving, with no case, although there is no external address', async () => {
    const { account, personId } = await former({ stage: 'grace' });
    await granted(account.login, edugain('next'));
    await around.registry.shutGuests({ personId, at: NOW });
    const before = around.sink.mails.length;
    const input = beginStep(account.state, POLICY, LEFT, 'guest');
    expect(await attemptStep(around.deps, input)).toMatchObject({ note: 'a guest account is open' });
    expect(await around.registry.guests(personId)).toMatchObject([{ isOpen: true }]);
    expect(around.sink.mails).toHaveLength(before);
  });
});
const neverSeen = { number: 1, personId: '', outcome: 'found', ties: [], at: 0 } as const;

describe('an identity that is released', () => {
  it('leads nowhere at once, and its entry goes; then it is another person’s to have', async () => {
    const one = await former({ state: { stage: 'deleted', access: 'off' } });
    const two = await former({ state: { stage: 'deleted', access: 'off' } });
    const mail = { provider: 'email', subject: 'mistyped@example.net' };
    const { guestId } = await granted(one.account.login, mail);
    expect(await around.entry('mistyped@example.net')).toMatchObject({ person: { personId: one.personId } });
    const released = await answer({ type: 'releaseGuest', requestId: 'rel-1', guestId, ...SAID });
    expect(released).toMatchObject({ type: 'guest', changed: true, accountId: one.account.accountId });
    expect(await around.entry('mistyped@example.net')).toBeNull();
    expect(await around.registry.guests(one.personId)).toEqual([]);
    expect(await answer({ type: 'releaseGuest', requestId: 'rel-1', guestId, ...SAID })).toMatchObject({
      changed: false,
    });
    await granted(two.account.login, mail);
    expect(await around.entry('mistyped@example.net')).toMatchObject({ person: { personId: two.personId } });
    const unknown = await answer({ type: 'releaseGuest', requestId: 'rel-2', guestId: 'none', ...SAID });
    expect(unknown).toMatchObject({ type: 'refused', code: 'GUEST_UNKNOWN' });
  });

  it('is not forgotten before every directory was told', async () => {
    const { account, personId } = await former({ state: { stage: 'deleted', access: 'off' } });
    const { guestId } = await granted(account.login, edugain('stuck'));
    const down = new TargetError({ code: 'TARGET_UNREACHABLE', message: 'down', retryable: true });
    const directory = { ...around.directory, delete: () => Promise.reject(down) };
    const deps = { ...around.deps, directories: [directory] };
    const request = { type: 'releaseGuest', requestId: 'rel-3', guestId, ...SAID } as const;
    await expect(answer(request, deps)).rejects.toMatchObject({ type: 'TARGET_UNREACHABLE' });
    expect(await around.registry.guestOf(edugain('stuck'))).toBeNull();
    expect(await around.registry.guests(personId)).toHaveLength(1);
    expect(await answer(request)).toMatchObject({ changed: false });
    expect(await around.entry(`guest-${guestId}`)).toBeNull();
    expect(await around.registry.guests(personId)).toEqual([]);
  });

  it('is not forgotten by a step that had told the directory before', async () => {
    const { account, personId } = await former();
    const { guestId } = await granted(account.login, edugain('between'));
    const input = tellStep(account);
    await attemptStep(around.deps, input);
    await answer({ type: 'releaseGuest', requestId: 'rel-5', guestId, ...SAID });
    await attemptStep(around.deps, input, { attempt: 2 });
    expect(await around.entry(`guest-${guestId}`)).toMatchObject({ access: 'on' });
    expect(await around.registry.guests(personId)).toHaveLength(1);
    const state = { ...input.state, sequence: input.state.sequence + 1 };
    await attemptStep(around.deps, tellStep(account, state));
    expect(await around.entry(`guest-${guestId}`)).toBeNull();
    expect(await around.registry.guests(personId)).toEqual([]);
  });

  it('leaves the entry alone that has become another person’s', async () => {
    const one = await former({ state: { stage: 'deleted', access: 'off' } });
    const two = await former({ state: { stage: 'deleted', access: 'off' } });
    const mail = { provider: 'email', subject: 'swapped@example.net' };
    const { guestId } = await granted(one.account.login, mail);
    await around.registry.releaseGuest({ guestId, requestId: 'rel-4', ...SAID, at: NOW });
    const { signal } = new AbortController();
    await around.directory.delete({ login: 'swapped@example.net', signal });
    await granted(two.account.login, mail);
    await answer({ type: 'releaseGuest', requestId: 'rel-4', guestId, ...SAID });
    expect(await around.entry('swapped@example.net')).toMatchObject({
      access: 'on',
      person: { personId: two.personId },
    });
    expect(await around.registry.guests(one.personId)).toEqual([]);
  });
});

describe('what an operator is shown', () => {
  it('is sealed for them alone', async () => {
    const { account } = await former();
    await granted(account.login, edugain('shown', 'shown@example.net'));
    const own = newSealingKeys();
    const box = await sealed({ account: account.login, answerTo: own.publicKey });
    const shown = await answer({ type: 'guests', sealed: box });
    if (shown.type !== 'guests') throw new Error(JSON.stringify(shown));
    expect(shown.sealed).not.toContain('shown');
    expect(JSON.parse(unseal(shown.sealed, own.privateKey))).toMatchObject([
      { provider: 'edugain', subject: 'shown', email: 'shown@example.net', isOpen: true },
    ]);
    const unknown = await answer({
      type: 'guests',
      sealed: await sealed({ account: 'x', answerTo: own.publicKey }),
    });
    expect(unknown).toMatchObject({ type: 'refused', code: 'ACCOUNT_UNKNOWN' });
    const noKey = await answer({
      type: 'guests',
      sealed: await sealed({ account: account.login, answerTo: 'k' }),
    });
    expect(noKey).toMatchObject({ type: 'refused', code: 'SEALED_UNREADABLE' });
  });
});
