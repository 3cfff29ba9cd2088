import { describe, expect, it } from 'vitest';
import { NEW_YEAR } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function alarmSuite(use: Use): void {
  const raise = (key: string, at: number) => use().registry.raiseAlarm({ key, message: `at ${at}`, at });

  describe('alarms', () => {
    it('are one row while they last, first and last seen, and mailed once', async () => {
      await raise('al-lasting', NEW_YEAR);
      await use().registry.alarmMailed({ key: 'al-lasting', at: NEW_YEAR + 1 });
      const row = await raise('al-lasting', NEW_YEAR + 2);
      expect(row).toEqual({
        key: 'al-lasting',
        message: `at ${NEW_YEAR + 2}`,
        firstSeen: NEW_YEAR,
        lastSeen: NEW_YEAR + 2,
        clearedAt: null,
        mailedAt: NEW_YEAR + 1,
      });
    });

    it('begin anew, to be mailed anew, when they come back after they were over', async () => {
      await raise('al-back', NEW_YEAR);
      await use().registry.alarmMailed({ key: 'al-back', at: NEW_YEAR + 1 });
      await use().registry.clearAlarm({ key: 'al-back', at: NEW_YEAR + 2 });
      const keys = async (open: boolean) => (await use().registry.alarms({ open })).map((row) => row.key);
      expect(await keys(true)).not.toContain('al-back');
      expect(await keys(false)).toContain('al-back');
      const row = await raise('al-back', NEW_YEAR + 3);
      expect(row).toMatchObject({ firstSeen: NEW_YEAR + 3, clearedAt: null, mailedAt: null });
      expect(await keys(true)).toContain('al-back');
    });
  });
}
