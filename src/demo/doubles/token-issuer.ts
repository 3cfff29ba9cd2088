import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface TokenIssuerOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Seconds of real time for which a token is good; default 1200, as at CERN. */
  readonly lifetimeSeconds?: number;
  /** Roles in the claim `cern_roles`; default none. */
  readonly roles?: readonly string[];
}

/** What a token says and how it is signed, where it differs from a good one. */
export interface TokenWish {
  readonly audience?: string | readonly string[];
  readonly issuer?: string;
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Seconds since 1970. */
  readonly expires?: number | null;
  readonly notBefore?: number;
  readonly keyId?: string | null;
}

/** The double of an organisation's sign-on: client credentials for an audience, and the keys that check its tokens. */
export interface TokenIssuer {
  /** As it stands in tokens. */
  readonly issuer: string;
  readonly jwksUrl: string;
  readonly tokenUrl: string;
  /** A token as the endpoint gives it, or one that differs. */
  token(wish?: TokenWish): Promise<string>;
  /** The public key that checks them, PEM-like as a text: what an attacker has, too. */
  publicKey(): Promise<JWK>;
  /** Signs with a new key from now on; the old one is gone. */
  rotate(): Promise<void>;
  /** Whether the keys are answered; off = 500. */
  setKeys(on: boolean): void;
  /** How often the keys were asked for. */
  readonly keyRequests: () => number;
  stop(): Promise<void>;
}

const ALGORITHM = 'RS256';
export const AUDIENCE = 'authorization-service-api';

interface Key {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

async function newKey(): Promise<Key> {
  const pair = await generateKeyPair(ALGORITHM, { extractable: true });
  return { id: randomUUID(), ...pair };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return new URLSearchParams(text);
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Starts one on a free port of the loopback interface. Tokens live in real time. */
export async function startTokenIssuer(options: TokenIssuerOptions): Promise<TokenIssuer> {
  const { clientId, clientSecret, lifetimeSeconds = 1200, roles = [] } = options;
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  let key = await newKey();
  let hasKeys = true;
  let keyRequests = 0;
  let issuer = '';

  const token = async (wish: TokenWish = {}): Promise<string> => {
    const expires =
      wish.expires === undefined ? Math.floor(Date.now() / 1000) + lifetimeSeconds : wish.expires;
    const { audience = AUDIENCE, claims, notBefore } = wish;
    const keyId = wish.keyId === undefined ? key.id : wish.keyId;
    const jwt = new SignJWT({ azp: clientId, cern_roles: [...roles], ...claims })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', ...(keyId !== null && { kid: keyId }) })
      .setIssuer(wish.issuer ?? issuer)
      .setAudience(typeof audience === 'string' ? audience : [...audience])
      .setSubject(`service-account-${clientId}`)
      .setIssuedAt();
    if (expires !== null) jwt.setExpirationTime(expires);
    if (notBefore !== undefined) jwt.setNotBefore(notBefore);
    return jwt.sign(key.privateKey);
  };

  const grant = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await readForm(request);
    const isClient =
      request.headers.authorization === basic ||
      (form.get('client_id') === clientId && form.get('client_secret') === clientSecret);
    if (!isClient) {
      sendJson(response, 401, { error: 'invalid_client' });
      return;
    }
    if (form.get('grant_type') !== 'client_credentials') {
      sendJson(response, 400, { error: 'unsupported_grant_type' });
      return;
    }
    const accessToken = await token({ audience: form.get('audience') ?? clientId });
    sendJson(response, 200, { access_token: accessToken, token_type: 'Bearer', expires_in: lifetimeSeconds });
  };

  const server = createServer((request, response) => {
    if (request.method === 'POST' && request.url === '/token') void grant(request, response);
    else if (request.url === '/certs' && hasKeys) {
      keyRequests += 1;
      void exportJWK(key.publicKey).then((jwk) => {
        sendJson(response, 200, { keys: [{ ...jwk, kid: key.id, alg: ALGORITHM, use: 'sig' }] });
      });
    } else {
      if (request.url === '/certs') keyRequests += 1;
      sendJson(response, request.url === '/certs' ? 500 : 404, {});
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the token issuer has no port');
  issuer = `http://127.0.0.1:${String(address.port)}`;

  return {
    issuer,
    jwksUrl: `${issuer}/certs`,
    tokenUrl: `${issuer}/token`,
    token,
    publicKey: () => exportJWK(key.publicKey),
    rotate: async () => {
      key = await newKey();
    },
    setKeys: (on) => {
      hasKeys = on;
    },
    keyRequests: () => keyRequests,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
