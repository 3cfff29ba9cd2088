import type { InstanceFacts } from '../contracts/instance.ts';
import type { CalendarDate, Instant } from '../contracts/time.ts';
import { dateOf } from './calendar.ts';

/** The zone in which INDIGO IAM counts days. */
const ZONE = 'UTC';

/** The last day of an account with this end time: the UTC date that it falls on. */
export function lastDayOfEndTime(endTime: Instant): CalendarDate {
  return dateOf(endTime, ZONE);
}

/** Whether the end time is over: its date is before today's, both in UTC. `null` = there is none. */
export function isExpired(endTime: Instant | null, now: Instant): boolean {
  return endTime !== null && lastDayOfEndTime(endTime) < dateOf(now, ZONE);
}

/** The stage that an account shows in its instance. Rule: "Experiment accounts". */
export function stageShown(
  facts: Pick<InstanceFacts, 'active' | 'endTime' | 'lifecycleStatus' | 'suspendedBy'>,
  now: Instant,
): 'active' | 'grace' | 'blocked' {
  const { active, endTime, lifecycleStatus, suspendedBy } = facts;
  if (!active && suspendedBy === 'lifecycle') return 'blocked';
  if (!isExpired(endTime, now) || lifecycleStatus === null) return 'active';
  // One that is active was given back by somebody, whatever its mark says: it is suspended anew before it is deleted.
  return active || lifecycleStatus === 'PENDING_SUSPENSION' ? 'grace' : 'blocked';
}

/** Whether two looks at the instance show the same; number and moment do not count. */
export function isSameInstance(a: InstanceFacts, b: InstanceFacts): boolean {
  return (
    a.personId === b.personId &&
    a.presence === b.presence &&
    a.active === b.active &&
    a.endTime === b.endTime &&
    a.lifecycleStatus === b.lifecycleStatus &&
    a.ignored === b.ignored &&
    a.suspendedBy === b.suspendedBy
  );
}
