import type { Command } from 'commander';
import { withDeployment, type CliSurroundings } from './deployment.ts';

interface Options {
  readonly config: string;
  readonly actor: string;
  readonly reason: string;
}

const DESCRIPTIONS = {
  freeze: 'stop every block, delete and transfer of the deployment, until unfreeze',
  unfreeze: 'let blocks, deletes and transfers go on',
} as const;

function moment(at: number): string {
  return new Date(at).toISOString();
}

/** Adds `freeze`, `unfreeze` and `frozen`: the switch that stops harm everywhere at once. */
export function addFreezeCommands(program: Command, surroundings: CliSurroundings): void {
  const { print } = surroundings;
  for (const type of ['freeze', 'unfreeze'] as const) {
    program
      .command(type)
      .description(DESCRIPTIONS[type])
      .requiredOption('--actor <id>', 'who does it, as an opaque id')
      .requiredOption('--reason <words>', 'why, in short words')
      .option('--config <file>', 'configuration file', 'lifecycle.yaml')
      .action(async ({ config, actor, reason }: Options) => {
        await withDeployment(surroundings, config, async (deployment) => {
          const { freeze, changed } = await deployment.ask({ type, actor, reason }, 'frozen');
          const was = changed ? '' : ' already';
          if (freeze === null) print(`not frozen${was}: blocks, deletes and transfers go on`);
          else print(`frozen${was}, since ${moment(freeze.since)} by ${freeze.actor}: ${freeze.reason}`);
        });
      });
  }
  program
    .command('frozen')
    .description('whether the deployment is frozen')
    .option('--config <file>', 'configuration file', 'lifecycle.yaml')
    .action(async ({ config }: { config: string }) => {
      await withDeployment(surroundings, config, async (deployment) => {
        const { freeze } = await deployment.ask({ type: 'frozen' }, 'frozen');
        print(
          freeze === null
            ? 'not frozen'
            : `frozen since ${moment(freeze.since)} by ${freeze.actor}: ${freeze.reason}`,
        );
      });
    });
}
