import { describe, expect, it } from 'vitest';
import type { Milestone, Policy } from '../../src/contracts/policy.ts';
import { checkPolicy, checkPolicySet, timeZoneProblem } from '../../src/policy/check-policy.ts';

const primary: Policy = {
  name: 'site',
  version: '1',
  kind: 'primary',
  timeZone: 'Europe/Zurich',
  noticeTime: '08:00',
  spreadMinutes: 60,
  milestones: [
    { action: 'notice', offset: -7, tellSupervisor: false },
    { action: 'leaving', offset: 0 },
    { action: 'block', offset: 60 },
    { action: 'delete', offset: 180 },
  ],
  noticesBy: 'self',
  deleteAfterBlockDays: 8,
  blockAfterNoticeDays: 7,
  transferWaitDays: 60,
  restoreDays: 30,
  ignoreDays: 90,
  reminderDays: 7,
};
const notice: Milestone = { action: 'notice', offset: -7, tellSupervisor: false };
const leaving: Milestone = { action: 'leaving', offset: 0 };
const block: Milestone = { action: 'block', offset: 60 };
const remove: Milestone = { action: 'delete', offset: 180 };
const transfer: Milestone = { action: 'transfer', offset: 0 };

function codes(changes: Partial<Policy>): string[] {
  return checkPolicy({ ...primary, ...changes }).map(({ code }) => code);
}

describe('checkPolicy', () => {
  it('finds nothing wrong with a right one', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ milestones: [notice, leaving, block] })).toEqual([]);
    expect(codes({ kind: 'service', noticesBy: 'nobody', milestones: [transfer] })).toEqual([]);
    const experiment = { kind: 'experiment', timeZone: 'UTC', noticesBy: 'nobody' } as const;
    expect(codes({ ...experiment, milestones: [leaving, block, remove] })).toEqual([]);
  });

  it.each<[string, Partial<Policy>, string[]]>([
    ['an unknown zone', { timeZone: 'Europe/Zuerich' }, ['unknown-zone']],
    [
      'a zone in the wrong case, which the server does not know',
      { timeZone: 'europe/zurich' },
      ['unknown-zone'],
    ],
    ['an offset as zone', { timeZone: '+01:00' }, ['unknown-zone']],
    [
      'an experiment account by another clock than its instance’s',
      { kind: 'experiment', noticesBy: 'nobody', milestones: [leaving, block, remove] },
      ['zone-of-an-instance'],
    ],
    ['a time past the day', { noticeTime: '24:00' }, ['bad-time']],
    ['a time in one digit', { noticeTime: '8:00' }, ['bad-time']],
    ['no version', { version: '' }, ['version-missing']],
    ['a spread of a day', { spreadMinutes: 1440 }, ['bad-spread']],
    ['a fraction of a day', { restoreDays: 0.5 }, ['bad-days']],
    ['days below the least', { deleteAfterBlockDays: 0 }, ['bad-days']],
    [
      'a notice on the last day',
      { milestones: [{ ...notice, offset: 0 }, leaving, block, remove] },
      ['late-notice'],
    ],
    ['a notice at half a day', { milestones: [{ ...notice, offset: -1.5 }, leaving, block] }, ['bad-offset']],
    [
      'a block before leaving',
      { milestones: [{ ...block, offset: -1 }, notice, leaving] },
      ['early-action', 'out-of-order'],
    ],
    [
      'notices out of order',
      { milestones: [notice, { ...notice, offset: -27 }, leaving, block, remove] },
      ['out-of-order'],
    ],
    ['leaving behind the block', { milestones: [notice, block, leaving, remove] }, ['out-of-order']],
    [
      'a delete before the block',
      { milestones: [notice, leaving, block, { ...remove, offset: 30 }] },
      ['delete-before-block'],
    ],
    [
      'the delete standing first',
      { milestones: [notice, leaving, { ...remove, offset: 30 }, block] },
      ['delete-before-block'],
    ],
    [
      'block and delete in one go',
      { milestones: [notice, leaving, block, { ...remove, offset: 60 }] },
      ['delete-before-block'],
    ],
    ['the same notice twice', { milestones: [notice, notice, leaving, block] }, ['duplicate']],
    ['two blocks', { milestones: [notice, leaving, block, { ...block, offset: 70 }] }, ['duplicate']],
    ['a delete without a block', { milestones: [notice, leaving, remove] }, ['delete-without-block']],
    ['a block without leaving', { milestones: [notice, block] }, ['block-without-leaving']],
    ['a life without leaving', { milestones: [notice] }, ['leaving-missing']],
    ['a transfer of a personal account', { milestones: [notice, leaving, transfer, block] }, ['wrong-kind']],
    ['self without a notice', { milestones: [leaving, block] }, ['notices-by']],
    ['notices by nobody', { noticesBy: 'nobody' }, ['notices-by']],
    ['a primary told by the primary', { noticesBy: 'primary' }, ['notices-by']],
    [
      'block and delete of a service account',
      { kind: 'service', noticesBy: 'nobody', milestones: [transfer, block, remove] },
      ['wrong-kind', 'wrong-kind'],
    ],
    [
      'a service account that stays with a leaver',
      { kind: 'service', noticesBy: 'nobody', milestones: [] },
      ['transfer-missing'],
    ],
    [
      'notices of a secondary account’s own',
      { kind: 'secondary', noticesBy: 'primary', milestones: [notice, leaving, block] },
      ['wrong-kind'],
    ],
    ['milestones of a guest', { kind: 'guest', noticesBy: 'nobody', milestones: [leaving] }, ['wrong-kind']],
  ])('refuses %s', (_what, changes, expected) => {
    expect(codes(changes)).toEqual(expected);
  });

  it('finds everything at once', () => {
    const found = codes({
      timeZone: 'Nowhere',
      noticeTime: 'noon',
      milestones: [notice, notice, leaving, block, { ...remove, offset: 1 }],
    });
    expect(found).toEqual(['unknown-zone', 'bad-time', 'duplicate', 'delete-before-block']);
  });
});

describe('checkPolicySet', () => {
  const secondary: Policy = {
    ...primary,
    kind: 'secondary',
    noticesBy: 'primary',
    milestones: [leaving, block, remove],
  };
  const set = (policies: Partial<Record<Policy['kind'], Policy>>): string[] =>
    checkPolicySet({ name: 'site', version: '1', policies }).map(({ code }) => code);

  it('takes secondary accounts that the primary’s notices speak for', () => {
    expect(set({ primary, secondary })).toEqual([]);
  });
  it('refuses secondary accounts blocked before the day that the notices name', () => {
    const early = { ...secondary, milestones: [leaving, { ...block, offset: 30 }] };
    expect(set({ primary, secondary: early })).toEqual(['secondary-block-early']);
  });
  it('refuses secondary accounts that nobody tells of', () => {
    expect(set({ secondary })).toEqual(['notices-by']);
  });
  it('refuses a policy under another kind, and an empty set', () => {
    expect(set({ experiment: { ...primary } })).toEqual(['kind-mismatch']);
    expect(set({})).toEqual(['policies-missing']);
  });
});

describe('timeZoneProblem', () => {
  it.each(['UTC', 'Europe/Zurich', 'Asia/Kolkata', 'America/Argentina/Ushuaia'])('takes %s', (zone) => {
    expect(timeZoneProblem(zone)).toBeNull();
  });
  it('names the right case', () => {
    expect(timeZoneProblem('utc')).toBe('is written UTC');
  });
});
