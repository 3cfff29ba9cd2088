import type { AccountState } from '../contracts/account.ts';

/** So many command ids are remembered, so that a command sent twice acts once. */
const COMMANDS_KEPT = 50;

/** Remembers that a command was handled. */
export function withHandled(state: AccountState, commandId: string): AccountState {
  return { ...state, handledCommands: [...state.handledCommands, commandId].slice(-COMMANDS_KEPT) };
}
