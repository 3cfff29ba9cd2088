import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'ldapts';
import { LifecycleError } from '../errors.ts';
import { endWithParent } from './end-with-parent.ts';
import type { SlapdPrograms } from './find-slapd.ts';
import { freePort } from './free-port.ts';
import { BASE_DN, slapdConfiguration, type SlapdCertificate } from './slapd-configuration.ts';

/** Who may do everything, in a server for demo and tests only. */
export const SLAPD_ADMIN = { dn: `cn=admin,${BASE_DN}`, password: 'admin' };
/** Whom `deploy/ldap` gives the rights that the lifecycle wants. */
export const SLAPD_USER = { dn: `cn=lifecycle,ou=Services,${BASE_DN}`, password: 'lifecycle' };
const CONFIG_ADMIN = { dn: 'cn=config', password: 'admin' };

const DEPLOY = fileURLToPath(new URL('../../deploy/ldap/', import.meta.url));
const OVERLAY = 'policy-overlay.ldif';
/** In the order in which they must be loaded. */
const CONFIGURATION = ['ad-attributes.ldif', 'schema.ldif', OVERLAY, 'access.ldif'];

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 25;

/** A directory server with the schema, the rights and the tree of `deploy/ldap`, as a process that ends with this one. */
export interface Slapd {
  readonly url: string;
  /** With `ldaps`; `null` = it has no certificate. */
  readonly secureUrl: string | null;
  /** Applies an LDIF of changes as the administrator of the data, or of the server's configuration. */
  readonly modify: (ldif: string, where?: 'data' | 'configuration') => Promise<void>;
  /** Ends the server and waits until it has ended. */
  readonly stop: () => Promise<void>;
  /** Starts it again, on the same ports, with the same data. */
  readonly start: () => Promise<void>;
}

/**
 * Starts one in a folder of its own.
 *
 * @throws LifecycleError `SLAPD_NOT_STARTED` with what it said.
 */
export async function startSlapd(input: {
  readonly programs: SlapdPrograms;
  /** An empty one. */
  readonly folder: string;
  readonly certificate?: SlapdCertificate;
  /** `false` = without password policies. */
  readonly policies?: boolean;
}): Promise<Slapd> {
  const { programs, folder, certificate, policies = true } = input;
  const [configuration, data] = [join(folder, 'slapd.d'), join(folder, 'data')];
  for (const made of [configuration, data]) await mkdir(made, { recursive: true });
  const base = join(folder, 'base.ldif');
  await writeFile(base, slapdConfiguration({ programs, folder, data, ...(certificate && { certificate }) }));
  await run(programs.slapadd, ['-n', '0', '-F', configuration, '-l', base]);

  const url = `ldap://127.0.0.1:${String(await freePort())}`;
  const secureUrl = certificate ? `ldaps://127.0.0.1:${String(await freePort())}` : null;
  let stopRunning: () => Promise<void> = () => Promise.resolve();

  const start = async (): Promise<void> => {
    const listens = secureUrl === null ? url : `${url} ${secureUrl}`;
    // `-d 0` keeps it from leaving for the background.
    const server = launch(programs.slapd, ['-F', configuration, '-h', listens, '-d', '0']);
    stopRunning = server.stop;
    await server.answers(url);
  };
  const modify: Slapd['modify'] = async (ldif, where = 'data') => {
    const { dn, password } = where === 'data' ? SLAPD_ADMIN : CONFIG_ADMIN;
    await run(programs.ldapmodify, ['-x', '-H', url, '-D', dn, '-w', password], ldif);
  };
  await start();
  try {
    for (const file of CONFIGURATION.filter((name) => policies || name !== OVERLAY)) {
      await run(programs.ldapmodify, [
        ...['-x', '-H', url, '-D', CONFIG_ADMIN.dn, '-w', CONFIG_ADMIN.password],
        ...['-f', join(DEPLOY, file)],
      ]);
    }
    await modify(`dn: ${BASE_DN}\nchangetype: add\nobjectClass: domain\ndc: cern\n`);
    const asAdmin = ['-x', '-H', url, '-D', SLAPD_ADMIN.dn, '-w', SLAPD_ADMIN.password];
    for (const file of policies ? ['tree.ldif', 'policy.ldif'] : ['tree.ldif']) {
      await run(programs.ldapmodify, [...asAdmin, '-f', join(DEPLOY, file)]);
    }
    const { dn, password } = SLAPD_USER;
    await modify(`dn: ${dn}\nchangetype: modify\nreplace: userPassword\nuserPassword: ${password}\n`);
  } catch (error) {
    await stopRunning();
    throw error;
  }
  return { url, secureUrl, modify, start, stop: () => stopRunning() };
}

interface Launched {
  readonly stop: () => Promise<void>;
  /** Waits until it serves. */
  answers(url: string): Promise<void>;
}

function launch(program: string, args: readonly string[]): Launched {
  // Ctrl-C in a terminal is for us: who writes to it ends first, then we end it.
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  let ended: string | null = null;
  const end = new Promise<void>((resolve) => {
    const settle = (why: string): void => {
      ended = why;
      resolve();
    };
    child.once('error', (error) => {
      settle(error.message);
    });
    child.once('close', (code, signal) => {
      settle(`it ended with ${signal ?? `code ${String(code)}`}`);
    });
  });
  const watcher = child.pid === undefined ? undefined : endWithParent(child.pid);
  void end.then(() => watcher?.release());
  const stop = async (): Promise<void> => {
    const impatient = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (ended === null) child.kill('SIGTERM');
    await end;
    clearTimeout(impatient);
  };
  return {
    stop,
    async answers(url) {
      const until = performance.now() + START_TIMEOUT_MS;
      for (;;) {
        const client = new Client({ url, connectTimeout: 1000, timeout: 1000 });
        const isThere = await client.bind('', '').then(
          () => true,
          () => false,
        );
        await client.unbind().catch(() => undefined);
        if (isThere) return;
        if (ended === null && performance.now() < until) {
          await delay(POLL_MS);
          continue;
        }
        await stop();
        throw notStarted(`${ended ?? 'it did not answer'}. ${said}`);
      }
    },
  };
}

/** Runs a tool to its end; throws what it said when it failed. */
async function run(program: string, args: readonly string[], input = ''): Promise<void> {
  const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  // One that ends before it has read everything says why itself.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  await once(child, 'close');
  const code = child.exitCode;
  if (code !== 0) throw notStarted(`${program} ended with code ${String(code)}. ${said}`);
}

function notStarted(why: string): LifecycleError {
  return new LifecycleError({
    code: 'SLAPD_NOT_STARTED',
    message: `The directory server could not be started: ${why}`,
    retryable: false,
  });
}
