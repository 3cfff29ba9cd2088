import {
  defineSearchAttributeKey,
  SearchAttributeType,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';
import { setCurrentDetails, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import type { AccountState } from '../src/contracts/account.ts';
import type { Policy } from '../src/contracts/policy.ts';
import type { Instant } from '../src/contracts/time.ts';
import { actionWords, describeAccount, holdsOf } from '../src/policy/describe.ts';
import { accountDate, factsOn } from '../src/policy/facts.ts';
import { planAhead } from '../src/policy/next-step.ts';

const accountKind = defineSearchAttributeKey('AccountKind', SearchAttributeType.KEYWORD);
const lifecycleStage = defineSearchAttributeKey('LifecycleStage', SearchAttributeType.KEYWORD);
const hrStanding = defineSearchAttributeKey('HrStanding', SearchAttributeType.KEYWORD);
const holds = defineSearchAttributeKey('Holds', SearchAttributeType.KEYWORD_LIST);
const lastDay = defineSearchAttributeKey('LastDay', SearchAttributeType.DATETIME);
const nextMilestone = defineSearchAttributeKey('NextMilestone', SearchAttributeType.KEYWORD);
const nextMilestoneAt = defineSearchAttributeKey('NextMilestoneAt', SearchAttributeType.DATETIME);
const lifecycleProblem = defineSearchAttributeKey('LifecycleProblem', SearchAttributeType.KEYWORD);

/** Trouble as operators see it: a stable code for lists, words for the page. */
export interface Problem {
  readonly code: string;
  readonly words: string;
}

/**
 * Shows the account in Temporal: search attributes for lists, a memo that outlives runs, current details for its
 * page. Attributes and memo are written only when they differ from `presented`; answers what they show now.
 */
export function present(input: {
  readonly state: AccountState;
  readonly policy: Policy;
  readonly now: Instant;
  readonly problem: Problem | null;
  readonly presented: string | undefined;
  /** Nothing has happened since `presented` was shown, by an earlier run: new wording alone is no reason to write. */
  readonly isSettled: boolean;
}): string {
  const { state, policy, now, problem, presented } = input;
  const facts = factsOn(state, accountDate(state, policy, now));
  const next = planAhead(state, policy, now).find(({ held }) => !held)?.step ?? null;
  const { headline, details } = describeAccount(state, policy, now, problem?.words ?? null);
  setCurrentDetails(details);

  const memo = problem ? `${headline}; problem: ${problem.words}` : headline;
  // An upsert that the sleeping run's history lacks would keep it from being replayed by new code.
  if (presented !== undefined && (input.isSettled || memo === presented)) return presented;
  const pairs: SearchAttributeUpdatePair[] = [
    { key: accountKind, value: state.kind },
    { key: lifecycleStage, value: state.stage },
    { key: hrStanding, value: facts.standing },
    { key: holds, value: [...holdsOf(state)] },
    { key: lastDay, value: facts.lastDay.type === 'on' ? new Date(`${facts.lastDay.date}T00:00:00Z`) : null },
    { key: nextMilestone, value: next ? actionWords(next, state.kind) : null },
    { key: nextMilestoneAt, value: next ? new Date(next.dueAt) : null },
    { key: lifecycleProblem, value: problem?.code ?? null },
  ];
  upsertSearchAttributes(pairs);
  upsertMemo({ summary: memo });
  return memo;
}
