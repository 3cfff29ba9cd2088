import type { SyncContext } from '../sync-activities.ts';

/** The key of the alarm that says that the INDIGO IAM instance does not answer. */
export const INSTANCE_ALARM = 'iam-unavailable';

/** The instance was silent for so long that a synchronisation went on without it. The next good read clears it. */
export async function reportInstanceSilence(context: SyncContext): Promise<void> {
  await context.deps.registry.raiseAlarm({
    key: INSTANCE_ALARM,
    message:
      'the INDIGO IAM instance did not answer for so long that the synchronisation went on without it; ' +
      'its accounts stay as they are until the next one',
    at: context.now(),
  });
}
