import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LdapDirectory } from '../../../src/connectors/ldap/create-ldap-directory.ts';
import { personOf } from '../directory-suite.ts';
import { dnOf, noSlapd, slapdReason, startTestSlapd, type TestSlapd } from '../../support/slapd.ts';

/** Passes on what is said to a port of this machine, and remembers what clients said. */
async function listenBefore(port: string, host: string) {
  const open = new Set<Socket>();
  const heard: Buffer[] = [];
  let isSilent = false;
  const server = createServer((client) => {
    const behind = connect(Number(port), '127.0.0.1');
    for (const [from, to] of [
      [client, behind],
      [behind, client],
    ] as const) {
      open.add(from);
      from.on('error', () => undefined);
      from.once('close', () => {
        open.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
    client.on('data', (data: Buffer) => heard.push(data));
    if (isSilent) behind.unpipe(client);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => Buffer.concat(heard).toString('latin1'),
    /** From now on no answer comes back. */
    silence(): void {
      isSilent = true;
      for (const socket of open) if (socket.remotePort === Number(port)) socket.unpipe();
    },
    /** Breaks every connection there is. */
    cut,
    async close() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}

const { signal } = new AbortController();
const retryable = { name: 'TargetError', code: 'TARGET_UNREACHABLE', retryable: true };

describe.skipIf(noSlapd)(`the connection to a directory server${slapdReason}`, () => {
  let slapd: TestSlapd;
  beforeAll(async () => {
    slapd = await startTestSlapd({ tls: true });
    const directory = slapd.directory();
    const entry = { kind: 'primary', person: personOf('1'), activeStatus: 'Active' } as const;
    await directory.create({ login: 'ada', ...entry, uidNumber: 1, signal });
  });
  afterAll(() => slapd.close());
  const read = (directory: LdapDirectory) => directory.read({ login: 'ada', signal });
  const secure = () => ({ url: slapd.secureUrl ?? '', tls: 'implicit' }) as const;
  const named = (url: string) => url.replace('127.0.0.1', 'localhost');

  it.each(['starttls', 'implicit'] as const)('is encrypted by %s, by address and by name', async (tls) => {
    const url = tls === 'implicit' ? secure().url : slapd.url;
    for (const at of [url, named(url)]) {
      const relay = await listenBefore(new URL(at).port, '127.0.0.1');
      const directory = slapd.directory({ url: at.replace(/[0-9]+$/, String(relay.port)), tls });
      expect(await read(directory)).toMatchObject({ login: 'ada' });
      await directory.setPassword({ login: 'ada', password: 'never in clear', signal });
      expect(relay.heard()).not.toMatch(/never in clear|lifecycle/);
      await relay.close();
    }
  });

  it.each(['starttls', 'implicit'] as const)(
    'is refused when the certificate is not to be trusted, or is for another name, by %s',
    async (tls) => {
      const url = tls === 'implicit' ? secure().url : slapd.url;
      const relay = await listenBefore(new URL(url).port, '127.0.0.2');
      const other = url.replace(/127.0.0.1:[0-9]+$/, `127.0.0.2:${relay.port}`);
      for (const options of [{ url, ca: null }, { url: other }]) {
        await expect(read(slapd.directory({ tls, ...options }))).rejects.toMatchObject({
          code: 'TARGET_TLS',
          retryable: false,
          message: expect.stringContaining('ldap.caFile'),
        });
      }
      expect(relay.heard()).not.toContain('lifecycle');
      await relay.close();
    },
  );

  it('that breaks at any moment is never made anew without encryption and a new bind', async () => {
    const relay = await listenBefore(new URL(slapd.url).port, '127.0.0.1');
    const directory = slapd.directory({ url: `ldap://127.0.0.1:${relay.port}`, tls: 'starttls' });
    for (let round = 0; round < 10; round += 1) {
      await expect
        .poll(() =>
          read(directory).then(
            () => 'there',
            () => 'away',
          ),
        )
        .toBe('there');
      const writing = Array.from({ length: 5 }, (_, index) =>
        directory.setPassword({ login: 'ada', password: `never in clear ${index}`, signal }),
      );
      relay.cut();
      for (const result of await Promise.allSettled(writing)) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ retryable: true });
      }
    }
    expect(relay.heard()).not.toMatch(/never in clear|lifecycle/);
    await relay.close();
  });

  it('that is given up is not used by those who waited for their turn', async () => {
    const relay = await listenBefore(new URL(slapd.url).port, '127.0.0.1');
    const url = `ldap://127.0.0.1:${relay.port}`;
    const limits = { concurrency: 1, timeoutMs: 200, connectTimeoutMs: 200 };
    const directory = slapd.directory({ url, tls: 'starttls', ...limits });
    expect(await read(directory)).toMatchObject({ login: 'ada' });
    relay.silence();
    for (const result of await Promise.allSettled([1, 2, 3].map(() => read(directory)))) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { retryable: true },
      });
    }
    // Not even a question: whoever asks has not bound, and is not encrypted.
    expect(relay.heard()).not.toMatch(/cn=ada/i);
    await relay.close();
  });

  it('that is not encrypted is refused by a server that wants it so', async () => {
    const strict = await startTestSlapd({ tls: true });
    const database = 'dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\n';
    await strict.modify(`${database}replace: olcSecurity\nolcSecurity: simple_bind=128\n`, 'configuration');
    await expect(read(strict.directory())).rejects.toMatchObject({ code: 'TARGET_TLS', retryable: false });
    expect(await read(strict.directory({ tls: 'starttls' }))).toBeNull();
    await strict.close();
  });

  it.each(['none', 'starttls', 'implicit'] as const)(
    'is made anew after the server was restarted in mid-use, by %s',
    async (tls) => {
      const directory = slapd.directory(tls === 'implicit' ? secure() : { tls });
      expect(await read(directory)).toMatchObject({ login: 'ada' });
      await slapd.stop();
      await expect(read(directory)).rejects.toMatchObject(retryable);
      await expect(directory.setAccess({ login: 'ada', access: 'on', signal })).rejects.toMatchObject(
        retryable,
      );
      await slapd.start();
      expect(await read(directory)).toMatchObject({ login: 'ada' });
      // Bound and encrypted as before: it may write what only the lifecycle may.
      await directory.setAccess({ login: 'ada', access: 'on', signal });
      await directory.setPassword({ login: 'ada', password: `by ${tls}`, signal });
      expect(await slapd.canBind(dnOf('ada'), `by ${tls}`)).toBe(true);
    },
  );

  it('carries many requests at once, and all of them fail retryably when it breaks', async () => {
    const directory = slapd.directory();
    const many = () => Promise.allSettled(Array.from({ length: 60 }, () => read(directory)));
    expect((await many()).every(({ status }) => status === 'fulfilled')).toBe(true);
    const running = many();
    await slapd.stop();
    for (const result of await running) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ retryable: true });
    }
    await slapd.start();
    expect((await many()).every(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('says what to do about a wrong password, and does not tell it', async () => {
    const directory = slapd.directory({ password: 'guess-me' });
    const failure: unknown = await read(directory).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'TARGET_BIND_REFUSED',
      retryable: false,
      message: expect.stringContaining('ldap.bindDn'),
    });
    expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure))).not.toContain('guess-me');
  });

  it('that nobody answers is given up in time, and a request called off at once', async () => {
    const silent = createServer((socket) => socket.on('error', () => undefined));
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const url = `ldap://127.0.0.1:${port}`;
    for (const tls of ['none', 'starttls'] as const) {
      const directory = slapd.directory({ url, tls, connectTimeoutMs: 50 });
      await expect(read(directory)).rejects.toMatchObject({ code: 'TARGET_TIMEOUT', retryable: true });
    }
    const calling = new AbortController();
    const connected = once(silent, 'connection');
    const patient = slapd.directory({ url });
    const reading = patient.read({ login: 'ada', signal: calling.signal });
    await connected;
    calling.abort(new Error('called off'));
    await expect(reading).rejects.toThrow('called off');
    silent.close();
  });

  it('to nobody is a retryable error', async () => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    const directory = slapd.directory({ url: `ldap://127.0.0.1:${port}` });
    await expect(read(directory)).rejects.toMatchObject(retryable);
  });
});
