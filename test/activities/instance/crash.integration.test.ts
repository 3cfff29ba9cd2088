import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceSettings } from '../../../src/contracts/instance.ts';
import type {
  IndigoIamCall,
  IndigoIamSettings,
  NewIndigoIamAccount,
} from '../../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';
import { LifecycleError } from '../../../src/errors.ts';
import { startSurroundings, type Surroundings } from '../../support/deployment.ts';
import { type HandlerWorld, type Said, startHandlerWorld } from './handler-world.ts';

let around: Surroundings;

beforeAll(async () => {
  around = await startSurroundings();
});
afterAll(() => around.stop());

const PERSON = 7;
const CALLS: readonly IndigoIamCall[] = [
  ...(['getUser', 'getLabels', 'patchUser', 'putLabel', 'deleteLabel', 'putEndTime'] as const),
];
const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const ours = (name: string, value?: string) => ({ prefix: 'hr.cern', name, ...(value && { value }) });
const MARK = { name: 'lifecycle.status', value: 'PENDING_REMOVAL' };

interface Sequence {
  readonly what: string;
  readonly settings?: Partial<InstanceSettings>;
  readonly account: Partial<NewIndigoIamAccount>;
  readonly iam?: Partial<IndigoIamSettings>;
  readonly said: Said;
  /** What the account showed at the look before, if it was seen before. */
  readonly seenBefore?: Said;
}

const OLD = { givenName: 'Old', email: 'old@example.org' };
const MEMBER: Said = { until: '2027-06-30' };
const suspended = { active: false, endTime: day('2027-02-15') };

const SEQUENCES: readonly Sequence[] = [
  {
    what: 'a restored account',
    account: { ...OLD, ...suspended, labels: [MARK, ours('action', 'X'), ours('message', 'x')] },
    said: MEMBER,
  },
  {
    what: 'a restored account whose end time is not written',
    account: { ...suspended, endTime: day('2027-04-30'), labels: [MARK, ours('skip-end-date-synch')] },
    said: MEMBER,
  },
  {
    what: 'a member with everything to change',
    account: { ...OLD, labels: [ours('action', 'X'), ours('message', 'x'), ours('status', 'ERROR')] },
    said: MEMBER,
  },
  {
    what: 'a participation that is over',
    account: { ...OLD, endTime: day('2027-12-31'), labels: [ours('action', 'X'), ours('status', 'MEMBER')] },
    said: { until: '2027-03-09' },
  },
  {
    what: 'a disabled account in the older dialect',
    settings: { dialect: 'legacy' },
    account: { ...OLD, labels: [ours('action', 'NO_ACTION'), ours('message', 'x')] },
    said: {},
  },
  {
    what: 'an account disabled by us and restored in the older dialect',
    settings: { dialect: 'legacy' },
    account: OLD,
    seenBefore: {},
    said: MEMBER,
  },
  {
    what: "an account that IAM's own handler suspended, restored in the older dialect",
    settings: { dialect: 'legacy' },
    account: { ...suspended, endTime: day('2027-04-30'), labels: [MARK, ours('action', 'NO_ACTION')] },
    said: MEMBER,
  },
];

/** The world right before the run that is looked at. */
async function prepare(sequence: Sequence): Promise<{ world: HandlerWorld; id: string }> {
  await around.forget();
  const world = await startHandlerWorld(around, { timestamp: 'on-change', ...sequence.settings });
  world.double.set(sequence.iam ?? {});
  const { seenBefore } = sequence;
  await world.hrSays(PERSON, seenBefore ?? sequence.said);
  const id = world.addAccount(PERSON, sequence.account);
  if (seenBefore) {
    await world.sync();
    await world.deliver();
    await world.hrSays(PERSON, sequence.said);
  }
  await world.read();
  return { world, id };
}

/** The account in the instance, its row and what its workflow was told, without moments and numbers. */
async function endState(world: HandlerWorld, id: string): Promise<unknown> {
  const { givenName, familyName, email, active, endTime } = world.account(id);
  const { number: _number, at: _at, snapshot, ...rest } = await world.row(id);
  const row = { ...rest, participationSightings: rest.participationSightings?.count ?? null };
  const labels = [...snapshot.labels].sort((a, b) => a.name.localeCompare(b.name));
  const { number: _its, at: _when, ...told } = { number: 0, at: 0, ...world.told().at(-1) };
  return {
    account: { givenName, familyName, email, active, endTime, labels: world.labels(id) },
    row: { ...row, user: snapshot.user, labels },
    told,
  };
}

/** An attempt that is cut off: the account failed in it. */
async function failsOnce(world: HandlerWorld): Promise<void> {
  const { handled } = await world.handle().catch((error: unknown) => {
    if (error instanceof LifecycleError && error.code === 'IAM_GAVE_UP') return error.facts;
    throw error;
  });
  expect(handled).toBe(0);
}

/** How it goes on after an attempt, cut off or not, until nothing more is to be done. */
const SEQUELS: Readonly<Record<string, (world: HandlerWorld) => Promise<unknown>>> = {
  'the retry': (world) => world.handle(),
  // Of what was cut off nothing is known any more but what the instance shows.
  'the next runs': async (world) => {
    await world.sync();
    await world.sync();
  },
};

/** On a site that stamps changes alone, a next run stamps only its own. */
function withoutStamp(end: unknown): object {
  const copy = structuredClone(end) as {
    account: { labels: Record<string, string> };
    row: { isStamped: boolean };
  };
  delete copy.account.labels['timestamp'];
  copy.row.isStamped = true;
  return copy;
}

/** Some releases of IAM take the mark of an expiry away whenever an end time is written, others when it changes. */
const RELEASES = [false, true].flatMap((everyEndTimeEndsExpiry) =>
  SEQUENCES.filter(({ settings }) => !everyEndTimeEndsExpiry || settings?.dialect !== 'legacy').map(
    (sequence): Sequence => {
      const what = everyEndTimeEndsExpiry
        ? `${sequence.what}, where every end time that is written ends an expiry`
        : sequence.what;
      return { ...sequence, what, iam: { everyEndTimeEndsExpiry } };
    },
  ),
);

describe.each(RELEASES)('a crash between any two calls: $what', (sequence) => {
  it.each(Object.keys(SEQUELS))('ends, after %s, where it would have ended without', async (sequel) => {
    const goOn = SEQUELS[sequel];
    if (!goOn) throw new Error('there is no such sequel');
    const isRetry = sequel === 'the retry';
    const shown = async (world: HandlerWorld, id: string): Promise<unknown> =>
      isRetry ? endState(world, id) : withoutStamp(await endState(world, id));

    const smooth = await prepare(sequence);
    await smooth.world.handle();
    const calls = smooth.world.calls();
    // What a retry ends is the run itself.
    if (!isRetry) await goOn(smooth.world);
    const expected = await shown(smooth.world, smooth.id);
    await smooth.world.stop();
    // Two reads, and whatever there is to write.
    expect(calls.length).toBeGreaterThan(4);

    for (const [index, call] of calls.entries()) {
      for (const when of ['before', 'after'] as const) {
        const { world, id } = await prepare(sequence);
        // 403: the connector does not try it again by itself, and the account is not to blame.
        world.double.fault('403', { for: CALLS, skip: index, when });
        await failsOnce(world);
        world.double.fault('none');
        await goOn(world);
        const where = `${when} call ${index + 1}, ${call}`;
        expect({ where, end: await shown(world, id) }).toEqual({ where, end: expected });
        await world.stop();
      }
    }
  });
});

describe('between two attempts', () => {
  it("IAM's own handler suspends the account again: it is restored all the same", async () => {
    const restored = SEQUENCES[0];
    if (!restored) throw new Error('there is no such sequence');
    const { world, id } = await prepare(restored);
    // The first one asks whether it may be changed at all.
    world.double.fault('403', { for: 'putEndTime', skip: 1 });
    await failsOnce(world);
    expect(world.account(id).active).toBe(true);
    world.double.fault('none');
    world.double.runExpiredAccountsHandler();
    expect(world.account(id).active).toBe(false);
    await world.handle();
    expect(world.account(id)).toMatchObject({ active: true, endTime: day('2027-06-30') });
    expect(world.labels(id)['/lifecycle.status']).toBeUndefined();
    await world.stop();
  });
});
