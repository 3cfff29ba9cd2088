import { STATUS_CODES } from 'node:http';
import { LifecycleError } from '../../errors.ts';

/** What was wrong with one parameter, in words that do not repeat what was sent. */
export interface ParameterProblem {
  readonly parameter: string;
  readonly detail: string;
}

/** The body of every answer that is an error (RFC 9457). Nothing personal is in it, and nothing that was sent. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly ParameterProblem[];
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An answer other than the one asked for. `code` is stable and names the kind of problem. */
export class ApiProblem extends LifecycleError {
  readonly status: number;
  readonly detail: string | null;
  readonly errors: readonly ParameterProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(input: {
    status: number;
    code: string;
    detail?: string;
    errors?: readonly ParameterProblem[];
    headers?: Readonly<Record<string, string>>;
  }) {
    const { status, code, detail } = input;
    super({ code, message: detail ?? STATUS_CODES[status] ?? code, retryable: status >= 500 });
    this.status = status;
    this.detail = detail ?? null;
    this.errors = input.errors ?? [];
    this.headers = input.headers ?? {};
  }
}

/** The body of the answer. */
export function problemDetails({ status, code, detail, errors }: ApiProblem): ProblemDetails {
  return {
    type: `urn:account-lifecycle:problem:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...(detail === null ? {} : { detail }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}

/** A request that cannot be understood; says what is known instead. */
export function invalidQuery(...errors: readonly ParameterProblem[]): ApiProblem {
  return new ApiProblem({
    status: 400,
    code: 'invalid-query',
    detail: 'The query cannot be understood.',
    errors,
  });
}

export function notFound(detail: string): ApiProblem {
  return new ApiProblem({ status: 404, code: 'not-found', detail });
}
