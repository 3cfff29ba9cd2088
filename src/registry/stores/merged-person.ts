import type { Transaction } from 'kysely';
import { RegistryError } from '../../errors.ts';
import type { Tables } from '../tables.ts';

/** Refuses to give an account to an id that HR gave up, also to one that is being merged at this moment. */
export async function refuseMerged(
  trx: Transaction<Tables>,
  personId: string,
  { retryable }: { readonly retryable: boolean },
): Promise<void> {
  const person = await trx
    .selectFrom('persons')
    .select('merged_into')
    .where('person_id', '=', personId)
    .forShare()
    .executeTakeFirst();
  const into = person?.merged_into ?? null;
  if (into === null) return;
  throw new RegistryError({
    code: 'PERSON_MERGED',
    message: `HR merged person ${personId} into person ${into}, who gets no account under the id that went.`,
    retryable,
    facts: { personId, into },
  });
}
