import type { AccountRow } from '../../src/registry/registry.ts';
import { errorFacts } from '../failures.ts';
import type { SyncContext } from '../sync-activities.ts';

/** A row whose workflow has never said anything: either it waits for the first day, or nobody ever started it. */
function neverSpoke({ state, nextStep, problem }: AccountRow): boolean {
  return state.sequence === 0 && nextStep === null && problem === null;
}

/**
 * Starts the workflows of joiners whose row was made right before a worker died: no fact would ever start them. For
 * one that runs already the server has nothing to do. Answers how many could not be started.
 */
export async function startUnstarted(context: SyncContext): Promise<number> {
  const { registry, settings, workflows, log } = context.deps;
  let failed = 0;
  for (let after: string | undefined; ;) {
    const from = after === undefined ? {} : { after };
    const rows = await registry.accounts({
      kind: 'primary',
      stage: 'pending',
      limit: settings.pageSize,
      ...from,
    });
    for (const { accountId, state } of rows.filter(neverSpoke)) {
      try {
        await workflows.ensureStarted({ state, clock: context.clock });
      } catch (error) {
        if (context.signal.aborted) throw error;
        failed += 1;
        log.warn('account not started; the next synchronisation tries again', {
          accountId,
          ...errorFacts(error),
        });
      }
    }
    const last = rows.at(-1);
    if (!last) return failed;
    after = last.accountId;
  }
}
