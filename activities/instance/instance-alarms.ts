import type { SyncContext } from '../sync-activities.ts';
import { INSTANCE_ALARM } from './instance-alarm.ts';

const HR_TASK = 'iam-hr-task';

/** The instance could not be read: `reason` says why, and nothing personal. */
export async function raiseUnavailable(context: SyncContext, reason: string): Promise<void> {
  await context.deps.registry.raiseAlarm({
    key: INSTANCE_ALARM,
    message: `The accounts of the INDIGO IAM instance could not be read and stay as they are: ${reason}`,
    at: context.now(),
  });
}

/** The instance was read: alarms about it are raised or over. */
export async function reportRead(
  context: SyncContext,
  { hrTaskTraces }: { hrTaskTraces: number },
): Promise<void> {
  const { registry } = context.deps;
  const at = context.now();
  await registry.clearAlarm({ key: INSTANCE_ALARM, at });
  if (hrTaskTraces === 0) return registry.clearAlarm({ key: HR_TASK, at });
  await registry.raiseAlarm({
    key: HR_TASK,
    message:
      `INDIGO IAM's own HR task seems to run beside us: ${hrTaskTraces} of its accounts have the status VO_MEMBER or ` +
      'lost the label timestamp. Set cern.task.enabled=false there. Traces of before it was switched off are over with ' +
      'the next synchronisation.',
    at,
  });
}
