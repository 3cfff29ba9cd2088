import { describe, expect, it } from 'vitest';
import { checkPolicySet } from '../../src/policy/check-policy.ts';
import { SHIPPED_POLICIES } from '../../src/policies/shipped.ts';

describe('the shipped policies', () => {
  it.each(Object.entries(SHIPPED_POLICIES))(
    '%s passes the checks that a site’s own must pass',
    (name, set) => {
      expect(set.name).toBe(name);
      expect(checkPolicySet(set)).toEqual([]);
    },
  );

  it('cern says what domain tables say of primary accounts', () => {
    const primary = SHIPPED_POLICIES.cern.policies.primary;
    expect(primary?.milestones.map((milestone) => `${milestone.action} ${milestone.offset}`)).toEqual([
      'notice -60',
      'notice -27',
      'notice -7',
      'leaving 0',
      'guest 0',
      'block 60',
      'delete 180',
    ]);
    expect(primary?.milestones.flatMap((m) => (m.action === 'notice' ? [m.tellSupervisor] : []))).toEqual([
      false,
      false,
      true,
    ]);
    expect(primary).toMatchObject({
      noticesBy: 'self',
      timeZone: 'Europe/Zurich',
      noticeTime: '08:00',
      spreadMinutes: 60,
      deleteAfterBlockDays: 8,
      blockAfterNoticeDays: 7,
      transferWaitDays: 60,
      restoreDays: 30,
      ignoreDays: 90,
      reminderDays: 7,
    });
  });

  it('every policy carries the name and version of its set', () => {
    for (const set of Object.values(SHIPPED_POLICIES)) {
      for (const policy of Object.values(set.policies)) {
        expect(policy).toMatchObject({ name: set.name, version: set.version });
      }
    }
  });

  it('indigo-iam suspends after 7 days, removes after 30 and sends no notices', () => {
    expect(SHIPPED_POLICIES['indigo-iam'].policies.experiment).toMatchObject({
      timeZone: 'UTC',
      noticesBy: 'nobody',
      blockAfterNoticeDays: 0,
      milestones: [
        { action: 'leaving', offset: 0 },
        { action: 'block', offset: 7 },
        { action: 'delete', offset: 30 },
      ],
    });
  });
});
