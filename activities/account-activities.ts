import type { StepOutcome } from '../src/contracts/step.ts';
import type { StepInput } from '../src/contracts/workflow-input.ts';

/** The activities that carry out the steps of an account, one a step. */
export interface AccountActivities {
  activateAccount(input: StepInput): Promise<StepOutcome>;
  sendNotice(input: StepInput): Promise<StepOutcome>;
  sendReminder(input: StepInput): Promise<StepOutcome>;
  sendAllClear(input: StepInput): Promise<StepOutcome>;
  enterGrace(input: StepInput): Promise<StepOutcome>;
  writeActiveStatus(input: StepInput): Promise<StepOutcome>;
  transferServiceAccount(input: StepInput): Promise<StepOutcome>;
  reassignServiceAccount(input: StepInput): Promise<StepOutcome>;
  followMerge(input: StepInput): Promise<StepOutcome>;
  openGuest(input: StepInput): Promise<StepOutcome>;
  shutGuest(input: StepInput): Promise<StepOutcome>;
  writeGuests(input: StepInput): Promise<StepOutcome>;
  blockAccount(input: StepInput): Promise<StepOutcome>;
  deleteAccount(input: StepInput): Promise<StepOutcome>;
  giveAccess(input: StepInput): Promise<StepOutcome>;
  disableAccount(input: StepInput): Promise<StepOutcome>;
  excludeAccount(input: StepInput): Promise<StepOutcome>;
  mirrorHold(input: StepInput): Promise<StepOutcome>;
  writeAdminDate(input: StepInput): Promise<StepOutcome>;
  recordChange(input: StepInput): Promise<StepOutcome>;
}
