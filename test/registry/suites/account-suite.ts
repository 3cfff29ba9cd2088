import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { AccountState } from '../../../src/contracts/account.ts';
import type { Projection } from '../../../src/registry/registry.ts';
import { accountStateOf, NEW_YEAR, newAccountOf } from '../../support/registry.ts';
import type { Use } from './backend.ts';
import { projectionOf } from './projection-builder.ts';

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

    it('lists the accounts of several persons in the order of their ids', async () => {
      for (const [accountId, personId, kind] of [
        ['of-2', 'p-of-a', 'primary'],
        ['of-1', 'p-of-b', 'primary'],
        ['of-3', 'p-of-a', 'service'],
        ['of-4', 'p-of-c', 'primary'],
      ] as const) {
        await use().registry.createAccount(newAccountOf({ accountId, personId, kind }));
      }
      const of = async (personIds: readonly string[]) =>
        (await use().registry.accountsOfPersons(personIds)).map((row) => row.accountId);
      expect(await of(['p-of-b', 'p-of-a', 'p-of-nobody', 'p-of-a'])).toEqual(['of-1', 'of-2', 'of-3']);
      expect(await of([])).toEqual([]);
      const [row] = await use().registry.accountsOfPersons(['p-of-b']);
      expect(row).toEqual(await use().registry.account('of-1'));
      const many = Array.from({ length: 70_000 }, (_, index) => `p-many-${index}`);
      expect(await of([...many, 'p-of-c'])).toEqual(['of-4']);
    });

    it('finds accounts whose next step is overdue, or whose workflow never said a word', async () => {
      const { registry } = use();
      const make = async (accountId: string, projection: Partial<Projection> | null, at = NEW_YEAR) => {
        const account = newAccountOf({ accountId, at });
        await registry.createAccount(account);
        if (projection === null) return;
        const state = { ...account.state, sequence: 1 };
        await registry.project({ ...projectionOf(accountId, {}), state, ...projection });
      };
      const over = (stage: AccountState['stage'], accountId: string) => ({
        nextStepAt: NEW_YEAR,
        state: accountStateOf({ accountId, stage, sequence: 1 }),
      });
      const before = NEW_YEAR + 100;
      await make('od-due', { nextStep: 'block', nextStepAt: before - 1 });
      await make('od-now', { nextStep: 'block', nextStepAt: before });
      await make('od-nothing-planned', {});
      await make('od-deleted', over('deleted', 'od-deleted'));
      await make('od-released', over('released', 'od-released'));
      await make('od-never-joined', over('neverJoined', 'od-never-joined'));
      await make('od-outside', over('deletedOutside', 'od-outside'));
      await make('od-silent', null, before - 1);
      await make('od-silent-young', null, before);
      const first = { state: accountStateOf({ accountId: 'od-x' }) };
      await make('od-spoke', { state: { ...first.state, accountId: 'od-spoke' }, nextStep: 'join' });
      await make('od-in-trouble', {
        state: { ...first.state, accountId: 'od-in-trouble' },
        problem: 'no mailbox',
      });
      const ids = async (input: { after?: string; limit?: number } = {}) => {
        const rows = await registry.overdueAccounts({ before, after: 'od', limit: 100, ...input });
        return rows.map((row) => row.accountId).filter((id) => id.startsWith('od-'));
      };
      expect(await ids()).toEqual(['od-due', 'od-silent']);
      expect(await ids({ limit: 1 })).toEqual(['od-due']);
      expect(await ids({ after: 'od-due' })).toEqual(['od-silent']);
      const all = await registry.overdueAccounts({ before, after: null, limit: 1_000 });
      expect(all.map((row) => row.accountId)).toEqual(expect.arrayContaining(['od-due', 'od-silent']));
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

    it('gives each account a number of its own, which nobody can change', async () => {
      const { database, registry } = use();
      const numberOf = async (accountId: string) => (await registry.account(accountId))?.uidNumber ?? 0;
      const ids = Array.from({ length: 12 }, (_, index) => `numbered-${index}`);
      await Promise.all(ids.map((accountId) => registry.createAccount(newAccountOf({ accountId }))));
      const numbers = await Promise.all(ids.map(numberOf));
      expect(new Set(numbers).size).toBe(12);
      expect(Math.min(...numbers)).toBeGreaterThanOrEqual(100_000);
      const change = sql`update accounts set uid_number = 1 where account_id = 'numbered-0'`;
      await expect(database.query((db) => change.execute(db))).rejects.toMatchObject({
        code: 'REGISTRY_ROWS_STAY',
      });
      const list = await registry.accounts({ personId: 'person-of-numbered-0' });
      expect(list.map(({ uidNumber }) => uidNumber)).toEqual([numbers[0]]);
    });

    it('numbers accounts from where a site says, and never goes back', async () => {
      const { registry } = use();
      const next = async (accountId: string) => {
        await registry.createAccount(newAccountOf({ accountId }));
        return (await registry.account(accountId))?.uidNumber;
      };
      await Promise.all([1, 2, 3].map(() => registry.numberAccountsFrom({ least: 500_000 })));
      expect(await next('from-1')).toBe(500_000);
      await registry.numberAccountsFrom({ least: 500_000 });
      await registry.numberAccountsFrom({ least: 7 });
      expect(await next('from-2')).toBe(500_001);
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
