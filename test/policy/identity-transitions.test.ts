import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import { IDENTITY_STATES, type IdentityState } from '../../src/contracts/identity-state.ts';
import { decide } from '../../src/policy/decide.ts';
import { wantsAccess } from '../../src/policy/facts.ts';
import { identityOf } from '../../src/policy/identity-state.ts';
import { nextStep } from '../../src/policy/next-step.ts';
import {
  account,
  at,
  command,
  commanded,
  contract,
  done,
  fold,
  found,
  observed,
  policyFor,
} from '../support/policy-builders.ts';

const NOW = at('2027-02-20 12:00');
const TODAY = '2027-02-20';
const POLICY = policyFor('primary');
const LONG = ['2024-01-01', '2029-01-31'] as const;
const TIES = {
  NO_CONTRACT: [],
  FUTURE_CONTRACT: [contract('2027-06-01')],
  VALID: [contract(...LONG)],
  LEFT: [contract('2020-01-01', '2027-02-10')],
  DISABLED: [contract(...LONG, { excluded: true })],
} as const;
const NO_HOLDS = { ignored: null, disabledManually: null, excluded: null };

/** A primary account that stands where its person's state says. */
function standing(state: IdentityState): AccountState {
  const joiner = { stage: 'pending', access: 'none', activeStatus: null } as const;
  const leaver = { stage: 'grace', activeStatus: 'Grace Period' } as const;
  const seen = (of: keyof typeof TIES) => ({ observation: found(5, TIES[of]) });
  switch (state) {
    case 'CREATED':
      return account({ ...joiner, observation: null });
    case 'FUTURE_CONTRACT':
      return account({ ...joiner, ...seen(state) });
    case 'NO_CONTRACT':
      return account({ ...leaver, ...seen(state), vanishedLastDay: '2027-02-10' });
    case 'LEFT':
      return account({ ...leaver, ...seen(state) });
    case 'VALID':
      return account(seen(state));
    case 'DISABLED':
      return account({ ...seen(state), access: 'off', holds: { ...NO_HOLDS, excluded: { at: NOW - 1 } } });
    case 'DISABLED_MANUALLY': {
      const disabledManually = { actor: 'admin-7', at: NOW - 1 };
      return account({ ...seen('VALID'), access: 'off', holds: { ...NO_HOLDS, disabledManually } });
    }
  }
}

/** The account once the person has gone from one state to the other, and what it does first about access. */
function change(
  from: IdentityState,
  to: Exclude<IdentityState, 'CREATED'>,
): { state: AccountState; words: string } {
  const before = decide(standing(from), { type: 'woke', at: NOW - 1 }, POLICY);
  expect(identityOf(before, TODAY)).toBe(from);
  const events =
    to === 'DISABLED_MANUALLY'
      ? [commanded(NOW, command('disable'))]
      : [
          observed(NOW, found(9, TIES[to])),
          ...(from === 'DISABLED_MANUALLY' ? [commanded(NOW, command('enable'))] : []),
        ];
  const state = decide(fold(before, POLICY, ...events), { type: 'woke', at: NOW }, POLICY);
  const next = nextStep({ ...state, unrecorded: [] }, POLICY, NOW);
  if (next.type === 'finished') return { state, words: 'ends' };
  if (next.type === 'wait') return { state, words: 'as it is' };
  const { step } = next;
  const after = decide(state, { type: 'stepEnded', at: NOW, step, outcome: done(NOW) }, POLICY);
  const off = wantsAccess(after) ? '' : ', off';
  const { action, giveAccess } = step;
  if (action === 'activate') return { state, words: `begins${off}` };
  if (action === 'disable' || action === 'exclude') return { state, words: 'off' };
  if (action !== 'giveAccess') return { state, words: 'as it is' };
  return { state, words: giveAccess === 'returned' ? `back${off}` : `on${off}` };
}

function cellsOf(row: string): readonly string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));
}

describe('the table of transitions, as it stands in the documents', () => {
  const lines = readFileSync('docs/identity-states.md', 'utf8').split('\n');
  const head = lines.findIndex((line) => line.startsWith('| from'));
  const [, ...columns] = cellsOf(lines[head] ?? '');
  const rows = lines.slice(head + 2, head + 2 + IDENTITY_STATES.length).map(cellsOf);

  it('has every state in both directions', () => {
    expect(columns).toEqual([...IDENTITY_STATES]);
    expect(rows.map(([from]) => from)).toEqual([...IDENTITY_STATES]);
  });

  for (const from of IDENTITY_STATES) {
    for (const to of IDENTITY_STATES) {
      it(`${from} → ${to}`, () => {
        const written = rows.find(([first]) => first === from)?.[columns.indexOf(to) + 1];
        if (from === to || to === 'CREATED') {
          expect(written).toBe('–');
          return;
        }
        const { state, words } = change(from, to);
        expect(identityOf(state, TODAY)).toBe(to);
        expect(words).toBe(written);
      });
    }
  }
});
