import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AccountStatus, CommandAnswer } from '../src/contracts/account-status.ts';
import type { Observation } from '../src/contracts/affiliation.ts';
import type { CommandName, CommandPayload } from '../src/contracts/command.ts';
import type { GuestChanged } from '../src/contracts/guest.ts';
import type { InstanceFacts } from '../src/contracts/instance.ts';
import type { PersonsMerged } from '../src/contracts/merge.ts';
import type {
  Reassigned,
  ReassignmentAnswer,
  ReassignmentAsk,
  ReassignmentState,
  ReassignmentWord,
  ReassignmentWordAnswer,
} from '../src/contracts/reassignment.ts';
import type { Difference, ReconcileProgress } from '../src/contracts/reconcile.ts';
import type { DecisionAnswer, PlanMessage } from '../src/contracts/sync.ts';

/** HR says something new about the person. */
export const participationChanged = defineSignal<[Observation]>('participationChanged');

/** What the INDIGO IAM instance shows of an experiment account. */
export const instanceChanged = defineSignal<[InstanceFacts]>('instanceChanged');

/** A request to re-assign the service account was approved. */
export const reassigned = defineSignal<[Reassigned]>('reassigned');

/** An admin associated an external identity with the person of the account, or released one. */
export const guestChanged = defineSignal<[GuestChanged]>('guestChanged');

/** HR merged the account's person into another one, whom it is to follow. */
export const personsMerged = defineSignal<[PersonsMerged]>('personsMerged');

/** Look whether something is due: says nothing, and mends a timer that was lost. */
export const lookAgain = defineSignal('lookAgain');

/** Tell the registry anew where the account stands. */
export const recordAgain = defineSignal('recordAgain');

/** Where an account stands, why, and the whole plan ahead. */
export const lifecycleStatus = defineQuery<AccountStatus>('lifecycleStatus');

/**
 * The commands of admins, each under one name in two forms: as an Update, which answers with the resulting state or
 * is rejected with the reason, and as a signal, which an operator can send from Temporal UI.
 */
export const commandUpdates = {
  restore: defineUpdate<CommandAnswer, [CommandPayload]>('restore'),
  extend: defineUpdate<CommandAnswer, [CommandPayload]>('extend'),
  ignore: defineUpdate<CommandAnswer, [CommandPayload]>('ignore'),
  resume: defineUpdate<CommandAnswer, [CommandPayload]>('resume'),
  disable: defineUpdate<CommandAnswer, [CommandPayload]>('disable'),
  enable: defineUpdate<CommandAnswer, [CommandPayload]>('enable'),
} satisfies Record<CommandName, unknown>;

export const commandSignals = {
  restore: defineSignal<[CommandPayload]>('restore'),
  extend: defineSignal<[CommandPayload]>('extend'),
  ignore: defineSignal<[CommandPayload]>('ignore'),
  resume: defineSignal<[CommandPayload]>('resume'),
  disable: defineSignal<[CommandPayload]>('disable'),
  enable: defineSignal<[CommandPayload]>('enable'),
} satisfies Record<CommandName, unknown>;

/** The type of a command that was refused, in the failure an Update answers with. */
export const COMMAND_REFUSED = 'COMMAND_REFUSED';

/** What an admin says of a held plan: by Update, which answers, or by signal. */
export const decisionUpdates = {
  approve: defineUpdate<DecisionAnswer, [PlanMessage]>('approve'),
  reject: defineUpdate<DecisionAnswer, [PlanMessage]>('reject'),
};

export const decisionSignals = {
  approve: defineSignal<[PlanMessage]>('approve'),
  reject: defineSignal<[PlanMessage]>('reject'),
};

/** A newer synchronisation took the place of the plan. */
export const planSuperseded = defineSignal('superseded');

/** The id of the workflow in which a held plan waits. */
export function planApprovalId(planId: string): string {
  return `plan-approval/${planId}`;
}

/** How far a comparison has come. */
export const reconcileProgress = defineQuery<ReconcileProgress>('reconcileProgress');

/** Differences that a comparison found, a page of them. */
export const reconcileRows = defineQuery<readonly Difference[], [{ from: number; limit: number }]>(
  'reconcileRows',
);

/** Asks for a request to re-assign an account; the workflow is started with it. */
export const askReassignment = defineUpdate<ReassignmentAnswer, [ReassignmentAsk]>('ask');

/** What somebody says of an open request. */
export const reassignmentWords = {
  approved: defineUpdate<ReassignmentWordAnswer, [ReassignmentWord]>('approve'),
  rejected: defineUpdate<ReassignmentWordAnswer, [ReassignmentWord]>('reject'),
  withdrawn: defineUpdate<ReassignmentWordAnswer, [ReassignmentWord]>('withdraw'),
};

/** The owner left while the request was open, and the account went to somebody else. */
export const ownerChanged = defineSignal<[{ readonly owner: string }]>('ownerChanged');

/** HR merged a person whom the request may name. */
export const reassignedPersonsMerged =
  defineSignal<[{ readonly fromPerson: string; readonly toPerson: string }]>('personsMerged');

/** The id of the workflow in which two persons are merged: the same for the same request. */
export function personMergeId(requestId: string): string {
  return `merge/${requestId}`;
}

/** Where a request stands. */
export const reassignmentStatus = defineQuery<ReassignmentState>('reassignmentStatus');

/** The id of the workflow in which a request to re-assign an account waits: one at a time. */
export function reassignmentId(accountId: string): string {
  return `reassignment/${accountId}`;
}
