import type { TestProject } from 'vitest/node';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import { findTimeSkippingServer } from '../../src/dev/temporal-binaries.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the run has of Temporal; see `test/support/temporal.ts`. */
    temporal: TemporalOfTheRun;
  }
}

/** What this machine lacks is `null`, with the reason. */
export interface TemporalOfTheRun {
  readonly address: string | null;
  readonly namespace: string;
  readonly timeSkippingServer: string | null;
  readonly lacking: readonly string[];
}

/**
 * Starts one Temporal server for the whole run (or uses the one at `TEMPORAL_ADDRESS`) and finds the
 * time-skipping test server. With `REQUIRE_ALL=1` a machine that lacks one fails instead of skipping.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const log = (line: string) => console.error(`[temporal] ${line}`);
  const lacking: string[] = [];
  const orLacking = async <T>(what: Promise<T>): Promise<T | null> => {
    try {
      return await what;
    } catch (error) {
      if (process.env['REQUIRE_ALL'] === '1') throw error;
      lacking.push(error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  const existingAddress = process.env['TEMPORAL_ADDRESS'];
  const server = await orLacking(
    startTemporalServer({ ui: false, searchAttributes: SEARCH_ATTRIBUTES, existingAddress, log }),
  );
  const timeSkippingServer = await orLacking(findTimeSkippingServer({ log }));
  project.provide('temporal', {
    address: server?.address ?? null,
    namespace: server?.namespace ?? 'default',
    timeSkippingServer,
    lacking,
  });
  return async () => {
    await server?.stop();
  };
}
