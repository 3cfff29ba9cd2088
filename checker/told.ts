import { dayOf, type Day } from './calendar.ts';
import type { Case } from './case.ts';
import type { Mail, Moment } from './life.ts';

/** The moment at which a mail got out, or was given up; `null` = neither by now. */
export function settledAt(mail: Mail): Moment | null {
  return mail.sentAt ?? mail.failedAt;
}

/** Moments at which all that was told before ceased to count: an all-clear, or the person's return. */
function clearings(one: Case): readonly Moment[] {
  const mails = one.life.mails.flatMap((mail) => {
    const at = settledAt(mail);
    return mail.type === 'allClear' && at !== null ? [at] : [];
  });
  const returns = one.life.deeds.flatMap((deed) => (deed.type === 'returned' ? [deed.at] : []));
  return [...mails, ...returns];
}

/** What was told for one offset. */
export interface Told {
  readonly day: Day;
  readonly at: Moment;
  readonly mail: Mail;
}

/** What counted as told at a moment, by offset. A notice that was given up counts: there is an alarm instead. */
export function toldAt(one: Case, at: Moment): ReadonlyMap<number, Told> {
  const clearedAt = Math.max(-Infinity, ...clearings(one).filter((moment) => moment <= at));
  const told = new Map<number, Told>();
  for (const mail of one.life.mails) {
    const settled = settledAt(mail);
    if (mail.type !== 'notice' || mail.offset === null || mail.lastDay === null) continue;
    // Of one moment, what was begun before the clearing was cleared by it.
    if (settled === null || settled > at || settled < clearedAt) continue;
    if (settled === clearedAt && mail.begunAt < clearedAt) continue;
    const before = told.get(mail.offset);
    if (before && before.at > settled) continue;
    told.set(mail.offset, { day: dayOf(mail.lastDay), at: settled, mail });
  }
  return told;
}

/** When a notice counts as having been due: not long before somebody worked on it. */
export function wasDueAt(one: Case, mail: Mail): Moment {
  const keeps = one.rules.mailKeepsDays * 24 * 60 * 60_000 + one.rules.retryMs;
  return mail.begunAt - mail.dueAt > keeps ? mail.begunAt : mail.dueAt;
}

/** Notices that named this last day since the last clearing before `at`, in order. */
export function namingsOf(one: Case, lastDay: Day, at: Moment): readonly Mail[] {
  const clearedAt = Math.max(-Infinity, ...clearings(one).filter((moment) => moment <= at));
  return one.life.mails
    .filter(
      (mail) =>
        mail.type === 'notice' &&
        mail.lastDay !== null &&
        dayOf(mail.lastDay) === lastDay &&
        mail.begunAt <= at &&
        mail.begunAt >= clearedAt,
    )
    .sort((a, b) => a.begunAt - b.begunAt);
}
