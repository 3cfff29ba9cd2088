import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { newSealingKeys, seal, unseal } from '../sealing.ts';
import { withDeployment, type CliSurroundings, type Deployment } from './deployment.ts';
import { readIdentity, type IdentityOptions } from './read-identity.ts';

interface Common {
  readonly config: string;
}

interface Said extends Common {
  readonly actor: string;
  readonly reason: string;
  readonly requestId?: string;
}

/** A guest account as the workers tell it. */
const shownGuest = z.object({
  guestId: z.string(),
  accountId: z.string(),
  formerLogin: z.string(),
  provider: z.string(),
  subject: z.string(),
  email: z.string().nullable(),
  isOpen: z.boolean(),
  since: z.number(),
  requestId: z.string().nullable(),
  releasedAt: z.number().nullable(),
});
type ShownGuest = z.infer<typeof shownGuest>;

const CONFIG = ['--config <file>', 'configuration file', 'lifecycle.yaml'] as const;
const ACCOUNT = ['<account>', 'the former primary account, by its login or its id'] as const;
const ACTOR = ['--actor <id>', 'who does it, as an opaque id'] as const;
const REASON = ['--reason <words>', 'why, in short words'] as const;
const REQUEST_ID = [
  '--request-id <id>',
  'an id of its own: given a second time, it is the same request',
] as const;

/** Seals what is personal for the workers: what goes through Temporal stands in a history. */
async function sealed(deployment: Deployment, value: unknown): Promise<string> {
  const { publicKey } = await deployment.ask({ type: 'sealingKey' }, 'sealingKey');
  return seal(JSON.stringify(value), publicKey);
}

function moment(at: number): string {
  return new Date(at).toISOString();
}

// What a provider sends as somebody's name could hold letters that a terminal obeys.
function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\u{FFFD}');
}

function lineOf(guest: ShownGuest): string {
  const { guestId, formerLogin, isOpen, since, releasedAt, requestId } = guest;
  const state = releasedAt === null ? (isOpen ? 'open' : 'shut') : 'released';
  const from = requestId === null ? 'as HR names it' : 'associated by an admin';
  const email = guest.email === null || guest.email === guest.subject ? '' : ` (${shown(guest.email)})`;
  const who = `${shown(guest.provider)} ${shown(guest.subject)}${email}`;
  return `${guestId}: ${state} since ${moment(since)}, ${who}, ${from}, leads to ${formerLogin}`;
}

/** Adds `guest associate | release | show`. Rule: "Associating an identity". */
export function addGuestCommand(program: Command, surroundings: CliSurroundings): void {
  const { print } = surroundings;
  const guest = program.command('guest').description('External identities that lead to who has left');

  guest
    .command('associate')
    .description('let who has left sign in by an identity elsewhere')
    .argument(...ACCOUNT)
    .option('--identity <source>', '- = JSON on standard input: {"provider":"…","subject":"…","email":"…"}')
    .option('--file <file>', 'the same JSON in a file')
    .option(
      '--provider <name>',
      'the identity provider; email = the address itself. Others may read a command line',
    )
    .option('--subject <name>', "the provider's name for the person; for email the address")
    .option('--email <address>', 'the address that the provider tells')
    .requiredOption(...ACTOR)
    .requiredOption(...REASON)
    .option(...REQUEST_ID)
    .option(...CONFIG)
    .action(async (account: string, options: Said & IdentityOptions) => {
      const { config, actor, reason, requestId = randomUUID() } = options;
      const identity = await readIdentity(options, process.stdin);
      await withDeployment(surroundings, config, async (deployment) => {
        const request = await sealed(deployment, { account, identity });
        const answer = await deployment.ask(
          { type: 'associateGuest', requestId, sealed: request, actor, reason },
          'guest',
        );
        const { guestId, accountId, personId } = answer;
        const was = answer.changed ? 'open' : 'opened before, by the same request';
        print(`guest ${guestId} of person ${personId ?? ''}, account ${accountId ?? ''}: ${was}`);
      });
    });

  guest
    .command('release')
    .description('take an identity back: it leads to nobody from then on')
    .argument('<guest>', 'the guest account, by the id that guest show tells')
    .requiredOption(...ACTOR)
    .requiredOption(...REASON)
    .option(...REQUEST_ID)
    .option(...CONFIG)
    .action(async (guestId: string, options: Said) => {
      const { config, actor, reason, requestId = randomUUID() } = options;
      await withDeployment(surroundings, config, async (deployment) => {
        const request = { type: 'releaseGuest', requestId, guestId, actor, reason } as const;
        const { changed } = await deployment.ask(request, 'guest');
        print(`guest ${guestId}: released${changed ? '' : ' before'}`);
      });
    });

  guest
    .command('show')
    .description('the external identities of the person of an account')
    .argument('<account>', 'any account of theirs, by its login or its id')
    .option('--json', 'as JSON')
    .option(...CONFIG)
    .action(async (account: string, options: Common & { json?: boolean }) => {
      await withDeployment(surroundings, options.config, async (deployment) => {
        const own = newSealingKeys();
        const request = await sealed(deployment, { account, answerTo: own.publicKey });
        const answer = await deployment.ask({ type: 'guests', sealed: request }, 'guests');
        const guests = z.array(shownGuest).parse(JSON.parse(unseal(answer.sealed, own.privateKey)));
        if (options.json) print(JSON.stringify(guests));
        else if (guests.length === 0) print('no external identity leads to this person');
        else for (const one of guests) print(lineOf(one));
      });
    });
}
