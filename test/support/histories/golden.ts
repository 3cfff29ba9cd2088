import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where golden histories are kept: a folder a life, `<n>.json` a run of its chain, and `trace.json`. */
export const HISTORIES = fileURLToPath(new URL('../../histories', import.meta.url));

/** One step as a run carried it out: what replay cannot see. Moments on the deployment's clock, in UTC. */
export interface TracedStep {
  readonly key: string;
  readonly action: string;
  /** When it was due; `null` for activities that are no step of an account's plan. */
  readonly due: string | null;
  /** When it was begun. */
  readonly at: string;
}

/** How a run ended, and what of the account's state the next run needs to be right. `null` = it goes on. */
export interface TracedEnd {
  readonly type: 'continuedAsNew' | 'completed';
  readonly state: Readonly<Record<string, unknown>> | null;
}

/** What one run did. */
export interface TracedRun {
  readonly steps: readonly TracedStep[];
  readonly end: TracedEnd | null;
}

/** One recorded event, as far as anyone here looks into it. */
export interface HistoryEvent {
  readonly eventId: string;
  readonly eventTime: string;
  readonly eventType: string;
  readonly [attributes: string]: unknown;
}

export interface HistoryJson {
  readonly events: readonly HistoryEvent[];
}

/** A life as it was recorded: the runs of its chain in order, each with what it did. */
export interface Golden {
  readonly name: string;
  readonly workflowType: string;
  readonly runs: readonly HistoryJson[];
  /** `null` = the file is missing. */
  readonly trace: readonly TracedRun[] | null;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function workflowTypeOf(run: HistoryJson | undefined): string {
  const started = run?.events[0]?.['workflowExecutionStartedEventAttributes'] as
    { workflowType?: { name?: string } } | undefined;
  return started?.workflowType?.name ?? 'unknown';
}

function readGolden(name: string): Golden {
  const folder = join(HISTORIES, name);
  const files = readdirSync(folder);
  const numbers = files.flatMap((file) => /^(\d+)\.json$/.exec(file)?.[1] ?? []).map(Number);
  const runs = numbers
    .sort((a, b) => a - b)
    .map((number) => readJson(join(folder, `${String(number)}.json`)) as HistoryJson);
  const trace = files.includes('trace.json')
    ? (readJson(join(folder, 'trace.json')) as { runs: readonly TracedRun[] }).runs
    : null;
  return { name, workflowType: workflowTypeOf(runs[0]), runs, trace };
}

/** Every golden life, by name. */
export function readGoldens(): readonly Golden[] {
  return readdirSync(HISTORIES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readGolden(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
