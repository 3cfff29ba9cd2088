import { createZone, DAY, dayOf } from './calendar.ts';
import type { Finding, Moment, ObservedLife } from './life.ts';
import { coversBoth } from './troubles.ts';
import { RULES } from './rules.ts';

/** What {@link Finding} says of a notice that did not go out: its offset and its last day. */
const MISSED = /^notice (-?\d+) for the last day (\S+) did not go out/;

const zone = createZone(RULES.timeZone);

function momentOf(lastDay: string, offset: number): Moment {
  return zone.wallTime(dayOf(lastDay) + offset, RULES.noticeTime);
}

/**
 * Whether one trouble kept the notice of the first moment from going out until the second one had come, or the world was
 * too fast to tell. What happened near either end may have been seen as late as everything else.
 */
function wasOvertaken(life: ObservedLife, first: Moment, second: Moment): boolean {
  const slack = Math.max(life.slackMs, DAY);
  return first + life.slackMs >= second || coversBoth(life.troubles, { first, second, slack });
}

/**
 * Whether the rule for late notices explains that a notice did not go out: of several missed ones only the latest is sent.
 * A later one of the same date went out, and a trouble lasted from the moment of the one to that of the other; without
 * one, somebody never sends such notices.
 */
export function isMerged(life: ObservedLife, { kind, words }: Finding): boolean {
  const [, offset, lastDay] = MISSED.exec(words) ?? [];
  if (kind !== 'noticeMissed' || offset === undefined || lastDay === undefined) return false;
  const missed = momentOf(lastDay, Number(offset));
  return life.mails.some(
    (mail) =>
      mail.type === 'notice' &&
      mail.lastDay === lastDay &&
      mail.sentAt !== null &&
      mail.offset !== null &&
      mail.offset > Number(offset) &&
      wasOvertaken(life, missed, momentOf(lastDay, mail.offset)),
  );
}
