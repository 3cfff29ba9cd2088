import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorAnswer, OperatorRequest } from '../../../src/contracts/operator.ts';
import {
  activityEnvironment,
  personOfHr,
  startSurroundings,
  type Surroundings,
} from '../../support/deployment.ts';
import { createSyncActivities } from '../../../activities/sync-activities.ts';
import { clockFrom } from '../../support/lives.ts';
import { at } from '../../support/policy-builders.ts';

const LONG_AGO = at('2026-01-01');
const NOW = at('2027-02-01 12:00');

let around: Surroundings;
let nextId = 910_000;

beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.stop());

async function member(over: Parameters<typeof personOfHr>[1] = {}, state = {}) {
  nextId += 1;
  await around.seedPerson(personOfHr(nextId, over), LONG_AGO);
  const personId = String(nextId);
  await around.seedAccount({ personId, at: LONG_AGO, login: `p${personId}`, state });
  return personId;
}

type Asked = Partial<Extract<OperatorRequest, { type: 'requestAccount' }>>;

function ask(personId: string, over: Asked = {}): Promise<OperatorAnswer> {
  nextId += 1;
  const request = {
    ...({ type: 'requestAccount', requestId: `r${String(nextId)}`, kind: 'secondary', personId } as const),
    ...{ login: `l${String(nextId)}`, actor: 'ada', reason: 'tests' },
    ...over,
  };
  const deps = { ...around.deps, registry: { ...around.registry, clock: async () => clockFrom(NOW) } };
  return activityEnvironment({}).run(() =>
    createSyncActivities(deps).answerOperator({ clock: clockFrom(NOW), request }),
  );
}

async function granted(answer: OperatorAnswer) {
  if (answer.type !== 'account') throw new Error(`not granted: ${JSON.stringify(answer)}`);
  const row = await around.registry.account(answer.accountId);
  if (!row) throw new Error('granted, and not there');
  return { ...answer, row };
}

describe('an account that is asked for', () => {
  it.each(['secondary', 'service'])('begins on no target, and its workflow is started: %s', async (kind) => {
    const personId = await member();
    const { row, made } = await granted(await ask(personId, { kind }));
    expect(made).toBe(true);
    expect(row).toMatchObject({ personId, kind, state: { stage: 'pending', access: 'none', kind } });
    expect(row.state.observation?.personId).toBe(personId);
    expect(around.tellings.map(({ accountId }) => accountId)).toContain(row.accountId);
    expect(await around.entry(row.login)).toBeNull();
  });

  it('is one account, however often the same request comes', async () => {
    const personId = await member();
    const request = { requestId: 'again', login: 'again' };
    const first = await granted(await ask(personId, request));
    const second = await granted(await ask(personId, request));
    expect(second).toMatchObject({ accountId: first.accountId, made: false });
    expect(await around.registry.accounts({ personId, kind: 'secondary' })).toHaveLength(1);
  });

  it('follows the date that an admin gave the person', async () => {
    const adminDate = { until: '2028-06-30', actor: 'admin-7', at: NOW, reminded: false };
    const personId = await member({ to: '2027-12-31' }, { adminDate });
    const secondary = await granted(await ask(personId));
    expect(secondary.row.state.adminDate).toEqual(adminDate);
    const service = await granted(await ask(personId, { kind: 'service' }));
    expect(service.row.state.adminDate).toBeNull();
  });

  it('begins with what accounts were told, and not with a loss that waits for an admin', async () => {
    const personId = await member();
    const before = await around.registry.person(personId);
    if (!before?.observation) throw new Error('seeded');
    const number = await around.registry.nextObservationNumber();
    const ties = [{ ...before.observation.ties[0], end: '2027-03-01' }] as typeof before.observation.ties;
    await around.registry.storeObservation({
      observation: {
        ...{ number, personId, at: NOW, outcome: 'found', digest: 'new', ties, source: 'sync', detail: null },
      },
      person: { ...before, observation: { ...before.observation, number, ties }, digest: 'new' },
    });
    expect((await granted(await ask(personId))).row.state.observation?.ties[0]?.end).toBeNull();
    // From the moment at which it is applied, an account begins with it: nobody would tell it later.
    await around.registry.beginApply({ personId });
    expect((await granted(await ask(personId))).row.state.observation?.ties[0]?.end).toBe('2027-03-01');
  });

  it.each([
    ['a primary account', 'KIND_NOT_REQUESTABLE', {}, { kind: 'primary' }],
    ['a login in capitals', 'LOGIN_MALFORMED', {}, { login: 'Ada' }],
    ['a reserved login', 'LOGIN_RESERVED', {}, { login: 'root' }],
    ['somebody who has left', 'PERSON_NOT_VALID', { to: '2027-01-31' }, {}],
    ['somebody whose contract begins later', 'PERSON_NOT_VALID', { from: '2027-03-01' }, {}],
  ] as const)('is refused for %s, and nothing changes', async (_, code, person, over) => {
    const personId = await member(person);
    expect(await ask(personId, over)).toMatchObject({ type: 'refused', code });
    expect(await around.registry.accounts({ personId })).toHaveLength(1);
  });

  it('is refused for somebody without a primary account, and for somebody HR never showed', async () => {
    nextId += 1;
    await around.seedPerson(personOfHr(nextId), LONG_AGO);
    expect(await ask(String(nextId))).toMatchObject({ code: 'NO_PRIMARY' });
    expect(await ask('nobody')).toMatchObject({ code: 'PERSON_UNKNOWN' });
  });

  it('is refused for somebody whom an admin disabled: it would give access back', async () => {
    const disabledManually = { actor: 'admin-7', at: NOW };
    const personId = await member({}, { holds: { ignored: null, disabledManually, excluded: null } });
    expect(await ask(personId)).toMatchObject({ code: 'PERSON_DISABLED' });
  });

  it('is refused for a login that somebody uses', async () => {
    const personId = await member();
    expect(await ask(personId, { login: `p${personId}` })).toMatchObject({ code: 'LOGIN_USED' });
  });

  it('is refused in words when the request says not who asks, or is no request', async () => {
    const personId = await member();
    expect(await ask(personId, { actor: 'ada@example.org' })).toMatchObject({
      why: expect.stringContaining('opaque id'),
    });
    expect(await ask(personId, { requestId: '' })).toMatchObject({
      why: expect.stringContaining('requestId'),
    });
  });
});
