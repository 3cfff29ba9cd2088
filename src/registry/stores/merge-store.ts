import { sql, type Kysely, type Selectable, type SqlBool, type Transaction } from 'kysely';
import type { AccountState } from '../../contracts/account.ts';
import type { Merge, MergeAsk, MergeMoves } from '../../contracts/merge.ts';
import { RegistryError } from '../../errors.ts';
import { isFinal } from '../../policy/facts.ts';
import { json, storable, wholeMs } from '../column-values.ts';
import type { MergeFacts, MergeRegistry } from '../merge-registry.ts';
import type { RegistryDatabase } from '../registry-database.ts';
import type { MergesTable, Tables } from '../tables.ts';
import { insertAudit } from './audit-store.ts';
import { guestsOf } from './guest-store.ts';
import { handOn } from './ownership-store.ts';
import { toPerson as toPersonRow } from './person-store.ts';
import { toReassignment, UNFINISHED } from './reassignment-store.ts';
import { accountsOf } from './request-store.ts';

type Pair = Pick<MergeAsk, 'fromPerson' | 'toPerson'>;

/** Persons whose ids HR merged. No row is deleted. */
export function createMergeStore(database: RegistryDatabase): MergeRegistry {
  return {
    mergeFacts: (pair) => database.transaction((trx) => factsOf(trx, pair)),

    mergePersons: ({ ask, at, judge }) =>
      database.transaction(async (trx) => {
        await lockAccounts(trx, ask);
        await lockPersons(trx, ask);
        const earlier = await find(trx, ask.requestId);
        if (earlier !== null && !isSamePair(earlier, ask)) throw exists(ask.requestId);
        const facts = await factsOf(trx, ask);
        if (facts.merge !== null && isSamePair(facts.merge, ask)) return { merge: facts.merge, isNew: false };
        const verdict = judge(facts);
        if ('refused' in verdict) return { refused: verdict.refused };
        const { moves } = verdict;
        await moveAccounts(trx, { ask, at, facts, moves });
        await moveGuests(trx, { ask, at, moves });
        await moveReassignments(trx, ask);
        await markMerged(trx, ask);
        await writeAudit(trx, { ask, at, moves });
        const row = await trx
          .insertInto('merges')
          .values({
            ...{ request_id: storable(ask.requestId), from_person: ask.fromPerson, to_person: ask.toPerson },
            ...{ actor: storable(ask.actor), reason: storable(ask.reason), at: wholeMs(at) },
            ...{ moves: json(moves), told_at: null },
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return { merge: toMerge(row), isNew: true };
      }),

    mergeTold: ({ requestId, at }) =>
      database.query(async (db) => {
        await db
          .updateTable('merges')
          .set({ told_at: wholeMs(at) })
          .where('request_id', '=', requestId)
          .where('told_at', 'is', null)
          .execute();
      }),

    merge: (requestId) => database.query((db) => find(db, requestId)),
  };
}

function isSamePair(one: Pair, other: Pair): boolean {
  return one.fromPerson === other.fromPerson && one.toPerson === other.toPerson;
}

/** Transfers and decisions take turns on accounts' rows, and lock persons after them: so does this. */
async function lockAccounts(trx: Transaction<Tables>, { fromPerson, toPerson }: Pair): Promise<void> {
  await sql`
    select account_id from accounts
    where person_id in (${fromPerson}, ${toPerson})
      or account_id in (select account_id from reassignments where ${namesPerson(fromPerson)} and ${UNFINISHED})
    order by account_id for update`.execute(trx);
}

async function lockPersons(trx: Transaction<Tables>, { fromPerson, toPerson }: Pair): Promise<void> {
  await trx
    .selectFrom('persons')
    .select('person_id')
    .where('person_id', 'in', [fromPerson, toPerson])
    .orderBy('person_id')
    .forUpdate()
    .execute();
}

const namesPerson = (personId: string) => sql<SqlBool>`(owner = ${personId} or new_owner = ${personId})`;

async function factsOf(trx: Transaction<Tables>, { fromPerson, toPerson }: Pair): Promise<MergeFacts> {
  const persons = await trx
    .selectFrom('persons')
    .selectAll()
    .where('person_id', 'in', [fromPerson, toPerson])
    .execute();
  const personOf = (personId: string) => {
    const row = persons.find(({ person_id: id }) => id === personId);
    return row === undefined ? null : toPersonRow(row);
  };
  const reassignments = await trx
    .selectFrom('reassignments')
    .selectAll()
    .where(namesPerson(fromPerson))
    .where(UNFINISHED)
    .orderBy('request_id')
    .execute();
  const merge = await trx
    .selectFrom('merges')
    .selectAll()
    .where('from_person', '=', fromPerson)
    .executeTakeFirst();
  return {
    from: personOf(fromPerson),
    to: personOf(toPerson),
    fromAccounts: await accountsOf(trx, fromPerson),
    toAccounts: await accountsOf(trx, toPerson),
    guests: await guestsOf(trx, fromPerson),
    reassignments: reassignments.map(toReassignment),
    merge: merge === undefined ? null : toMerge(merge),
  };
}

interface Writes {
  readonly ask: MergeAsk;
  readonly at: number;
  readonly facts: MergeFacts;
  readonly moves: MergeMoves;
}

/**
 * A primary account gives up being one first: there is one a person. What a living account is to do is put into the
 * registry's picture of it as well, from which its workflow is started again if it is lost.
 */
async function moveAccounts(trx: Transaction<Tables>, { ask, at, facts, moves }: Writes): Promise<void> {
  const { requestId, toPerson, fromPerson } = ask;
  const merge: NonNullable<AccountState['merge']> = { requestId, toPerson, at: wholeMs(at) };
  for (const { accountId, newKind } of moves.accounts) {
    const account = facts.fromAccounts.find((one) => one.accountId === accountId);
    if (account === undefined) throw new TypeError('an account of somebody else is to be moved');
    await trx
      .updateTable('accounts')
      .set({
        kind: newKind,
        ...(!isFinal(account.state.stage) && {
          state: sql<string>`jsonb_set(state, '{merge}', ${json(merge)}::jsonb)`,
        }),
      })
      .where('account_id', '=', accountId)
      .execute();
    const reason = `person ${fromPerson} was merged into person ${toPerson}`;
    await handOn(trx, { accountId, to: toPerson, since: wholeMs(at), reason });
  }
}

async function moveGuests(
  trx: Transaction<Tables>,
  { ask, at, moves }: Omit<Writes, 'facts'>,
): Promise<void> {
  for (const { guestId, accountId, wasOpen, isOpen } of moves.guests) {
    await trx
      .updateTable('guests')
      .set({
        person_id: ask.toPerson,
        ...(accountId !== null && { account_id: accountId }),
        ...(wasOpen !== isOpen && { is_open: isOpen, since: wholeMs(at) }),
      })
      .where('guest_id', '=', guestId)
      .execute();
  }
}

async function moveReassignments(
  trx: Transaction<Tables>,
  { fromPerson, toPerson }: MergeAsk,
): Promise<void> {
  for (const column of ['owner', 'new_owner'] as const) {
    await trx
      .updateTable('reassignments')
      .set({ [column]: toPerson })
      .where(column, '=', fromPerson)
      .where(UNFINISHED)
      .execute();
  }
}

/** Whoever was merged into the one that goes now is passed on. Of somebody merged nothing is missed. */
async function markMerged(trx: Transaction<Tables>, { fromPerson, toPerson }: MergeAsk): Promise<void> {
  await trx
    .updateTable('persons')
    .set({ merged_into: toPerson })
    .where((where) => where.or([where('person_id', '=', fromPerson), where('merged_into', '=', fromPerson)]))
    .execute();
  await trx
    .updateTable('persons')
    .set({ no_person_count: null, no_person_first_at: null, no_person_run: null })
    .where('person_id', '=', fromPerson)
    .execute();
}

async function writeAudit(
  trx: Transaction<Tables>,
  { ask, at, moves }: Omit<Writes, 'facts'>,
): Promise<void> {
  const { requestId: commandId, fromPerson, toPerson, actor, reason } = ask;
  const common = { at, actor, reason, commandId };
  const counts = Object.fromEntries(Object.entries(moves).map(([name, { length }]) => [name, length]));
  for (const personId of [fromPerson, toPerson]) {
    const facts = { from: fromPerson, to: toPerson, ...counts };
    await insertAudit(trx, { ...common, what: 'persons merged', accountId: null, personId, facts });
  }
  for (const { accountId, kind, newKind } of moves.accounts) {
    const facts = { from: fromPerson, to: toPerson, kind, newKind };
    const what = 'moved with its person’s id';
    await insertAudit(trx, { ...common, what, accountId, personId: toPerson, facts });
  }
}

async function find(db: Kysely<Tables>, requestId: string): Promise<Merge | null> {
  const row = await db
    .selectFrom('merges')
    .selectAll()
    .where('request_id', '=', storable(requestId))
    .executeTakeFirst();
  return row === undefined ? null : toMerge(row);
}

function toMerge(row: Selectable<MergesTable>): Merge {
  return {
    requestId: row.request_id,
    fromPerson: row.from_person,
    toPerson: row.to_person,
    actor: row.actor,
    reason: row.reason,
    at: row.at,
    toldAt: row.told_at,
    ...row.moves,
  };
}

function exists(requestId: string): RegistryError {
  return new RegistryError({
    code: 'MERGE_EXISTS',
    message: `The request ${requestId} merged two other persons: give each request an id of its own.`,
    retryable: false,
    facts: { requestId },
  });
}
