import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { Command } from 'commander';
import { decisionUpdates, planApprovalId } from '../../workflows/messages.ts';
import { ConfigurationError } from '../errors.ts';
import { allRows, planOf, withDeployment, type CliSurroundings } from './deployment.ts';
import { planText, rowTexts } from './plan-text.ts';

interface Common {
  readonly config: string;
}

const CONFIG = ['--config <file>', 'configuration file', 'lifecycle.yaml'] as const;

/** Adds `plan list | show | approve | reject`: what synchronisations planned, and what waits for a decision. */
export function addPlanCommand(program: Command, surroundings: CliSurroundings): void {
  const { print } = surroundings;
  const plan = program
    .command('plan')
    .description('Plans of synchronisations: what changed, what waits for a decision');

  plan
    .command('list')
    .description('the newest plans')
    .option(...CONFIG)
    .option('--limit <number>', 'how many', '20')
    .option('--json', 'as JSON')
    .action(async (options: Common & { limit: string; json?: boolean }) => {
      const limit = Number(options.limit);
      if (!Number.isInteger(limit) || limit < 1)
        throw new ConfigurationError('--limit takes a whole number from 1');
      await withDeployment(surroundings, options.config, async (deployment) => {
        const { plans } = await deployment.ask({ type: 'plans', limit }, 'plans');
        if (options.json) print(JSON.stringify(plans));
        else for (const one of plans) print(`${planText(one)}\n`);
      });
    });

  plan
    .command('show')
    .description('one plan with every row; without an id, the one that is held, else the newest')
    .argument('[planId]')
    .option(...CONFIG)
    .option('--held', 'only rows that wait for a decision')
    .option('--json', 'as JSON')
    .action(async (planId: string | undefined, options: Common & { held?: boolean; json?: boolean }) => {
      await withDeployment(surroundings, options.config, async (deployment) => {
        const one = await planOf(deployment, planId ?? null);
        const rows = await allRows(deployment, one.planId, options.held ? ['held'] : null);
        if (options.json) {
          print(JSON.stringify({ plan: one, rows }));
          return;
        }
        print(planText(one));
        for (const line of rowTexts(rows)) print(line);
      });
    });

  for (const verdict of ['approve', 'reject'] as const) {
    plan
      .command(verdict)
      .description(verdict === 'approve' ? 'apply what a plan holds' : 'apply nothing of what a plan holds')
      .argument('<planId>')
      .requiredOption('--actor <id>', 'who decides, as an opaque id')
      .requiredOption('--reason <words>', 'why, in short words')
      .option(...CONFIG)
      .action(async (planId: string, options: Common & { actor: string; reason: string }) => {
        const { actor, reason } = options;
        await withDeployment(surroundings, options.config, async (deployment) => {
          const { state } = await planOf(deployment, planId);
          if (state !== 'held')
            throw new ConfigurationError(`Plan ${planId} is ${state}: nothing of it waits.`);
          const handle = deployment.client.workflow.getHandle(planApprovalId(planId));
          try {
            const answer = await handle.executeUpdate(decisionUpdates[verdict], {
              args: [{ actor, reason }],
            });
            print(answer.message);
          } catch (error) {
            if (!(error instanceof WorkflowUpdateFailedError)) throw error;
            throw new ConfigurationError(error.cause?.message ?? error.message);
          }
        });
      });
  }
}
