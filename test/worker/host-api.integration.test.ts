import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, type Config } from '../../src/config.ts';
import { startTokenIssuer, type TokenIssuer } from '../../src/demo/doubles/token-issuer.ts';
import { freePort } from '../../src/dev/free-port.ts';
import { createLogger } from '../../src/logger.ts';
import { openRegistry } from '../../src/registry/open-registry.ts';
import { realAnchor } from '../../src/clock.ts';
import { hostApi } from '../../src/worker/host-api.ts';
import { policySetOf } from '../../src/policies/policy-set-of.ts';
import { startDeployment } from '../../src/worker/start-deployment.ts';
import { addAccount, contractOf, tellPerson } from '../support/api.ts';
import { embeddedLocation, openMemoryRegistry } from '../support/registry.ts';

let folder: string;
let issuer: TokenIssuer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lifecycle-api-'));
  issuer = await startTokenIssuer({ clientId: 'c', clientSecret: 's' });
});
afterAll(async () => {
  await issuer.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function configOf(api: { port: number }): Promise<Config> {
  const lines = [
    "fallbackOwner: '900001'",
    'admins: [admins@example.org]',
    'serviceDesk: service-desk@example.org',
    // Nobody is there.
    `temporal: { address: '127.0.0.1:${String(await freePort())}' }`,
    'registry: { folder: registry }',
    'hr: { url: http://127.0.0.1:9 }',
    'mail: { host: 127.0.0.1, from: accounts@example.org }',
    'logins: { mailDomain: example.org }',
    `api: { port: ${String(api.port)}, issuer: '${issuer.issuer}', jwksUrl: '${issuer.jwksUrl}' }`,
  ];
  return loadConfig({ text: lines.join('\n'), fileName: 'lifecycle.yaml', env: {} });
}

describe('the API of a worker with an embedded registry', () => {
  it('answers while Temporal is away, by the date of the moment, and ends with the worker', async () => {
    const location = await embeddedLocation(join(folder, 'registry'));
    const opened = await openRegistry({ location });
    await tellPerson(opened.registry, '1', [contractOf('2020-01-01', null)]);
    await tellPerson(opened.registry, '2', [contractOf('2020-01-01', '2021-12-31')]);
    for (const personId of ['1', '2'])
      await addAccount(opened.registry, { login: `user${personId}`, personId });
    await opened.close();

    const port = await freePort();
    let listens: () => void = () => undefined;
    const isUp = new Promise<void>((resolve) => {
      listens = resolve;
    });
    const write = (line: string) => {
      if (line.includes('the API listens')) listens();
    };
    const stopping = new AbortController();
    const deployment = startDeployment({
      ...{ config: await configOf({ port }), folder, env: {}, signal: stopping.signal },
      logger: createLogger({ level: 'info', destination: { write } }),
    });
    const ended = expect(deployment).rejects.toMatchObject({ name: 'AbortError' });
    await isUp;
    const get = async (login: string) => {
      const response = await fetch(
        `http://127.0.0.1:${String(port)}/api/v1.0/Identity/${login}?field=activeUser`,
        {
          headers: { authorization: `Bearer ${await issuer.token()}`, accept: 'text/plain' },
        },
      );
      return response.text();
    };
    expect(await get('user1')).toBe('{"data":{"id":"id-user1","activeUser":true}}');
    expect(await get('user2')).toBe('{"data":{"id":"id-user2","activeUser":false}}');
    stopping.abort();
    await ended;
    await expect(get('user1')).rejects.toThrow();
    // Its registry is free again.
    await (await openRegistry({ location })).close();
  });

  it('that cannot have its port says which settings to change', async () => {
    const port = Number(new URL(issuer.issuer).port);
    const config = await configOf({ port });
    const opened = await openMemoryRegistry();
    const hosted = hostApi({
      ...{ config, policies: policySetOf(config, folder), registry: opened.registry, clock: realAnchor() },
      log: createLogger({ level: 'error', destination: { write: () => undefined } }),
    });
    await expect(hosted).rejects.toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining('api.host and api.port') as string,
    });
    await opened.close();
  });
});
