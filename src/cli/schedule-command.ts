import type { Command } from 'commander';
import { realAnchor } from '../clock.ts';
import { applySyncSchedule } from '../schedule/apply-schedule.ts';
import { connectTemporalClient, temporalAccess } from '../temporal-client.ts';
import { tuningOf } from '../tuning.ts';
import type { CliSurroundings } from './deployment.ts';

/** Adds `schedule apply`: makes the Temporal Schedule of the synchronisation what the configuration says. */
export function addScheduleCommand(program: Command, surroundings: CliSurroundings): void {
  const { env, signal, logger, readConfig, print } = surroundings;
  const schedule = program.command('schedule').description('The schedule of the synchronisation with HR');
  schedule
    .command('apply')
    .description('make the schedule in Temporal what the configuration says')
    .option('--config <file>', 'configuration file', 'lifecycle.yaml')
    .action(async ({ config: file }: { config: string }) => {
      const config = readConfig(file);
      const access = temporalAccess(config.temporal, env);
      const { client, close } = await connectTemporalClient({ access, logger, signal });
      try {
        const applied = await applySyncSchedule(client, {
          ...config.sync,
          taskQueue: config.temporal.taskQueuePrefix,
          // Outside a demo, which applies its own schedule, the deployment's clock is the machine's.
          input: { clock: realAnchor(), tuning: tuningOf(config) },
        });
        print(`schedule ${applied.result}: "${config.sync.cron}" in ${config.sync.timeZone}`);
        for (const difference of applied.drift) print(`  put right: ${difference}`);
        const [next] = applied.nextRuns;
        print(next === undefined ? '  it is paused' : `  next run: ${new Date(next).toISOString()}`);
      } finally {
        await close();
      }
    });
}
