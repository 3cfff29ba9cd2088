import type { CalendarDate } from './time.ts';

export const COMMAND_NAMES = ['restore', 'extend', 'ignore', 'resume', 'disable', 'enable'] as const;
export type CommandName = (typeof COMMAND_NAMES)[number];

/**
 * What an admin sends, by Update or by signal. `actor` is an opaque id, `reason` short words or the id of an
 * audit entry. `until` is a last day (inclusive); for `ignore` also `never`, for `extend` also `null`.
 */
export interface CommandPayload {
  readonly commandId?: string;
  readonly actor: string;
  readonly reason: string;
  readonly until?: CalendarDate | 'never' | null;
}

export interface Command extends CommandPayload {
  readonly name: CommandName;
}
