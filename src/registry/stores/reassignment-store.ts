import { sql, type Kysely, type Selectable, type SqlBool, type Transaction } from 'kysely';
import type { AccountState } from '../../contracts/account.ts';
import type { Reassignment, ReassignmentDecision } from '../../contracts/reassignment.ts';
import { RegistryError } from '../../errors.ts';
import { json, storable, wholeMs } from '../column-values.ts';
import type { HandoverFacts, ReassignmentRegistry } from '../reassignment-registry.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { AccountRow } from '../registry.ts';
import type { ReassignmentsTable, Tables } from '../tables.ts';
import { toAccount } from './account-store.ts';
import { insertAudit } from './audit-store.ts';
import { ENDS } from './ends.ts';
import { handOn } from './ownership-store.ts';
import { accountsOf, lockPerson } from './request-store.ts';

/** Approved, and the account is not handed on yet. */
const COMING = sql<SqlBool>`status = 'approved' and done_at is null`;
/** Open, or approved and not carried out: the words of the index `one_reassignment`. */
export const UNFINISHED = sql<SqlBool>`(status = 'open' or (status = 'approved' and done_at is null))`;

/** Requests to re-assign service accounts. No row is deleted. */
export function createReassignmentStore(database: RegistryDatabase): ReassignmentRegistry {
  return {
    openReassignment: ({ ask, at, lapsesAt, judge }) =>
      database.transaction(async (trx) => {
        const { requestId, accountId, newOwner, actor, reason } = ask;
        const account = await lockAccount(trx, accountId);
        const before = await find(trx, requestId);
        if (before !== null) return { reassignment: before };
        const facts = await factsOf(trx, { account, newOwner, requestId });
        const refused = judge(facts);
        if (refused !== null) return { refused };
        if (account === null) throw new TypeError('a request for no account is granted');
        const row = await trx
          .insertInto('reassignments')
          .values({
            ...{ request_id: storable(requestId), account_id: accountId, new_owner: newOwner },
            ...{ owner: account.personId, actor: storable(actor), reason: storable(reason) },
            ...{ asked_at: wholeMs(at), lapses_at: wholeMs(lapsesAt), status: 'open' },
            ...{ decided_at: null, decided_by: null, decided_why: null, done_at: null },
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        await insertAudit(trx, {
          ...{ at, what: 're-assignment asked', actor, accountId, personId: account.personId, reason },
          ...{ commandId: requestId, facts: { newOwner } },
        });
        return { reassignment: toReassignment(row) };
      }),

    decideReassignment: ({ requestId, decision, at, judge }) =>
      database.transaction(async (trx) => {
        const { accountId } = await get(trx, requestId);
        const account = await lockAccount(trx, accountId);
        // Who had the lock before may have decided, or have merged the proposed owner into another id.
        const before = await get(trx, requestId);
        if (before.status !== 'open') return before;
        const { newOwner } = before;
        const against =
          decision.verdict === 'approved'
            ? judge(await factsOf(trx, { account, newOwner, requestId }))
            : null;
        const taken: ReassignmentDecision =
          against === null ? decision : { verdict: 'rejected', by: 'system', why: against };
        return decide(trx, before, taken, at);
      }),

    completeReassignment: ({ requestId, at }) =>
      database.transaction(async (trx) => {
        const { accountId } = await get(trx, requestId);
        const account = await lockAccount(trx, accountId);
        const before = await get(trx, requestId);
        if (before.status !== 'approved' || before.doneAt !== null || account === null) return before;
        const { newOwner } = before;
        if (account.personId !== newOwner) {
          const reason = `re-assigned, as person ${newOwner} agreed`;
          await handOn(trx, { accountId, to: newOwner, since: wholeMs(at), reason });
          await insertAudit(trx, {
            ...{
              at,
              what: 'ownership transferred',
              actor: before.actor,
              accountId,
              personId: newOwner,
              reason,
            },
            ...{ commandId: requestId, facts: { from: account.personId, to: newOwner } },
          });
        }
        const row = await trx
          .updateTable('reassignments')
          .set({ done_at: wholeMs(at) })
          .where('request_id', '=', requestId)
          .returningAll()
          .executeTakeFirstOrThrow();
        return toReassignment(row);
      }),

    reassignment: (requestId) => database.query((db) => find(db, requestId)),

    reassignments: (accountId) =>
      database.query(async (db) => {
        const rows = await db
          .selectFrom('reassignments')
          .selectAll()
          .where('account_id', '=', accountId)
          .orderBy('asked_at', 'desc')
          .execute();
        return rows.map(toReassignment);
      }),
  };
}

/** Service accounts on their way to a person: approved, and not handed on yet. */
export async function countComing(trx: Transaction<Tables>, personId: string): Promise<number> {
  const { count } = await trx
    .selectFrom('reassignments')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('new_owner', '=', personId)
    .where(COMING)
    .executeTakeFirstOrThrow();
  return count;
}

async function decide(
  trx: Transaction<Tables>,
  before: Reassignment,
  { verdict, by, why }: ReassignmentDecision,
  at: number,
): Promise<Reassignment> {
  const { requestId, accountId, newOwner } = before;
  const row = await trx
    .updateTable('reassignments')
    .set({
      ...{ status: verdict, decided_at: wholeMs(at), decided_by: storable(by), decided_why: storable(why) },
    })
    .where('request_id', '=', requestId)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (verdict === 'approved') await rememberApproval(trx, before, at);
  await insertAudit(trx, {
    ...{ at, what: `re-assignment ${verdict}`, actor: by, accountId, personId: before.owner, reason: why },
    ...{ commandId: requestId, facts: { newOwner } },
  });
  return toReassignment(row);
}

/**
 * What the account is to do is put into the registry's picture of it as well, from which its workflow is started again if
 * it is lost.
 */
async function rememberApproval(
  trx: Transaction<Tables>,
  { requestId, accountId, newOwner }: Reassignment,
  at: number,
): Promise<void> {
  const reassign: NonNullable<AccountState['reassign']> = { requestId, newOwner, at: wholeMs(at) };
  await trx
    .updateTable('accounts')
    .set({ state: sql<string>`jsonb_set(state, '{reassign}', ${json(reassign)}::jsonb)` })
    .where('account_id', '=', accountId)
    .where('stage', 'not in', ENDS)
    .execute();
}

/** Transfers and decisions on the account take turns on its row. */
async function lockAccount(trx: Transaction<Tables>, accountId: string): Promise<AccountRow | null> {
  const row = await trx
    .selectFrom('accounts')
    .selectAll()
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : toAccount(row);
}

async function factsOf(
  trx: Transaction<Tables>,
  of: { readonly account: AccountRow | null; readonly newOwner: string; readonly requestId: string },
): Promise<HandoverFacts> {
  const { account, requestId } = of;
  // Whatever gives them another account waits for this.
  const newOwner = await lockPerson(trx, of.newOwner);
  const open =
    account &&
    (await trx
      .selectFrom('reassignments')
      .select('request_id')
      .where('account_id', '=', account.accountId)
      .where('request_id', '<>', requestId)
      .where(UNFINISHED)
      .executeTakeFirst());
  const accounts = await accountsOf(trx, of.newOwner);
  const coming = await countComing(trx, of.newOwner);
  return { account, isOpen: open !== undefined && open !== null, newOwner, accounts, coming };
}

async function find(db: Kysely<Tables>, requestId: string): Promise<Reassignment | null> {
  const row = await db
    .selectFrom('reassignments')
    .selectAll()
    .where('request_id', '=', storable(requestId))
    .executeTakeFirst();
  return row === undefined ? null : toReassignment(row);
}

async function get(trx: Transaction<Tables>, requestId: string): Promise<Reassignment> {
  const row = await find(trx, requestId);
  if (row !== null) return row;
  throw new RegistryError({
    code: 'NO_REASSIGNMENT',
    message: `The registry has no request ${requestId} to re-assign an account.`,
    retryable: false,
    facts: { requestId },
  });
}

/** A request, as the registry tells it. */
export function toReassignment(row: Selectable<ReassignmentsTable>): Reassignment {
  return {
    requestId: row.request_id,
    accountId: row.account_id,
    owner: row.owner,
    newOwner: row.new_owner,
    actor: row.actor,
    reason: row.reason,
    status: row.status,
    askedAt: row.asked_at,
    lapsesAt: row.lapses_at,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    decidedWhy: row.decided_why,
    doneAt: row.done_at,
  };
}
