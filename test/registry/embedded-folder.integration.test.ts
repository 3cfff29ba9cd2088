import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openRegistry, type OpenedRegistry } from '../../src/registry/open-registry.ts';
import { embeddedLocation, newAccountOf } from '../support/registry.ts';

// Processes that start and databases that recover take their time on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const WRITER = fileURLToPath(new URL('./writer-process.ts', import.meta.url));

describe('an embedded registry in a folder', () => {
  let folder: string;
  const opened: OpenedRegistry[] = [];
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lifecycle-registry-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child);
    for (const registry of opened.splice(0)) await registry.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = async (): Promise<OpenedRegistry> => {
    const registry = await openRegistry({ location: await embeddedLocation(folder) });
    opened.push(registry);
    return registry;
  };
  const startWriter = (mode: string) => {
    const child = spawn(process.execPath, ['--import', 'tsx', WRITER, folder, mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    return { child, lines: createInterface({ input: child.stdout }) };
  };

  it('keeps what was stored when it is closed and opened again', async () => {
    const first = await open();
    await first.registry.createAccount(newAccountOf({ accountId: 'kept' }));
    const number = await first.registry.nextObservationNumber();
    await first.close();
    const second = await open();
    expect((await second.registry.account('kept'))?.login).toBe('kept');
    expect(await second.registry.nextObservationNumber()).toBeGreaterThan(number);
  });

  it('belongs to one opener: a second one in the same process is refused and told what to do', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({
      name: 'RegistryError',
      code: 'REGISTRY_IN_USE',
      retryable: false,
      message: expect.stringContaining('Stop that process'),
    });
    await first.registry.createAccount(newAccountOf({ accountId: 'undisturbed' }));
    await first.close();
    await open();
  });

  it('belongs to one opener: another process keeps it until it dies, however it dies', async () => {
    const { child, lines } = startWriter('hold');
    await once(lines, 'line');
    await expect(open()).rejects.toMatchObject({
      code: 'REGISTRY_IN_USE',
      facts: { holderPid: child.pid },
    });
    await kill(child);
    await open();
  });

  it('loses no acknowledged row and gives no number twice when its process is killed while it writes', async () => {
    const acknowledged: string[] = [];
    const numbers: number[] = [];
    for (const enough of [5, 17, 40]) {
      const { child, lines } = startWriter('accounts');
      for await (const line of lines) {
        const [word, accountId, number] = line.split(' ');
        if (word !== 'stored' || accountId === undefined) continue;
        acknowledged.push(accountId);
        numbers.push(Number(number));
        // Lines go on coming until the process is dead; all of them count.
        if (acknowledged.length >= enough) child.kill('SIGKILL');
      }
      await kill(child);
    }
    const { registry } = await open();
    const stored = new Set((await registry.accounts({})).map((row) => row.accountId));
    expect(acknowledged.length).toBeGreaterThanOrEqual(40);
    expect(acknowledged.filter((accountId) => !stored.has(accountId))).toEqual([]);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(await registry.nextObservationNumber()).toBeGreaterThan(Math.max(...numbers));
  });

  it('keeps nothing of a transaction in which its process was killed', async () => {
    const { child, lines } = startWriter('transaction');
    for await (const line of lines) if (line === 'written') child.kill('SIGKILL');
    await kill(child);
    const { registry } = await open();
    const again = { personId: 'half-done', leaving: '2027-03-30', cause: 'test', at: 0 };
    expect(await registry.openCase(again)).toBe(true);
  });

  it('is refused with a clear error when the folder is no folder', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(openRegistry({ location: { type: 'embedded', folder: file } })).rejects.toMatchObject({
      code: 'REGISTRY_FOLDER',
      retryable: false,
    });
  });
});

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
