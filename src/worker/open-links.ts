import { Client, Connection } from '@temporalio/client';
import { createClock } from '../clock.ts';
import type { Config, Environment } from '../config.ts';
import { taskQueues } from '../contracts/task-queues.ts';
import type { ClockAnchor } from '../contracts/time.ts';
import { LifecycleError } from '../errors.ts';
import { createLinks, type Links, type PassOn } from '../links/answer-link.ts';
import { createLinkTokens } from '../links/link-token.ts';
import { createProposalTokens } from '../links/proposal-token.ts';
import { createProposals, type AskOn, type Proposals } from '../links/propose-owner.ts';
import type { Logger } from '../logger.ts';
import { dateOf } from '../policy/calendar.ts';
import type { Registry } from '../registry/registry.ts';
import { temporalAccess } from '../temporal-client.ts';
import { tuningOf } from '../tuning.ts';
import { createReassignmentWorkflows } from './reassignment-workflows.ts';

/** So long somebody waits for the page that says what became of their answer. */
const PATIENCE_MS = 8_000;
const LATER = 'it cannot be taken just now; please try again later';
const ENDING = {
  code: 'REASSIGNMENT_ENDING',
  why: 'the request before it is just being finished; please try again in a moment',
};

/** What is behind the links in mails, and its connection to Temporal. */
export interface OpenedLinks {
  readonly links: Links;
  readonly proposals: Proposals;
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
  /** The deployment's. */
  readonly clock: ClockAnchor;
  /** By whose calendar people leave. */
  readonly timeZone: string;
  readonly log: Logger;
}): OpenedLinks | null {
  const { config, env, registry, clock, timeZone, log } = input;
  if (config.links === null) return null;
  const { publicUrl, key } = config.links;
  const { connectionOptions, namespace } = temporalAccess(config.temporal, env);
  const connection = Connection.lazy(connectionOptions);
  const reassignments = createReassignmentWorkflows({
    client: new Client({ connection, namespace }),
    taskQueue: taskQueues(config.temporal.taskQueuePrefix).operator,
    tuning: tuningOf(config),
  });
  const warn = (error: unknown, message: string) => {
    log.warn({ error: error instanceof Error ? error.name : typeof error }, message);
  };
  const passOn: PassOn = async ({ accountId, verdict, requestId, by }) => {
    const said = { accountId, verdict, word: { requestId, by, reason: 'by the link in the mail' } };
    try {
      const say = () => reassignments.say(said);
      const answer = await connection.withDeadline(Date.now() + PATIENCE_MS, say);
      return answer ?? { refused: LATER };
    } catch (error) {
      warn(error, 'an answer by link is not passed on');
      return { refused: LATER };
    }
  };
  const askOn: AskOn = async (ask) => {
    try {
      const say = () => reassignments.ask({ ask, clock });
      const answer = await connection.withDeadline(Date.now() + PATIENCE_MS, say);
      if (answer.outcome === 'open') return { lapsesAt: answer.lapsesAt };
      if (answer.outcome === 'ending') return { refused: ENDING };
      const { code, why } = answer;
      return { refused: { code, why } };
    } catch (error) {
      if (error instanceof LifecycleError && error.code === ENDING.code) return { refused: ENDING };
      warn(error, 'a request by link is not passed on');
      return { refused: { code: 'LATER', why: LATER } };
    }
  };
  const clockOfDeployment = createClock(clock, () => Date.now());
  const way = { publicUrl, key: key.reveal() };
  const today = () => dateOf(clockOfDeployment.now(), timeZone);
  return {
    links: createLinks({ registry, tokens: createLinkTokens(way), passOn }),
    proposals: createProposals({ registry, tokens: createProposalTokens(way), today, askOn }),
    close: () => connection.close(),
  };
}
