import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import type { Logger } from '../logger.ts';
import { openRegistry, type OpenedRegistry, type RegistryLocation } from './open-registry.ts';
import { waitForRegistry } from './wait-for-registry.ts';

function registryLocation({ registry }: Config, folder: string): RegistryLocation {
  if (registry.type === 'postgres') return { type: 'postgres', url: registry.url.reveal() };
  return { type: 'embedded', folder: resolve(folder, registry.folder) };
}

/** Opens the registry that the configuration names; waits for it, and says so, while it cannot be reached. */
export async function openPatiently(input: {
  readonly config: Config;
  /** Folder from which the paths in the configuration count. */
  readonly folder: string;
  readonly logger: Logger;
  /** Calls off the waiting. */
  readonly signal: AbortSignal;
}): Promise<OpenedRegistry> {
  const { config, folder, logger, signal } = input;
  const location = registryLocation(config, folder);
  return waitForRegistry({
    open: () => openRegistry({ location }),
    signal,
    onWaiting: ({ error, nextTryInMs }) => {
      logger.warn({ code: error.code, nextTryInMs }, `waiting for the registry: ${error.message}`);
    },
  });
}
