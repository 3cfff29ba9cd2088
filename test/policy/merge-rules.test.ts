import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountKind, AccountState, Stage } from '../../src/contracts/account.ts';
import type { Tie } from '../../src/contracts/affiliation.ts';
import { decide } from '../../src/policy/decide.ts';
import { accountDate, factsOn } from '../../src/policy/facts.ts';
import {
  type MergeCase,
  type MergeSide,
  movesOfMerge,
  previewOfMerge,
  refusalOfMerge,
} from '../../src/policy/merge-rules.ts';
import { policyAfter } from '../../src/policy/merge-steps.ts';
import { nextStep } from '../../src/policy/next-step.ts';
import { beginStep } from '../support/lives.ts';
import {
  account,
  at,
  contract,
  found,
  plusDays,
  policyFor,
  policyWithGuest,
} from '../support/policy-builders.ts';

const TODAY = '2027-02-20';
const NOW = at('2027-02-20 12:00');
const OPEN = [contract('2024-01-01')];

function accountOf(
  personId: string,
  kind: AccountKind,
  ties: readonly Tie[],
  over: Partial<AccountState> = {},
): MergeSide['accounts'][number] {
  const accountId = `${personId}-${kind}`;
  const observation = found(1, ties, { personId });
  return { kind, state: account({ accountId, personId, kind, observation, ...over }) };
}

function side(
  personId: string,
  ties: readonly Tie[],
  kinds: readonly AccountKind[],
  stage: Stage = 'active',
): MergeSide {
  return {
    ...{ isKnown: true, mergedInto: null, told: found(2, ties, { personId }) },
    accounts: kinds.map((kind) => accountOf(personId, kind, ties, { stage })),
  };
}

function merge(over: Partial<MergeCase> = {}): MergeCase {
  return {
    ...{ fromPerson: '1', toPerson: '2', guests: [], reassignments: [], done: null, today: TODAY },
    from: side('1', OPEN, ['primary']),
    to: side('2', OPEN, ['primary']),
    fallbackOwner: '900001',
    kinds: ['primary', 'secondary', 'service'],
    ...over,
  };
}

describe('what goes over when two persons are merged', () => {
  it('every account but those of an instance; the primary one becomes a secondary one', () => {
    const from = side('1', OPEN, ['primary', 'secondary', 'service', 'experiment']);
    const { accounts } = movesOfMerge(merge({ from }));
    expect(accounts.map(({ kind, newKind }) => [kind, newKind])).toEqual([
      ['primary', 'secondary'],
      ['secondary', 'secondary'],
      ['service', 'service'],
    ]);
    expect(previewOfMerge(merge({ from })).staying).toEqual(['1-experiment']);
  });

  it('the primary account stays one where the other id has none that lives', () => {
    for (const to of [side('2', OPEN, []), side('2', OPEN, ['primary'], 'deleted')]) {
      expect(movesOfMerge(merge({ to })).accounts).toMatchObject([{ newKind: 'primary' }]);
    }
  });

  it('an account that is over goes along as what it was', () => {
    const from = side('1', OPEN, ['primary'], 'deleted');
    expect(movesOfMerge(merge({ from })).accounts).toMatchObject([{ kind: 'primary', newKind: 'primary' }]);
  });

  it('as many as there are: limits do not count', () => {
    const kinds = Array.from({ length: 30 }, () => 'service' as const);
    const crowded = merge({ from: side('1', OPEN, kinds), to: side('2', OPEN, ['primary', ...kinds]) });
    expect(refusalOfMerge(crowded)).toBeNull();
    expect(movesOfMerge(crowded).accounts).toHaveLength(30);
  });

  it('a guest account stays open only where somebody will shut it', () => {
    const guests = [{ guestId: 'g', isOpen: true }];
    const isOpen = (to: MergeSide) => movesOfMerge(merge({ guests, to })).guests[0]?.isOpen;
    const gone = (guest: AccountState['guest']): MergeSide => {
      const over = { stage: 'grace' as const, ...(guest && { guest }) };
      return { ...side('2', OPEN, []), accounts: [accountOf('2', 'primary', OPEN, over)] };
    };
    expect(isOpen(side('2', OPEN, ['primary']))).toBe(false);
    expect(isOpen(gone({ departure: 0, state: 'open' }))).toBe(true);
    // It may be open somewhere: the return shuts it.
    expect(isOpen(gone({ departure: 0, state: 'partial' }))).toBe(true);
    expect(isOpen(gone({ departure: 0, state: 'shut' }))).toBe(false);
    // Its first day shuts what is open of the person.
    expect(isOpen(side('2', OPEN, ['primary'], 'pending'))).toBe(true);
    expect(isOpen(gone(undefined))).toBe(false);
    expect(isOpen(side('2', OPEN, []))).toBe(true);
  });

  it('requests in which the id is owner or proposed owner', () => {
    const request = { requestId: 'r', accountId: 'a' };
    const reassignments = [
      { ...request, owner: '1', newOwner: '3' },
      { ...request, owner: '3', newOwner: '1' },
    ];
    expect(movesOfMerge(merge({ reassignments })).reassignments.map(({ role }) => role)).toEqual([
      'owner',
      'newOwner',
    ]);
  });
});

describe('a merge is refused', () => {
  const ENDED = [contract('2024-01-01', '2027-01-31')];
  it.each<[string, Partial<MergeCase>]>([
    ['SAME_PERSON', { toPerson: '1' }],
    ['PERSON_UNKNOWN', { from: { ...side('1', [], []), isKnown: false } }],
    ['PERSON_UNKNOWN', { to: { ...side('2', [], []), isKnown: false } }],
    ['PERSON_UNKNOWN', { to: { ...side('2', OPEN, []), told: null } }],
    ['MERGED_ALREADY', { from: { ...side('1', OPEN, []), mergedInto: '3' } }],
    ['MERGED_INTO_ANOTHER', { to: { ...side('2', OPEN, []), mergedInto: '3' } }],
    ['MERGED_INTO_ANOTHER', { to: { ...side('2', OPEN, []), mergedInto: '1' } }],
    ['FALLBACK_OWNER', { fallbackOwner: '1' }],
    ['NO_POLICY', { kinds: ['primary', 'service'] }],
    ['WOULD_LOSE', { to: side('2', ENDED, ['primary']) }],
    ['WOULD_LOSE', { to: side('2', [contract('2024-01-01', plusDays(TODAY, 6))], ['primary']) }],
    ['WOULD_LOSE', { to: side('2', [contract(null, null, { excluded: true })], ['primary']) }],
    ['WOULD_LOSE', { to: side('2', [contract('2027-06-01')], ['primary'], 'pending') }],
    [
      'WOULD_LOSE',
      {
        from: side('1', [contract(plusDays(TODAY, 1))], ['primary']),
        to: side(
          '2',
          [contract(null, plusDays(TODAY, -1)), contract(plusDays(TODAY, 1), plusDays(TODAY, 7))],
          [],
        ),
      },
    ],
    ['WOULD_LOSE', { from: side('1', OPEN, ['service']), to: side('2', ENDED, ['primary']) }],
  ])('%s', (code, over) => {
    expect(refusalOfMerge(merge(over))).toMatchObject({ code, why: expect.stringMatching(/\w+ \w+/) });
  });

  it('a merge back would go in a circle, in words', () => {
    const to = { ...side('2', OPEN, []), mergedInto: '1' };
    expect(refusalOfMerge(merge({ to }))?.why).toContain('circle');
  });

  it.each<[string, Partial<MergeCase>]>([
    ['the other id’s later end', { to: side('2', [contract('2024-01-01', '2028-01-31')], ['primary']) }],
    ['a return', { from: side('1', ENDED, ['primary'], 'blocked') }],
    [
      'both over at the same time',
      { from: side('1', ENDED, ['primary'], 'grace'), to: side('2', ENDED, ['primary'], 'grace') },
    ],
    [
      'an account that is over',
      { from: side('1', OPEN, ['primary'], 'deleted'), to: side('2', ENDED, ['primary']) },
    ],
    [
      'an account of an instance',
      { from: side('1', OPEN, ['experiment']), to: side('2', ENDED, ['primary']) },
    ],
  ])('but not for %s', (_, over) => {
    expect(refusalOfMerge(merge(over))).toBeNull();
  });

  it('not the very same a second time: it was made before', () => {
    const done = { requestId: 'm', fromPerson: '1', toPerson: '2', actor: 'a', reason: 'r' };
    const known = { ...done, accounts: [], guests: [], reassignments: [], at: NOW, toldAt: NOW };
    const from = { ...side('1', OPEN, []), mergedInto: '2' };
    expect(previewOfMerge(merge({ from, done: known }))).toMatchObject({ refused: null, done: known });
    expect(previewOfMerge(merge({ from, done: { ...known, toPerson: '3' } }))).toMatchObject({
      ...{ done: null, refused: { code: 'MERGED_ALREADY' } },
    });
  });
});

describe('a preview', () => {
  it('says in words what changes for an account beside its person', () => {
    const disabledManually = { actor: 'a', at: NOW };
    const holds = { ignored: null, disabledManually, excluded: null };
    const ended = [contract('2024-01-01', '2027-01-31')];
    const from = side('1', ended, ['primary', 'service'], 'grace');
    const to = { ...side('2', OPEN, []), accounts: [accountOf('2', 'primary', OPEN, { holds })] };
    const words = previewOfMerge(merge({ from, to })).remarks.map((one) => `${one.accountId} ${one.words}`);
    expect(words).toEqual([
      '1-primary comes back: the other id is valid',
      '1-primary is disabled by hand, as the person is under the other id',
      '1-service comes back: the other id is valid',
    ]);
  });
});

describe('a preview of a merge', () => {
  it('names what only a primary account tells its person', () => {
    const told = { '-60': { lastDay: '2027-03-31', times: 1 }, '-27': { lastDay: null, times: 1 } };
    const wordsOf = (over: Partial<AccountState>, to = side('2', OPEN, ['primary'])) => {
      const from = { ...side('1', OPEN, []), accounts: [accountOf('1', 'primary', OPEN, over)] };
      return previewOfMerge(merge({ from, to })).remarks.map(({ words }) => words);
    };
    const words =
      'its person was told of its end after 2027-03-31, and gets no mail about it any more: tell them';
    expect(wordsOf({ told })).toEqual([words]);
    expect(wordsOf({ allClear: { told: '2027-03-31', dueAt: NOW, returned: false } })).toEqual([words]);
    expect(wordsOf({})).toEqual([]);
    // It goes on to tell them.
    expect(wordsOf({ told }, side('2', OPEN, []))).toEqual([]);
  });
});

describe('a merge that is not refused is never a departure', () => {
  const day = (days: number) => plusDays(TODAY, days);
  const tie = fc
    .record({
      start: fc.option(fc.integer({ min: -400, max: 100 }), { nil: null }),
      end: fc.option(fc.integer({ min: -100, max: 400 }), { nil: null }),
      excluded: fc.boolean(),
    })
    .map(({ start, end, excluded }) =>
      contract(start === null ? null : day(start), end === null ? null : day(end), { excluded }),
    );
  const ties = fc.array(tie, { maxLength: 3 });
  const CAUSED = ['leaving', 'transfer', 'guest', 'block', 'delete', 'exclude', 'notice'];

  it('nothing that takes something away is due once an active account has followed', () => {
    let merged = 0;
    fc.assert(
      fc.property(
        ties,
        ties,
        fc.constantFrom<'primary' | 'secondary' | 'service'>('primary', 'secondary', 'service'),
        fc.boolean(),
        (own, theirs, kind, hasPrimary) => {
          const policyOf = (one: AccountKind) => (one === 'primary' ? policyWithGuest() : policyFor(one));
          const held = accountOf('1', kind, own).state;
          // What is due already by its own facts the merge does not cause.
          const before = decide(held, { type: 'woke', at: NOW }, policyOf(kind));
          const own_ = nextStep(before, policyOf(kind), NOW);
          fc.pre(own_.type !== 'act' && factsOn(before, accountDate(before, policyOf(kind), NOW)).valid);
          const asked = merge({
            from: { ...side('1', own, []), accounts: [{ kind, state: before }] },
            to: side('2', theirs, hasPrimary ? ['primary'] : []),
          });
          fc.pre(refusalOfMerge(asked) === null);
          merged += 1;
          const [moved] = movesOfMerge(asked).accounts;
          if (!moved || !asked.to.told) throw new Error('nothing goes over');
          const fact = { requestId: 'm', toPerson: '2' };
          const told = decide(before, { type: 'merged', at: NOW, fact }, policyOf(kind));
          const { state, step } = beginStep(told, policyOf(kind), NOW, 'merge');
          const followed = {
            ...{
              personId: '2',
              kind: moved.newKind,
              policy: policyOf(moved.newKind),
              observation: asked.to.told,
            },
            ...{ departure: 0, adminDate: null, disabledManually: null },
          };
          const outcome = { result: 'done', at: NOW, note: '', recorded: 99, followed } as const;
          const ended = { type: 'stepEnded', at: NOW, step, outcome } as const;
          const after = decide(state, ended, policyOf(kind));
          const next = nextStep(after, policyAfter(ended, policyOf(kind)), NOW);
          expect(next.type === 'act' ? next.step.action : 'none').not.toSatisfy((action: string) =>
            CAUSED.includes(action),
          );
          expect(after.stage).toBe('active');
        },
      ),
      { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 400) },
    );
    expect(merged).toBeGreaterThan(50);
  });
});
