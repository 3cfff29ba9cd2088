import { describe, expect, it } from 'vitest';
import type { AccountNote } from './projection-builder.ts';
import { noteOf, projectionOf } from './projection-builder.ts';
import { NEW_YEAR, newAccountOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function projectionSuite(use: Use): void {
  const create = (accountId: string) => use().registry.createAccount(newAccountOf({ accountId }));
  const trail = async (accountId: string): Promise<readonly string[]> =>
    (await use().registry.auditTrail({ accountId }))
      .filter((entry) => entry.actor !== 'system')
      .map((entry) => entry.what);

  describe('projection of a workflow', () => {
    it('shows the state, the next step and the problem that were written last', async () => {
      await create('shown');
      const projection = projectionOf('shown', { sequence: 1, stage: 'grace' });
      await use().registry.project({ ...projection, nextStep: 'block', nextStepAt: NEW_YEAR, problem: 'HR' });
      const row = await use().registry.account('shown');
      expect(row).toMatchObject({ nextStep: 'block', nextStepAt: NEW_YEAR, problem: 'HR' });
      expect(row?.state).toEqual(projection.state);
      expect(await use().registry.accounts({ stage: 'grace' })).toContainEqual(row);
    });

    it('is never overwritten by an older one, by steps first and then by notes', async () => {
      await create('ordered');
      await use().registry.project(projectionOf('ordered', { sequence: 3, noteSequence: 2, epoch: 1 }));
      await use().registry.project(projectionOf('ordered', { sequence: 2, noteSequence: 9, epoch: 2 }));
      await use().registry.project(projectionOf('ordered', { sequence: 3, noteSequence: 1, epoch: 3 }));
      expect((await use().registry.account('ordered'))?.state.epoch).toBe(1);
      await use().registry.project(projectionOf('ordered', { sequence: 3, noteSequence: 2, epoch: 4 }));
      expect((await use().registry.account('ordered'))?.state.epoch).toBe(4);
      await use().registry.project(projectionOf('ordered', { sequence: 4, noteSequence: 0, epoch: 5 }));
      expect((await use().registry.account('ordered'))?.state.epoch).toBe(5);
    });

    it('writes a note into the audit log once, also when it comes with an older projection', async () => {
      await create('noted');
      const notes: readonly AccountNote[] = [noteOf({ sequence: 1, what: 'one' })];
      await use().registry.project({ ...projectionOf('noted', { sequence: 5, noteSequence: 1 }), notes });
      await use().registry.project({
        ...projectionOf('noted', { sequence: 4, noteSequence: 2 }),
        notes: [...notes, noteOf({ sequence: 2, what: 'two' })],
      });
      expect(await trail('noted')).toEqual(['one', 'two']);
      expect((await use().registry.account('noted'))?.state.sequence).toBe(5);
    });

    it('refuses an account it does not know', async () => {
      await expect(use().registry.project(projectionOf('unknown', {}))).rejects.toMatchObject({
        code: 'NO_ACCOUNT',
        retryable: false,
      });
    });

    it('takes characters that a database refuses, whoever sent them', async () => {
      await create('rubbish');
      const rubbish = 'a\u0000b\uD800c';
      const note = noteOf({ sequence: 1, what: 'ignored', reason: rubbish });
      await use().registry.project({
        ...projectionOf('rubbish', {
          sequence: 1,
          noteSequence: 1,
          lastRefusal: { at: NEW_YEAR, message: rubbish },
        }),
        notes: [note],
      });
      const row = await use().registry.account('rubbish');
      expect(row?.state.lastRefusal?.message).toBe('a\uFFFDb\uFFFDc');
    });
  });

  describe('a note that a notice could not be delivered in time', () => {
    const due = (key: string, audience: 'person' | 'supervisor') =>
      use().registry.noticeDue({
        key,
        audience,
        personId: `p-${key}`,
        accountId: key,
        template: 'leaving-soon',
        offset: -7,
        lastDay: '2027-03-31',
        dueAt: NEW_YEAR,
      });
    const giveUp = (accountId: string) =>
      use().registry.project({
        ...projectionOf(accountId, { sequence: 1, noteSequence: 1 }),
        notes: [noteOf({ sequence: 1, what: 'notice failed', failedNotice: accountId })],
      });
    const alarm = async (key: string) =>
      (await use().registry.alarms({ open: true })).find((row) => row.key === `notice-failed:${key}`);

    it('marks every copy still due as failed, leaves one that was sent, and raises an alarm', async () => {
      await create('given-up');
      await due('given-up', 'person');
      await due('given-up', 'supervisor');
      const sent = { key: 'given-up', audience: 'supervisor', messageId: '<1@x>', at: NEW_YEAR } as const;
      await use().registry.noticeSent(sent);
      await giveUp('given-up');
      const states = (await use().registry.notices('p-given-up')).map((row) => [row.audience, row.state]);
      expect(states).toEqual([
        ['person', 'failed'],
        ['supervisor', 'sent'],
      ]);
      expect(await alarm('given-up')).toMatchObject({ mailedAt: null, firstSeen: NEW_YEAR + 1 });
    });

    it('raises the alarm also when the notice never came to be stored', async () => {
      await create('never-stored');
      await giveUp('never-stored');
      expect(await alarm('never-stored')).toBeDefined();
    });

    it('raises no alarm for a notice that went out after all', async () => {
      await create('went-out');
      await due('went-out', 'person');
      await use().registry.noticeSent({
        key: 'went-out',
        audience: 'person',
        messageId: '<1@x>',
        at: NEW_YEAR,
      });
      await giveUp('went-out');
      expect(await alarm('went-out')).toBeUndefined();
    });

    it('raises no alarm anew that was cleared, when the note is sent again', async () => {
      await create('cleared');
      await giveUp('cleared');
      await use().registry.clearAlarm({ key: 'notice-failed:cleared', at: NEW_YEAR + 1 });
      await giveUp('cleared');
      expect(await alarm('cleared')).toBeUndefined();
    });
  });
}
