import type { AccountState } from '../contracts/account.ts';
import type { InstanceFacts } from '../contracts/instance.ts';
import type { Instant } from '../contracts/time.ts';
import { dateOf } from './calendar.ts';
import { initialState } from './initial-state.ts';
import { isSameInstance, lastDayOfEndTime, stageShown } from './instance-facts.ts';
import { withNote } from './notes.ts';

/** Who set a hold that the label `ignore` stands for, when it was not us. */
const INSTANCE = 'indigo-iam';

/** What an end of an account's life is called in the audit log. */
const ENDS: Readonly<Record<Exclude<InstanceFacts['presence'], 'there'>, string>> = {
  released: 'its label was removed in the instance: it is let go, and nothing is changed there',
  deleted: 'the instance has deleted it, as it was due',
  deletedOutside: 'it was deleted in the instance by somebody else',
};

type Shown = ReturnType<typeof stageShown>;

/** The hold that the label `ignore` is. What it says counts when it changes: else our own command would be undone. */
function withHold(state: AccountState, facts: InstanceFacts, at: Instant): AccountState {
  const was = state.instance?.ignored ?? false;
  if (facts.ignored === was || facts.ignored === (state.holds.ignored !== null)) return state;
  const ignored = facts.ignored ? { until: null, actor: INSTANCE, at, reminded: false } : null;
  const what = facts.ignored ? 'label ignore is there: HR changes nothing' : 'label ignore is gone';
  return withNote({ ...state, holds: { ...state.holds, ignored } }, { at, what, actor: INSTANCE });
}

/** The account as the instance shows it, in another stage than before. */
function withShownStage(state: AccountState, facts: InstanceFacts, shown: Shown, at: Instant): AccountState {
  const moved: AccountState = { ...state, stage: shown, stageSince: at };
  if (shown === 'blocked') {
    const lastDay = facts.endTime === null ? dateOf(at, 'UTC') : lastDayOfEndTime(facts.endTime);
    return { ...moved, access: 'off', blocked: { lastDay, at } };
  }
  // What our own disabling had turned off is given back by `enable`, and by nothing that the instance shows.
  const isOff = state.holds.disabledManually !== null || state.turnedOff === true;
  const access = isOff ? 'off' : 'on';
  const back: AccountState = { ...moved, access, blocked: null, notBefore: null };
  if (shown === 'grace') return state.stage === 'blocked' ? { ...back, epoch: state.epoch + 1 } : back;
  // Whatever was told and done belongs to an end that does not count any more.
  const told = Object.fromEntries(
    Object.entries(state.told).map(([offset, { times }]) => [offset, { lastDay: null, times }]),
  );
  const anew = { epoch: state.epoch + 1, departure: state.departure + 1, managedSince: at };
  return { ...back, ...anew, told, named: null, lateNotice: null };
}

function stageWords(state: AccountState, facts: InstanceFacts): string {
  const end = facts.endTime === null ? 'no end time' : `end time ${new Date(facts.endTime).toISOString()}`;
  const status = facts.lifecycleStatus === null ? '' : `, ${facts.lifecycleStatus}`;
  const active = facts.active ? '' : `, suspended by ${facts.suspendedBy ?? 'nobody'}`;
  return `instance: ${end}${status}${active}; ${state.stage}`;
}

function repointed(state: AccountState, facts: InstanceFacts, at: Instant): AccountState {
  if (facts.personId === state.personId) return state;
  const what = `its label names person ${facts.personId} instead of ${state.personId}`;
  const own = { personId: facts.personId, observation: null, withheld: null };
  return withNote({ ...state, ...own }, { at, what, actor: INSTANCE });
}

/**
 * Whether our own disabling keeps it inactive is remembered as long as nobody makes it active: while it is blocked nothing
 * else tells it from a suspension of an admin's. Out of `blocked` nothing but a disabling turns access off.
 */
function withTurnedOff(state: AccountState, { active }: InstanceFacts): AccountState {
  const { turnedOff = false, ...rest } = state;
  const isOurs = turnedOff || (state.stage !== 'blocked' && state.access === 'off');
  return !active && isOurs ? { ...rest, turnedOff: true } : rest;
}

/** Whoever made it active, access is on: what a hold still wants off is turned off anew. */
function withShownAccess(state: AccountState, { active }: InstanceFacts): AccountState {
  return active && state.access !== 'on' ? { ...state, access: 'on' } : state;
}

/**
 * Folds what the instance shows of an experiment account: its end, another person, the hold of the label `ignore`, and
 * the stage. Facts that are older than those known change nothing. Rule: "Experiment accounts".
 */
export function foldInstance(state: AccountState, facts: InstanceFacts, at: Instant): AccountState {
  const known = state.instance;
  if (state.kind !== 'experiment' || facts.number <= (known?.number ?? -1)) return state;
  if (facts.presence !== 'there') {
    const ended: AccountState = { ...state, stage: facts.presence, stageSince: at, instance: facts };
    return withNote(ended, { at, what: ENDS[facts.presence], actor: INSTANCE });
  }
  const followed = withTurnedOff(repointed(state, facts, at), facts);
  const next = { ...withHold(followed, facts, at), instance: facts };
  const shown = stageShown(facts, at);
  const staged = shown === state.stage ? next : withShownStage(next, facts, shown, at);
  const moved = withShownAccess(staged, facts);
  if (known !== undefined && isSameInstance(known, facts) && moved.stage === state.stage) return moved;
  return withNote(moved, { at, what: stageWords(moved, facts), actor: INSTANCE });
}

/** The state of an account of an instance that begins to be followed, as the instance shows it. */
export function adoptedState(input: {
  readonly accountId: string;
  readonly experiment: string;
  readonly facts: InstanceFacts;
  readonly at: Instant;
}): AccountState {
  const { accountId, experiment, facts, at } = input;
  const { personId } = facts;
  const base = { accountId, kind: 'experiment', personId, experiment, observation: null, at } as const;
  const active = initialState({ ...base, stage: 'active' });
  const shown = stageShown(facts, at);
  const staged = shown === 'active' ? active : withShownStage(active, facts, shown, at);
  const ignored = facts.ignored ? { until: null, actor: INSTANCE, at, reminded: false } : null;
  const adopted: AccountState = { ...staged, holds: { ...staged.holds, ignored }, instance: facts };
  // It makes the account tell the registry at once that it is followed.
  return withNote(adopted, { at, what: `adopted; ${stageWords(adopted, facts)}`, actor: INSTANCE });
}
