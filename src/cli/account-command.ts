import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { withDeployment, type CliSurroundings } from './deployment.ts';

interface Options {
  readonly config: string;
  readonly kind: string;
  readonly person: string;
  readonly login: string;
  readonly actor: string;
  readonly reason: string;
  readonly requestId?: string;
}

/** Adds `account request`: secondary and service accounts, within the limits of the rules. Rule: "Requests". */
export function addAccountCommand(program: Command, surroundings: CliSurroundings): void {
  const { print } = surroundings;
  program
    .command('account')
    .description('Accounts of persons')
    .command('request')
    .description('ask for a secondary or a service account')
    .requiredOption('--kind <kind>', 'secondary or service')
    .requiredOption('--person <id>', "the person's id")
    .requiredOption('--login <name>', 'a login that was never used')
    .requiredOption('--actor <id>', 'who asks, as an opaque id')
    .requiredOption('--reason <words>', 'why, in short words')
    .option('--request-id <id>', 'an id of its own: given a second time, it is the same request')
    .option('--config <file>', 'configuration file', 'lifecycle.yaml')
    .action(async ({ config, kind, person, login, actor, reason, requestId }: Options) => {
      await withDeployment(surroundings, config, async (deployment) => {
        const answer = await deployment.ask(
          {
            ...{ type: 'requestAccount', requestId: requestId ?? randomUUID() },
            ...{ kind, personId: person, login, actor, reason },
          },
          'account',
        );
        const was = answer.made ? 'made' : 'made before, by the same request';
        print(`${answer.kind} account ${answer.accountId} of person ${answer.personId}: ${was}`);
      });
    });
}
