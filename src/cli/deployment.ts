import { WorkflowFailedError, type Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { realAnchor } from '../clock.ts';
import type { Config, Environment } from '../config.ts';
import type { OperatorAnswer, OperatorRequest, OperatorRequestInput } from '../contracts/operator.ts';
import type { Plan, PlanRow, RowState } from '../contracts/plan.ts';
import { taskQueues, type TaskQueues } from '../contracts/task-queues.ts';
import { ConfigurationError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { connectTemporalClient, temporalAccess } from '../temporal-client.ts';
import { tuningOf } from '../tuning.ts';

/** The workflow `operatorRequest`. */
type OperatorWorkflow = (input: OperatorRequestInput) => Promise<OperatorAnswer>;

/** So long the workers have to answer. */
const PATIENCE_MS = 60_000;
/** Rows asked for at a time. */
const PAGE = 500;

/** What a command needs of its surroundings, built by the entry point. */
export interface CliSurroundings {
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Reads and checks the configuration file; throws a `ConfigurationError`. Commands go by {@link configOf}. */
  readonly readConfig: (file: string) => Config;
  /** Prints one line, the result, for people or scripts. */
  readonly print: (line: string) => void;
  /** Says where it stands, apart from the result. */
  readonly progress: (line: string) => void;
}

/** The deployment, as a command reaches it: through Temporal, since the registry belongs to the workers. */
export interface Deployment {
  readonly client: Client;
  readonly config: Config;
  /** Of its task queues, and of what it is told by in Temporal. */
  readonly prefix: string;
  readonly queues: TaskQueues;
  /** Asks the workers. Throws a `ConfigurationError` when none answers, and for a request that makes no sense. */
  ask<T extends OperatorAnswer['type']>(
    request: OperatorRequest,
    type: T,
  ): Promise<Extract<OperatorAnswer, { type: T }>>;
  close(): Promise<void>;
}

function isOfType<T extends OperatorAnswer['type']>(
  answer: OperatorAnswer,
  type: T,
): answer is Extract<OperatorAnswer, { type: T }> {
  return answer.type === type;
}

/** Connects to the Temporal server of a deployment. */
export async function reachDeployment(input: {
  readonly config: Config;
  readonly env: Environment;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<Deployment> {
  const { config, env, logger, signal } = input;
  const access = temporalAccess(config.temporal, env);
  const { client, close } = await connectTemporalClient({ access, logger, signal });
  const prefix = config.temporal.taskQueuePrefix;
  const queues = taskQueues(prefix);

  const execute = async (request: OperatorRequest): Promise<OperatorAnswer> => {
    try {
      return await client.workflow.execute<OperatorWorkflow>('operatorRequest', {
        workflowId: `${prefix}-operator-${randomUUID()}`,
        taskQueue: queues.operator,
        args: [{ request, clock: realAnchor(), tuning: tuningOf(config) }],
        workflowExecutionTimeout: PATIENCE_MS,
        staticSummary: `operator: ${request.type}`,
      });
    } catch (error) {
      if (!(error instanceof WorkflowFailedError)) throw error;
      throw new ConfigurationError(
        `No answer from the workers of ${prefix} within ${String(PATIENCE_MS / 1000)} s. ` +
          'Is one running (npm run start:worker)? Its log says what is wrong.',
      );
    }
  };

  return {
    client,
    config,
    prefix,
    queues,
    async ask(request, type) {
      const answer = await execute(request);
      if (isOfType(answer, type)) return answer;
      const why =
        answer.type === 'refused'
          ? answer.why
          : `the answer was ${answer.type}: are the workers of this release?`;
      throw new ConfigurationError(why);
    },
    close,
  };
}

/** The configuration that a command goes by, once for each command. What had better be otherwise in it is said. */
export function configOf({ readConfig, progress }: CliSurroundings, file: string): Config {
  const config = readConfig(file);
  for (const warning of config.warnings) progress(`${file}: ${warning}`);
  return config;
}

/** Runs a command's work over the deployment that the file describes. */
export async function withDeployment(
  surroundings: CliSurroundings,
  file: string,
  body: (deployment: Deployment) => Promise<void>,
): Promise<void> {
  const { env, logger, signal } = surroundings;
  const config = configOf(surroundings, file);
  const deployment = await reachDeployment({ config, env, logger, signal });
  try {
    await body(deployment);
  } finally {
    await deployment.close();
  }
}

/** The plan; `null` = the newest, held ones first. Throws a `ConfigurationError` when there is none. */
export async function planOf(deployment: Deployment, planId: string | null): Promise<Plan> {
  const { plan } = await deployment.ask({ type: 'plan', planId }, 'plan');
  if (plan) return plan;
  throw new ConfigurationError(
    planId === null
      ? 'No synchronisation has made a plan yet.'
      : `There is no plan ${planId}; plan list shows them.`,
  );
}

/** Every row of a plan, page by page. */
export async function allRows(
  deployment: Deployment,
  planId: string,
  states: readonly RowState[] | null,
): Promise<readonly PlanRow[]> {
  const rows: PlanRow[] = [];
  for (let after: string | null = null; ;) {
    const request = { type: 'planRows', planId, states, after, limit: PAGE } as const;
    const page: readonly PlanRow[] = (await deployment.ask(request, 'planRows')).rows;
    rows.push(...page);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return rows;
    after = last.personId;
  }
}
