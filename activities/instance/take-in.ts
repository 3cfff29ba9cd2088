import type { FollowedRow, InstanceRow } from '../../src/registry/instance-registry.ts';
import { forEachOf } from '../sync/for-each-of.ts';
import { adoptAccount, startAccount } from './adopt-account.ts';
import { type AccountLook, assessAccount, showsHrTask } from './assess-account.ts';
import { showsExpiryTask } from './expiry-traces.ts';
import { apart, count, type Read, type Seen } from './instance-read.ts';

function personsOf(rows: readonly InstanceRow[]): readonly string[] {
  const there = rows.filter(({ presence }) => presence === 'there');
  return [...new Set(there.flatMap(({ personId }) => (personId === null ? [] : [personId])))];
}

/** Stores what looks came to, adopts who is new, and starts whoever was never heard of. */
export async function takeIn(
  read: Read,
  known: ReadonlyMap<string, FollowedRow>,
  number: number,
  seen: readonly Seen[],
): Promise<void> {
  const { context, kept, dryRun } = read;
  const { registry } = context.deps;
  const looks = seen.map((one): AccountLook => {
    return { ...one, known: known.get(one.externalId) ?? null, number, at: context.now() };
  });
  const assessed = looks.map((look) => assessAccount(look, kept.settings));
  const rows = assessed.flatMap((one) => (one.type === 'kept' && one.isChanged ? [one.row] : []));
  const adoptions = assessed.flatMap((one) => (one.type === 'adopt' ? [one] : []));
  const isKept = assessed.flatMap((one) => (one.type === 'kept' ? [one] : []));
  read.accounts += adoptions.length + isKept.filter(({ row }) => row.presence === 'there').length;
  read.hrTaskTraces += looks.filter((look) => showsHrTask(look, kept.settings)).length;
  for (const look of looks) {
    if (await showsExpiryTask(registry, look, kept.settings)) read.expiryTaskTraces += 1;
  }
  const changes = {
    departed: isKept.filter(({ isGone }) => isGone).length,
    repointed: isKept.filter(({ isRepointed }) => isRepointed).length,
  };
  if (dryRun) {
    count(read, { ...changes, adopted: adoptions.length });
    return;
  }
  // First, so that nobody is followed whom HR is never asked for.
  await registry.expectPersons(personsOf([...rows, ...adoptions.map(({ row }) => row)]));
  await registry.storeInstance(rows);
  count(read, changes);
  await forEachOf(adoptions, kept.settings.concurrency, (adoption) =>
    apart(read, adoption.row.externalId, async () => {
      const accountId = await adoptAccount(context, kept, adoption);
      if (accountId === null) return;
      count(read, { adopted: 1 });
      await startAccount(context, accountId);
    }),
  );
  // An attempt before this one was cut off between making them and starting them.
  const unheardOf = looks.flatMap((look) =>
    look.known?.account?.isUnheardOf === true && !look.known.account.hasEnded ? [look.known.row] : [],
  );
  await forEachOf(unheardOf, kept.settings.concurrency, ({ externalId, accountId }) =>
    apart(read, externalId, async () => {
      if (accountId !== null) await startAccount(context, accountId);
    }),
  );
}
