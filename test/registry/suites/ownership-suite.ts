import { describe, expect, it } from 'vitest';
import { NEW_YEAR, newAccountOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function ownershipSuite(use: Use): void {
  const create = (accountId: string) =>
    use().registry.createAccount(newAccountOf({ accountId, kind: 'service', personId: 'ada' }));
  const later = NEW_YEAR + 1_000;

  describe('ownership', () => {
    it('goes from one owner to the next without a gap, and says so in the audit log', async () => {
      await create('handed-on');
      const transfer = { accountId: 'handed-on', from: 'ada', to: 'ben', at: later, reason: 'owner left' };
      await use().registry.transferOwnership(transfer);
      expect(await use().registry.ownership('handed-on')).toEqual([
        { accountId: 'handed-on', personId: 'ada', since: NEW_YEAR, until: later, reason: 'joined' },
        { accountId: 'handed-on', personId: 'ben', since: later, until: null, reason: 'owner left' },
      ]);
      expect((await use().registry.account('handed-on'))?.personId).toBe('ben');
      const trail = await use().registry.auditTrail({ accountId: 'handed-on' });
      expect(trail.at(-1)).toMatchObject({ reason: 'owner left', facts: { from: 'ada', to: 'ben' } });
    });

    it('changes nothing when the same transfer is asked for a second time', async () => {
      await create('asked-twice');
      const transfer = { accountId: 'asked-twice', from: 'ada', to: 'ben', at: later, reason: 'owner left' };
      await use().registry.transferOwnership(transfer);
      await use().registry.transferOwnership({ ...transfer, from: 'ben', to: 'eve', at: later + 1 });
      await use().registry.transferOwnership(transfer);
      expect((await use().registry.ownership('asked-twice')).map((row) => row.personId)).toEqual([
        'ada',
        'ben',
        'eve',
      ]);
    });

    it('stays while the deployment is frozen, where it is to; what was done before is done', async () => {
      await create('frozen');
      const { registry } = use();
      const said = { actor: 'admin-7', reason: 'HR is moved', at: later };
      const transfer = { accountId: 'frozen', from: 'ada', to: 'ben', at: later, reason: 'owner left' };
      const guarded = { ...transfer, unlessFrozen: true };
      await registry.setFrozen({ ...said, frozen: true });
      try {
        const refused = registry.transferOwnership(guarded);
        await expect(refused).rejects.toMatchObject({ code: 'FROZEN', retryable: true });
        expect((await registry.account('frozen'))?.personId).toBe('ada');
        await registry.transferOwnership(transfer);
        await registry.transferOwnership(guarded);
        expect((await registry.account('frozen'))?.personId).toBe('ben');
      } finally {
        await registry.setFrozen({ ...said, frozen: false });
      }
    });

    it('is not taken from somebody who does not have it', async () => {
      await create('not-yours');
      await expect(
        use().registry.transferOwnership({
          accountId: 'not-yours',
          from: 'eve',
          to: 'ben',
          at: later,
          reason: 'x',
        }),
      ).rejects.toMatchObject({ code: 'NOT_OWNER', retryable: false });
      expect((await use().registry.account('not-yours'))?.personId).toBe('ada');
    });

    it('goes to exactly one of several who take it at once', async () => {
      await create('contended');
      const results = await Promise.allSettled(
        ['ben', 'eve', 'ida', 'leo'].map((to) =>
          use().registry.transferOwnership({
            accountId: 'contended',
            from: 'ada',
            to,
            at: later,
            reason: 'x',
          }),
        ),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      const open = (await use().registry.ownership('contended')).filter((row) => row.until === null);
      expect(open.map((row) => row.personId)).toEqual([
        (await use().registry.account('contended'))?.personId,
      ]);
    });
  });
}
