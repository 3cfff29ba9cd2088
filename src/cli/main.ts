import { Command } from 'commander';
import { readConfigFile } from '../read-config-file.ts';
import { LifecycleError } from '../errors.ts';
import { createLogger } from '../logger.ts';
import { addAccountCommand } from './account-command.ts';
import type { CliSurroundings } from './deployment.ts';
import { addFreezeCommands } from './freeze-command.ts';
import { addGuestCommand } from './guest-command.ts';
import { addMergeCommand } from './merge-command.ts';
import { addPlanCommand } from './plan-command.ts';
import { addReconcileCommand } from './reconcile-command.ts';
import { addScheduleCommand } from './schedule-command.ts';
import { addSyncCommand } from './sync-command.ts';
import { addTransferCommand } from './transfer-command.ts';

const stopping = new AbortController();
process.once('SIGINT', () => {
  stopping.abort();
});

const program = new Command('account-lifecycle').description(
  'Commands for those who run the account lifecycle',
);
const surroundings: CliSurroundings = {
  env: process.env,
  signal: stopping.signal,
  logger: createLogger({ level: 'warn' }),
  readConfig: (file) => readConfigFile(file, process.env),
  print: (line) => {
    console.log(line);
  },
  progress: (line) => {
    console.error(line);
  },
};
addSyncCommand(program, surroundings);
addPlanCommand(program, surroundings);
addAccountCommand(program, surroundings);
addFreezeCommands(program, surroundings);
addGuestCommand(program, surroundings);
addScheduleCommand(program, surroundings);
addTransferCommand(program, surroundings);
addMergeCommand(program, surroundings);
addReconcileCommand(program, {
  ...surroundings,
  setExitCode: (code) => {
    process.exitCode = code;
  },
});

try {
  await program.parseAsync();
} catch (error) {
  if (!stopping.signal.aborted) console.error(error instanceof LifecycleError ? error.message : error);
  process.exitCode = stopping.signal.aborted ? 130 : 1;
}
