import type {
  ReassignmentAsk,
  ReassignmentDecision,
  ReassignmentMail,
} from '../src/contracts/reassignment.ts';
import type { ClockAnchor } from '../src/contracts/time.ts';
import type { ReassignmentEvent } from '../src/policy/reassignment.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { mailReassignment } from './reassignment/mail-reassignment.ts';
import { openReassignment } from './reassignment/open-reassignment.ts';
import { settleReassignment } from './reassignment/settle-reassignment.ts';
import { inContext } from './sync-activities.ts';

/** The activities of requests to re-assign service accounts. They answer what the workflow folds. */
export interface ReassignmentActivities {
  /** Opens the request in the registry, if no rule is against it. */
  openReassignment(input: { clock: ClockAnchor; ask: ReassignmentAsk }): Promise<ReassignmentEvent>;
  /** Sends one mail about the request, once. */
  mailReassignment(input: { clock: ClockAnchor; requestId: string; mail: ReassignmentMail }): Promise<void>;
  /** Brings the request to its end, and tells the account's own workflow of an approval. */
  settleReassignment(input: {
    clock: ClockAnchor;
    requestId: string;
    decision: ReassignmentDecision;
  }): Promise<ReassignmentEvent>;
}

export function createReassignmentActivities(deps: ActivityDependencies): ReassignmentActivities {
  const what = 're-assignment';
  return {
    openReassignment: ({ clock, ask }) =>
      inContext(deps, clock, (context) => openReassignment(context, ask), what),
    mailReassignment: ({ clock, ...input }) =>
      inContext(deps, clock, (context) => mailReassignment(context, input), what),
    settleReassignment: ({ clock, ...input }) =>
      inContext(deps, clock, (context) => settleReassignment(context, input), what),
  };
}
