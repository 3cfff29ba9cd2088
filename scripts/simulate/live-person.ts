import type { AccountState } from '../../src/contracts/account.ts';
import type { Observation } from '../../src/contracts/affiliation.ts';
import type { Policy } from '../../src/contracts/policy.ts';
import type { Step, StepOutcome } from '../../src/contracts/step.ts';
import { DAY_MS, type Instant } from '../../src/contracts/time.ts';
import { cern } from '../../src/policies/cern.ts';
import { isHandled, refusalOf } from '../../src/policy/commands.ts';
import { isFinal, wantsAccess } from '../../src/policy/facts.ts';
import { initialState } from '../../src/policy/initial-state.ts';
import type { Answer, Deed, Fact, ObservedLife, Stage } from '../../checker/life.ts';
import { createAccount, type Account } from './account.ts';
import { attemptOf, type World } from './attempts.ts';
import { createHr, type Hr } from './hr.ts';
import { createMailbox } from './mailbox.ts';
import { createRandom, type Random } from './random.ts';
import { dateAt, type Script, type ScriptedAccount } from './script.ts';

interface Watched {
  readonly scripted: ScriptedAccount;
  readonly account: Account;
  readonly facts: Fact[];
  readonly deeds: Deed[];
  readonly deleteBegunAt: () => Instant | null;
  endedAt: Instant | null;
}

function policyOf(kind: ScriptedAccount['kind']): Policy {
  const policy = cern.policies[kind];
  if (!policy) throw new RangeError(`no policy for ${kind}`);
  return policy;
}

function answerOf({ outcome, ties }: Observation): Answer {
  return outcome === 'found' ? { outcome, ties } : { outcome };
}

function toldOf(observation: Observation, at: Instant): Fact {
  const { personId: person, number } = observation;
  return { type: 'told', at, person, number, answer: answerOf(observation) };
}

/** What HR answers all along, as a list of changes. */
function answersOf(script: Script): readonly Fact[] {
  return script.records.map(({ at, ties }): Fact => {
    const answer: Answer =
      ties === 'unavailable'
        ? { outcome: 'unavailable' }
        : ties === null
          ? { outcome: 'no-person' }
          : { outcome: 'found', ties };
    return { type: 'hrAnswers', at, person: script.personId, answer };
  });
}

function stageOf(state: AccountState): Stage {
  const { stage } = state;
  if (stage === 'released' || stage === 'deletedOutside')
    throw new RangeError(`nobody ends as ${stage} here`);
  return stage;
}

/** What a step that was carried out shows from outside. */
function deedsOf(
  step: Step,
  input: { now: Instant; after: AccountState; outcome: StepOutcome; begunAt: Instant | null },
): readonly Deed[] {
  const { now: at, after, outcome, begunAt } = input;
  if (outcome.result !== 'done') return [];
  const access: Deed = { type: 'access', at, access: wantsAccess(after) ? 'on' : 'off' };
  const status: readonly Deed[] =
    after.kind === 'primary' && after.activeStatus !== null
      ? [{ type: 'status', at, value: after.activeStatus }]
      : [];
  const { lastDay } = step;
  switch (step.action) {
    case 'activate':
      return [{ type: 'joined', at }, access, ...status];
    case 'giveAccess': {
      const type = step.giveAccess === 'returned' || step.giveAccess === 'corrected' ? step.giveAccess : null;
      return [...(type ? [{ type, at } as const] : []), access, ...status];
    }
    case 'leaving':
      return [{ type: 'leaving', at, lastDay }, ...status];
    case 'status':
      return status;
    case 'disable':
    case 'exclude':
      return [access];
    case 'block':
      return [{ type: 'block', at, lastDay }, access];
    case 'delete':
      return [{ type: 'delete', at, lastDay, ...(begunAt !== null && { begunAt }) }, access];
    case 'transfer':
      return [{ type: 'transfer', at, lastDay, to: after.personId }];
    case 'notice':
    case 'allClear':
    case 'reminder':
    case 'hold':
    case 'adminDate':
    case 'reassign':
    case 'merge':
    case 'guest':
    case 'shutGuest':
    case 'writeGuests':
    case 'record':
      return [];
  }
}

/** Lives a person's script to its end, and tells what an outside observer saw of each of their accounts. */
export function livePerson(script: Script, seed: number, index: number): readonly ObservedLife[] {
  const random: Random = createRandom(seed ^ 0x5bd1e995, index);
  const hr = createHr(script);
  const mailbox = createMailbox();
  const heirs = new Map<string, Observation>();
  const first = hr.synchronise(script.from);
  const watched: Watched[] = [];

  const newOwner = (now: Instant): Observation => {
    const personId = `${script.personId}-heir-${String(heirs.size + 1)}`;
    const end = random.chance(0.3) ? null : dateAt(now + random.between(2, 3000) * DAY_MS);
    const ties = [{ kind: 'contract', start: null, end, excluded: false, experiment: null } as const];
    const observation: Observation = { number: hr.nextNumber(), personId, outcome: 'found', ties, at: now };
    heirs.set(personId, observation);
    return observation;
  };
  const hrOf = (personId: string): Hr | null => (personId === script.personId ? hr : null);

  const watch = (scripted: ScriptedAccount): Watched => {
    const { accountId, kind } = scripted;
    const policy = policyOf(kind);
    const facts: Fact[] = [];
    const deeds: Deed[] = [];
    let begunAt: Instant | null = null;
    const world: World = {
      troubles: script.troubles,
      hrOf,
      mailbox,
      random,
      newOwner,
      isToldByPrimary: () =>
        watched.some(
          ({ scripted: one, account }) =>
            one.kind === 'primary' && ['active', 'grace'].includes(account.state().stage),
        ),
      isDeleteBegun: () => begunAt !== null,
      leaked: (state, step, now) => {
        if (step.action === 'delete') begunAt ??= now;
        if (step.action === 'block' || step.action === 'disable' || step.action === 'exclude')
          deeds.push({ type: 'access', at: now, access: 'off' });
        else if (
          step.action === 'giveAccess' &&
          state.holds.disabledManually === null &&
          state.holds.excluded === null
        )
          deeds.push({ type: 'access', at: now, access: 'on' });
      },
    };
    const state = initialState({
      accountId,
      kind,
      personId: script.personId,
      experiment: null,
      stage: scripted.stage,
      observation: first,
      at: script.from,
    });
    if (first) facts.push(toldOf(first, script.from));
    if (scripted.stage === 'active') deeds.push({ type: 'access', at: script.from, access: 'on' });
    const account = createAccount(state, policy, {
      attempt: (one, step, now) => attemptOf(one, step, { policy, world, now }),
      done: (step, now, after, outcome) => {
        if (outcome.result === 'done' && step.notice) mailbox.sent(step.notice.key, now);
        if (outcome.result === 'refused' && outcome.why.code === 'observation') {
          facts.push(toldOf(outcome.why.observation, now));
          hr.toldApart();
        }
        if (outcome.result === 'done' && outcome.newOwner) {
          const { personId } = outcome.newOwner;
          facts.push({ type: 'hrAnswers', at: now, person: personId, answer: answerOf(outcome.newOwner) });
          facts.push(toldOf(outcome.newOwner, now));
        }
        deeds.push(...deedsOf(step, { now, after, outcome, begunAt }));
      },
      noted: (after, before, now) => {
        for (const note of after.unrecorded) {
          if (note.sequence > before.noteSequence && note.failedNotice !== null)
            mailbox.failed(note.failedNotice, now);
        }
      },
      ended: (_after, now) => deeds.push({ type: 'neverJoined', at: now }),
    });
    return { scripted, account, facts, deeds, deleteBegunAt: () => begunAt, endedAt: null };
  };
  for (const scripted of script.accounts) watched.push(watch(scripted));
  play(script, hr, { watched, random });
  const answers = answersOf(script);
  return watched.map((one): ObservedLife => {
    const { accountId, kind, stage } = one.scripted;
    const state = one.account.state();
    return {
      account: accountId,
      kind,
      person: script.personId,
      from: script.from,
      until: one.endedAt ?? script.until,
      stageAtStart: stage,
      stageAtEnd: stageOf(state),
      facts: [...answers, ...one.facts],
      troubles: script.troubles,
      deeds: one.deeds,
      mails: mailbox.all().filter((mail) => kind !== 'service' || mail.account === accountId),
      synchronisedEveryMs: DAY_MS,
      slackMs: 0,
    };
  });
}

/** The loop of events: HR, admins and accounts take their turns as the clock jumps from one to the next. */
function play(script: Script, hr: Hr, input: { watched: readonly Watched[]; random: Random }): void {
  const { watched, random } = input;
  const commands = [...script.commands];
  const outages = script.troubles.filter(({ what }) => what === 'worker');
  const awake = (at: Instant): Instant => {
    const outage = outages.find(({ from, to }) => at >= from && at < to);
    return outage ? awake(outage.to) : at;
  };
  let now = awake(script.from);
  let nextRun = hr.nextRun(now);
  let told: Observation | null = null;
  for (;;) {
    for (let next = commands[0]; next && next.at <= now; next = commands[0]) {
      commands.shift();
      for (const { scripted, account, facts } of watched) {
        if (!next.to.includes(scripted.accountId)) continue;
        const { command } = next;
        const state = account.state();
        const isTaken =
          !isFinal(state.stage) &&
          !isHandled(state, command) &&
          refusalOf(state, command, account.policy, now) === null;
        if (isTaken) {
          const { name, until, commandId } = command;
          facts.push({
            type: 'command',
            at: next.at,
            name,
            ...(until !== undefined && { until }),
            ...(commandId !== undefined && { commandId }),
          });
        }
        account.take({ type: 'commanded', at: now, command });
      }
    }
    if (nextRun !== null && nextRun <= now) {
      const observation = hr.synchronise(now);
      // A signal may come twice, and after a newer one.
      const again = told && random.chance(0.05) ? told : null;
      for (const one of [observation, again]) {
        if (!one) continue;
        for (const { account, facts } of watched) {
          facts.push(toldOf(one, now));
          account.take({ type: 'observed', at: now, observation: one });
        }
      }
      told = observation ?? told;
      nextRun = hr.nextRun(now);
    }
    for (const one of watched) {
      if (one.account.isFinished()) continue;
      one.account.run(now);
      if (one.account.isFinished()) one.endedAt = now;
    }
    // A fresh look takes numbers, but tells the others nothing.
    if (watched.every(({ account }) => account.isFinished())) return;
    const wakes = watched.flatMap(({ account }) => {
      const at = account.isFinished() ? null : account.wakeAt();
      return at === null ? [] : [at];
    });
    const next = awake(Math.min(commands[0]?.at ?? Infinity, nextRun ?? Infinity, ...wakes));
    if (next > script.until || next <= now) {
      if (next <= now) throw new Error(`the clock stands still at ${new Date(now).toISOString()}`);
      return;
    }
    now = next;
  }
}
