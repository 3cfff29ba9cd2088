import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { accountStateOf, newAccountOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';

export function accountSuite(use: Use): void {
  describe('accounts', () => {
    it('gives back an account as it was made, by id and by login in any letter case', async () => {
      const account = newAccountOf({ accountId: 'made', login: 'Made', personId: 'p-made' });
      await use().registry.createAccount(account);
      const row = await use().registry.account('made');
      expect(row).toMatchObject({
        login: 'Made',
        personId: 'p-made',
        kind: 'primary',
        createdAt: account.at,
      });
      expect(row?.state).toEqual(account.state);
      expect(await use().registry.accountByLogin('mADE')).toEqual(row);
      expect(await use().registry.account('never-made')).toBeNull();
      expect((await use().registry.ownership('made')).map((owner) => owner.personId)).toEqual(['p-made']);
    });

    it('takes a retry of the same account as done, and refuses another account under its id', async () => {
      const account = newAccountOf({ accountId: 'retried' });
      await use().registry.createAccount(account);
      await use().registry.createAccount(account);
      expect(await use().registry.ownership('retried')).toHaveLength(1);
      await expect(use().registry.createAccount({ ...account, login: 'other' })).rejects.toMatchObject({
        code: 'ACCOUNT_EXISTS',
      });
    });

    it('never gives a login twice, in no letter case and also after deletion', async () => {
      await use().registry.createAccount(newAccountOf({ accountId: 'ever-1', login: 'ever' }));
      await use().registry.project({
        state: accountStateOf({ accountId: 'ever-1', stage: 'deleted', sequence: 9 }),
        nextStep: null,
        nextStepAt: null,
        problem: null,
        notes: [],
      });
      expect(await use().registry.loginTaken('EVER')).toBe(true);
      expect(await use().registry.loginTaken('never')).toBe(false);
      await expect(
        use().registry.createAccount(newAccountOf({ accountId: 'ever-2', login: 'Ever' })),
      ).rejects.toMatchObject({ name: 'RegistryError', code: 'LOGIN_TAKEN', retryable: false });
      expect(await use().registry.account('ever-2')).toBeNull();
    });

    it('gives one login to exactly one of many who ask for it at once', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 12 }, (_, index) =>
          use().registry.createAccount(newAccountOf({ accountId: `rush-${index}`, login: 'rush' })),
        ),
      );
      const refused = results.filter((result) => result.status === 'rejected');
      expect(refused).toHaveLength(11);
      for (const { reason } of refused) expect(reason).toMatchObject({ code: 'LOGIN_TAKEN' });
    });

    it('lets experiment accounts of an instance have logins that CERN accounts have', async () => {
      await use().registry.createAccount(newAccountOf({ accountId: 'cern-x', login: 'shared' }));
      await use().registry.createAccount(
        newAccountOf({ accountId: 'iam-x', login: 'shared', kind: 'experiment', experiment: 'CMS' }),
      );
      expect((await use().registry.accountByLogin('shared'))?.accountId).toBe('cern-x');
    });

    it('makes one primary account a person, and a new one only after the end of the first', async () => {
      const first = newAccountOf({ accountId: 'primary-1', personId: 'p-primary' });
      const second = newAccountOf({ accountId: 'primary-2', personId: 'p-primary' });
      await use().registry.createAccount(first);
      await expect(use().registry.createAccount(second)).rejects.toMatchObject({ code: 'PRIMARY_EXISTS' });
      await use().registry.project({
        state: { ...first.state, stage: 'deleted', sequence: 5 },
        nextStep: null,
        nextStepAt: null,
        problem: null,
        notes: [],
      });
      await use().registry.createAccount(second);
      expect((await use().registry.accounts({ personId: 'p-primary' })).map((row) => row.accountId)).toEqual([
        'primary-1',
        'primary-2',
      ]);
    });

    it('lists accounts by person, kind and stage, page by page in the order of their ids', async () => {
      for (const [accountId, stage] of [
        ['list-c', 'active'],
        ['list-a', 'grace'],
        ['list-b', 'active'],
        ['list-D', 'active'],
      ] as const) {
        await use().registry.createAccount(
          newAccountOf({ accountId, personId: 'p-list', kind: 'service', state: { stage } }),
        );
      }
      const ids = async (filter: Parameters<ReturnType<Use>['registry']['accounts']>[0]) =>
        (await use().registry.accounts({ personId: 'p-list', ...filter })).map((row) => row.accountId);
      expect(await ids({})).toEqual(['list-D', 'list-a', 'list-b', 'list-c']);
      expect(await ids({ after: 'list-a', limit: 1 })).toEqual(['list-b']);
      expect(await ids({ stage: 'grace' })).toEqual(['list-a']);
      expect(await ids({ kind: 'primary' })).toEqual([]);
    });

    it('counts accounts by kind and stage', async () => {
      const guests = async (stage: string): Promise<number> => {
        const rows = await use().registry.countByStage();
        return rows.find((row) => row.kind === 'guest' && row.stage === stage)?.count ?? 0;
      };
      for (const index of [1, 2, 3]) {
        const stage = index === 3 ? 'grace' : 'active';
        await use().registry.createAccount(
          newAccountOf({ accountId: `count-${index}`, kind: 'guest', state: { stage } }),
        );
      }
      expect([await guests('active'), await guests('grace')]).toEqual([2, 1]);
    });

    it('refuses to delete an account or to change its login, whoever asks the database', async () => {
      const { database, registry } = use();
      await registry.createAccount(newAccountOf({ accountId: 'stays', login: 'stays' }));
      for (const statement of [
        sql`delete from accounts where account_id = 'stays'`,
        sql`truncate accounts cascade`,
        sql`update accounts set login_key = 'free-again' where account_id = 'stays'`,
      ]) {
        await expect(database.query((db) => statement.execute(db))).rejects.toMatchObject({
          code: 'REGISTRY_ROWS_STAY',
        });
      }
      expect(await registry.loginTaken('stays')).toBe(true);
    });
  });
}
