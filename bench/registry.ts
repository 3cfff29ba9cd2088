import { join } from 'node:path';
import type { Environment } from '../src/config.ts';
import type { RegistryLocation } from '../src/registry/open-registry.ts';
import { findPostgres, startPostgres } from '../test/support/postgres.ts';

const URL_VARIABLE = 'BENCH_REGISTRY_URL';
/** In the benchmark's folder. */
export const REGISTRY_FOLDER = 'registry';

/** The registry of a benchmark, empty at first. */
export interface BenchRegistry {
  readonly location: RegistryLocation;
  /** The block `registry` of the configuration, and the environment that it reads. */
  readonly settings: { readonly folder: string } | { readonly urlEnv: string };
  readonly env: Environment;
  stop(): Promise<void>;
}

/** An embedded registry in the benchmark's folder: it shares the process of the worker. */
export function embeddedRegistry(folder: string): BenchRegistry {
  return {
    location: { type: 'embedded', folder: join(folder, REGISTRY_FOLDER) },
    settings: { folder: REGISTRY_FOLDER },
    env: {},
    stop: () => Promise.resolve(),
  };
}

/** Postgres, as in production, where it is installed; else an embedded registry. */
export async function startBenchRegistry(folder: string): Promise<BenchRegistry> {
  const source = findPostgres();
  if (source.type === 'missing') return embeddedRegistry(folder);
  const server = await startPostgres(source);
  const url = await server.createDatabase();
  return {
    location: { type: 'postgres', url },
    settings: { urlEnv: URL_VARIABLE },
    env: { [URL_VARIABLE]: url },
    stop: () => server.close(),
  };
}
