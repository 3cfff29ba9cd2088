import type { FastifyError } from 'fastify';
import { LifecycleError } from '../../errors.ts';
import { ApiProblem, invalidQuery, type ParameterProblem } from './problem.ts';

const RETRY_AFTER_SECONDS = '5';

/** What becomes of an error, whoever threw it. `unexpected` = it is a fault of ours, to be logged. */
export function problemOf(error: unknown): { readonly problem: ApiProblem; readonly unexpected: boolean } {
  if (error instanceof ApiProblem) return { problem: error, unexpected: false };
  if (error instanceof LifecycleError && error.retryable) {
    const detail = 'What is needed to answer cannot be reached at the moment.';
    const headers = { 'retry-after': RETRY_AFTER_SECONDS };
    const problem = new ApiProblem({ status: 503, code: 'unavailable', detail, headers });
    return { problem, unexpected: true };
  }
  if (isFastifyError(error)) {
    if (error.validation !== undefined) {
      return { problem: invalidQuery(...parameterProblems(error)), unexpected: false };
    }
    const status = error.statusCode ?? 500;
    // Its message may repeat what was sent.
    if (status >= 400 && status < 500) {
      return { problem: new ApiProblem({ status, code: 'bad-request' }), unexpected: false };
    }
  }
  return { problem: new ApiProblem({ status: 500, code: 'internal' }), unexpected: true };
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ('statusCode' in error || 'validation' in error);
}

/** The schemas' own words, which never repeat what was sent. */
function parameterProblems({ validation = [] }: FastifyError): readonly ParameterProblem[] {
  return validation.map(({ instancePath, message }) => ({
    parameter: instancePath.split('/')[1] ?? '',
    detail: message ?? 'cannot be understood',
  }));
}
