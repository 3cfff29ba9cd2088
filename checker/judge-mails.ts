import { dateOf, dayOf } from './calendar.ts';
import { accuse, type Case, isIgnored, mayCount, standingAt } from './case.ts';
import type { Mail, Moment } from './life.ts';
import { settledAt, toldAt } from './told.ts';

/** The moment of a notice of a policy, without the window. */
export function noticeMoment(one: Case, lastDay: number, offset: number): Moment {
  return one.zone.wallTime(lastDay + offset, one.rules.noticeTime);
}

/** Whether the notice exists for the account: it is not dated before it was managed. */
export function exists(one: Case, lastDay: number, offset: number, at: Moment): boolean {
  return lastDay + offset >= one.zone.dayAt(standingAt(one, at).managedSince);
}

function judgeNotice(one: Case, mail: Mail, sentAt: Moment): void {
  const { offset, lastDay } = mail;
  if (offset === null || lastDay === null) {
    accuse(one, 'wrong', sentAt, `${words(mail)} names no offset or no last day`);
    return;
  }
  const day = dayOf(lastDay);
  if (sentAt < noticeMoment(one, day, offset))
    accuse(one, 'early', sentAt, `${words(mail)} came before its time`);
  if (!mayCount(one, day, sentAt))
    accuse(one, 'wrong', sentAt, `${words(mail)} names a last day that did not count`);
  if (isIgnored(one, sentAt)) accuse(one, 'wrong', sentAt, `${words(mail)} while the account was ignored`);
  const blockBegins = one.zone.startOf(day + 1 + one.rules.block);
  const isStandIn = offset === one.rules.notices.at(-1) && sentAt >= blockBegins;
  if (!exists(one, day, offset, sentAt) && !isStandIn)
    accuse(one, 'wrong', sentAt, `${words(mail)} is dated before the account was managed`);
  const before = toldAt(one, sentAt - 1).get(offset);
  if (before?.day === day)
    accuse(
      one,
      'noticeDoubled',
      sentAt,
      `${words(mail)}: told already on ${dateOf(one.zone.dayAt(before.at))}`,
    );
  judgeMerging(one, mail, { day, offset, sentAt });
}

/** Of several missed notices only the latest is sent: none whose successor's own time had come. */
function judgeMerging(one: Case, mail: Mail, at: { day: number; offset: number; sentAt: Moment }): void {
  const latest = Math.max(at.sentAt - one.rules.windowMs - one.life.slackMs, mail.begunAt);
  const later = one.rules.notices.filter(
    (offset) => offset > at.offset && noticeMoment(one, at.day, offset) + one.rules.windowMs < latest,
  );
  if (later.length > 0)
    accuse(
      one,
      'noticeDoubled',
      at.sentAt,
      `${words(mail)} although that of ${String(later[0])} days had come`,
    );
}

function judgeAllClear(one: Case, mail: Mail, sentAt: Moment): void {
  const before = toldAt(one, sentAt - 1);
  if (before.size === 0) accuse(one, 'noticeDoubled', sentAt, `${words(mail)}: nothing was told any more`);
  else if (isIgnored(one, sentAt))
    accuse(one, 'wrong', sentAt, `${words(mail)} while the account was ignored`);
}

/** Every mail of this account, and whether one got out twice. */
export function judgeMails(one: Case): void {
  const sent = new Map<string, Mail>();
  for (const mail of one.life.mails) {
    if (mail.sentAt === null) continue;
    if (mail.extraCopies > 0)
      accuse(
        one,
        'noticeDoubled',
        mail.sentAt,
        `${words(mail)} got out ${String(mail.extraCopies + 1)} times`,
      );
    if (sent.has(mail.key))
      accuse(one, 'noticeDoubled', mail.sentAt, `${words(mail)} has the key of another mail`);
    sent.set(mail.key, mail);
    if (mail.account !== one.life.account) continue;
    if (mail.type === 'notice') judgeNotice(one, mail, mail.sentAt);
    if (mail.type === 'allClear') judgeAllClear(one, mail, mail.sentAt);
  }
}

/** Mails that were given up must have had a reason: something was out of order all the while. */
export function judgeGivenUp(one: Case): void {
  for (const mail of one.life.mails) {
    if (mail.account !== one.life.account || mail.failedAt === null) continue;
    const { failedAt, begunAt } = mail;
    const wasTroubled = one.life.troubles.some(
      ({ what, from, to }) => what !== 'freeze' && from <= failedAt && to + one.rules.retryMs >= begunAt,
    );
    if (!wasTroubled) accuse(one, 'noticeMissed', failedAt, `${words(mail)} was given up without need`);
  }
}

export function words(mail: Mail): string {
  const named = mail.lastDay === null ? '' : `, last day ${mail.lastDay}`;
  const what = mail.offset === null ? mail.type : `notice ${String(mail.offset)}`;
  return `${what}${named}${settledAt(mail) === null ? ' (never sent)' : ''}`;
}
