import { sql, type Transaction } from 'kysely';
import type { Tables } from '../tables.ts';

/** Forgets who was unheard in any run but the newest: only a run itself asks, and in a bad hour they are everybody. */
export async function forgetUnheard(trx: Transaction<Tables>): Promise<void> {
  await sql`
    delete from unheard
    where run is distinct from (
      select plan_id from plans order by created_at desc, plan_id desc limit 1)`.execute(trx);
}
