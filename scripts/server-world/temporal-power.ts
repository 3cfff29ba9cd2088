import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.ts';
import { freePort } from '../../src/dev/free-port.ts';
import { startTemporalServer } from '../../src/dev/temporal-server.ts';
import type { Stretch } from './stretch.ts';

/** A Temporal server that can be killed, and comes back with what it had acknowledged. */
export interface TemporalPower {
  readonly address: string;
  readonly namespace: string;
  /** `kill -9`, and another one on the same file and port; resolves when that one serves. */
  killAndRestart(): Promise<void>;
  /** When nobody served, in real ms. */
  readonly downtimes: readonly Stretch[];
  stop(): Promise<void>;
}

/** Starts it; without `dbFile` it is faster, and cannot be killed. */
export async function startTemporalPower(input: { readonly dbFile?: string }): Promise<TemporalPower> {
  const port = await freePort();
  const start = () =>
    startTemporalServer({
      ui: false,
      searchAttributes: SEARCH_ATTRIBUTES,
      port,
      dbFile: input.dbFile,
      log: () => undefined,
    });
  let server = await start();
  let restarting: Promise<void> = Promise.resolve();
  const downtimes: Stretch[] = [];
  const restart = async (): Promise<void> => {
    const { pid } = server;
    if (input.dbFile === undefined || pid === null) throw new Error('this server would lose everything');
    const from = Date.now();
    process.kill(pid, 'SIGKILL');
    server = await start();
    downtimes.push({ from, to: Date.now() });
  };
  return {
    address: server.address,
    namespace: server.namespace,
    killAndRestart: () => (restarting = restarting.then(restart)),
    downtimes,
    async stop() {
      await restarting.catch(() => undefined);
      await server.stop();
    },
  };
}
