import { request } from 'undici';
import { freePort } from '../dev/free-port.ts';
import type { AccountRow } from '../registry/registry.ts';
import { AUDIENCE, startTokenIssuer } from './doubles/token-issuer.ts';

const CLIENT = { id: 'demo', secret: 'demo' };

/** The API that the demo's worker serves, and the sign-on that gives tokens for it. */
export interface DemoApi {
  /** The block `api` of the configuration. */
  readonly settings: { readonly port: number; readonly issuer: string; readonly jwksUrl: string };
  /** How to ask, from another terminal. */
  readonly invitation: readonly string[];
  /** Asks of one login as any client can: the command, and what the API answered. */
  ask(login: string): Promise<{ readonly command: string; readonly answer: string }>;
  stop(): Promise<void>;
}

/** Starts the sign-on, and finds a port for the API, which then stays the same when the worker is started anew. */
export async function startDemoApi(): Promise<DemoApi> {
  const issuer = await startTokenIssuer({ clientId: CLIENT.id, clientSecret: CLIENT.secret });
  const port = await freePort();
  const url = `http://127.0.0.1:${String(port)}`;
  const addressOf = (upn: string) => `${url}/api/v1.0/Identity/${upn}?field=activeUser`;
  const commandOf = (upn: string) =>
    `curl -X 'GET' '${addressOf(upn)}' -H 'accept: text/plain' -H "Authorization: Bearer $TOKEN"`;
  const form = `grant_type=client_credentials&client_id=${CLIENT.id}&client_secret=${CLIENT.secret}&audience=${AUDIENCE}`;
  return {
    settings: { port, issuer: issuer.issuer, jwksUrl: issuer.jwksUrl },
    invitation: [
      `API: ${url}. To ask whether somebody is active, from another terminal:`,
      `  TOKEN=$(curl -s ${issuer.tokenUrl} -d '${form}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
      `  ${commandOf('{upn}')}`,
    ],
    async ask(login) {
      const authorization = `Bearer ${await issuer.token()}`;
      const { body } = await request(addressOf(login), { headers: { accept: 'text/plain', authorization } });
      return { command: commandOf(login), answer: await body.text() };
    },
    stop: () => issuer.stop(),
  };
}

/** Primary accounts that differ in what the API says: one for each of the stages there are. */
export function apiExamplesOf(accounts: readonly AccountRow[]): readonly AccountRow[] {
  const primaries = accounts.filter(({ kind }) => kind === 'primary');
  return (['active', 'grace', 'blocked', 'deleted'] as const).flatMap(
    (stage) => primaries.find(({ state }) => state.stage === stage) ?? [],
  );
}
