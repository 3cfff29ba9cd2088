import type { SyncContext } from '../sync-activities.ts';

const UNAVAILABLE = 'iam-unavailable';
const HR_TASK = 'iam-hr-task';
const EXPIRY_TASK = 'iam-expiry-task';
const END_TIME_READ_ONLY = 'iam-end-time-read-only';
const OTHER_EXPERIMENT = 'iam-other-experiment';

/** Accounts that bear traces of INDIGO IAM's own tasks, which are to be off. */
export interface Traces {
  readonly hrTaskTraces: number;
  readonly expiryTaskTraces: number;
}

/** The instance could not be read: `reason` says why, and nothing personal. */
export async function raiseUnavailable(context: SyncContext, reason: string): Promise<void> {
  await context.deps.registry.raiseAlarm({
    key: UNAVAILABLE,
    message: `The accounts of the INDIGO IAM instance could not be read and stay as they are: ${reason}`,
    at: context.now(),
  });
}

/** What handling the instance's accounts came to that an admin should know of. */
export interface InstanceEnd {
  /** Accounts were left to the next synchronisation: the instance was silent for too long, or refuses our client. */
  readonly gaveUp: boolean;
  /** Why, in words; nothing personal. */
  readonly reason?: string;
  /** Accounts whose end time the instance lets nobody change. */
  readonly refusedEndTimes: number;
  /** Accounts that were adopted for an experiment of another name. */
  readonly otherExperiment: number;
}

/**
 * The instance was read, and its accounts were handled: alarms about that are raised or over. A run that left accounts out
 * knows nothing of those: what it did not find may be there.
 */
export async function reportHandling(context: SyncContext, end: InstanceEnd): Promise<void> {
  const { gaveUp, reason, refusedEndTimes, otherExperiment } = end;
  await raiseOrClear(context, UNAVAILABLE, {
    isThere: gaveUp,
    isWhole: true,
    message:
      'Accounts of the INDIGO IAM instance were left as they are until the next synchronisation: ' +
      (reason ?? 'it did not answer for so long that this one went on without it'),
  });
  await raiseOrClear(context, END_TIME_READ_ONLY, {
    isThere: refusedEndTimes > 0,
    isWhole: !gaveUp,
    message:
      `The INDIGO IAM instance refuses to change the end time of ${String(refusedEndTimes)} accounts: those whose ` +
      'participation is over do not expire there. Let its client change end times, or label the accounts ' +
      'hr.cern.skip-end-date-synch.',
  });
  await raiseOrClear(context, OTHER_EXPERIMENT, {
    isThere: otherExperiment > 0,
    isWhole: !gaveUp,
    message:
      `${String(otherExperiment)} accounts of the INDIGO IAM instance were adopted for an experiment of another name than ` +
      'cern.experimentName and are not handled. Correct that name.',
  });
}

/** @param isWhole every account was looked at: what was not found is over */
async function raiseOrClear(
  { deps, now }: SyncContext,
  key: string,
  found: { readonly isThere: boolean; readonly isWhole: boolean; readonly message: string },
): Promise<void> {
  const { isThere, isWhole, message } = found;
  const at = now();
  if (isThere) await deps.registry.raiseAlarm({ key, message, at });
  else if (isWhole) await deps.registry.clearAlarm({ key, at });
}

const OVER = 'This is over with the next synchronisation that finds no new trace.';

/** The instance was read: alarms about what it shows are raised or over. That it lets us write is not said by that. */
export async function reportRead(
  context: SyncContext,
  { hrTaskTraces, expiryTaskTraces }: Traces,
): Promise<void> {
  await raiseOrClear(context, HR_TASK, {
    isThere: hrTaskTraces > 0,
    isWhole: true,
    message:
      `INDIGO IAM's own HR task seems to run beside us: ${String(hrTaskTraces)} of its accounts got the status ` +
      `VO_MEMBER or lost the label timestamp. Set cern.task.enabled=false there. ${OVER}`,
  });
  await raiseOrClear(context, EXPIRY_TASK, {
    isThere: expiryTaskTraces > 0,
    isWhole: true,
    message:
      `INDIGO IAM's own handler of expired accounts seems to run beside ours: it marked or deleted ${String(expiryTaskTraces)} ` +
      `accounts. Switch it off there, or set indigoIam.expiredAccounts to delegate here. ${OVER}`,
  });
}
