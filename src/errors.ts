/** Plain facts about an error, for logs and for Temporal's failure details: never personal data or secrets. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null>>;

/** Base of every error the project throws on purpose. `code` is stable, for people to search and code to test. */
export class LifecycleError extends Error {
  readonly code: string;
  /** Whether trying again may help without anyone changing anything. */
  readonly retryable: boolean;
  readonly facts: ErrorFacts;

  constructor(input: {
    code: string;
    message: string;
    retryable: boolean;
    facts?: ErrorFacts;
    cause?: unknown;
  }) {
    super(input.message, input.cause === undefined ? undefined : { cause: input.cause });
    this.name = new.target.name;
    this.code = input.code;
    this.retryable = input.retryable;
    this.facts = input.facts ?? {};
  }
}

/** The configuration, a policy file or a command line that cannot be used; the message says what to do. */
export class ConfigurationError extends LifecycleError {
  constructor(message: string, facts?: ErrorFacts) {
    super({ code: 'CONFIGURATION', message, retryable: false, ...(facts ? { facts } : {}) });
  }
}

/** A target system refused or could not be reached. */
export class TargetError extends LifecycleError {}

/** An INDIGO IAM instance refused, could not be reached, or answered what cannot be read; its codes: `src/connectors/indigo-iam.ts`. */
export class IamError extends TargetError {}

/** The source of people's official resources refused, or could not be reached; its codes: `src/connectors/resource-source.ts`. */
export class ResourceError extends LifecycleError {}

/** A mail server refused or could not be reached. */
export class MailError extends LifecycleError {}

/** The registry refused, or holds something that must not be. */
export class RegistryError extends LifecycleError {}

/** What is told by everything that a freeze stops, until an admin ends it. Rule: "The freeze". */
export function frozenError({ actor, reason }: { actor: string; reason: string }): LifecycleError {
  return new LifecycleError({
    code: 'FROZEN',
    message: `the deployment is frozen by ${actor} (${reason}); waiting for unfreeze`,
    retryable: true,
  });
}
