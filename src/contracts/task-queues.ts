/** The task queues of a deployment, by what is done on them. Source: `docs/configuration.md`, "Queues". */
export interface TaskQueues {
  /** Workflows of accounts. */
  readonly accounts: string;
  /** Workflows of the whole deployment, and the activities that an operator waits for. */
  readonly operator: string;
  /** Activities: mails. */
  readonly mail: string;
  /** Activities: what is done to targets and the registry. */
  readonly target: string;
  /** Activities: the synchronisation. */
  readonly sync: string;
}

const OPERATOR = '-operator';

/** The queues that are named after a deployment's prefix. */
export function taskQueues(prefix: string): TaskQueues {
  return {
    accounts: prefix,
    operator: `${prefix}${OPERATOR}`,
    mail: `${prefix}-mail`,
    target: `${prefix}-target`,
    sync: `${prefix}-sync`,
  };
}

/** The queues of the deployment that a workflow runs in, from the queue it runs on. */
export function queuesAround(taskQueue: string): TaskQueues {
  return taskQueues(taskQueue.endsWith(OPERATOR) ? taskQueue.slice(0, -OPERATOR.length) : taskQueue);
}

/** Whether a prefix can be told from the queues that are named after it. */
export function isPrefix(text: string): boolean {
  return !text.endsWith(OPERATOR);
}
