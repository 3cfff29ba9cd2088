import type { Kysely } from 'kysely';
import type { Freeze } from '../registry.ts';
import type { Tables } from '../tables.ts';

/** Who froze the deployment, when and why; `null` = it is not frozen. */
export async function selectFreeze(db: Kysely<Tables>): Promise<Freeze | null> {
  const row = await db.selectFrom('deployment_freeze').selectAll().executeTakeFirst();
  return row === undefined ? null : { since: row.frozen_at, actor: row.actor, reason: row.reason };
}
