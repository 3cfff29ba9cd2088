import type { AccountKind, AccountState } from '../contracts/account.ts';
import type { Policy } from '../contracts/policy.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { assertNever } from './assert-never.ts';
import { dateOf, timeOf } from './calendar.ts';
import { accountDate, factsOn, wantsAccess } from './facts.ts';
import { identityOf } from './identity-state.ts';
import { planAhead } from './next-step.ts';

/** `2027-05-31 00:14`, in the policy's zone. */
export function momentWords(at: Instant, timeZone: string): string {
  return `${dateOf(at, timeZone)} ${timeOf(at, timeZone)}`;
}

/** What a step does, in an operator's words. */
export function actionWords(step: Step, kind: AccountKind): string {
  switch (step.action) {
    case 'activate':
      return 'activate';
    case 'notice':
      return step.notice?.template === 'has-left' ? 'late notice' : `notice ${String(step.notice?.offset)}`;
    case 'allClear':
      return step.notice?.template === 'returned' ? 'welcome back' : 'all-clear';
    case 'reminder':
      return step.notice?.template === 'hold-ends'
        ? 'reminder that the hold ends'
        : 'reminder that the date ends';
    case 'leaving':
      return kind === 'experiment' ? 'expiry' : 'leaving';
    case 'status':
      return `status "${String(step.activeStatus)}"`;
    case 'giveAccess':
      return step.giveAccess === 'returned' ? 'return' : 'give access back';
    case 'hold':
      return 'label ignore';
    case 'adminDate':
      return 'end time';
    case 'guest':
      return 'guest account';
    case 'shutGuest':
      return 'shut the guest account';
    case 'writeGuests':
      return 'external identities';
    case 'reassign':
      return 're-assignment';
    case 'merge':
      return 'go over to the merged person';
    case 'transfer':
    case 'block':
    case 'delete':
    case 'disable':
    case 'exclude':
    case 'record':
      return step.action;
    default:
      return assertNever(step.action);
  }
}

/** The holds, as words for lists and search attributes. */
export function holdsOf(state: AccountState): readonly string[] {
  return Object.entries(state.holds).flatMap(([name, hold]) => (hold === null ? [] : [name]));
}

function lastDayWords(state: AccountState, policy: Policy, now: Instant): string {
  const { lastDay, standing, future } = factsOn(state, accountDate(state, policy, now));
  const next = future === null ? '' : `; next affiliation from ${future}`;
  switch (lastDay.type) {
    case 'open':
      return `open-ended (${standing})`;
    case 'on':
      return `last day ${lastDay.date} (${standing}${state.adminDate?.until === lastDay.date ? ', given by an admin' : ''})${next}`;
    case 'unknown':
      return `no last day known (${standing})${next}`;
    default:
      return assertNever(lastDay);
  }
}

function holdWords(state: AccountState): readonly string[] {
  const { ignored, disabledManually, excluded } = state.holds;
  return [
    ...(ignored
      ? [`ignored by ${ignored.actor} until ${ignored.until ?? 'resumed'}: no milestone runs`]
      : []),
    ...(disabledManually ? [`disabled manually by ${disabledManually.actor}: access is off`] : []),
    ...(excluded ? ['excluded by HR: access is off'] : []),
  ];
}

/** An account in a few lines: stage, why, and what comes next. */
export interface Description {
  /** One line. */
  readonly headline: string;
  /** Markdown, several lines. */
  readonly details: string;
}

/** Says in words where an account stands, why, and what comes. Nothing personal is in it. */
export function describeAccount(
  state: AccountState,
  policy: Policy,
  now: Instant,
  problem: string | null,
): Description {
  const plan = planAhead(state, policy, now);
  const planLines = plan.map(
    ({ step, held }) =>
      `- ${momentWords(step.dueAt, policy.timeZone)}: ${actionWords(step, state.kind)} (${step.why})${held ? ', held' : ''}`,
  );
  const [next] = plan.filter(({ held }) => !held);
  const nextWords = next
    ? `next: ${actionWords(next.step, state.kind)} on ${momentWords(next.step.dueAt, policy.timeZone)}`
    : 'nothing planned';
  const why = lastDayWords(state, policy, now);
  const identity = identityOf(state, accountDate(state, policy, now));
  const holds = holdWords(state);
  const headline = [`${state.kind} account, ${state.stage}`, why, ...holds, nextWords].join('; ');
  const past = state.past
    .slice(-8)
    .map((one) => `- ${momentWords(one.at, policy.timeZone)}: ${one.action} ${one.result} (${one.note})`);
  const details = [
    `**${state.kind} account: ${state.stage}**, access ${wantsAccess(state) ? 'on' : 'off'}`,
    `Why: ${why}`,
    ...(identity === null ? [] : [`Person: ${identity}`]),
    ...holds.map((hold) => `Hold: ${hold}`),
    ...(problem === null ? [] : [`**Problem: ${problem}**`]),
    ...(state.lastRefusal ? [`Last message refused: ${state.lastRefusal.message}`] : []),
    '',
    `**Plan** (policy ${policy.name} ${policy.version}, ${policy.timeZone})`,
    ...(planLines.length > 0 ? planLines : ['- nothing planned']),
    '',
    '**Done lately**',
    ...(past.length > 0 ? past : ['- nothing yet']),
  ].join('\n');
  return { headline, details };
}
