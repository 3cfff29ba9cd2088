/**
 * What the API costs beside its work: requests a second of the single look-up, against a bare fastify route that reads
 * the same row of the same registry and answers the same, without token, limit, schema, headers and log. Both listen in
 * this process and take turns; who asks is a process of its own. Exits 1 when a limit is broken.
 *
 *   npm run bench:api -- --persons 2000 --connections 32 --rounds 5 --round 3s
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fastify, type FastifyInstance } from 'fastify';
import { startTokenIssuer } from '../src/demo/doubles/token-issuer.ts';
import { dateOf } from '../src/policy/calendar.ts';
import { openRegistry } from '../src/registry/open-registry.ts';
import { addAccount, contractOf, tellPerson, ZONE } from '../test/support/api.ts';
import type { LoadRequest, LoadResult } from './api-load.ts';
import { createBenchApi } from './bench-api.ts';
import { readOptions } from './options.ts';
import { startBenchRegistry } from './registry.ts';
import { report } from './report.ts';
import { say } from './seed.ts';
import { percentile, rounded } from './statistics.ts';

const options = readOptions({
  persons: { kind: 'number', default: 2_000 },
  connections: { kind: 'number', default: 32 },
  rounds: { kind: 'number', default: 5 },
  round: { kind: 'time', default: 3_000 },
});
const ATTRIBUTES = { email: 'ada.rossi@cern.example', department: 'IT', group: 'PW', institute: 'CERN' };

const folder = await mkdtemp(join(tmpdir(), 'bench-api-'));
const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];

async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  closers.push(() => app.close());
  // Listening on a port: it has an address.
  return `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`;
}

/** Starts the process that asks; answers how to let it ask. */
function startLoad(): (request: LoadRequest) => Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./api-load.ts', import.meta.url)));
  closers.push(async () => {
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  });
  const died = once(child, 'exit').then(() => {
    throw new Error('the process that asks has died');
  });
  died.catch(() => undefined);
  return (request) => {
    const answered = new Promise<LoadResult>((resolve) => {
      // It is our own process, and sends nothing else.
      child.once('message', (result: LoadResult) => {
        resolve(result);
      });
    });
    child.send(request);
    return Promise.race([answered, died]);
  };
}

async function main(): Promise<number> {
  const bench = await startBenchRegistry(folder);
  closers.push(() => bench.stop());
  say(`Registry: ${bench.location.type}`);
  const opened = await openRegistry({ location: bench.location });
  closers.push(() => opened.close());
  const { registry } = opened;
  say(`Preparing ${String(options.persons)} persons …`);
  const logins = Array.from({ length: options.persons }, (_, index) => `user${String(index)}`);
  for (const login of logins) {
    await tellPerson(registry, `p-${login}`, [contractOf('2020-01-01', null)], ATTRIBUTES);
    await addAccount(registry, { login, personId: `p-${login}` });
  }
  const issuer = await startTokenIssuer({ clientId: 'bench', clientSecret: 'bench' });
  closers.push(() => issuer.stop());
  const ours = await listen(createBenchApi(registry, issuer));
  const plain = fastify();
  plain.get<{ Params: { upn: string } }>('/api/v1.0/Identity/:upn', async (request) => {
    const row = await registry.identityByLogin({
      login: request.params.upn,
      today: dateOf(Date.now(), ZONE),
    });
    return { data: { id: row?.accountId, activeUser: row?.activeUser } };
  });
  const bare = await listen(plain);

  const ask = startLoad();
  const paths = logins.map((login) => `/api/v1.0/Identity/${login}?field=activeUser`);
  const authorization = `Bearer ${await issuer.token()}`;
  const round = async (url: string, ms: number) =>
    ask({ ...{ url, paths, authorization, ms }, connections: options.connections });
  say('Warming up …');
  for (const url of [bare, ours]) await round(url, options.round / 2);
  say(`Measuring ${String(options.rounds)} rounds of ${String(options.round)} ms each …`);
  const totals = { ours: { requests: 0, ms: 0 }, bare: { requests: 0, ms: 0 } };
  const latencies: number[] = [];
  for (let index = 0; index < options.rounds; index += 1) {
    for (const [name, url] of index % 2 === 0
      ? ([
          ['bare', bare],
          ['ours', ours],
        ] as const)
      : ([
          ['ours', ours],
          ['bare', bare],
        ] as const)) {
      const result = await round(url, options.round);
      totals[name].requests += result.requests;
      totals[name].ms += result.ms;
      if (name === 'ours') for (const latency of result.latencies) latencies.push(latency);
    }
  }
  const rps = ({ requests, ms }: { requests: number; ms: number }) => (requests / ms) * 1000;
  const [oursRps, bareRps] = [rps(totals.ours), rps(totals.bare)];
  const aSecond = { unit: 'a second', limit: null };
  return report([
    { name: 'ours', field: 'oursRps', value: rounded(oursRps, 0), ...aSecond },
    {
      name: 'a bare route that reads the same row',
      field: 'bareRps',
      value: rounded(bareRps, 0),
      ...aSecond,
    },
    {
      name: 'ours against it',
      field: 'ratio',
      value: rounded(oursRps / bareRps, 3),
      unit: '',
      limit: null,
      atLeast: 0.5,
    },
    {
      name: 'ours, 99 of 100 within',
      field: 'p99Ms',
      value: rounded(percentile(latencies, 99), 2),
      unit: 'ms',
      limit: null,
    },
  ]);
}

try {
  process.exitCode = await main();
} finally {
  for (const close of closers.splice(0).reverse()) await close().catch(() => undefined);
}
