import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Agent, request } from 'undici';
import { createApi, type ApiDependencies } from '../../src/api/create-api.ts';
import { createTokenVerifier, type TokenSettings } from '../../src/api/security/token-verifier.ts';
import type { AccountKind } from '../../src/contracts/account.ts';
import type { Tie } from '../../src/contracts/affiliation.ts';
import type { CalendarDate, Instant } from '../../src/contracts/time.ts';
import { AUDIENCE, startTokenIssuer, type TokenIssuer } from '../../src/demo/doubles/token-issuer.ts';
import { createLogger } from '../../src/logger.ts';
import { startOfDate } from '../../src/policy/calendar.ts';
import type { OpenedRegistry } from '../../src/registry/open-registry.ts';
import type { PersonRow, Registry } from '../../src/registry/registry.ts';
import {
  newAccountOf,
  observationOf,
  observationRowOf,
  openMemoryRegistry,
  personRowOf,
} from './registry.ts';

export const ZONE = 'Europe/Zurich';

/** An answer, as it came over the socket. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** `null` = it is no JSON. */
  readonly body: unknown;
}

export interface ApiWorld {
  readonly registry: Registry;
  readonly issuer: TokenIssuer;
  readonly app: FastifyInstance;
  readonly url: string;
  /** Lines that were logged. */
  readonly log: readonly string[];
  /** The deployment's clock shows this from now on. */
  setNow(at: Instant): void;
  /** A request over a socket, with a good token unless another header is given; `null` = none. */
  get(
    path: string,
    options?: { authorization?: string | null; headers?: Record<string, string> },
  ): Promise<Answer>;
  stop(): Promise<void>;
}

/** The tokens of this issuer, by this clock. */
export function tokenSettings(issuer: TokenIssuer, overrides: Partial<TokenSettings> = {}): TokenSettings {
  return {
    issuer: issuer.issuer,
    jwksUrl: issuer.jwksUrl,
    audience: AUDIENCE,
    algorithms: ['RS256', 'ES256'],
    clockToleranceSeconds: 5,
    rolesClaim: 'cern_roles',
    ...overrides,
  };
}

/** The API over a registry in memory, on a socket of its own, and the issuer of its tokens. */
export async function startApiWorld(
  input: {
    readonly now?: Instant;
    readonly settings?: Partial<ApiDependencies['settings']>;
    readonly token?: Partial<TokenSettings>;
    readonly roles?: readonly string[];
    /** Between the API and the registry. */
    readonly through?: (registry: Registry) => Registry;
    /** Before it listens. */
    readonly prepare?: (app: FastifyInstance) => void;
  } = {},
): Promise<ApiWorld> {
  const opened: OpenedRegistry = await openMemoryRegistry();
  const issuer = await startTokenIssuer({
    ...{ clientId: 'some-client', clientSecret: 'secret', roles: input.roles ?? [] },
  });
  const log: string[] = [];
  const destination = { write: (line: string) => void log.push(line) };
  let now = input.now ?? startOfDate('2027-03-15', ZONE);
  const app = createApi({
    registry: input.through?.(opened.registry) ?? opened.registry,
    now: () => now,
    timeZone: ZONE,
    verifyToken: createTokenVerifier(tokenSettings(issuer, input.token), () => Date.now()),
    log: createLogger({ level: 'trace', destination }),
    settings: {
      required: { scope: null, role: null },
      guests: { scope: null, role: null },
      rateLimit: { requests: 1_000_000, windowMs: 60_000 },
      trustProxy: false,
      gid: null,
      ...input.settings,
    },
  });
  input.prepare?.(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  // Listening on a port: it has an address.
  const { port } = app.server.address() as AddressInfo;
  const url = `http://127.0.0.1:${String(port)}`;
  const agent = new Agent({ connections: 16 });
  const good = `Bearer ${await issuer.token()}`;
  return {
    registry: opened.registry,
    issuer,
    app,
    url,
    log,
    setNow: (at) => {
      now = at;
    },
    async get(path, { authorization = good, headers = {} } = {}) {
      const answer = await request(`${url}${path}`, {
        dispatcher: agent,
        headers: { ...(authorization !== null && { authorization }), ...headers },
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, headers: answer.headers, text, body: parsed(text) };
    },
    async stop() {
      await app.close();
      await agent.close();
      await issuer.stop();
      await opened.close();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** One contract from the first to the last day; `null` = open. */
export function contractOf(start: CalendarDate | null, end: CalendarDate | null): Tie {
  return { kind: 'contract', start, end, excluded: false, experiment: null };
}

/** HR says this of the person, and every account of theirs is told. */
export async function tellPerson(
  registry: Registry,
  personId: string,
  ties: readonly Tie[],
  person: Partial<PersonRow> = {},
): Promise<void> {
  const number = await registry.nextObservationNumber();
  const observation = observationOf({ personId, number, ties });
  await registry.storeObservation({
    observation: observationRowOf({ personId, number, ties }),
    person: personRowOf({ personId, number, observation, ...person }),
  });
  await registry.markApplied({ personId, digest: `digest-${String(number)}`, number });
}

/** An account; its id is made of the login unless given. */
export async function addAccount(
  registry: Registry,
  input: {
    readonly login: string;
    readonly personId: string;
    readonly kind?: AccountKind;
    readonly accountId?: string;
  },
): Promise<void> {
  const { login, personId, kind = 'primary', accountId = `id-${login}` } = input;
  await registry.createAccount(newAccountOf({ accountId, login, personId, kind }));
}
