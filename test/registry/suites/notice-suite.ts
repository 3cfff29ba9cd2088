import { describe, expect, it } from 'vitest';
import type { NoticeRow } from '../../../src/registry/registry.ts';
import { NEW_YEAR } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function noticeSuite(use: Use): void {
  const due = (key: string, audience: NoticeRow['audience'] = 'person') =>
    use().registry.noticeDue({
      key,
      audience,
      personId: `p-${key}`,
      accountId: 'a',
      template: 'leaving-soon',
      offset: -60,
      lastDay: '2027-03-31',
      dueAt: NEW_YEAR,
    });

  describe('notices', () => {
    it('are due once, each audience for itself, with the last day as the calendar date it is', async () => {
      const first = await due('n-once');
      expect(first).toMatchObject({ state: 'due', lastDay: '2027-03-31', offset: -60, messageId: null });
      await due('n-once', 'supervisor');
      expect(await due('n-once')).toEqual(first);
      expect((await use().registry.notices('p-n-once')).map((row) => row.audience)).toEqual([
        'person',
        'supervisor',
      ]);
    });

    it('that were sent stay sent, with the message id of the first time', async () => {
      await due('n-sent');
      const sent = { key: 'n-sent', audience: 'person' as const };
      await use().registry.noticeSent({ ...sent, messageId: '<1@x>', at: NEW_YEAR + 1 });
      await use().registry.noticeSent({ ...sent, messageId: '<2@x>', at: NEW_YEAR + 2 });
      await use().registry.noticeFailed({ key: 'n-sent', at: NEW_YEAR + 3 });
      expect(await due('n-sent')).toMatchObject({ state: 'sent', messageId: '<1@x>', sentAt: NEW_YEAR + 1 });
    });

    it('that failed stay failed, unless they went out after all', async () => {
      await due('n-failed');
      await use().registry.noticeFailed({ key: 'n-failed', at: NEW_YEAR });
      expect((await due('n-failed')).state).toBe('failed');
      await use().registry.noticeSent({
        key: 'n-failed',
        audience: 'person',
        messageId: '<1@x>',
        at: NEW_YEAR,
      });
      expect((await due('n-failed')).state).toBe('sent');
    });

    it('cannot be sent that were never due', async () => {
      await expect(
        use().registry.noticeSent({ key: 'n-none', audience: 'person', messageId: '<1@x>', at: NEW_YEAR }),
      ).rejects.toMatchObject({ code: 'NO_NOTICE' });
    });
  });
}
