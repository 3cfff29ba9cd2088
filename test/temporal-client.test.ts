import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.ts';
import { ConfigurationError } from '../src/errors.ts';
import { connectPatiently, temporalAccess } from '../src/temporal-client.ts';

/** No file of the machine's user is read. */
const noFile = { TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };

function words(): {
  said: string[];
  logger: { info: (...args: unknown[]) => void; warn: (...args: unknown[]) => void };
} {
  const said: string[] = [];
  return {
    said,
    logger: {
      info: (_, text) => said.push(`info: ${String(text)}`),
      warn: (_, text) => said.push(`warn: ${String(text)}`),
    },
  };
}

const refused = (code: number): Error => Object.assign(new Error('no'), { code, details: '', metadata: {} });

describe('temporalAccess', () => {
  const temporal = loadConfig({
    text: `fallbackOwner: '1'
admins: [a@example.org]
serviceDesk: a@example.org
hr: { url: https://hr.example.org }
mail: { host: h, from: a@example.org }
logins: { mailDomain: example.org }
temporal: { address: "file:7233", namespace: of-the-file }`,
    fileName: 'lifecycle.yaml',
    env: {},
  }).temporal;

  it('takes our file where the environment says nothing', () => {
    expect(temporalAccess(temporal, noFile)).toMatchObject({
      address: 'file:7233',
      namespace: 'of-the-file',
      connectionOptions: { address: 'file:7233' },
    });
  });

  it('lets the variables of the temporal command line go first, TLS and API key with them', () => {
    const access = temporalAccess(temporal, {
      ...noFile,
      TEMPORAL_ADDRESS: 'cloud:7233',
      TEMPORAL_NAMESPACE: 'prod',
      TEMPORAL_API_KEY: 'key',
      TEMPORAL_TLS_SERVER_NAME: 'cloud.example.org',
    });
    expect(access).toMatchObject({
      address: 'cloud:7233',
      namespace: 'prod',
      connectionOptions: { apiKey: 'key', tls: { serverNameOverride: 'cloud.example.org' } },
    });
  });

  it('has defaults', () => {
    expect(temporalAccess({ taskQueuePrefix: 'x' }, noFile)).toMatchObject({
      address: '127.0.0.1:7233',
      namespace: 'default',
    });
  });

  it('says what to do when Temporal’s own configuration is broken', () => {
    const broken = { ...noFile, TEMPORAL_PROFILE: 'nowhere' };
    expect(() => temporalAccess({ taskQueuePrefix: 'x' }, broken)).toThrow(/temporal config get/);
  });
});

describe('connectPatiently', () => {
  const address = 'nowhere:7233';
  const signal = new AbortController().signal;

  it('waits while Temporal does not answer, says so once, and says when it goes on', async () => {
    const { said, logger } = words();
    let attempts = 0;
    const connect = async (): Promise<string> => {
      if (++attempts < 4) throw refused(14);
      return 'connected';
    };
    expect(await connectPatiently({ connect, address, logger, signal, retryMs: 1 })).toBe('connected');
    expect(attempts).toBe(4);
    expect(said).toEqual([
      expect.stringMatching(/^warn: Temporal at nowhere:7233 does not answer; retrying\. Start one with/),
      'info: Temporal at nowhere:7233 answers; going on',
    ]);
  });

  it('says nothing when it answers at once', async () => {
    const { said, logger } = words();
    await connectPatiently({ connect: async () => 'connected', address, logger, signal });
    expect(said).toEqual([]);
  });

  it.each([7, 16])('does not wait for what waiting cannot mend (gRPC status %i)', async (code) => {
    const { logger } = words();
    const connect = async (): Promise<never> => {
      throw new Error('wrapped', { cause: refused(code) });
    };
    const attempt = connectPatiently({ connect, address, logger, signal });
    await expect(attempt).rejects.toThrow(ConfigurationError);
    await expect(attempt).rejects.toThrow(/refuses us.*TEMPORAL_API_KEY/);
  });

  it('ends when called off', async () => {
    const { logger } = words();
    const controller = new AbortController();
    const connect = async (): Promise<never> => {
      controller.abort(new Error('shutting down'));
      throw refused(14);
    };
    const attempt = connectPatiently({
      connect,
      address,
      logger,
      signal: controller.signal,
      retryMs: 3_600_000,
    });
    await expect(attempt).rejects.toThrow('shutting down');
  });
});
