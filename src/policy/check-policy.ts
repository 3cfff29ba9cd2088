import type { AccountKind } from '../contracts/account.ts';
import type { Milestone, Policy, PolicySet } from '../contracts/policy.ts';

/** One thing that is wrong with a policy: where, what, why it cannot work, and what to write instead. */
export interface PolicyProblem {
  readonly code: string;
  /** From the policy (or set) down, for instance `['milestones', 3]`. */
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

const WALL_TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const MINUTES_A_DAY = 1440;

/** Numbers of days that a policy holds beside its milestones, and the least that makes sense. */
const DAY_SETTINGS = [
  ['deleteAfterBlockDays', 1],
  ['blockAfterNoticeDays', 0],
  ['transferWaitDays', 0],
  ['restoreDays', 1],
  ['ignoreDays', 1],
  ['reminderDays', 0],
] as const;

/** What is wrong with the name of a time zone, or `null`. Case counts, as it does for Temporal's server. */
export function timeZoneProblem(timeZone: string): string | null {
  if (!/^[A-Za-z]/.test(timeZone)) return 'is no IANA time zone';
  let known: string;
  try {
    known = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'is no IANA time zone';
  }
  const differsInCase = known !== timeZone && known.toLowerCase() === timeZone.toLowerCase();
  return differsInCase ? `is written ${known}` : null;
}

/** Everything that is wrong with one policy; empty = it can be used. Source: `docs/rules.md`, "The calendar". */
export function checkPolicy(policy: Policy): PolicyProblem[] {
  return [
    ...checkSettings(policy),
    ...policy.milestones.flatMap((milestone, index) => checkMilestone(policy.kind, milestone, index)),
    ...checkDuplicates(policy.milestones),
    ...checkOrder(policy.milestones),
    ...checkCompleteness(policy),
    ...checkNoticesBy(policy),
  ];
}

/** Everything that is wrong with a set: each policy by itself, and how they go together. */
export function checkPolicySet(set: PolicySet): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (set.name.trim() === '')
    problems.push(missing('name', 'it says in logs and workflows which rules applied'));
  if (set.version.trim() === '') {
    problems.push(missing('version', 'an account carries its policy for years; its version tells which one'));
  }
  const policies = Object.entries(set.policies);
  if (policies.length === 0) problems.push(missing('policies', 'a set without a policy manages no account'));
  for (const [kind, policy] of policies) {
    if (policy.kind !== kind) {
      problems.push({
        code: 'kind-mismatch',
        path: ['policies', kind, 'kind'],
        what: `the policy under ${kind} is for ${policy.kind} accounts`,
        why: 'an account is given the policy that stands under its kind',
        remedy: `write it under ${policy.kind}, or make its kind ${kind}`,
      });
    }
    const own = checkPolicy(policy).filter((problem) => problem.path[0] !== 'version' || set.version !== '');
    problems.push(...own.map((problem) => ({ ...problem, path: ['policies', kind, ...problem.path] })));
  }
  return [...problems, ...checkSecondary(set)];
}

function missing(key: string, why: string): PolicyProblem {
  return { code: `${key}-missing`, path: [key], what: `${key} is missing`, why, remedy: `write ${key}: …` };
}

function checkSettings(policy: Policy): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (policy.version.trim() === '') {
    problems.push(missing('version', 'an account carries its policy for years; its version tells which one'));
  }
  const zone = timeZoneProblem(policy.timeZone);
  if (zone !== null) {
    problems.push({
      code: 'unknown-zone',
      path: ['timeZone'],
      what: `${policy.timeZone} ${zone}`,
      why: 'every day of the calendar begins at midnight in this zone',
      remedy: 'write an IANA name as it is spelled, for instance Europe/Zurich or UTC',
    });
  }
  if (policy.kind === 'experiment' && policy.timeZone !== 'UTC') {
    problems.push({
      code: 'zone-of-an-instance',
      path: ['timeZone'],
      what: `${policy.timeZone} is not UTC`,
      why: 'an INDIGO IAM instance counts days in UTC, and an account would be over here and not there',
      remedy: 'write UTC for experiment accounts',
    });
  }
  if (!WALL_TIME.test(policy.noticeTime)) {
    problems.push({
      code: 'bad-time',
      path: ['noticeTime'],
      what: `${policy.noticeTime} is no time of day`,
      why: 'notices go out at this time on the clock on the wall',
      remedy: 'write HH:MM from 00:00 to 23:59, for instance "08:00"',
    });
  }
  const { spreadMinutes } = policy;
  if (!Number.isInteger(spreadMinutes) || spreadMinutes < 0 || spreadMinutes >= MINUTES_A_DAY) {
    problems.push({
      code: 'bad-spread',
      path: ['spreadMinutes'],
      what: `a spread of ${spreadMinutes} minutes`,
      why: 'a window of a day or more would reach into the next milestone’s day',
      remedy: `write a whole number from 0 to ${MINUTES_A_DAY - 1}`,
    });
  }
  for (const [key, least] of DAY_SETTINGS) {
    const days = policy[key];
    if (Number.isInteger(days) && days >= least) continue;
    problems.push({
      code: 'bad-days',
      path: [key],
      what: `${key} is ${days}`,
      why: 'it counts whole calendar days',
      remedy: `write a whole number, ${least} or more`,
    });
  }
  return problems;
}

function checkMilestone(kind: AccountKind, milestone: Milestone, index: number): PolicyProblem[] {
  const path = ['milestones', index];
  const { action, offset } = milestone;
  const sense = senseless(kind, milestone);
  if (sense !== null) return [{ code: 'wrong-kind', path, what: `${action} on a ${kind} account`, ...sense }];
  if (!Number.isInteger(offset)) {
    return [
      {
        code: 'bad-offset',
        path: [...path, 'offset'],
        what: `${action} at ${offset} days`,
        why: 'offsets count whole calendar days',
        remedy: 'write a whole number of days',
      },
    ];
  }
  if (action === 'notice' && offset >= 0) {
    return [
      {
        code: 'late-notice',
        path: [...path, 'offset'],
        what: `a notice at ${offset}`,
        why: 'a notice tells in advance, so it counts backwards from the last day',
        remedy: offset === 0 ? 'write -1 or less' : `write -${offset} for ${offset} days before the last day`,
      },
    ];
  }
  if (action !== 'notice' && offset < 0) {
    return [
      {
        code: 'early-action',
        path: [...path, 'offset'],
        what: `${action} at ${offset}`,
        why: 'it would happen while the person is still here',
        remedy: 'write 0 or more: days from leaving',
      },
    ];
  }
  return [];
}

/** Why this action has no place in a policy for this kind, or `null`. */
function senseless(kind: AccountKind, milestone: Milestone): { why: string; remedy: string } | null {
  const remedy = 'take this milestone out';
  const { action } = milestone;
  if (kind === 'guest') return { why: 'a guest account is opened and shut by the primary account', remedy };
  if (kind === 'service' && action !== 'transfer') {
    return { why: 'a service account outlives its owners: it is only ever handed on', remedy };
  }
  if (kind !== 'service' && action === 'transfer') {
    return { why: 'the account is personal; only service accounts go to another owner', remedy };
  }
  if (kind !== 'primary' && action === 'guest') {
    return {
      why: 'one guest account goes to a person who has left: the primary account opens it',
      remedy: 'write guest under primary',
    };
  }
  if (kind === 'secondary' && action === 'notice') {
    return {
      why: 'one notice goes to a person, not one to each account: the primary account sends it',
      remedy: 'write notices under primary',
    };
  }
  return null;
}

function checkDuplicates(milestones: readonly Milestone[]): PolicyProblem[] {
  const seen = new Set<string>();
  return milestones.flatMap((milestone, index) => {
    const identity = milestone.action === 'notice' ? `notice ${milestone.offset}` : milestone.action;
    if (!seen.has(identity)) {
      seen.add(identity);
      return [];
    }
    return [
      {
        code: 'duplicate',
        path: ['milestones', index],
        what: `a second ${identity}`,
        why: 'each step of a leaving is done once',
        remedy: 'keep one of them',
      },
    ];
  });
}

/** Days from the last day: a notice counts from it, everything else from the day after it. */
function dayOf(milestone: Milestone): number {
  return milestone.action === 'notice' ? milestone.offset : milestone.offset + 1;
}

function checkOrder(milestones: readonly Milestone[]): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const block = milestones.find(({ action }) => action === 'block');
  for (const [index, milestone] of milestones.entries()) {
    if (milestone.action === 'delete' && block !== undefined && milestone.offset <= block.offset) {
      problems.push({
        code: 'delete-before-block',
        path: ['milestones', index, 'offset'],
        what: `delete at ${milestone.offset}, block at ${block.offset}`,
        why: 'an account is deleted only from blocked, and never in one go with the block',
        remedy: `write a delete of ${block.offset + 1} or more`,
      });
      continue;
    }
    const previous = milestones[index - 1];
    const deleteNamed = previous?.action === 'delete' && milestone.action === 'block';
    if (previous === undefined || deleteNamed || dayOf(previous) <= dayOf(milestone)) continue;
    problems.push({
      code: 'out-of-order',
      path: ['milestones', index],
      what: `${milestone.action} ${milestone.offset} stands after ${previous.action} ${previous.offset}`,
      why: 'milestones are carried out in the order in which they stand',
      remedy: 'sort them by day: notices first, then leaving, block, delete',
    });
  }
  return problems;
}

function checkCompleteness(policy: Policy): PolicyProblem[] {
  const has = (action: Milestone['action']): boolean =>
    policy.milestones.some((milestone) => milestone.action === action);
  const at = (action: Milestone['action']): (string | number)[] => [
    'milestones',
    Math.max(
      0,
      policy.milestones.findIndex((milestone) => milestone.action === action),
    ),
  ];
  const problems: PolicyProblem[] = [];
  if (policy.kind === 'service' && !has('transfer')) {
    problems.push({
      code: 'transfer-missing',
      path: ['milestones'],
      what: 'a service policy without transfer',
      why: 'the account would stay with an owner who has left',
      remedy: 'add { action: transfer, offset: 0 }',
    });
  }
  if (policy.kind === 'service' || policy.kind === 'guest') return problems;
  if (has('delete') && !has('block')) {
    problems.push({
      code: 'delete-without-block',
      path: at('delete'),
      what: 'a delete without a block',
      why: 'an account is deleted only from blocked',
      remedy: 'add { action: block, offset: … } before it',
    });
  }
  if (!has('leaving')) {
    problems.push({
      code: has('block') ? 'block-without-leaving' : 'leaving-missing',
      path: has('block') ? at('block') : ['milestones'],
      what: has('block') ? 'a block without leaving' : 'milestones without leaving',
      why: 'at leaving the grace begins from which a block follows',
      remedy: 'add { action: leaving, offset: 0 }',
    });
  }
  return problems;
}

function checkNoticesBy(policy: Policy): PolicyProblem[] {
  const notices = policy.milestones.some(({ action }) => action === 'notice');
  const problem = (what: string, why: string, remedy: string): PolicyProblem[] => [
    { code: 'notices-by', path: ['noticesBy'], what, why, remedy },
  ];
  if (policy.noticesBy === 'primary' && policy.kind !== 'secondary') {
    return problem(
      `noticesBy: primary on a ${policy.kind} account`,
      'the primary account tells its person of the secondary accounts only',
      'write self or nobody',
    );
  }
  // A notice that has no place here is reported where it stands.
  if (policy.kind === 'secondary' || policy.kind === 'service' || policy.kind === 'guest') {
    return policy.noticesBy === 'self'
      ? problem(
          `noticesBy: self on a ${policy.kind} account`,
          'it sends no notices',
          policy.kind === 'secondary' ? 'write primary' : 'write nobody',
        )
      : [];
  }
  if (policy.noticesBy === 'self' && !notices) {
    return problem(
      'noticesBy: self without a notice',
      'a block would wait for one',
      'write nobody, or add a notice',
    );
  }
  if (policy.noticesBy === 'nobody' && notices) {
    return problem('noticesBy: nobody beside a notice', 'the two contradict each other', 'write self');
  }
  return [];
}

/** The notices of a secondary account are the primary's: they must exist, and name no later block. */
function checkSecondary(set: PolicySet): PolicyProblem[] {
  const { primary, secondary } = set.policies;
  if (secondary?.noticesBy !== 'primary') return [];
  if (primary?.noticesBy !== 'self') {
    return [
      {
        code: 'notices-by',
        path: ['policies', 'secondary', 'noticesBy'],
        what: 'noticesBy: primary, but the primary policy sends no notices',
        why: 'nobody would tell the person',
        remedy: 'add notices under primary, or write nobody',
      },
    ];
  }
  const blockOf = (policy: Policy): number | undefined =>
    policy.milestones.find(({ action }) => action === 'block')?.offset;
  const [own, named] = [blockOf(secondary), blockOf(primary)];
  if (own === undefined || (named !== undefined && own >= named)) return [];
  return [
    {
      code: 'secondary-block-early',
      path: [
        'policies',
        'secondary',
        'milestones',
        secondary.milestones.findIndex((m) => m.action === 'block'),
      ],
      what: `block at ${own}, the primary’s at ${named ?? 'none'}`,
      why: 'the notices name the primary account’s block: the secondary would be blocked unannounced',
      remedy: named === undefined ? 'add a block under primary' : `write ${named} or more`,
    },
  ];
}
