import Table from 'cli-table3';
import { CHANGE_KINDS, ROW_STATES, type ChangeSide, type Plan, type PlanRow } from '../contracts/plan.ts';
import type { Instant } from '../contracts/time.ts';

function instant(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function sideText({ outcome, standing, lastDay, excluded }: ChangeSide): string {
  if (outcome === null && lastDay === null) return '–';
  return [
    standing,
    lastDay === null ? 'no last day' : `until ${lastDay}`,
    ...(excluded ? ['excluded'] : []),
  ].join(', ');
}

/** What a plan is and what is in it, for people. */
export function planText(plan: Plan): string {
  const lines = [`Plan ${plan.planId}: ${plan.state}, made ${instant(plan.createdAt)}`];
  const { looks, decision } = plan;
  if (looks) {
    const answered = `HR answered for ${String(looks.answered)} of ${String(looks.expected)} persons it answered for last time`;
    lines.push(
      `Looked at ${String(looks.looked)} persons: ${String(looks.changed)} changed, ${String(looks.noPerson)} unknown to HR, ${String(looks.unavailable)} without an answer. ${answered}.`,
    );
  }
  for (const why of plan.heldBecause) lines.push(`Losses and shortenings wait: ${why}`);
  if (plan.state === 'held' && plan.lapsesAt !== null) lines.push(`Lapses ${instant(plan.lapsesAt)}`);
  if (decision)
    lines.push(`${decision.verdict} by ${decision.actor}, ${instant(decision.at)}: ${decision.reason}`);
  if (plan.supersededBy !== null) lines.push(`Its place took plan ${plan.supersededBy}`);
  const states = ROW_STATES.filter((state) => CHANGE_KINDS.some((kind) => plan.rows[kind]?.[state]));
  const table = new Table({ head: ['', ...states], style: { head: [], border: [] } });
  for (const kind of CHANGE_KINDS) {
    const counts = plan.rows[kind];
    if (counts) table.push([kind, ...states.map((state) => String(counts[state] ?? ''))]);
  }
  lines.push(states.length === 0 ? 'Nothing is planned.' : table.toString());
  return lines.join('\n');
}

/** Rows of a plan, one line each, for people. */
export function rowTexts(rows: readonly PlanRow[]): readonly string[] {
  return rows.map(
    ({ personId, kind, state, before, after, reason }) =>
      `${personId.padEnd(8)} ${kind.padEnd(10)} ${state.padEnd(10)} ${sideText(before)} → ${sideText(after)}  (${reason})`,
  );
}
