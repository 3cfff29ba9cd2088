import type { MergeAsk, PersonMergeResult } from '../src/contracts/merge.ts';
import type { ClockAnchor } from '../src/contracts/time.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { mergePersons, tellMerged } from './merge/merge-persons.ts';
import { inContext } from './sync-activities.ts';

/** The activities of a merge of two persons. */
export interface MergeActivities {
  /** Moves everything in the registry, at once or not at all. */
  mergePersons(input: { clock: ClockAnchor; ask: MergeAsk }): Promise<PersonMergeResult>;
  /** Tells accounts, requests and directories of a merge that was made. */
  tellMerged(input: { clock: ClockAnchor; requestId: string }): Promise<void>;
}

export function createMergeActivities(deps: ActivityDependencies): MergeActivities {
  const what = 'merge';
  return {
    // Whoever asks need not know by which clock the deployment runs.
    mergePersons: async ({ clock, ask }) =>
      inContext(deps, await deps.registry.clock(clock), (context) => mergePersons(context, ask), what),
    tellMerged: async ({ clock, requestId }) =>
      inContext(
        deps,
        await deps.registry.clock(clock),
        (context) => tellMerged(context, { requestId }),
        what,
      ),
  };
}
