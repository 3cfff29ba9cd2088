import type { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { realAnchor } from '../clock.ts';
import type { MergeAsk, PersonMergeInput, PersonMergeResult } from '../contracts/merge.ts';
import { ConfigurationError } from '../errors.ts';
import { tuningOf } from '../tuning.ts';
import { personMergeId } from '../../workflows/messages.ts';
import { withDeployment, type CliSurroundings, type Deployment } from './deployment.ts';
import { mergedTexts, previewTexts } from './merge-text.ts';

interface Options {
  readonly config: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly requestId?: string;
  readonly preview?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** So long the command waits for the end; the merge itself goes on. */
const PATIENCE_MS = 60_000;

/** What the workflow of the merge answers; `null` = it goes on, and nobody waits any longer. */
async function run(
  deployment: Deployment,
  ask: MergeAsk,
  surroundings: CliSurroundings,
): Promise<PersonMergeResult | null> {
  const { client, queues, config } = deployment;
  const handle = await client.workflow.start<(input: PersonMergeInput) => Promise<PersonMergeResult>>(
    'personMerge',
    {
      workflowId: personMergeId(ask.requestId),
      taskQueue: queues.operator,
      args: [{ ask, clock: realAnchor(), tuning: tuningOf(config) }],
      // The same request a second time: the one that runs, or once more from the start, which changes nothing.
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `merge person ${ask.fromPerson} into person ${ask.toPerson}`,
    },
  );
  surroundings.progress(`workflow ${handle.workflowId}`);
  const ended = new AbortController();
  const giveUp = delay(PATIENCE_MS, null, { signal: ended.signal }).catch(() => null);
  try {
    return await Promise.race([handle.result(), giveUp]);
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    throw new ConfigurationError(`The merge failed (${why}). Its workflow ${handle.workflowId} says why.`);
  } finally {
    ended.abort();
  }
}

/** Adds `merge`: HR merged two person ids. With `--preview` it only says what that comes to. Rule: "Merging two person ids". */
export function addMergeCommand(program: Command, surroundings: CliSurroundings): void {
  const { print } = surroundings;
  program
    .command('merge')
    .description('HR merged two person ids: everything of the first goes to the second, and nobody leaves')
    .argument('<fromPerson>', 'the person id that HR gave up')
    .argument('<toPerson>', 'the person id that HR goes on with')
    .option('--actor <id>', 'who does it, as an opaque id')
    .option('--reason <words>', 'why, in short words')
    .option('--request-id <id>', 'an id of its own: given a second time, it is the same request')
    .option('--preview', 'only say what it comes to, and change nothing')
    .option('--yes', 'merge them, after what --preview says was read')
    .option('--json', 'as JSON')
    .option('--config <file>', 'configuration file', 'lifecycle.yaml')
    .action(async (fromPerson: string, toPerson: string, options: Options) => {
      const { config, actor, reason, requestId = randomUUID(), preview: isPreview, yes, json } = options;
      if (!isPreview && (actor === undefined || reason === undefined)) {
        throw new ConfigurationError('give --actor and --reason, or --preview');
      }
      await withDeployment(surroundings, config, async (deployment) => {
        if (isPreview || !yes) {
          const asked = { type: 'previewMerge', fromPerson, toPerson } as const;
          const { preview } = await deployment.ask(asked, 'mergePreview');
          if (json) print(JSON.stringify({ preview }));
          else for (const line of previewTexts(preview)) print(line);
          if (!isPreview) throw new ConfigurationError('Nothing was changed: give --yes to merge them.');
          return;
        }
        const ask = { requestId, fromPerson, toPerson, actor: actor ?? '', reason: reason ?? '' };
        const result = await run(deployment, ask, surroundings);
        if (result === null) {
          throw new ConfigurationError(
            `The merge goes on by itself; --request-id ${requestId} with the same words says what came of it. ` +
              'Is a worker running?',
          );
        }
        if (result.outcome === 'refused') throw new ConfigurationError(`${result.code}: ${result.why}`);
        const { merge, outcome } = result;
        if (json) print(JSON.stringify({ outcome, merge }));
        else for (const line of mergedTexts(merge, outcome === 'merged')) print(line);
      });
    });
}
