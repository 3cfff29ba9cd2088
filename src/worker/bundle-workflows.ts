import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** This file's own extension: `.ts` from sources, `.js` when built. */
const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The converter that never fails on what it cannot read. Sources and build share the one file. */
export const PAYLOAD_CONVERTER_PATH = fileURLToPath(
  new URL('../../workflows/payload-converter.cjs', import.meta.url),
);

/** Bundles the workflows for the sandbox. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../../workflows/index.${EXTENSION}`, import.meta.url)),
    payloadConverterPath: PAYLOAD_CONVERTER_PATH,
  });
}
