import { calms, type Calm } from './calm.ts';
import type { Case } from './case.ts';
import { dateOf, dayOf, type Day } from './calendar.ts';
import { lookAt, nextNoticeTime, owed } from './duties.ts';
import { exists, noticeMoment } from './judge-mails.ts';
import type { Mail, Moment } from './life.ts';
import { settledAt, toldAt } from './told.ts';
import { isOver } from './world.ts';

/** Every notice whose moment comes, and of those that had passed before the calm the latest. */
function notices(one: Case, calm: Calm): void {
  const { standing, lastDay, isIgnored } = lookAt(one, calm);
  if (typeof lastDay !== 'number' || isIgnored) return;
  if (!['active', 'grace', 'blocked'].includes(standing.stage)) return;
  const existing = one.rules.notices.filter((offset) => exists(one, lastDay, offset, calm.from));
  const moments = existing.map((offset) => ({ offset, moment: noticeMoment(one, lastDay, offset) }));
  const isDone = (offset: number) => (by: Moment) => toldAt(one, by).get(offset)?.day === lastDay;
  const owe = (offset: number, dueAt: Moment, why: string) =>
    owed(one, calm, {
      dueAt,
      isDone: isDone(offset),
      kind: 'noticeMissed',
      words: `notice ${String(offset)} for the last day ${dateOf(lastDay)} did not go out${why}`,
    });
  for (const { offset, moment } of moments) if (moment >= calm.from) owe(offset, moment, '');
  const passed = moments.filter(({ moment }) => moment < calm.from).at(-1);
  const next = nextNoticeTime(one, calm.from);
  const gaveWay = moments.some(({ moment }) => moment >= calm.from && moment <= next);
  if (passed && !gaveWay) owe(passed.offset, next, ', though late');
}

/** A told date that moved later or vanished is taken back, once. */
function allClear(one: Case, calm: Calm): void {
  const { standing, lastDay, isIgnored, today } = lookAt(one, calm);
  if (standing.stage !== 'active' || isIgnored || lastDay === null || isOver(lastDay, today)) return;
  const last: Day = lastDay === 'open' ? Infinity : lastDay;
  const stale = (by: Moment) => [...toldAt(one, by).values()].filter(({ day }) => day < last);
  const [first] = stale(calm.from);
  const dueAt = nextNoticeTime(one, calm.from);
  if (!first || one.zone.dayAt(dueAt) > last) return;
  const words = `no all-clear for the last day ${dateOf(first.day)}, which no longer holds`;
  owed(one, calm, { dueAt, isDone: (by) => stale(by).length === 0, kind: 'noticeMissed', words });
}

/** Whoever is back is told so. */
function welcome(one: Case, calm: Calm): void {
  const returned = one.life.deeds.find(({ type, at }) => type === 'returned' && at === calm.from);
  if (!returned) return;
  const isDone = (by: Moment) =>
    has(one, (mail, at) => mail.type === 'returned' && at >= returned.at && at <= by);
  owed(one, calm, { dueAt: returned.at, isDone, kind: 'noticeMissed', words: 'who is back was not told so' });
}

function has(one: Case, test: (mail: Mail, at: Moment) => boolean): boolean {
  return one.life.mails.some((mail) => {
    const at = settledAt(mail);
    return at !== null && test(mail, at);
  });
}

/** A hold or an admin's date that ends soon, if it was not set too short before. */
function reminder(
  one: Case,
  calm: Calm,
  input: {
    readonly type: Mail['type'];
    readonly until: Day;
    readonly since: Moment;
    readonly alsoNotice: boolean;
  },
): void {
  const { type, until, since, alsoNotice } = input;
  const dueAt = one.zone.wallTime(until - one.rules.reminder, one.rules.noticeTime);
  // A notice that was missed and stands for it goes out at the next notice time.
  const due = alsoNotice && dueAt < calm.from ? nextNoticeTime(one, calm.from) : dueAt;
  const isTooLate = Math.max(due, calm.from) + 60 * 60_000 >= one.zone.startOf(until + 1);
  if (dueAt <= since || isTooLate) return;
  const isDone = (by: Moment) =>
    has(
      one,
      (mail, at) =>
        at <= by &&
        mail.lastDay !== null &&
        dayOf(mail.lastDay) === until &&
        (mail.type === type || (alsoNotice && mail.type === 'notice')),
    );
  owed(one, calm, {
    dueAt: due,
    isDone,
    kind: 'noticeMissed',
    words: `no reminder of ${dateOf(until)} (${type})`,
  });
}

function reminders(one: Case, calm: Calm): void {
  const { world, standing, lastDay, isIgnored } = lookAt(one, calm);
  if (['deleted', 'neverJoined'].includes(standing.stage)) return;
  const { ignored, admin, adminSince } = world;
  if (typeof ignored?.until === 'number' && isIgnored)
    reminder(one, calm, { type: 'holdEnds', until: ignored.until, since: ignored.since, alsoNotice: false });
  if (admin !== null && admin === lastDay && standing.stage === 'active')
    reminder(one, calm, { type: 'adminDateEnds', until: admin, since: adminSince, alsoNotice: true });
}

/**
 * Every mail that was due, and whether it went out. One step is done at a time, and changes of access come first: a mail
 * waits behind one that waits for its target or for HR.
 */
export function judgeMailDuties(one: Case): void {
  for (const calm of calms(one, ['mail', 'targets', 'hr'])) {
    if (one.life.kind === 'primary') {
      notices(one, calm);
      allClear(one, calm);
      welcome(one, calm);
    }
    reminders(one, calm);
  }
}
