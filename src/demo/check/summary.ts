import Table from 'cli-table3';
import type { SinkMail } from '../doubles/smtp-sink.ts';
import type { Checked, Verdict } from './check-story.ts';

interface Row {
  readonly kind: string;
  readonly lines: readonly Checked[];
}

function rowsOf(checked: readonly Checked[]): readonly Row[] {
  const kinds = [...new Set(checked.map(({ kind }) => kind))].sort();
  return kinds.map((kind) => ({ kind, lines: checked.filter((line) => line.kind === kind) }));
}

function latest(lines: readonly Checked[]): string {
  const days = lines.flatMap(({ lateDays }) => (lateDays === null ? [] : [lateDays]));
  return days.length === 0 ? '' : Math.max(...days).toFixed(2);
}

/** Mails taken more often than once under one Message-ID: sent again because nobody knew whether they had got out. */
export function repeats(mails: readonly SinkMail[]): number {
  return mails.length - new Set(mails.map(({ messageId }) => messageId)).size;
}

/** Planned against done, by kind, with the greatest lateness in days. */
export function summaryTable(verdict: Verdict): string {
  const table = new Table({
    head: ['what', 'planned', 'done', 'excused', 'latest, days'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  const row = (kind: string, lines: readonly Checked[]) => [
    kind,
    lines.length,
    lines.filter(({ done }) => done).length,
    lines.filter(({ excused }) => excused !== null).length,
    latest(lines),
  ];
  for (const { kind, lines } of rowsOf(verdict.checked)) table.push(row(kind, lines));
  table.push(row('all', verdict.checked));
  return table.toString();
}

/** What was planned, not done, and is nobody's fault: a line each, by name, with the reason. */
export function excusedLines(verdict: Verdict): readonly string[] {
  return verdict.checked.flatMap(({ nick, what, excused }) =>
    excused === null ? [] : [`excused: ${nick}: ${what} (${excused})`],
  );
}

/** One line for each sort of difference, also when there is none. */
export function differenceCounts(verdict: Verdict): string {
  return (['missing', 'extra', 'twice', 'early'] as const)
    .map((type) => `${type} ${String(verdict.differences.filter((one) => one.type === type).length)}`)
    .join(', ');
}
