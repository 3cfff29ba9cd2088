import { DAY, dayOf, type Day } from './calendar.ts';
import type { DateText, Trouble } from './life.ts';
import type { Effect, Notice, RunRecord } from './run-record.ts';
import { coversBoth } from './troubles.ts';

/** What differs between a run with faults and the same story without them. */
export interface Difference {
  readonly kind: 'lost' | 'doubled' | 'unknown' | 'different';
  readonly words: string;
}

/** What differs, and what would have, had an outage not lasted so long that the rule for late notices explains it. */
export interface Comparison {
  readonly differences: readonly Difference[];
  readonly explained: readonly string[];
}

/** What was dated to end on a day ends on a day of the story. */
function relative(date: DateText | null, base: Day): string {
  return date === null ? 'open' : String(dayOf(date) - base);
}

function effectWords(effect: Effect, base: Day): string {
  // A status is numbered, since the same one may be written again.
  const action = effect.action.replace(/#\d+$/, '');
  return `${effect.account}: ${action} at ${effect.target}, last day ${relative(effect.lastDay, base)}`;
}

function noticeWords(notice: Notice, base: Day): string {
  const { person, account, audience, type, offset, lastDay } = notice;
  const what = offset === null ? type : `${type} ${String(offset)}`;
  const whose = audience === 'person' ? person : `${person}, to the ${audience}`;
  return `${whose}: ${what} of ${account}, last day ${relative(lastDay, base)}`;
}

function counted(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const one of words) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** What is there less often than in the reference, and what more often. */
function differences(
  reference: readonly string[],
  run: readonly string[],
): { readonly lost: readonly string[]; readonly extra: readonly string[] } {
  const [expected, found] = [counted(reference), counted(run)];
  return {
    lost: [...expected].filter(([words, count]) => (found.get(words) ?? 0) < count).map(([words]) => words),
    extra: [...found].filter(([words, count]) => (expected.get(words) ?? 0) < count).map(([words]) => words),
  };
}

/** One outage that began before the notice could go out and lasted until a later one was due. */
function wasOvertaken(notice: Notice, later: Notice, troubles: readonly Trouble[]): boolean {
  const [first, second] = [notice.dueAt, later.dueAt];
  return second > first && coversBoth(troubles, { first, second, slack: DAY });
}

/** Of several missed notices only the latest is sent: the one that went out in place of this one. */
function standInFor(notice: Notice, run: RunRecord, base: Day): Notice | undefined {
  const { offset } = notice;
  if (offset === null) return undefined;
  const shift = (run.base - base) * DAY;
  return run.notices.find(
    (other) =>
      other.person === notice.person &&
      other.account === notice.account &&
      other.audience === notice.audience &&
      other.type === notice.type &&
      other.state === 'sent' &&
      (other.offset ?? offset) > offset &&
      relative(other.lastDay, run.base) === relative(notice.lastDay, base) &&
      wasOvertaken({ ...notice, dueAt: notice.dueAt + shift }, other, run.troubles),
  );
}

/** Nobody is asked to see to what was owned when the notice itself came after leaving: it has been handed on. */
function cameTooLateToAsk(notice: Notice, run: RunRecord, base: Day): boolean {
  const { audience, lastDay, offset, person } = notice;
  if (audience !== 'supervisor' || lastDay === null) return false;
  const leaving = (dayOf(lastDay) - base + run.base + 1) * DAY;
  return run.notices.some((other) => {
    const { sentAt } = other;
    const isOfPerson = other.person === person && other.audience === 'person' && other.offset === offset;
    // In whichever zone that midnight is.
    return isOfPerson && sentAt !== null && sentAt >= leaving - DAY / 2 && run.troubles.length > 0;
  });
}

function compareNotices(reference: RunRecord, run: RunRecord): Comparison {
  const sent = (record: RunRecord) => record.notices.filter(({ state }) => state === 'sent');
  const wordsOf = (record: RunRecord) => sent(record).map((notice) => noticeWords(notice, record.base));
  const { lost, extra } = differences(wordsOf(reference), wordsOf(run));
  const lostNotices = sent(reference).filter((notice) => lost.includes(noticeWords(notice, reference.base)));
  const explained = lostNotices.filter(
    (notice) =>
      standInFor(notice, run, reference.base) !== undefined || cameTooLateToAsk(notice, run, reference.base),
  );
  const isExplained = new Set(explained.map((notice) => noticeWords(notice, reference.base)));
  return {
    explained: [...isExplained].map((words) => `${words}: merged with a later one`),
    differences: [
      ...lost.filter((words) => !isExplained.has(words)).map((words) => ({ kind: 'lost', words }) as const),
      ...extra.map((words) => ({ kind: 'doubled', words }) as const),
      ...run.notices
        .filter(({ state }) => state === 'due')
        .map((notice) => ({ kind: 'lost', words: `${noticeWords(notice, run.base)}: never sent` }) as const),
    ],
  };
}

/** The mail server against the registry: each notice under one Message-ID, and none beside them. */
function compareMails(run: RunRecord): readonly Difference[] {
  const taken = new Map(run.taken.map((mail) => [mail.messageId, mail]));
  const known = new Set<string>();
  const found: Difference[] = [];
  for (const notice of run.notices) {
    if (notice.state !== 'sent') continue;
    const words = noticeWords(notice, run.base);
    const { messageId } = notice;
    if (messageId === null || !taken.has(messageId))
      found.push({ kind: 'lost', words: `${words}: sent, says the registry; no mail server took it` });
    else if (known.has(messageId))
      found.push({ kind: 'doubled', words: `${words}: a Message-ID of another` });
    if (messageId !== null) known.add(messageId);
  }
  for (const { messageId, isAlarm, copiesWithoutReason } of taken.values()) {
    if (copiesWithoutReason > 0)
      found.push({ kind: 'doubled', words: `${messageId} was taken again for no reason` });
    if (!isAlarm && !known.has(messageId))
      found.push({ kind: 'unknown', words: `${messageId} was taken, and the registry knows nothing of it` });
  }
  return found;
}

/**
 * Compares what a run with faults left behind with the same story without them: every effect and every mail is there
 * once, none beside them, and every account ends the same way.
 */
export function compareRuns(reference: RunRecord, run: RunRecord): Comparison {
  const done = (record: RunRecord) =>
    record.effects.filter(({ isDone }) => isDone).map((effect) => effectWords(effect, record.base));
  const effects = differences(done(reference), done(run));
  const notices = compareNotices(reference, run);
  const logins = [...new Set([...Object.keys(reference.ends), ...Object.keys(run.ends)])];
  return {
    explained: notices.explained,
    differences: [
      ...effects.lost.map((words) => ({ kind: 'lost', words }) as const),
      ...effects.extra.map((words) => ({ kind: 'doubled', words }) as const),
      ...run.effects
        .filter(({ isDone }) => !isDone)
        .map((effect) => ({ kind: 'lost', words: `${effectWords(effect, run.base)}: half done` }) as const),
      ...notices.differences,
      ...compareMails(run),
      ...logins
        .filter((login) => reference.ends[login] !== run.ends[login])
        .map((login): Difference => {
          const words = `${login} ends as ${String(run.ends[login])}, without faults as ${String(reference.ends[login])}`;
          return { kind: 'different', words };
        }),
    ],
  };
}
