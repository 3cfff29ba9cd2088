import type { Transaction } from 'kysely';
import { RegistryError } from '../../errors.ts';
import { loginKey } from '../column-values.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { AccountRow, ApplicantFacts, PersonRow, Registry } from '../registry.ts';
import type { Tables } from '../tables.ts';
import { insertAccount, toAccount } from './account-store.ts';
import { toPerson } from './person-store.ts';
import { countComing } from './reassignment-store.ts';

type RequestStore = Pick<Registry, 'requestAccount'>;

/** Accounts that somebody asks for, within the limits. */
export function createRequestStore(database: RegistryDatabase): RequestStore {
  return {
    requestAccount: ({ accountId, requestId, personId, kind, login, actor, reason, at, judge }) =>
      database.transaction(async (trx) => {
        const person = await lockPerson(trx, personId);
        const before = await findAccount(trx, accountId);
        if (before !== null) {
          assertSame(before, { personId, kind, login });
          return { outcome: 'known', account: before };
        }
        const verdict = judge(await factsOf(trx, { person, personId, login }));
        if ('refused' in verdict) return { outcome: 'refused', refused: verdict.refused };
        const own = { accountId, kind, login, personId, experiment: null };
        await insertAccount(
          trx,
          { ...own, state: verdict.state, at, reason },
          { actor, commandId: requestId },
        );
        const account = await findAccount(trx, accountId);
        if (account === null) throw new TypeError('an account that was inserted is there');
        return { outcome: 'made', account };
      }),
  };
}

/** Whoever asks for the same person waits here for the other's end; `null` = HR never showed them. */
export async function lockPerson(trx: Transaction<Tables>, personId: string): Promise<PersonRow | null> {
  const row = await trx
    .selectFrom('persons')
    .selectAll()
    .where('person_id', '=', personId)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : toPerson(row);
}

/** Every account of a person, those that are over too. */
export async function accountsOf(trx: Transaction<Tables>, personId: string): Promise<readonly AccountRow[]> {
  const rows = await trx
    .selectFrom('accounts')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('account_id')
    .execute();
  return rows.map(toAccount);
}

async function factsOf(
  trx: Transaction<Tables>,
  asked: { readonly person: PersonRow | null; readonly personId: string; readonly login: string },
): Promise<ApplicantFacts> {
  const used = await trx
    .selectFrom('accounts')
    .select('account_id')
    .where('login_key', '=', loginKey(asked.login))
    .where('kind', '<>', 'experiment')
    .executeTakeFirst();
  const accounts = await accountsOf(trx, asked.personId);
  const coming = await countComing(trx, asked.personId);
  return { person: asked.person, accounts, coming, isUsed: used !== undefined };
}

async function findAccount(trx: Transaction<Tables>, accountId: string): Promise<AccountRow | null> {
  const row = await trx
    .selectFrom('accounts')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  return row === undefined ? null : toAccount(row);
}

/** Of a service account the owner may be another one by now. */
function assertSame(
  account: AccountRow,
  asked: { readonly personId: string; readonly kind: string; readonly login: string },
): void {
  const isSame = account.kind === asked.kind && loginKey(account.login) === loginKey(asked.login);
  if (isSame && (account.kind === 'service' || account.personId === asked.personId)) return;
  throw new RegistryError({
    code: 'ACCOUNT_EXISTS',
    message: 'This request was made before, for another account: give each request an id of its own.',
    retryable: false,
    facts: { accountId: account.accountId },
  });
}
