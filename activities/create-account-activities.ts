import type { AccountActivities } from './account-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { stepActivity } from './step-context.ts';
import { activateAccount, disableAccount, excludeAccount, giveAccess } from './steps/access.ts';
import { blockAccount, deleteAccount } from './steps/harm.ts';
import { enterGrace, recordChange, writeActiveStatus } from './steps/leaving.ts';
import { sendAllClear, sendNotice, sendReminder } from './steps/notices.ts';
import { transferServiceAccount } from './steps/transfer.ts';

/** The activities of accounts' steps over what the worker built. */
export function createAccountActivities(deps: ActivityDependencies): AccountActivities {
  return {
    activateAccount: stepActivity(deps, activateAccount),
    sendNotice: stepActivity(deps, sendNotice),
    sendReminder: stepActivity(deps, sendReminder),
    sendAllClear: stepActivity(deps, sendAllClear),
    enterGrace: stepActivity(deps, enterGrace),
    writeActiveStatus: stepActivity(deps, writeActiveStatus),
    transferServiceAccount: stepActivity(deps, transferServiceAccount),
    blockAccount: stepActivity(deps, blockAccount),
    deleteAccount: stepActivity(deps, deleteAccount),
    giveAccess: stepActivity(deps, giveAccess),
    disableAccount: stepActivity(deps, disableAccount),
    excludeAccount: stepActivity(deps, excludeAccount),
    recordChange: stepActivity(deps, recordChange),
  };
}
