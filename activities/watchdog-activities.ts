import type { ClockAnchor } from '../src/contracts/time.ts';
import { mailAlarms } from './sync/mail-alarms.ts';
import { healEnded, type HealInput, type HealResult } from './watchdog/heal-ended.ts';
import { reportStuck } from './watchdog/report-stuck.ts';
import { reportDeployment } from './watchdog/report-deployment.ts';
import { inWatchContext, type WatchDependencies } from './watchdog/watch-context.ts';
import { wakeOverdue, type WakeInput, type WakeResult } from './watchdog/wake-overdue.ts';

interface OfVisit {
  readonly clock: ClockAnchor;
}

/** The activities of the watchdog, in their order. Each repeats without harm, and resumes where it stopped. */
export interface WatchdogActivities {
  /** Gives accounts whose workflow is missing or was closed another one. */
  healEnded(input: OfVisit & HealInput): Promise<HealResult>;
  /** Raises alarms for workflows that cannot go on. */
  reportStuck(input: OfVisit & { readonly visitBegan: number }): Promise<{ readonly failed: number }>;
  /** Wakes accounts whose next step is overdue. */
  wakeOverdue(input: OfVisit & WakeInput): Promise<WakeResult>;
  /** Raises alarms for parts of the visit that failed and for the deployment as a whole, and mails all that are new. */
  tellAdmins(input: OfVisit & { readonly broken: readonly string[] }): Promise<{ readonly mailed: number }>;
}

const WATCHDOG_ALARM = 'watchdog-failed';

export function createWatchdogActivities(deps: WatchDependencies): WatchdogActivities {
  return {
    healEnded: (input) => inWatchContext(deps, input.clock, (context) => healEnded(context, input)),
    reportStuck: (input) => inWatchContext(deps, input.clock, (context) => reportStuck(context, input)),
    wakeOverdue: (input) => inWatchContext(deps, input.clock, (context) => wakeOverdue(context, input)),
    tellAdmins: ({ clock, broken }) =>
      inWatchContext(deps, clock, async (context) => {
        const { registry } = deps;
        const at = context.now();
        const message = `The watchdog could not do all of its work (${broken.join(', ')}); the worker's log says why.`;
        if (broken.length > 0) await registry.raiseAlarm({ key: WATCHDOG_ALARM, message, at });
        else await registry.clearAlarm({ key: WATCHDOG_ALARM, at });
        await reportDeployment(context);
        return mailAlarms(context);
      }),
  };
}
