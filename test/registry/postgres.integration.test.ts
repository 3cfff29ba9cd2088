import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/registry/migrate.ts';
import { migrations } from '../../src/registry/migrations/index.ts';
import { openDatabase, openRegistry } from '../../src/registry/open-registry.ts';
import { waitForRegistry, type RegistryWait } from '../../src/registry/wait-for-registry.ts';
import { findPostgres, mayBeSkipped, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { newAccountOf } from '../support/registry.ts';

const source = findPostgres();
const reason = source.type === 'missing' ? ` (${source.reason})` : '';
const unreachable = { name: 'RegistryError', code: 'REGISTRY_UNREACHABLE', retryable: true };

describe.skipIf(source.type === 'missing' && mayBeSkipped)(`a registry on a Postgres server${reason}`, () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres(source);
  });
  afterAll(async () => {
    await server.close();
  });
  const locationOf = (url: string) => ({ type: 'postgres' as const, url });

  it('is migrated once when several workers start at once', async () => {
    const location = locationOf(await server.createDatabase());
    const databases = await Promise.all(Array.from({ length: 6 }, () => openDatabase(location)));
    const applied = await Promise.all(databases.map((database) => migrate(database)));
    expect(applied.flat()).toEqual(migrations.map(({ version }) => version));
    await Promise.all(databases.map((database) => database.close()));
  });

  it('gives one login to exactly one of several workers', async () => {
    const location = locationOf(await server.createDatabase());
    const [first, second] = [await openRegistry({ location }), await openRegistry({ location })];
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? first : second).registry.createAccount(
          newAccountOf({ accountId: `a-${index}`, login: 'ada' }),
        ),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    await first.close();
    await second.close();
  });

  it('fails retryably while the server is away, and goes on when it is back', async ({ skip }) => {
    const { power } = server;
    if (power === null) return skip('the server given by TEST_POSTGRES_URL is not ours to stop');
    const location = locationOf(await server.createDatabase());
    const { registry, close } = await openRegistry({ location });
    await registry.createAccount(newAccountOf({ accountId: 'before' }));
    await Promise.all(Array.from({ length: 8 }, () => registry.account('before')));

    await power.stop();
    await expect(registry.account('before')).rejects.toMatchObject(unreachable);
    await expect(registry.createAccount(newAccountOf({ accountId: 'during' }))).rejects.toMatchObject(
      unreachable,
    );
    await expect(openRegistry({ location })).rejects.toMatchObject(unreachable);

    const waits: RegistryWait[] = [];
    const reopened = waitForRegistry({
      open: () => openRegistry({ location }),
      onWaiting: (wait) => waits.push(wait),
      firstPauseMs: 20,
      longestPauseMs: 20,
    });
    await expect.poll(() => waits.length).toBeGreaterThan(1);
    await power.start();
    await (await reopened).close();

    // Each broken connection of the pool may tell one caller; then all are new.
    await expect
      .poll(() =>
        registry.account('before').then(
          (row) => row?.login,
          () => 'away',
        ),
      )
      .toBe('before');
    expect(await registry.account('during')).toBeNull();
    const all = await Promise.all(Array.from({ length: 20 }, () => registry.account('before')));
    expect(all.map((row) => row?.login)).toEqual(Array.from({ length: 20 }, () => 'before'));
    await close();
  });

  it('fails retryably and leaves nothing when the server cuts off a transaction, and the process lives on', async () => {
    const location = locationOf(await server.createDatabase());
    const database = await openDatabase(location);
    await migrate(database);
    const cut = database.transaction(async (trx) => {
      await sql`insert into service_desk_cases values ('cut', 0, 'test', 0)`.execute(trx);
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
      await server.run(location.url, `select pg_terminate_backend(${rows[0]?.pid ?? 0})`);
      await sql`insert into service_desk_cases values ('cut', 1, 'test', 0)`.execute(trx);
    });
    await expect(cut).rejects.toMatchObject(unreachable);
    const { rows } = await database.query((db) => sql`select * from service_desk_cases`.execute(db));
    expect(rows).toEqual([]);
    await database.close();
  });

  it('is refused at the start, not waited for, when its database does not exist', async () => {
    const url = new URL(await server.createDatabase());
    url.pathname = '/no_such_database';
    await expect(openRegistry({ location: locationOf(url.href) })).rejects.toMatchObject({
      code: 'REGISTRY_LOGIN_REFUSED',
      retryable: false,
      message: expect.stringContaining('no_such_database'),
    });
  });
});

describe('the address of a Postgres server', () => {
  it.each(['mysql://u:secret@h/db', 'no url secret', ''])(
    'is refused when it is "%s", without repeating it',
    async (url) => {
      const failure: unknown = await openRegistry({ location: { type: 'postgres', url } }).catch(
        (e: unknown) => e,
      );
      expect(failure).toMatchObject({ code: 'REGISTRY_URL', retryable: false });
      expect(String(failure)).not.toContain('secret');
    },
  );

  it('at which nobody answers gives a retryable error that does not show the password', async () => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const url = `postgres://ada:secret@127.0.0.1:${port}/registry`;
    const failure: unknown = await openRegistry({ location: { type: 'postgres', url } }).catch(
      (e: unknown) => e,
    );
    expect(failure).toMatchObject(unreachable);
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('secret');
  });

  it('at which somebody accepts and says nothing is given up after the time for connecting', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    await expect(
      openDatabase({
        type: 'postgres',
        url: `postgres://127.0.0.1:${port}/registry`,
        options: { connectTimeoutMs: 100 },
      }),
    ).rejects.toMatchObject(unreachable);
    silent.close();
  });
});
