import { dayOf, type Day } from './calendar.ts';
import type { Case } from './case.ts';
import type { Mail, Moment } from './life.ts';

/** The moment at which a mail got out, or was given up; `null` = neither by now. */
export function settledAt(mail: Mail): Moment | null {
  return mail.sentAt ?? mail.failedAt;
}

/** Something after which a told date no longer counts, unless it names that very date itself. */
interface Clearing {
  readonly at: Moment;
  readonly lastDay: Day | null;
}

/** An all-clear withdraws every date but the one it names; the person's return all of them. */
function clearings(one: Case, at: Moment): readonly Clearing[] {
  const mails = one.life.mails.flatMap((mail): Clearing[] => {
    const settled = settledAt(mail);
    const lastDay = mail.lastDay === null ? null : dayOf(mail.lastDay);
    if (mail.type === 'allClear') return settled === null ? [] : [{ at: settled, lastDay }];
    // The person came back with their primary account, whatever this one does.
    const isOther = mail.type === 'returned' && mail.account !== one.life.account;
    return isOther ? [{ at: mail.dueAt, lastDay: null }] : [];
  });
  // What the primary account told is not withdrawn by what happens to another one.
  const own = one.life.kind === 'primary' ? one.life.deeds : [];
  const returns = own.flatMap((deed) => (deed.type === 'returned' ? [{ at: deed.at, lastDay: null }] : []));
  return [...mails, ...returns].filter((clearing) => clearing.at <= at);
}

/** What was told for one offset. */
export interface Told {
  readonly day: Day;
  readonly at: Moment;
  readonly mail: Mail;
}

/** What counted as told at a moment, by offset. A notice that was given up counts: there is an alarm instead. */
export function toldAt(one: Case, at: Moment): ReadonlyMap<number, Told> {
  const cleared = clearings(one, at);
  const told = new Map<number, Told>();
  for (const mail of one.life.mails) {
    const settled = settledAt(mail);
    if (mail.type !== 'notice' || mail.offset === null || mail.lastDay === null) continue;
    if (settled === null || settled > at) continue;
    const before = told.get(mail.offset);
    if (before && before.at > settled) continue;
    told.set(mail.offset, { day: dayOf(mail.lastDay), at: settled, mail });
  }
  for (const [offset, { day, at: settled, mail }] of told) {
    // Of one moment, what was begun before the clearing was cleared by it.
    const isCleared = cleared.some(
      (clearing) =>
        clearing.lastDay !== day &&
        (settled < clearing.at || (settled === clearing.at && mail.begunAt < clearing.at)),
    );
    if (isCleared) told.delete(offset);
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
  const cleared = clearings(one, at).filter((clearing) => clearing.lastDay !== lastDay);
  const clearedAt = Math.max(-Infinity, ...cleared.map((clearing) => clearing.at));
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
