import { execFile } from 'node:child_process';

export type CommandResult =
  { readonly ok: true; readonly stdout: string } | { readonly ok: false; readonly reason: string };

/** Runs a program to its end, at most `timeoutMs` long. Never throws: a program that is missing is a reason. */
export function runCommand(
  program: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: timeoutMs, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ ok: true, stdout });
        return;
      }
      const lastLine = stderr.trim().split('\n').at(-1) ?? '';
      resolve({ ok: false, reason: lastLine === '' ? (error.message.split('\n')[0] ?? 'failed') : lastLine });
    });
  });
}
