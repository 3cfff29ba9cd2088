import type { HandledCounts } from './instance-handling.ts';
import type { InstancePart } from './instance.ts';

/** What reading an INDIGO IAM instance came to. */
export interface InstanceRead {
  /** `unavailable` = it could not be read; its accounts stay as they are, and an alarm says so. */
  readonly outcome: 'read' | 'unavailable';
  /** Accounts that carry the label of the person id. */
  readonly accounts: number;
  /** Accounts that are followed from now on. */
  readonly adopted: number;
  /** Accounts that are not there any more, or lost the label. */
  readonly departed: number;
  /** Accounts whose label names another person. */
  readonly repointed: number;
  /** Accounts that could not be read; they stay as they are. */
  readonly failed: number;
  /** In which they are handled, each part by an activity. */
  readonly parts: readonly InstancePart[];
}

/** What a synchronisation came to for the accounts of an INDIGO IAM instance. */
export interface InstanceCounts extends Omit<InstanceRead, 'parts'> {
  readonly handling: HandledCounts;
  /** Parts that were not handled to the end, since the instance was silent. */
  readonly gaveUp: number;
}
