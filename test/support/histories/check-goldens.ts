import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { isDeepStrictEqual } from 'node:util';
import type { Golden, HistoryJson, TracedRun } from './golden.ts';
import { recomputeTraces, type ReplayedRun } from './recompute-traces.ts';

/** What differs between the trace that is kept and today's, in words; an empty list = nothing. */
function differences(kept: TracedRun, today: ReplayedRun): readonly string[] {
  if (today.error) return [`does not replay: ${today.error.message}`];
  const length = Math.max(kept.steps.length, today.steps.length);
  const steps = Array.from({ length }, (_, index) => [kept.steps[index], today.steps[index]] as const);
  const changed = steps
    .filter(([was, is]) => !isDeepStrictEqual(was, is))
    .map(([was, is]) => `was ${JSON.stringify(was ?? null)}, is ${JSON.stringify(is ?? null)}`);
  const early = today.steps
    .filter(({ due, at }) => due !== null && at < due)
    .map(({ key, due, at }) => `${key} is early: due ${String(due)}, begun ${at}`);
  const end = isDeepStrictEqual(kept.end, today.end)
    ? []
    : [`ended with ${JSON.stringify(kept.end)}, ends with ${JSON.stringify(today.end)}`];
  return [...changed, ...early, ...end];
}

/**
 * The gate: replays every golden history through today's workflows, thinks its steps through anew, and answers what is
 * wrong, in words. An empty list = everything that waits out there will go on as it was promised.
 */
export async function checkGoldens(input: {
  readonly goldens: readonly Golden[];
  /** Every workflow type there is. */
  readonly workflowTypes: readonly string[];
  readonly workflowBundle: WorkflowBundleWithSourceMap;
}): Promise<readonly string[]> {
  const { goldens, workflowTypes, workflowBundle } = input;
  if (goldens.length === 0) return ['there is no golden history; npm run histories:record makes them'];
  const runs = new Map<string, HistoryJson>();
  for (const { name, runs: own } of goldens) {
    for (const [index, run] of own.entries()) runs.set(`${name}/${String(index + 1)}`, run);
  }
  const replayed = await recomputeTraces(runs, workflowBundle);
  const problems = goldens.flatMap(({ name, runs: own, trace }) => {
    if (own.length === 0) return [`${name}: has no history`];
    if (trace?.length !== own.length) return [`${name}: has no trace for each of its runs`];
    return trace.flatMap((kept, index) => {
      const id = `${name}/${String(index + 1)}`;
      const today = replayed.get(id);
      return today ? differences(kept, today).map((words) => `${id}: ${words}`) : [`${id}: was not replayed`];
    });
  });
  const recorded = new Set(goldens.map(({ workflowType }) => workflowType));
  const missing = workflowTypes
    .filter((type) => !recorded.has(type))
    .map((type) => `no golden history holds the workflow ${type}`);
  return [...missing, ...problems];
}
