/**
 * A client of the Authorization Service API pages through everybody while lives go on: people join, change, leave, are
 * deleted and come back between its pages. Everyone who was there all the while must be seen once. Exits 1 otherwise.
 *
 *   npm run bench:walk -- --identities 50000 --limit 1000
 */
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { listAnswer } from '../src/api/identity/schemas.ts';
import { forEachOf } from '../activities/sync/for-each-of.ts';
import { startTokenIssuer } from '../src/demo/doubles/token-issuer.ts';
import { openRegistry } from '../src/registry/open-registry.ts';
import { addAccount, contractOf, tellPerson } from '../test/support/api.ts';
import { accountStateOf } from '../test/support/registry.ts';
import { createBenchApi } from './bench-api.ts';
import { readOptions } from './options.ts';
import { startBenchRegistry } from './registry.ts';
import { report } from './report.ts';
import { say } from './seed.ts';
import { percentile, rounded } from './statistics.ts';

const options = readOptions({
  identities: { kind: 'number', default: 50_000 },
  limit: { kind: 'number', default: 1_000 },
});
const PROGRESS_EVERY = 10_000;
const AT_ONCE = 16;

const folder = await mkdtemp(join(tmpdir(), 'bench-walk-'));
const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
const loginOf = (index: number) => `user${String(index)}`;
const personOf = (index: number) => `p${String(index)}`;

async function main(): Promise<number> {
  const bench = await startBenchRegistry(folder);
  closers.push(() => bench.stop());
  const opened = await openRegistry({ location: bench.location });
  closers.push(() => opened.close());
  const { registry } = opened;
  const people = Array.from({ length: options.identities }, (_, index) => index);
  say(`Registry: ${bench.location.type}; preparing ${String(people.length)} identities …`);
  let made = 0;
  await forEachOf(people, AT_ONCE, async (index) => {
    await tellPerson(registry, personOf(index), [contractOf('2020-01-01', null)]);
    await addAccount(registry, { login: loginOf(index), personId: personOf(index) });
    made += 1;
    if (made % PROGRESS_EVERY === 0) say(`  ${String(made)} identities`);
  });

  const issuer = await startTokenIssuer({ clientId: 'bench', clientSecret: 'bench' });
  closers.push(() => issuer.stop());
  const app = createBenchApi(registry, issuer);
  await app.listen({ host: '127.0.0.1', port: 0 });
  closers.push(() => app.close());
  // Listening on a port: it has an address.
  const url = `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`;
  const authorization = `Bearer ${await issuer.token()}`;

  /** Whom something happened to that may move them in the list: they may be seen or not, but never twice. */
  const moved = new Set<string>();
  /** What happens between two pages, behind the client and ahead of it. */
  const live = async (seen: number, round: number): Promise<void> => {
    const ahead = Math.min(people.length - 1, seen + options.limit + (round % options.limit));
    const behind = Math.max(0, seen - 1 - (round % options.limit));
    for (const index of [behind, ahead]) {
      await tellPerson(registry, personOf(index), [contractOf('2020-01-01', '2026-01-01')], {
        familyName: `Other${String(round)}`,
      });
    }
    for (const index of new Set([behind, ahead])) {
      if (moved.has(loginOf(index))) continue;
      const state = { accountId: `id-${loginOf(index)}`, personId: personOf(index), sequence: 9 };
      await registry.project({
        ...{ state: accountStateOf({ ...state, stage: 'deleted' }), nextStep: null, nextStepAt: null },
        ...{ problem: null, notes: [] },
      });
      await addAccount(registry, { login: `again${String(index)}`, personId: personOf(index) });
      moved.add(loginOf(index)).add(`again${String(index)}`);
    }
    const joiner = `joiner${String(round)}`;
    await addAccount(registry, { login: joiner, personId: joiner });
    moved.add(joiner);
  };

  say('Paging …');
  const seen: string[] = [];
  const times: number[] = [];
  const since = performance.now();
  for (let token = '', round = 0; ; round += 1) {
    const began = performance.now();
    const reply = await request(`${url}/api/v1.0/Identity?field=upn&limit=${String(options.limit)}${token}`, {
      headers: { authorization },
    });
    const { pagination, data } = listAnswer.parse(await reply.body.json());
    times.push(performance.now() - began);
    seen.push(...(data as { upn: string }[]).map(({ upn }) => upn));
    if (pagination.token === null) break;
    token = `&token=${pagination.token}`;
    await live(seen.length, round);
  }
  const seconds = (performance.now() - since) / 1000;
  const all = new Set(seen);
  const missed = people.filter((index) => !all.has(loginOf(index)) && !moved.has(loginOf(index))).length;
  const none = { unit: '', limit: 0 };
  return report([
    { name: 'identities seen', field: 'seen', value: seen.length, unit: '', limit: null },
    { name: 'pages', field: 'pages', value: times.length, unit: '', limit: null },
    { name: 'on their way while it was read', field: 'moved', value: moved.size, unit: '', limit: null },
    { name: 'seen twice', field: 'twice', value: seen.length - all.size, ...none },
    { name: 'missed', field: 'missed', value: missed, ...none },
    {
      name: 'a page, at the 99th per cent',
      field: 'p99Ms',
      value: rounded(percentile(times, 99), 1),
      unit: 'ms',
      limit: null,
    },
    { name: 'the whole walk', field: 'seconds', value: rounded(seconds, 1), unit: 's', limit: null },
  ]);
}

try {
  process.exitCode = await main();
} finally {
  for (const close of closers.reverse()) await close();
}
