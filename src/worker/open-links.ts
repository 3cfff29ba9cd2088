import { Client, Connection } from '@temporalio/client';
import type { Config, Environment } from '../config.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import { createLinks, type Links, type PassOn } from '../links/answer-link.ts';
import { createLinkTokens } from '../links/link-token.ts';
import type { Logger } from '../logger.ts';
import type { Registry } from '../registry/registry.ts';
import { temporalAccess } from '../temporal-client.ts';
import { tuningOf } from '../tuning.ts';
import { createReassignmentWorkflows } from './reassignment-workflows.ts';

/** So long somebody waits for the page that says what became of their answer. */
const PATIENCE_MS = 8_000;
const LATER = 'it cannot be taken just now; please try again later';

/** What is behind the links in mails, and its connection to Temporal. */
export interface OpenedLinks {
  readonly links: Links;
  close(): Promise<void>;
}

/**
 * What people do by links in mails; `null` = there are no links. Temporal is connected to with the first answer: pages are
 * shown whether it is there or not.
 */
export function openLinks(input: {
  readonly config: Config;
  readonly env: Environment;
  readonly registry: Registry;
  readonly log: Logger;
}): OpenedLinks | null {
  const { config, env, registry, log } = input;
  if (config.links === null) return null;
  const { publicUrl, key } = config.links;
  const { connectionOptions, namespace } = temporalAccess(config.temporal, env);
  const connection = Connection.lazy(connectionOptions);
  const reassignments = createReassignmentWorkflows({
    client: new Client({ connection, namespace }),
    taskQueue: taskQueues(config.temporal.taskQueuePrefix).operator,
    tuning: tuningOf(config),
  });
  const passOn: PassOn = async ({ accountId, verdict, requestId, by }) => {
    const said = { accountId, verdict, word: { requestId, by, reason: 'by the link in the mail' } };
    try {
      const say = () => reassignments.say(said);
      const answer = await connection.withDeadline(Date.now() + PATIENCE_MS, say);
      return answer ?? { refused: LATER };
    } catch (error) {
      log.warn(
        { error: error instanceof Error ? error.name : typeof error },
        'an answer by link is not passed on',
      );
      return { refused: LATER };
    }
  };
  const tokens = createLinkTokens({ publicUrl, key: key.reveal() });
  return { links: createLinks({ registry, tokens, passOn }), close: () => connection.close() };
}
