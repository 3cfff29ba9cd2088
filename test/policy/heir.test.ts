import { describe, expect, it } from 'vitest';
import { chooseHeir, type LineMember } from '../../src/policy/heir.ts';

function member(personId: string, supervisorId: string | null, over: Partial<LineMember> = {}): LineMember {
  return { personId, valid: true, leavesSameDay: false, supervisorId, ...over };
}
function choose(firstSupervisorId: string | null, ...members: readonly LineMember[]) {
  return chooseHeir({
    ownerId: 'owner',
    firstSupervisorId,
    line: new Map(members.map((one) => [one.personId, one])),
  });
}
const heir = (personId: string) => ({ type: 'heir', personId });
const fallback = { type: 'fallback' };

describe('who gets a service account at leaving', () => {
  it('the supervisor', () => {
    expect(choose('boss', member('boss', 'head'))).toEqual(heir('boss'));
  });
  it('whoever was not read yet is asked for first', () => {
    expect(choose('boss')).toEqual({ type: 'read', personId: 'boss' });
    expect(choose('boss', member('boss', 'head', { valid: false }))).toEqual({
      type: 'read',
      personId: 'head',
    });
  });
  it('the next one up, when the supervisor is not valid', () => {
    expect(choose('boss', member('boss', 'head', { valid: false }), member('head', null))).toEqual(
      heir('head'),
    );
  });
  it('the next one up, when the supervisor leaves the same day', () => {
    expect(choose('boss', member('boss', 'head', { leavesSameDay: true }), member('head', null))).toEqual(
      heir('head'),
    );
  });
  it('the fallback, when HR names nobody', () => {
    expect(choose(null)).toEqual(fallback);
    expect(choose('boss', member('boss', null, { valid: false }))).toEqual(fallback);
  });
  it('never the same person twice', () => {
    const a = member('a', 'b', { valid: false });
    const b = member('b', 'a', { valid: false });
    expect(choose('a', a, b)).toEqual(fallback);
    expect(choose('a', member('a', 'a', { valid: false }))).toEqual(fallback);
  });
  it('never the owner', () => {
    expect(choose('owner', member('owner', 'boss'))).toEqual(fallback);
    expect(choose('boss', member('boss', 'owner', { valid: false }), member('owner', null))).toEqual(
      fallback,
    );
  });
});
