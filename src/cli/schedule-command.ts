import type { Command } from 'commander';
import { realAnchor } from '../clock.ts';
import { type AppliedSchedule, applySyncSchedule } from '../schedule/apply-schedule.ts';
import { applyWatchdogSchedule } from '../schedule/watchdog-schedule.ts';
import { connectTemporalClient, temporalAccess } from '../temporal-client.ts';
import { tuningOf } from '../tuning.ts';
import { configOf, type CliSurroundings } from './deployment.ts';

/** Says what became of one schedule. */
function tell(print: (line: string) => void, what: string, when: string, applied: AppliedSchedule): void {
  print(`${what} ${applied.result}: ${when}`);
  for (const difference of applied.drift) print(`  put right: ${difference}`);
  const [next] = applied.nextRuns;
  print(next === undefined ? '  it is paused' : `  next run: ${new Date(next).toISOString()}`);
}

/** Adds `schedule apply`: makes the Temporal Schedules of synchronisation and watchdog what the configuration says. */
export function addScheduleCommand(program: Command, surroundings: CliSurroundings): void {
  const { env, signal, logger, print } = surroundings;
  const schedule = program.command('schedule').description('The schedules of synchronisation and watchdog');
  schedule
    .command('apply')
    .description('make the schedules in Temporal what the configuration says')
    .option('--config <file>', 'configuration file', 'lifecycle.yaml')
    .action(async ({ config: file }: { config: string }) => {
      const config = configOf(surroundings, file);
      const access = temporalAccess(config.temporal, env);
      const { client, close } = await connectTemporalClient({ access, logger, signal });
      try {
        const prefix = config.temporal.taskQueuePrefix;
        // Outside a demo, which applies its own schedules, the deployment's clock is the machine's.
        const input = { clock: realAnchor(), tuning: tuningOf(config) };
        const { sync, watchdog } = config;
        const applied = await applySyncSchedule(client, { ...sync, prefix, input });
        tell(print, 'schedule', `"${sync.cron}" in ${sync.timeZone}`, applied);
        const { overdueMinutes, everyMinutes } = watchdog;
        const watching = await applyWatchdogSchedule(client, {
          ...watchdog,
          prefix,
          input: { ...input, overdueMinutes },
        });
        tell(print, 'watchdog', `every ${everyMinutes} minutes`, watching);
      } finally {
        await close();
      }
    });
}
