import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Tells one process from every other, also from a later one with the same pid. `null` = cannot be known here. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to its start. */
  readonly startTicks: string | null;
  /** Changes with every boot. */
  readonly bootId: string | null;
  /** Pids mean something only within one namespace: in containers the first is always 1. */
  readonly pidNamespace: string | null;
  readonly host: string;
}

export function identifyThisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    startTicks: startTicks(process.pid),
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    host: hostname(),
  };
}

/**
 * Whether the process still runs, seen from this one. `unknown` when it ran on another machine, in another
 * container or before a boot that cannot be told from another machine, and where the system does not tell when a
 * process began.
 */
export function judgeProcess(other: ProcessIdentity, self: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (other.host !== self.host && other.bootId !== self.bootId) return 'unknown';
  if (other.bootId !== self.bootId) return 'dead';
  if (other.pidNamespace !== self.pidNamespace) return 'unknown';
  if (other.bootId === null && other.host !== self.host) return 'unknown';
  if (other.startTicks === null || self.startTicks === null) return pidExists(other.pid) ? 'unknown' : 'dead';
  return startTicks(other.pid) === other.startTicks ? 'alive' : 'dead';
}

function startTicks(pid: number): string | null {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === null) return null;
  // The second field is the command in brackets and may hold blanks; the third is the state, the 22nd the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Killed, but its parent has not asked for its end yet.
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return fields[19] ?? null;
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
