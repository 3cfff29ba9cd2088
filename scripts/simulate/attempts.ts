import type { AccountState } from '../../src/contracts/account.ts';
import type { Observation } from '../../src/contracts/affiliation.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { Step, StepOutcome } from '../../src/contracts/step.ts';
import { DAY_MS, type Instant } from '../../src/contracts/time.ts';
import { addDays } from '../../src/policy/calendar.ts';
import { accountDate, factsOn } from '../../src/policy/facts.ts';
import { daysLater, nextNoticeMoment } from '../../src/policy/moments.ts';
import type { Trouble } from '../../checker/life.ts';
import type { Attempt } from './account.ts';
import type { Hr } from './hr.ts';
import type { Mailbox } from './mailbox.ts';
import type { Random } from './random.ts';

/** What an attempt can see and touch. */
export interface World {
  readonly troubles: readonly Trouble[];
  /** HR for the person the account follows now; `null` = nobody of the script, who never changes. */
  readonly hrOf: (personId: string) => Hr | null;
  readonly mailbox: Mailbox;
  readonly random: Random;
  readonly newOwner: (now: Instant) => Observation;
  /** Whether the person's primary account still tells them of blocks. */
  readonly isToldByPrimary: () => boolean;
  /** A delete has begun on some target. */
  readonly isDeleteBegun: (accountId: string) => boolean;
  /** Something reached a target although nobody was told so. */
  readonly leaked: (state: AccountState, step: Step, now: Instant) => void;
}

const MAILS = new Set<Step['action']>(['notice', 'allClear', 'reminder']);
const HARMS = new Set<Step['action']>(['block', 'delete', 'transfer']);
const HR_READERS = new Set<Step['action']>(['activate', 'exclude', 'block', 'delete', 'transfer']);
/** So often a step that waits for HR looks again. */
const LOOK_AGAIN_MS = DAY_MS / 4;

function troubleNow(world: World, what: Trouble['what'], now: Instant): Trouble | undefined {
  return world.troubles.find((trouble) => trouble.what === what && now >= trouble.from && now < trouble.to);
}

/** What HR, read afresh, says against the step; `null` = nothing. */
function objectionOf(
  state: AccountState,
  step: Step,
  input: { fresh: Observation; policy: Policy; now: Instant },
) {
  const { fresh, policy, now } = input;
  const { lastDay, valid, future, excluded } = factsOn(
    { ...state, observation: fresh },
    accountDate(state, policy, now),
  );
  const isLater =
    lastDay.type === 'open' ||
    (lastDay.type === 'on' && step.lastDay !== null && lastDay.date > step.lastDay);
  // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- only these read HR for another reason
  switch (step.action) {
    case 'activate':
      return valid ? null : future === null ? 'wait' : 'refuse';
    case 'exclude':
      return excluded ? null : 'refuse';
    case 'transfer': {
      const isBack =
        future !== null && step.lastDay !== null && future <= addDays(step.lastDay, policy.transferWaitDays);
      return valid || isLater || isBack ? 'refuse' : null;
    }
    default:
      return isLater ? 'refuse' : null;
  }
}

/** Until when the block of a secondary account waits for the notice of the primary one. */
function heldBackUntil(
  state: AccountState,
  step: Step,
  input: { policy: Policy; world: World; now: Instant },
): Instant | null {
  const { policy, world, now } = input;
  if (step.action !== 'block' || policy.noticesBy !== 'primary' || policy.blockAfterNoticeDays === 0)
    return null;
  const wait = (from: Instant) => daysLater(from, policy.blockAfterNoticeDays, policy.timeZone);
  const mails = world.mailbox.all();
  const cleared = Math.max(
    0,
    ...mails
      .filter(({ type, lastDay }) => type === 'returned' || (type === 'allClear' && lastDay !== step.lastDay))
      .map(({ dueAt }) => dueAt),
  );
  const dueAts = mails
    .filter(({ offset, lastDay, dueAt }) => offset !== null && lastDay === step.lastDay && dueAt > cleared)
    .map(({ dueAt }) => dueAt);
  if (dueAts.length > 0) {
    const until = wait(Math.min(...dueAts));
    return until > now ? until : null;
  }
  if (state.notBefore?.key === step.key) return null;
  return world.isToldByPrimary() ? wait(nextNoticeMoment(now, state.accountId, policy)) : null;
}

/** How an attempt at a step goes, as the activities behind it would have it. */
export function attemptOf(
  state: AccountState,
  step: Step,
  input: { policy: Policy; world: World; now: Instant },
): Attempt {
  const { policy, world, now } = input;
  const refused = (why: Extract<StepOutcome, { result: 'refused' }>['why']): Attempt => ({
    type: 'ends',
    outcome: { result: 'refused', at: now, recorded: state.noteSequence, why },
  });
  const done = (over: { newOwner?: Observation } = {}): Attempt => ({
    type: 'ends',
    outcome: { result: 'done', at: now, note: '', recorded: state.noteSequence, ...over },
  });
  if (step.action === 'record') return done();
  const hinders = (what: Trouble['what'], code: string): Attempt | null => {
    const trouble = troubleNow(world, what, now);
    if (!trouble) return null;
    return world.random.chance(0.3) ? { type: 'fails', code } : { type: 'waits', until: trouble.to };
  };
  if (MAILS.has(step.action)) {
    world.mailbox.due(state.accountId, step, now);
    return hinders('mail', 'MAIL_REFUSED') ?? done();
  }
  const frozen = HARMS.has(step.action) ? troubleNow(world, 'freeze', now) : undefined;
  if (frozen) return { type: 'waits', until: frozen.to };
  if (step.action === 'giveAccess' && world.isDeleteBegun(state.accountId))
    return refused({ code: 'deleteBegun' });
  const isFinishing = step.action === 'delete' && state.deleteBegun;
  // Whoever it is about: an heir's answers do not change, but HR may be down for them as well.
  const isDown = HR_READERS.has(step.action) && !isFinishing && troubleNow(world, 'hr', now) !== undefined;
  if (isDown) return { type: 'waits', until: now + LOOK_AGAIN_MS };
  const hr = HR_READERS.has(step.action) && !isFinishing ? world.hrOf(state.personId) : null;
  if (hr) {
    const fresh = hr.look(now);
    if (!fresh) return { type: 'waits', until: now + LOOK_AGAIN_MS };
    const objection = objectionOf(state, step, { fresh, policy, now });
    if (objection === 'wait') return { type: 'waits', until: now + LOOK_AGAIN_MS };
    if (objection === 'refuse') return refused({ code: 'observation', observation: fresh });
  }
  const at = heldBackUntil(state, step, { policy, world, now });
  if (at !== null) return refused({ code: 'notBefore', at });
  const hindered = hinders('targets', 'TARGET_REFUSED');
  if (hindered) {
    if (world.random.chance(0.3)) world.leaked(state, step, now);
    return hindered;
  }
  return step.action === 'transfer' ? done({ newOwner: world.newOwner(now) }) : done();
}
