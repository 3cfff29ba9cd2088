import { sql, type Insertable, type Selectable, type SqlBool, type Transaction } from 'kysely';
import type { AccountState } from '../../contracts/account.ts';
import { RegistryError } from '../../errors.ts';
import { json, loginKey, storable, storableOrNull, wholeMs, wholeMsOrNull } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { AccountRow, NewAccount, Registry } from '../registry.ts';
import type { AccountsTable, Tables } from '../tables.ts';
import { insertAudit } from './audit-store.ts';
import { ENDS } from './ends.ts';
import { refuseMerged } from './merged-person.ts';
import { insertNotes } from './note-store.ts';
import { handOn } from './ownership-store.ts';

type AccountStore = Pick<
  Registry,
  | 'createAccount'
  | 'account'
  | 'accountByLogin'
  | 'accounts'
  | 'accountsOfPersons'
  | 'holdersAmong'
  | 'overdueAccounts'
  | 'loginTaken'
  | 'numberAccountsFrom'
  | 'project'
  | 'countByStage'
>;

/** Accounts, and the projection of each one's workflow. Logins stay for ever: no row is deleted. */
export function createAccountStore(database: RegistryDatabase): AccountStore {
  return {
    createAccount: (account) => database.transaction((trx) => insertAccount(trx, account)),

    account: (accountId) =>
      database.query(async (db) => {
        const row = await db
          .selectFrom('accounts')
          .selectAll()
          .where('account_id', '=', accountId)
          .executeTakeFirst();
        return row === undefined ? null : toAccount(row);
      }),

    accountByLogin: (login) =>
      database.query(async (db) => {
        const row = await db
          .selectFrom('accounts')
          .selectAll()
          .where('login_key', '=', loginKey(login))
          .where('kind', '<>', 'experiment')
          .executeTakeFirst();
        return row === undefined ? null : toAccount(row);
      }),

    accounts: (filter) =>
      database.query(async (db) => {
        let query = db.selectFrom('accounts').selectAll().orderBy('account_id');
        if (filter.personId !== undefined) query = query.where('person_id', '=', filter.personId);
        if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
        if (filter.stage !== undefined) query = query.where('stage', '=', filter.stage);
        if (filter.after !== undefined) query = query.where('account_id', '>', filter.after);
        if (filter.limit !== undefined) query = query.limit(filter.limit);
        return (await query.execute()).map(toAccount);
      }),

    accountsOfPersons: (personIds) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('accounts')
          .selectAll()
          // One parameter however many they are: a query may not have more than 65,535.
          .where(sql<SqlBool>`person_id = any(${[...personIds]}::text[])`)
          .orderBy('account_id')
          .execute();
        return rows.map(toAccount);
      }),

    holdersAmong: (personIds) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('accounts')
          .select('person_id')
          .distinct()
          .where(sql<SqlBool>`person_id = any(${[...personIds]}::text[])`)
          .where('stage', 'not in', ENDS)
          .execute();
        return new Set(rows.map(({ person_id: personId }) => personId));
      }),

    overdueAccounts: ({ before, after, limit }) =>
      database.query(async (db) => {
        let query = db
          .selectFrom('accounts')
          .selectAll()
          .where('stage', 'not in', ENDS)
          .where(overdue(wholeMs(before)))
          .orderBy('account_id')
          .limit(limit);
        if (after !== null) query = query.where('account_id', '>', after);
        return (await query.execute()).map(toAccount);
      }),

    loginTaken: (login) =>
      database.query(async (db) => {
        const row = await db
          .selectFrom('accounts')
          .select('account_id')
          .where('login_key', '=', loginKey(login))
          .where('kind', '<>', 'experiment')
          .executeTakeFirst();
        return row !== undefined;
      }),

    numberAccountsFrom: ({ least }) =>
      database.transaction(async (trx) => {
        // Two workers that start at once would both see the old number, and one would go back behind the other.
        await sql`lock table accounts in share row exclusive mode`.execute(trx);
        await sql`select setval('account_numbers', ${least}::integer, false) from account_numbers
          where last_value < ${least}::integer`.execute(trx);
      }),

    project: ({ state, nextStep, nextStepAt, problem, notes }) =>
      database.transaction(async (trx) => {
        const known = await trx
          .selectFrom('accounts')
          .select('account_id')
          .where('account_id', '=', state.accountId)
          .executeTakeFirst();
        if (known === undefined) throw noAccount(state.accountId);
        const written = await trx
          .updateTable('accounts')
          .set({
            ...fromState(state),
            next_step: storableOrNull(nextStep),
            next_step_at: wholeMsOrNull(nextStepAt),
            problem: storableOrNull(problem),
          })
          .where('account_id', '=', state.accountId)
          .where(
            sql<SqlBool>`(state_sequence, note_sequence)
              <= (${state.sequence}::bigint, ${state.noteSequence}::bigint)`,
          )
          .executeTakeFirst();
        const isNewest = written.numUpdatedRows > 0n;
        if (isNewest && state.kind === 'experiment') await followLabel(trx, state);
        await insertNotes(trx, { accountId: state.accountId, personId: state.personId, notes });
      }),

    countByStage: () =>
      database.query((db) =>
        db
          .selectFrom('accounts')
          .select(['kind', 'stage', (column) => column.fn.countAll<number>().as('count')])
          .groupBy(['kind', 'stage'])
          .orderBy('kind')
          .orderBy('stage')
          .execute(),
      ),
  };
}

/** Adds an account within a transaction. `asked` = who asked for it; nobody did where the system makes it. */
export async function insertAccount(
  trx: Transaction<Tables>,
  account: NewAccount,
  asked: { readonly actor: string; readonly commandId: string } | null = null,
): Promise<void> {
  const inserted = await trx
    .insertInto('accounts')
    .values(fromNewAccount(account))
    .onConflict((conflict) => conflict.doNothing())
    .returning('account_id')
    .executeTakeFirst();
  if (inserted === undefined) return assertSameAccount(trx, account);
  if (account.kind !== 'experiment') await refuseMerged(trx, account.personId, { retryable: false });
  await trx
    .insertInto('ownership')
    .values({
      account_id: account.accountId,
      person_id: account.personId,
      since: wholeMs(account.at),
      until: null,
      reason: storable(account.reason),
    })
    .execute();
  await insertAudit(trx, {
    at: account.at,
    what: 'account created',
    actor: asked?.actor ?? 'system',
    accountId: account.accountId,
    personId: account.personId,
    reason: account.reason,
    commandId: asked?.commandId ?? null,
    facts: { kind: account.kind, login: account.login },
  });
}

/** The second half in the words of the index `accounts_never_heard_of`. */
const overdue = (before: number) => sql<SqlBool>`(next_step_at < ${before}::bigint
  or (created_at < ${before}::bigint and state_sequence = 0 and next_step is null and problem is null))`;

/** The insert did nothing: fine if it is this very account, made by an attempt before. */
async function assertSameAccount(trx: Transaction<Tables>, account: NewAccount): Promise<void> {
  const same = await trx
    .selectFrom('accounts')
    .select(['login_key', 'person_id', 'kind'])
    .where('account_id', '=', account.accountId)
    .executeTakeFirst();
  if (same !== undefined) {
    if (same.login_key === loginKey(account.login) && same.kind === account.kind) return;
    throw new RegistryError({
      code: 'ACCOUNT_EXISTS',
      message: `There is another account with the id ${account.accountId}.`,
      retryable: false,
      facts: { accountId: account.accountId },
    });
  }
  const holder = await trx
    .selectFrom('accounts')
    .select('account_id')
    .where('login_key', '=', loginKey(account.login))
    .where('kind', '<>', 'experiment')
    .executeTakeFirst();
  if (holder !== undefined && account.kind !== 'experiment') {
    throw new RegistryError({
      code: 'LOGIN_TAKEN',
      message: 'A login is never used twice, also after deletion: choose another one.',
      retryable: false,
      facts: { accountId: account.accountId, holderAccountId: holder.account_id },
    });
  }
  throw new RegistryError({
    code: 'PRIMARY_EXISTS',
    message: 'A person has exactly one primary account; this one has one already.',
    retryable: false,
    facts: { accountId: account.accountId, personId: account.personId },
  });
}

/** An experiment account belongs to whom its label names, as soon as its workflow says so. */
async function followLabel(trx: Transaction<Tables>, state: AccountState): Promise<void> {
  const { accountId, personId } = state;
  const owner = await trx
    .selectFrom('ownership')
    .select(['person_id', 'since'])
    .where('account_id', '=', accountId)
    .where('until', 'is', null)
    .executeTakeFirst();
  if (owner === undefined || owner.person_id === personId) return;
  const since = Math.max(owner.since, wholeMs(state.instance?.at ?? owner.since));
  await handOn(trx, { accountId, to: personId, since, reason: 'its label names another person' });
}

function noAccount(accountId: string): RegistryError {
  return new RegistryError({
    code: 'NO_ACCOUNT',
    message: `The registry has no account ${accountId}.`,
    retryable: false,
    facts: { accountId },
  });
}

function fromState(
  state: AccountState,
): Pick<Insertable<AccountsTable>, 'stage' | 'state' | 'state_sequence' | 'note_sequence'> {
  return {
    stage: state.stage,
    state: json(state),
    state_sequence: state.sequence,
    note_sequence: state.noteSequence,
  };
}

function fromNewAccount(account: NewAccount): Insertable<AccountsTable> {
  return {
    account_id: account.accountId,
    kind: account.kind,
    login: storable(account.login),
    login_key: loginKey(account.login),
    person_id: account.personId,
    experiment: account.experiment,
    created_at: wholeMs(account.at),
    ...fromState(account.state),
    next_step: null,
    next_step_at: null,
    problem: null,
  };
}

/** An account's row, as the registry tells it. */
export function toAccount(row: Selectable<AccountsTable>): AccountRow {
  return {
    accountId: row.account_id,
    kind: row.kind,
    login: row.login,
    personId: row.person_id,
    experiment: row.experiment,
    createdAt: row.created_at,
    state: row.state,
    nextStep: row.next_step,
    nextStepAt: row.next_step_at,
    problem: row.problem,
    uidNumber: row.uid_number,
  };
}
