import { setTimeout as delay } from 'node:timers/promises';
import { virtualNow } from '../contracts/time.ts';
import { findActual } from './check/actual.ts';
import { checkStory } from './check/check-story.ts';
import { differenceCounts, excusedLines, repeats, summaryTable } from './check/summary.ts';
import type { DemoInstance } from './demo-instance.ts';
import type { SinkMail } from './doubles/smtp-sink.ts';
import type { Story } from './story/story.ts';
import type { StoryClock } from './story-clock.ts';
import type { WorkerKeeper } from './worker-keeper.ts';

/** What is late gets so long, in real ms, to come after all. */
const PATIENCE_MS = 6_000;
/** What a dead worker had begun is tried again when its heartbeat is missed. */
const AFTERMATH_MS = 3_000;

/** Checks the story, prints the summary and what differs; answers whether all of it held. */
export async function judge(input: {
  readonly story: Story;
  readonly clock: StoryClock;
  readonly keeper: WorkerKeeper;
  readonly mails: readonly SinkMail[];
  /** `null` = there is none. */
  readonly instance: DemoInstance | null;
  /** What the demo itself could not do. */
  readonly failures: readonly string[];
  readonly ends: number;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<boolean> {
  const { story, clock, keeper, mails, instance, failures, ends, print, signal } = input;
  const { characters } = story;
  const look = async () => {
    const everything = await keeper.everything();
    const { actual, contradictions, overdue } = findActual({
      ...{ characters, everything, mails },
      instance: instance?.records() ?? [],
    });
    const outages = keeper.downtimes.map(({ from, until }) => ({
      from: virtualNow(clock.anchor, from),
      until: virtualNow(clock.anchor, (until ?? Date.now()) + AFTERMATH_MS),
    }));
    const verdict = checkStory({ characters, actual, outages, end: ends });
    return { verdict, contradictions, actual, overdue };
  };
  const deadline = Date.now() + PATIENCE_MS;
  let found = await look();
  while (found.verdict.differences.some(({ type }) => type === 'missing') && Date.now() < deadline) {
    await delay(500, undefined, { signal });
    found = await look();
  }
  const { verdict, contradictions, actual, overdue } = found;
  const again = repeats(mails);
  const wrongs = [
    ...failures,
    ...contradictions,
    // Only a worker that died may leave a mail of which nobody knows whether it got out.
    ...(again > 0 && keeper.downtimes.length === 0 ? [`${String(again)} mails went out twice`] : []),
    // While workers run, nobody is so late.
    ...(keeper.downtimes.length === 0
      ? overdue.map((login) => `the admins were told that ${login} is overdue`)
      : []),
    ...verdict.differences.map(({ type, nick, words }) => `${type}: ${nick}: ${words}`),
  ];
  const transfers = actual.filter(({ kind }) => kind === 'transfer').length;
  print('');
  print(summaryTable(verdict));
  print(
    `${String(mails.length)} mails taken (${String(again)} of them again, under the same Message-ID), ` +
      `${String(transfers)} transfers, ${String(keeper.downtimes.length)} workers died, ` +
      `${String(overdue.length)} alarms that an account is overdue.`,
  );
  print(`Against the lists of ${String(characters.length)} people: ${differenceCounts(verdict)}.`);
  for (const line of excusedLines(verdict)) print(`  ${line}`);
  for (const wrong of wrongs) print(`  ${wrong}`);
  print(wrongs.length === 0 ? 'All of it held.' : `${String(wrongs.length)} things differ.`);
  return wrongs.length === 0;
}
