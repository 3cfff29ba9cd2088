/** A process of its own that asks an API for one identity after another, so many at a time, for so long. */
import { Pool } from 'undici';

export interface LoadRequest {
  readonly url: string;
  readonly paths: readonly string[];
  readonly authorization: string;
  readonly connections: number;
  readonly ms: number;
}

export interface LoadResult {
  readonly requests: number;
  readonly ms: number;
  /** How long each answer took, in ms. */
  readonly latencies: readonly number[];
}

async function load({ url, paths, authorization, connections, ms }: LoadRequest): Promise<LoadResult> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const headers = { authorization };
  const latencies: number[] = [];
  const from = performance.now();
  let next = 0;
  const one = async (): Promise<void> => {
    while (performance.now() - from < ms) {
      const path = paths[next % paths.length] ?? '/';
      next += 1;
      const began = performance.now();
      const { body, statusCode } = await pool.request({ method: 'GET', path, headers });
      const text = await body.text();
      latencies.push(performance.now() - began);
      if (statusCode !== 200 || !text.includes('"activeUser":true')) {
        throw new Error(`${url} answered with ${String(statusCode)}: ${text}`);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, one));
  const took = performance.now() - from;
  await pool.close();
  return { requests: latencies.length, ms: took, latencies };
}

process.on('message', (request: LoadRequest) => {
  load(request).then(
    (result) => process.send?.(result),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
