import type { FastifyContextConfig, FastifyInstance, FastifyRequest } from 'fastify';
import { problemOf } from '../http/problem-of.ts';
import type { ApiProblem } from '../http/problem.ts';
import type { Caller, Requirement, TokenVerifier } from './caller.ts';
import { challenge } from './challenge.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route: anybody, or who brings a token that holds this, or all of these. Unsaid = nobody. */
    access?: 'public' | Requirement | readonly Requirement[];
  }
  interface FastifyRequest {
    /** `null` = nobody is known: the route is public, or the token is refused. */
    caller: Caller | null;
    /** Why there is no caller. */
    callerProblem: ApiProblem | null;
  }
}

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/**
 * Every route is closed unless it says otherwise, unknown ones too. A token is looked at first, then requests are
 * counted, by its client, and then those without a good one are sent away: they count as well.
 */
export function authenticate(app: FastifyInstance, verifyToken: TokenVerifier): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('callerProblem', null);

  app.addHook('onRequest', async (request) => {
    if (isPublic(request)) return;
    const { authorization } = request.headers;
    const token = BEARER.exec(authorization ?? '')?.[1];
    if (token === undefined) {
      const words = authorization === undefined ? 'a bearer token is needed' : 'no bearer token can be read';
      request.callerProblem = challenge({ status: 401, error: null, words });
      return;
    }
    try {
      request.caller = await verifyToken(token);
    } catch (error) {
      request.callerProblem = problemOf(error).problem;
    }
  });

  app.addHook('preParsing', async (request) => {
    if (isPublic(request)) return;
    if (request.callerProblem !== null) throw request.callerProblem;
    if (!request.is404) assertAllowed(request.caller, request.routeOptions.config.access);
  });
}

function isPublic(request: FastifyRequest): boolean {
  return !request.is404 && request.routeOptions.config.access === 'public';
}

function assertAllowed(caller: Caller | null, access: FastifyContextConfig['access']): void {
  const wanted = access === undefined || access === 'public' ? [] : 'scope' in access ? [access] : access;
  if (caller === null || wanted.length === 0) {
    throw challenge({ status: 403, error: null, words: 'this is open to nobody' });
  }
  for (const { scope, role } of wanted) {
    const hasScope = scope === null || caller.scopes.includes(scope);
    const hasRole = role === null || caller.roles.includes(role);
    if (hasScope && hasRole) continue;
    const words = `the token lacks the ${hasScope ? 'role' : 'scope'} that is needed`;
    throw challenge({ status: 403, error: 'insufficient_scope', words, scope });
  }
}
