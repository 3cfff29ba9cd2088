import { bundleWorkflowCode, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { PAYLOAD_CONVERTER_PATH } from '../../../src/worker/bundle-workflows.ts';
import { fromHistoryJson } from './history-json.ts';
import type { HistoryJson, TracedEnd, TracedRun, TracedStep } from './golden.ts';

const pathOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** Bundles the workflows as production does, with a look at what they do. */
export function bundleTraced(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: pathOf('../../../workflows/index.ts'),
    payloadConverterPath: PAYLOAD_CONVERTER_PATH,
    workflowInterceptorModules: [pathOf('trace-interceptor.ts')],
  });
}

/** What comes out of the sandbox has prototypes of its own, which no comparison likes. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** What came of replaying one run: what it did this time, and why it would freeze, if it would. */
export interface ReplayedRun extends TracedRun {
  readonly error: Error | undefined;
}

/**
 * Replays runs, by id, through today's workflows and policy, and notes what each one does: the same start, messages
 * and answers at the same moments, thought through anew. Needs no server.
 */
export async function recomputeTraces(
  runs: ReadonlyMap<string, HistoryJson>,
  workflowBundle: WorkflowBundleWithSourceMap,
): Promise<ReadonlyMap<string, ReplayedRun>> {
  const traces = new Map(
    [...runs.keys()].map((id) => [id, { steps: [] as TracedStep[], end: [] as TracedEnd[] }]),
  );
  const results = Worker.runReplayHistories(
    {
      workflowBundle,
      dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
      sinks: {
        trace: {
          step: {
            fn: ({ workflowId }: { workflowId: string }, step: TracedStep) => {
              traces.get(workflowId)?.steps.push(plain(step));
            },
            callDuringReplay: true,
          },
          end: {
            fn: ({ workflowId }: { workflowId: string }, end: TracedEnd) => {
              traces.get(workflowId)?.end.push(plain(end));
            },
            callDuringReplay: true,
          },
        },
      },
    },
    [...runs].map(([workflowId, history]) => ({ workflowId, history: fromHistoryJson(history) })),
  );
  const errors = new Map<string, Error>();
  for await (const { workflowId, error } of results) {
    if (error) errors.set(workflowId, error);
  }
  return new Map(
    [...traces].map(([id, { steps, end }]) => [id, { steps, end: end[0] ?? null, error: errors.get(id) }]),
  );
}
