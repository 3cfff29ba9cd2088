import { describe, expect, it } from 'vitest';
import { refusalOfReassignment, type ReassignmentFacts } from '../../src/policy/reassignment-rules.ts';

const TODAY = '2027-02-01';
const NEW_OWNER: ReassignmentFacts['newOwner'] = {
  ...{ personId: '2', isKnown: true, isValid: true, isDisabled: false, primaryStage: 'active' as const },
  ...{ lastDay: { type: 'open' as const }, has: { secondary: 5, service: 19 } },
};
const GOOD: ReassignmentFacts = {
  account: { kind: 'service', stage: 'active', owner: '1' },
  ...{ isOpen: false, newOwner: NEW_OWNER, today: TODAY },
};
const lastDay = (date: string) => ({ newOwner: { ...NEW_OWNER, lastDay: { type: 'on' as const, date } } });

describe('re-assigning a service account', () => {
  it.each([
    ['to somebody who stays and can have one more', {}],
    ['to somebody whose last day is 61 days away', lastDay('2027-04-03')],
  ])('may be asked for %s', (_, over) => {
    expect(refusalOfReassignment({ ...GOOD, ...over })).toBeNull();
  });

  it.each([
    ['an account that is not there', 'ACCOUNT_UNKNOWN', { account: null }],
    ['a secondary account', 'NOT_A_SERVICE_ACCOUNT', { account: { ...GOOD.account, kind: 'secondary' } }],
    ['a primary account', 'NOT_A_SERVICE_ACCOUNT', { account: { ...GOOD.account, kind: 'primary' } }],
    ['an account not made yet', 'ACCOUNT_NOT_ACTIVE', { account: { ...GOOD.account, stage: 'pending' } }],
    ['the owner', 'OWNER_ALREADY', { account: { ...GOOD.account, owner: '2' } }],
    ['an account with an open request', 'ALREADY_OPEN', { isOpen: true }],
    ['somebody HR does not know', 'PERSON_UNKNOWN', { newOwner: { ...NEW_OWNER, isKnown: false } }],
    ['somebody who has left', 'NEW_OWNER_LEFT', { newOwner: { ...NEW_OWNER, isValid: false } }],
    ['somebody without a primary account', 'NO_PRIMARY', { newOwner: { ...NEW_OWNER, primaryStage: null } }],
    ['somebody in grace', 'NEW_OWNER_NOT_ACTIVE', { newOwner: { ...NEW_OWNER, primaryStage: 'grace' } }],
    ['somebody disabled', 'NEW_OWNER_NOT_ACTIVE', { newOwner: { ...NEW_OWNER, isDisabled: true } }],
    ['somebody whose last day is 60 days away', 'NEW_OWNER_LEAVING', lastDay('2027-04-02')],
    ['somebody whose last day is today', 'NEW_OWNER_LEAVING', lastDay(TODAY)],
    [
      ...(['somebody who has twenty', 'TOO_MANY'] as const),
      { newOwner: { ...NEW_OWNER, has: { secondary: 0, service: 20 } } },
    ],
  ] as const)('is refused for %s, as %s', (_, code, over) => {
    const refused = refusalOfReassignment({ ...GOOD, ...over } as ReassignmentFacts);
    expect(refused?.code).toBe(code);
    expect(refused?.why).toMatch(/^\S.{10,}[^.]$/);
  });
});
