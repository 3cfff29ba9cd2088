import type { AccountState } from '../contracts/account.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';
import { isFinal } from './facts.ts';
import { step } from './steps.ts';

/** Whether a `hold` step sets the label, or removes it. */
export function saysHold({ key }: Pick<Step, 'key'>): boolean {
  return key.endsWith('/on');
}

/** Our hold and the label `ignore` are one thing: what one of them says, the other is told. */
function holdSteps(state: AccountState, now: Instant): readonly Step[] {
  const isHeld = state.holds.ignored !== null;
  if (state.instance === undefined || isHeld === state.instance.ignored) return [];
  const key = `${String(state.epoch)}/hold/${isHeld ? 'on' : 'off'}`;
  const why = isHeld
    ? 'ignored: the label ignore is set'
    : 'not ignored any more: the label ignore is removed';
  return [step({ key, action: 'hold', dueAt: now, why })];
}

/** A date that an admin gave is written to the instance once; a later run moves an end that undercuts it to it again. */
function adminDateSteps(state: AccountState, now: Instant): readonly Step[] {
  const { adminDate } = state;
  if (adminDate === null || adminDate.written === true || state.instance === undefined) return [];
  const { until } = adminDate;
  const key = `${String(state.epoch)}/adminDate/${until}`;
  const why = `an admin gave ${until}: the end time becomes the later of both, and the account active`;
  return [step({ key, action: 'adminDate', dueAt: now, lastDay: until, why })];
}

/** What an experiment account's holds and dates ask of its instance. Rule: "Experiment accounts". */
export function instanceSteps(state: AccountState, now: Instant): readonly Step[] {
  if (state.kind !== 'experiment' || isFinal(state.stage)) return [];
  return [...holdSteps(state, now), ...adminDateSteps(state, now)];
}
