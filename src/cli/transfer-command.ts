import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import type { Reassignment } from '../contracts/reassignment.ts';
import { withDeployment, type CliSurroundings } from './deployment.ts';

interface Common {
  readonly config: string;
}

const CONFIG = ['--config <file>', 'configuration file', 'lifecycle.yaml'] as const;
const ACCOUNT = ['<account>', 'the service account, by its id or its login'] as const;

/** What the proposed owner can say, and what the command is called. */
const ANSWERS = [
  ['approve', 'approved', 'agree to own the account: only the proposed owner can'],
  ['reject', 'rejected', 'say no: only the proposed owner can'],
] as const;

function moment(at: number): string {
  return new Date(at).toISOString();
}

function lineOf(row: Reassignment): string {
  const { requestId, status, owner, newOwner, askedAt, lapsesAt, decidedAt, decidedBy, decidedWhy, doneAt } =
    row;
  const asked = `${requestId}: ${status}, from person ${owner} to person ${newOwner}, asked ${moment(askedAt)}`;
  if (decidedAt === null) return `${asked}, lapses ${moment(lapsesAt)}`;
  const done =
    status === 'approved' ? (doneAt === null ? ', being handed on' : `, done ${moment(doneAt)}`) : '';
  return `${asked}, decided ${moment(decidedAt)} by ${decidedBy ?? 'system'}: ${decidedWhy ?? ''}${done}`;
}

/** Adds `transfer ask | approve | reject | withdraw | show`. Rule: "Re-assigning a service account". */
export function addTransferCommand(program: Command, surroundings: CliSurroundings): void {
  const { print } = surroundings;
  const transfer = program
    .command('transfer')
    .description('Re-assigning service accounts, which the new owner must approve');

  transfer
    .command('ask')
    .description('ask somebody to become the owner of a service account')
    .argument(...ACCOUNT)
    .requiredOption('--to <person>', 'the proposed owner, by person id')
    .requiredOption('--actor <id>', 'who asks, as an opaque id')
    .requiredOption('--reason <words>', 'why, in short words')
    .option('--request-id <id>', 'an id of its own: given a second time, it is the same request')
    .option(...CONFIG)
    .action(
      async (
        account: string,
        options: Common & { to: string; actor: string; reason: string; requestId?: string },
      ) => {
        const { config, to: newOwner, actor, reason, requestId = randomUUID() } = options;
        await withDeployment(surroundings, config, async (deployment) => {
          const asked = { type: 'askReassignment', requestId, account, newOwner, actor, reason } as const;
          const { lapsesAt } = await deployment.ask(asked, 'reassignment');
          print(`request ${requestId}: person ${newOwner} is asked, until ${moment(lapsesAt)}`);
        });
      },
    );

  const answer = async (
    account: string,
    options: Common & { verdict: 'approved' | 'rejected' | 'withdrawn'; by: string; reason: string },
  ) => {
    const { config, verdict, by, reason } = options;
    await withDeployment(surroundings, config, async (deployment) => {
      const request = { type: 'answerReassignment', account, verdict, by, reason } as const;
      print((await deployment.ask(request, 'reassignmentAnswer')).message);
    });
  };
  for (const [name, verdict, description] of ANSWERS) {
    transfer
      .command(name)
      .description(description)
      .argument(...ACCOUNT)
      .requiredOption('--person <id>', 'who answers, by person id')
      .option('--reason <words>', 'why, in short words', 'as asked')
      .option(...CONFIG)
      .action((account: string, options: Common & { person: string; reason: string }) =>
        answer(account, { ...options, verdict, by: options.person }),
      );
  }
  transfer
    .command('withdraw')
    .description('withdraw an open request')
    .argument(...ACCOUNT)
    .requiredOption('--actor <id>', 'who withdraws it, as an opaque id')
    .requiredOption('--reason <words>', 'why, in short words')
    .option(...CONFIG)
    .action((account: string, options: Common & { actor: string; reason: string }) =>
      answer(account, { ...options, verdict: 'withdrawn', by: options.actor }),
    );

  transfer
    .command('show')
    .description('requests for an account, the newest first')
    .argument(...ACCOUNT)
    .option('--json', 'as JSON')
    .option(...CONFIG)
    .action(async (account: string, options: Common & { json?: boolean }) => {
      await withDeployment(surroundings, options.config, async (deployment) => {
        const { reassignments } = await deployment.ask({ type: 'reassignments', account }, 'reassignments');
        if (options.json) print(JSON.stringify(reassignments));
        else if (reassignments.length === 0) print('no request was ever made for this account');
        else for (const row of reassignments) print(lineOf(row));
      });
    });
}
