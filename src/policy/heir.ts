/** One person in the line above a leaving owner, as HR answered for them. */
export interface LineMember {
  readonly personId: string;
  /** Has a valid affiliation on the day of the transfer. */
  readonly valid: boolean;
  /** Their own last day is the day before the transfer, or earlier: they leave with the owner. */
  readonly leavesSameDay: boolean;
  /** The next one up; `null` = HR names nobody. */
  readonly supervisorId: string | null;
}

/** Who gets the service account, or who must be read next to know. */
export type HeirChoice =
  | { readonly type: 'heir'; readonly personId: string }
  | { readonly type: 'read'; readonly personId: string }
  | { readonly type: 'fallback' };

/** Whether somebody can be handed an account: they are here, and do not leave with the owner. */
export function canOwn({ valid, leavesSameDay }: Pick<LineMember, 'valid' | 'leavesSameDay'>): boolean {
  return valid && !leavesSameDay;
}

/**
 * Chooses the new owner of a service account: the owner's supervisor, else the next one up, never the same person
 * twice, never the owner; the fallback when nobody is left. Rule: "Service accounts at leaving". `line` holds
 * those read so far, by id; the caller reads whom the answer asks for and calls again.
 */
export function chooseHeir(input: {
  readonly ownerId: string;
  readonly firstSupervisorId: string | null;
  readonly line: ReadonlyMap<string, LineMember>;
}): HeirChoice {
  const seen = new Set([input.ownerId]);
  let next = input.firstSupervisorId;
  while (next !== null && !seen.has(next)) {
    const member = input.line.get(next);
    if (!member) return { type: 'read', personId: next };
    if (canOwn(member)) return { type: 'heir', personId: next };
    seen.add(next);
    next = member.supervisorId;
  }
  return { type: 'fallback' };
}
