import type { CalendarDate } from '../../src/contracts/time.ts';
import { laterOf } from '../../src/policy/calendar.ts';
import { governing, type LastDay } from '../../src/policy/governing.ts';
import type { ReassignmentRefusal } from '../../src/contracts/reassignment.ts';
import { refusalOfMerged } from '../../src/policy/account-requests.ts';
import { type ReassignmentFacts, refusalOfReassignment } from '../../src/policy/reassignment-rules.ts';
import type { HandoverFacts } from '../../src/registry/registry.ts';
import { livingPrimary } from '../living-primary.ts';
import { applicantOf } from '../requests/applicant.ts';

/** The later of HR's last day and the date an admin gave. */
function effective(hr: LastDay, admin: CalendarDate | null): LastDay {
  return hr.type === 'on' && admin !== null ? { type: 'on', date: laterOf(hr.date, admin) } : hr;
}

/** What the registry knows, as the rule of re-assigning looks at it. */
function reassignmentFacts(
  facts: HandoverFacts,
  input: { readonly newOwner: string; readonly today: CalendarDate },
): ReassignmentFacts {
  const { account, isOpen, newOwner: person, accounts, coming } = facts;
  const { today, newOwner: personId } = input;
  const { isKnown, isValid, isDisabled, has } = applicantOf({ person, accounts, coming, today });
  const primary = livingPrimary(accounts);
  const observation = person?.observation ?? null;
  const { lastDay } = governing({ kind: 'primary', experiment: null, observation, today });
  return {
    account: account && { kind: account.kind, stage: account.state.stage, owner: account.personId },
    isOpen,
    newOwner: {
      ...{ personId, isKnown, isValid, isDisabled, has, primaryStage: primary?.state.stage ?? null },
      lastDay: effective(lastDay, primary?.state.adminDate?.until ?? null),
    },
    today,
  };
}

/** Why the account cannot be handed to the proposed owner; `null` = it can. */
export function refusalOfHandover(
  facts: HandoverFacts,
  input: { readonly newOwner: string; readonly today: CalendarDate },
): ReassignmentRefusal | null {
  const into = facts.newOwner?.mergedInto ?? null;
  return into === null ? refusalOfReassignment(reassignmentFacts(facts, input)) : refusalOfMerged(into);
}
