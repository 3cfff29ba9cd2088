import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import type { Logger } from '../../logger.ts';
import { PROBLEM_TYPE, problemDetails, ApiProblem } from './problem.ts';
import { problemOf } from './problem-of.ts';

/** Whatever goes wrong is answered as problem details; what is our own fault is logged, and told nobody. */
export function problemAnswerer(log: Logger) {
  return async (error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { problem, unexpected } = problemOf(error);
    if (unexpected) {
      log.error({ err: error, requestId: request.id, route: request.routeOptions.url ?? null }, 'no answer');
    }
    return reply
      .code(problem.status)
      .headers(problem.headers)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemDetails(problem)));
  };
}

const STATUS_OF_CONNECTION_ERROR: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What is no HTTP at all, or too much of it, never becomes a request. */
export function answerConnectionError(error: { readonly code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const status = STATUS_OF_CONNECTION_ERROR[error.code] ?? 400;
  const details = problemDetails(new ApiProblem({ status, code: 'bad-request' }));
  const body = JSON.stringify(details);
  socket.end(
    `HTTP/1.1 ${String(status)} ${details.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`,
  );
}
