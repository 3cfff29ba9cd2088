import type { Difference, ReconcileResult } from '../contracts/reconcile.ts';

function rowText({ accountId, kind, words, repaired, note }: Difference): string {
  const what = repaired ? `repaired: ${note}` : note === '' ? 'not repaired' : `not repaired: ${note}`;
  return `${(accountId ?? '–').padEnd(36)} ${kind.padEnd(23)} ${words}  (${what})`;
}

/** All differences by kind, the most frequent first. */
function kindsText({ kinds }: ReconcileResult): string {
  const counted = Object.entries(kinds).sort(([, a], [, b]) => b - a);
  return `in all ${counted.map(([kind, count]) => `${String(count)} × ${kind}`).join(', ')}`;
}

function summaryText({ accounts, busy, differences, repaired }: ReconcileResult): string {
  const left = differences - repaired;
  const inStep = busy === 0 ? '' : `, ${String(busy)} in the middle of a step`;
  return `${String(accounts)} accounts compared${inStep}: ${String(differences)} differences, ${String(repaired)} repaired, ${String(left)} left`;
}

/** What a comparison came to, for a terminal: a line a row, how many more there are, and the sum. */
export function reconcileText(result: ReconcileResult, rows: readonly Difference[]): readonly string[] {
  const rest = result.differences - rows.length;
  const more = rest > 0 ? [`and ${String(rest)} more; ${kindsText(result)}`] : [];
  return [...rows.map(rowText), ...more, summaryText(result)];
}
