import { spawn } from 'node:child_process';

/**
 * Ends the process `pid` when this process is gone, however it ended: a small shell waits for the end of the pipe
 * that this process holds open. Call `release` once the process has ended by itself, since its number may be used
 * again. Does nothing on Windows.
 */
export function endWithParent(pid: number): { release(): void } {
  if (process.platform === 'win32') return { release: () => undefined };
  const watcher = spawn('/bin/sh', ['-c', 'cat >/dev/null; kill "$1" 2>/dev/null', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C reaches the whole group of the terminal: the watcher must outlive its parent.
    detached: true,
  });
  watcher.on('error', () => undefined);
  watcher.unref();
  return {
    release: () => {
      watcher.kill('SIGKILL');
    },
  };
}
