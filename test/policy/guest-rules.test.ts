import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../src/contracts/account.ts';
import { refusalOfAssociation, type AssociationFacts } from '../../src/policy/guest-rules.ts';
import { account } from '../support/policy-builders.ts';

const EDUGAIN = { provider: 'edugain', subject: 's1', email: 'ada@example.net' };
const facts = (over: Partial<AccountState> = {}, more: Partial<AssociationFacts> = {}): AssociationFacts => ({
  account: { accountId: 'was', state: account({ stage: 'blocked', ...over }) },
  newest: { accountId: 'was' },
  isOfAnother: false,
  own: [],
  ...more,
});
const codeOf = (of: AssociationFacts, identity: Parameters<typeof refusalOfAssociation>[0] = EDUGAIN) =>
  refusalOfAssociation(identity, of, 'cern.example')?.code ?? null;

describe('associating an identity with an account', () => {
  it.each(['grace', 'blocked', 'deleted'] as const)('is for who has left: %s', (stage) => {
    expect(codeOf(facts({ stage }))).toBeNull();
  });

  it.each(['pending', 'active', 'neverJoined', 'released', 'deletedOutside'] as const)(
    'is refused for an account that is no former one: %s',
    (stage) => {
      expect(codeOf(facts({ stage }))).toBe('NOT_LEFT');
    },
  );

  it('is refused beside a newer account, for another kind, and for whom an admin disabled', () => {
    expect(codeOf(facts({ stage: 'deleted' }, { newest: { accountId: 'new' } }))).toBe('NEWER_ACCOUNT');
    expect(codeOf(facts({ kind: 'secondary' }))).toBe('NOT_PRIMARY');
    const holds = { ignored: null, excluded: null, disabledManually: { actor: 'admin-7', at: 0 } };
    expect(codeOf(facts({ holds }))).toBe('PERSON_DISABLED');
  });

  it('is refused for another person’s, and for an address of ours', () => {
    expect(codeOf(facts({}, { isOfAnother: true }))).toBe('IDENTITY_BOUND');
    expect(codeOf(facts(), { ...EDUGAIN, email: 'a@cern.example' })).toBe('ADDRESS_NOT_EXTERNAL');
  });

  it('is one for each provider; what is open already needs none, what is shut is opened', () => {
    const own = (subject: string, isOpen: boolean, provider = 'edugain') =>
      facts({}, { own: [{ provider, subject, isOpen }] });
    expect(codeOf(own('s2', true))).toBe('PROVIDER_TAKEN');
    expect(codeOf(own('s2', false))).toBe('PROVIDER_TAKEN');
    expect(codeOf(own('s1', true))).toBe('ALREADY_OPEN');
    expect(codeOf(own('s1', false))).toBeNull();
    expect(codeOf(own('s2', true, 'google'))).toBeNull();
    // An address that HR named once.
    const email = { provider: 'email', subject: 'b@example.net', email: 'b@example.net' };
    expect(codeOf(own('a@example.net', false, 'email'), email)).toBeNull();
    expect(codeOf(own('a@example.net', true, 'email'), email)).toBe('PROVIDER_TAKEN');
  });
});
