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
  /** The instance was silent for so long that the synchronisation went on without it. */
  readonly gaveUp: boolean;
  /** Accounts whose end time the instance lets nobody change. */
  readonly refusedEndTimes: number;
  /** Accounts that were adopted for an experiment of another name. */
  readonly otherExperiment: number;
}

/** The instance's accounts were handled: alarms about that are raised or over; of silence, the next good read decides. */
export async function reportHandling(context: SyncContext, end: InstanceEnd): Promise<void> {
  const { refusedEndTimes, otherExperiment } = end;
  if (end.gaveUp) await reportSilence(context);
  await raiseOrClear(context, END_TIME_READ_ONLY, {
    accounts: refusedEndTimes,
    message:
      `The INDIGO IAM instance refuses to change the end time of ${String(refusedEndTimes)} accounts: those whose ` +
      'participation is over do not expire there. Let its client change end times, or label the accounts ' +
      'hr.cern.skip-end-date-synch.',
  });
  await raiseOrClear(context, OTHER_EXPERIMENT, {
    accounts: otherExperiment,
    message:
      `${String(otherExperiment)} accounts of the INDIGO IAM instance were adopted for an experiment of another name than ` +
      'cern.experimentName and are not handled. Correct that name.',
  });
}

async function reportSilence(context: SyncContext): Promise<void> {
  await context.deps.registry.raiseAlarm({
    key: UNAVAILABLE,
    message:
      'The INDIGO IAM instance did not answer for so long that the synchronisation went on without it; ' +
      'its accounts stay as they are until the next one',
    at: context.now(),
  });
}

async function raiseOrClear(
  { deps, now }: SyncContext,
  key: string,
  { accounts, message }: { readonly accounts: number; readonly message: string },
): Promise<void> {
  const at = now();
  if (accounts === 0) await deps.registry.clearAlarm({ key, at });
  else await deps.registry.raiseAlarm({ key, message, at });
}

const OVER = 'Traces of before it was switched off are over with the next synchronisation.';

/** The instance was read: alarms about it are raised or over. */
export async function reportRead(
  context: SyncContext,
  { hrTaskTraces, expiryTaskTraces }: Traces,
): Promise<void> {
  await context.deps.registry.clearAlarm({ key: UNAVAILABLE, at: context.now() });
  await raiseOrClear(context, HR_TASK, {
    accounts: hrTaskTraces,
    message:
      `INDIGO IAM's own HR task seems to run beside us: ${String(hrTaskTraces)} of its accounts have the status ` +
      `VO_MEMBER or lost the label timestamp. Set cern.task.enabled=false there. ${OVER}`,
  });
  await raiseOrClear(context, EXPIRY_TASK, {
    accounts: expiryTaskTraces,
    message:
      `INDIGO IAM's own handler of expired accounts seems to run beside ours: it marked ${String(expiryTaskTraces)} ` +
      `accounts. Switch it off there, or set indigoIam.expiredAccounts to delegate here. ${OVER}`,
  });
}
