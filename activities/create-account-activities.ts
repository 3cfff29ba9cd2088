import type { AccountActivities } from './account-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { stepActivity, type StepContext, type StepResult } from './step-context.ts';
import { activateAccount, disableAccount, excludeAccount, giveAccess } from './steps/access.ts';
import { followMerge } from './steps/follow-merge.ts';
import { openGuest, shutGuest, writeGuests } from './steps/guest.ts';
import { blockAccount, deleteAccount } from './steps/harm.ts';
import {
  deleteInInstance,
  expireInInstance,
  mirrorHold,
  setActiveInInstance,
  suspendInInstance,
  writeAdminDate,
} from './steps/instance.ts';
import { enterGrace, recordChange, writeActiveStatus } from './steps/leaving.ts';
import { sendAllClear, sendNotice, sendReminder } from './steps/notices.ts';
import { reassignServiceAccount } from './steps/reassign.ts';
import { transferServiceAccount } from './steps/transfer.ts';

type StepBody = (context: StepContext) => Promise<StepResult>;

/** What is done to an account of an INDIGO IAM instance, and to any other, under the same name. */
function byHome(elsewhere: StepBody, inInstance: StepBody): StepBody {
  return (context) => (context.input.state.kind === 'experiment' ? inInstance : elsewhere)(context);
}

/** The activities of accounts' steps over what the worker built. */
export function createAccountActivities(deps: ActivityDependencies): AccountActivities {
  return {
    activateAccount: stepActivity(deps, activateAccount),
    sendNotice: stepActivity(deps, sendNotice),
    sendReminder: stepActivity(deps, sendReminder),
    sendAllClear: stepActivity(deps, sendAllClear),
    enterGrace: stepActivity(deps, byHome(enterGrace, expireInInstance)),
    writeActiveStatus: stepActivity(deps, writeActiveStatus),
    transferServiceAccount: stepActivity(deps, transferServiceAccount),
    reassignServiceAccount: stepActivity(deps, reassignServiceAccount),
    followMerge: stepActivity(deps, followMerge),
    openGuest: stepActivity(deps, openGuest),
    shutGuest: stepActivity(deps, shutGuest),
    writeGuests: stepActivity(deps, writeGuests),
    blockAccount: stepActivity(deps, byHome(blockAccount, suspendInInstance)),
    deleteAccount: stepActivity(deps, byHome(deleteAccount, deleteInInstance)),
    giveAccess: stepActivity(deps, byHome(giveAccess, setActiveInInstance)),
    disableAccount: stepActivity(deps, byHome(disableAccount, setActiveInInstance)),
    excludeAccount: stepActivity(deps, excludeAccount),
    mirrorHold: stepActivity(deps, mirrorHold),
    writeAdminDate: stepActivity(deps, writeAdminDate),
    recordChange: stepActivity(deps, recordChange),
  };
}
