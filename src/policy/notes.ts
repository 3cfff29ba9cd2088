import type { AccountState, AuditNote, PastStep } from '../contracts/account.ts';
import type { Step } from '../contracts/step.ts';
import type { Instant } from '../contracts/time.ts';

/** So many past steps stay in the state; older ones are in the registry and in closed runs. */
const PAST_STEPS_KEPT = 40;

/** Adds a note that the next step writes to the audit log. */
export function withNote(
  state: AccountState,
  note: { at: Instant; what: string } & Partial<Omit<AuditNote, 'sequence' | 'at' | 'what'>>,
): AccountState {
  const sequence = state.noteSequence + 1;
  const full: AuditNote = {
    sequence,
    at: note.at,
    what: note.what,
    actor: note.actor ?? 'system',
    commandId: note.commandId ?? null,
    reason: note.reason ?? null,
    failedNotice: note.failedNotice ?? null,
  };
  return { ...state, noteSequence: sequence, unrecorded: [...state.unrecorded, full] };
}

/** Adds a step to the account's own memory of what was done. */
export function withPast(
  state: AccountState,
  step: Step,
  result: Pick<PastStep, 'at' | 'result' | 'note'>,
): AccountState {
  const past: PastStep = { key: step.key, action: step.action, dueAt: step.dueAt, ...result };
  return { ...state, past: [...state.past, past].slice(-PAST_STEPS_KEPT) };
}
