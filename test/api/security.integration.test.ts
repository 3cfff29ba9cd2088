import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkOf } from '../../src/api/security/limit-key.ts';
import { createTokenVerifier } from '../../src/api/security/token-verifier.ts';
import {
  AUDIENCE,
  startTokenIssuer,
  type TokenIssuer,
  type TokenWish,
} from '../../src/demo/doubles/token-issuer.ts';
import { addAccount, startApiWorld, tokenSettings, type ApiWorld } from '../support/api.ts';

const ROUTES = [
  '/api/v1.0/Identity/ada',
  '/api/v1.0/Identity',
  '/api/v1.0/openapi.json',
  '/api/v1.0/other',
  '/',
];
const seconds = () => Math.floor(Date.now() / 1000);

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld({ prepare: (app) => app.get('/forgotten', () => 'secret') });
  await addAccount(world.registry, { login: 'ada', personId: '1' });
});
afterAll(() => world.stop());

const ask = async (authorization: string | null) => world.get('/api/v1.0/Identity/ada', { authorization });
const refusal = async (authorization: string | null) => {
  const { status, headers, body } = await ask(authorization);
  return [status, headers['www-authenticate'], body] as const;
};

describe('the API', () => {
  it.each(ROUTES)('answers %s to nobody without a token', async (path) => {
    const { status, headers, body } = await world.get(path, { authorization: null });
    expect([status, headers['www-authenticate']]).toEqual([401, 'Bearer realm="account-lifecycle"']);
    expect(headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ status: 401, title: 'Unauthorized' });
  });

  it('lets whoever watches over it ask for its health', async () => {
    expect(await world.get('/health', { authorization: null })).toMatchObject({
      status: 200,
      body: { status: 'up' },
    });
  });

  it('opens a route to nobody that does not say to whom', async () => {
    expect((await world.get('/forgotten', { authorization: null })).status).toBe(401);
    expect((await world.get('/forgotten')).status).toBe(403);
  });

  it('takes a good token, also for several audiences and with the word bearer in any letter case', async () => {
    expect((await ask(`bearer ${await world.issuer.token()}`)).status).toBe(200);
    const several = await world.issuer.token({ audience: ['other', AUDIENCE] });
    expect((await ask(`Bearer ${several}`)).status).toBe(200);
  });

  const wrong: readonly (readonly [string, TokenWish, string])[] = [
    ['of another issuer', { issuer: 'https://elsewhere.example' }, 'another issuer'],
    ['for another audience', { audience: 'other-service' }, 'another audience'],
    ['whose audience only begins alike', { audience: `${AUDIENCE}2` }, 'another audience'],
    ['that has expired', { expires: seconds() - 60 }, 'has expired'],
    ['that never expires', { expires: null }, 'expires'],
    ['that is not valid yet', { notBefore: seconds() + 600 }, 'not valid yet'],
    ['with an unknown key', { keyId: 'unknown' }, 'signed by a key of the issuer'],
    ['that names no client', { claims: { azp: '', sub: '' } }, 'names no client'],
  ];
  it.each(wrong)('refuses a token %s', async (_name, wish, words) => {
    const token = await world.issuer.token(wish);
    const [status, challenge, body] = await refusal(`Bearer ${token}`);
    expect([status, challenge]).toEqual([401, expect.stringContaining('error="invalid_token"')]);
    expect(challenge).toContain(words);
    expect(JSON.stringify(body)).not.toContain(token.split('.')[1]);
  });

  it('allows clocks to differ by seconds, not by more', async () => {
    const expired = (by: number) => world.issuer.token({ expires: seconds() - by });
    const strict = await startApiWorld({ token: { clockToleranceSeconds: 60 } });
    try {
      const get = async (by: number) => {
        const authorization = `Bearer ${await strict.issuer.token({ expires: seconds() - by })}`;
        return (await strict.get('/api/v1.0/Identity', { authorization })).status;
      };
      expect([await get(30), await get(90)]).toEqual([200, 401]);
    } finally {
      await strict.stop();
    }
    expect((await ask(`Bearer ${await expired(30)}`)).status).toBe(401);
  });

  it('refuses a token without a signature, and one signed with the public key as a shared secret', async () => {
    const claims = { azp: 'evil', iss: world.issuer.issuer, aud: AUDIENCE, exp: seconds() + 600 };
    const unsigned = new UnsecuredJWT(claims).encode();
    const jwk = await world.issuer.publicKey();
    const kid = JSON.parse(
      Buffer.from((await world.issuer.token()).split('.')[0] ?? '', 'base64url').toString(),
    ) as {
      kid: string;
    };
    const secrets = [JSON.stringify(jwk), jwk.n ?? ''].map((text) => new TextEncoder().encode(text));
    const shared = await Promise.all(
      secrets.map((secret) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: kid.kid }).sign(secret),
      ),
    );
    for (const token of [unsigned, ...shared]) expect((await refusal(`Bearer ${token}`))[0]).toBe(401);
  });

  it("refuses a token by another issuer's key under our key's name, and one that was changed", async () => {
    const evil = await startTokenIssuer({ clientId: 'evil', clientSecret: 'x' });
    try {
      const good = await world.issuer.token();
      const [head = '', claims = '', signature = ''] = good.split('.');
      const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
      const forged = await evil.token({ issuer: world.issuer.issuer, keyId: kid });
      const raised = Buffer.from(
        JSON.stringify({
          ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object),
          azp: 'admin',
        }),
      ).toString('base64url');
      expect((await ask(`Bearer ${good}`)).status).toBe(200);
      for (const token of [
        forged,
        `${head}.${raised}.${signature}`,
        `${head}.${claims}.`,
        `${head}.${claims}`,
      ]) {
        expect((await refusal(`Bearer ${token}`))[0]).toBe(401);
      }
    } finally {
      await evil.stop();
    }
  });

  it('refuses a key that comes with the token, or with an algorithm that is not allowed', async () => {
    const evil = await startTokenIssuer({ clientId: 'evil', clientSecret: 'x' });
    try {
      const jwk = await evil.publicKey();
      const [head = ''] = (await evil.token({ issuer: world.issuer.issuer })).split('.');
      const withKey = {
        ...(JSON.parse(Buffer.from(head, 'base64url').toString()) as object),
        jwk,
        jku: evil.jwksUrl,
      };
      const token = (await evil.token({ issuer: world.issuer.issuer })).split('.');
      token[0] = Buffer.from(JSON.stringify(withKey)).toString('base64url');
      expect((await refusal(`Bearer ${token.join('.')}`))[0]).toBe(401);
      await importJWK(jwk, 'RS256');
      const only = createTokenVerifier(tokenSettings(world.issuer, { algorithms: ['ES256'] }), () =>
        Date.now(),
      );
      await expect(only(await world.issuer.token())).rejects.toMatchObject({ status: 401 });
    } finally {
      await evil.stop();
    }
  });

  it.each([
    'Basic YTpi',
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'x',
    'Bearer ....',
    `Bearer ${'x'.repeat(9000)}`,
  ])('refuses another header', async (authorization) => {
    expect((await ask(authorization)).status).toBe(401);
  });

  it('takes no token from the query', async () => {
    const path = `/api/v1.0/Identity/ada?access_token=${await world.issuer.token()}`;
    expect((await world.get(path, { authorization: null })).status).toBe(401);
  });
});

describe('a token that is remembered', () => {
  it('is refused once it has expired, and as soon as the clock says so', async () => {
    let now = Date.now();
    const verify = createTokenVerifier(tokenSettings(world.issuer), () => now);
    const token = await world.issuer.token({ expires: Math.floor(now / 1000) + 30 });
    await expect(verify(token)).resolves.toMatchObject({ clientId: 'some-client' });
    now += 29_000;
    await expect(verify(token)).resolves.toMatchObject({ clientId: 'some-client' });
    now += 10_000;
    await expect(verify(token)).rejects.toMatchObject({ status: 401 });
  });

  it('is checked anew after a minute', async () => {
    const issuer = await startTokenIssuer({ clientId: 'c', clientSecret: 's' });
    try {
      let now = Date.now();
      const verify = createTokenVerifier(tokenSettings(issuer), () => now);
      const token = await issuer.token();
      await verify(token);
      now += 30_000;
      await verify(token);
      now += 2_000_000;
      await expect(verify(token)).rejects.toMatchObject({ status: 401 });
    } finally {
      await issuer.stop();
    }
  });
});

describe('the keys of the issuer', () => {
  const withIssuer = async (work: (issuer: TokenIssuer) => Promise<void>) => {
    const issuer = await startTokenIssuer({ clientId: 'c', clientSecret: 's' });
    try {
      await work(issuer);
    } finally {
      await issuer.stop();
    }
  };

  it('are fetched once for many tokens, and unknown ones do not make us ask again and again', () =>
    withIssuer(async (issuer) => {
      const verify = createTokenVerifier(tokenSettings(issuer), () => Date.now());
      for (let index = 0; index < 5; index += 1) await verify(await issuer.token({ claims: { index } }));
      for (let index = 0; index < 5; index += 1) {
        const token = await issuer.token({ keyId: `unknown-${String(index)}` });
        await expect(verify(token)).rejects.toMatchObject({ status: 401 });
      }
      expect(issuer.keyRequests()).toBe(1);
    }));

  it("that cannot be had are our trouble, not the caller's, and are not asked for with every request", () =>
    withIssuer(async (issuer) => {
      let now = Date.now();
      const verify = createTokenVerifier(tokenSettings(issuer), () => now);
      issuer.setKeys(false);
      const token = await issuer.token();
      for (let index = 0; index < 5; index += 1) {
        await expect(verify(token)).rejects.toMatchObject({ status: 503, code: 'unavailable' });
      }
      expect(issuer.keyRequests()).toBe(1);
      issuer.setKeys(true);
      now += 5_000;
      await expect(verify(token)).resolves.toMatchObject({ clientId: 'c' });
    }));
});

describe('what a token must hold', () => {
  it.each([
    ['the role', { scope: null, role: 'reader' }, 200, 403],
    ['the scope', { scope: 'read', role: null }, 403, 200],
    ['both', { scope: 'read', role: 'reader' }, 403, 403],
  ] as const)('is %s', async (_name, required, asRole, asScope) => {
    const demanding = await startApiWorld({ settings: { required } });
    try {
      const status = async (claims: Record<string, unknown>) => {
        const authorization = `Bearer ${await demanding.issuer.token({ claims })}`;
        return (await demanding.get('/api/v1.0/Identity', { authorization })).status;
      };
      expect(await status({ cern_roles: ['other', 'reader'] })).toBe(asRole);
      expect(await status({ scope: 'openid read' })).toBe(asScope);
      expect(await status({ scope: 'openid read', cern_roles: 'reader' })).toBe(200);
      expect(await status({ scope: 'reading', cern_roles: ['readers'] })).toBe(403);
      const none = await demanding.get('/api/v1.0/openapi.json');
      expect([none.status, none.headers['www-authenticate']]).toEqual([
        403,
        expect.stringContaining('error="insufficient_scope"'),
      ]);
      expect((await demanding.get('/health', { authorization: null })).status).toBe(200);
    } finally {
      await demanding.stop();
    }
  });

  it('is found where the setting says', async () => {
    const rolesClaim = 'resource_access.identities.roles';
    const verify = createTokenVerifier(tokenSettings(world.issuer, { rolesClaim }), () => Date.now());
    const token = await world.issuer.token({
      claims: { resource_access: { identities: { roles: ['reader'] } } },
    });
    expect((await verify(token)).roles).toEqual(['reader']);
    expect((await verify(await world.issuer.token())).roles).toEqual([]);
  });
});

describe('the limit of requests', () => {
  it('counts those of each client, and those without a good token by their address', async () => {
    const limited = await startApiWorld({ settings: { rateLimit: { requests: 3, windowMs: 3_600_000 } } });
    try {
      const path = '/api/v1.0/Identity/nobody';
      const first = `Bearer ${await limited.issuer.token({ claims: { azp: 'first' } })}`;
      const second = `Bearer ${await limited.issuer.token({ claims: { azp: 'second' } })}`;
      const statuses = async (authorization: string | null, paths: readonly string[]) => {
        const found: number[] = [];
        for (const one of paths) found.push((await limited.get(one, { authorization })).status);
        return found;
      };
      // Routes share the count, unknown ones too.
      expect(await statuses(first, [path, '/api/v1.0/Identity', '/nowhere', path, '/nowhere'])).toEqual([
        404, 200, 404, 429, 429,
      ]);
      const over = await limited.get(path, { authorization: first });
      expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
      expect(over.body).toMatchObject({
        status: 429,
        type: expect.stringContaining('too-many-requests') as string,
      });
      expect(await statuses(second, [path])).toEqual([404]);
      expect(await statuses(null, [path, path, path, path])).toEqual([401, 401, 401, 429]);
      expect(await statuses('Bearer rubbish', [path])).toEqual([429]);
      expect(await statuses(second, [path])).toEqual([404]);
      const proxied = await limited.get(path, {
        authorization: null,
        headers: { 'x-forwarded-for': '192.0.2.7' },
      });
      expect(proxied.status).toBe(429);
    } finally {
      await limited.stop();
    }
  });

  it('counts by the address that the proxy names, where there is one', async () => {
    const settings = { rateLimit: { requests: 1, windowMs: 3_600_000 }, trustProxy: true };
    const proxied = await startApiWorld({ settings });
    try {
      const from = async (address: string) =>
        (await proxied.get('/', { authorization: null, headers: { 'x-forwarded-for': address } })).status;
      expect([await from('192.0.2.7'), await from('192.0.2.7'), await from('192.0.2.8')]).toEqual([
        401, 429, 401,
      ]);
    } finally {
      await proxied.stop();
    }
  });

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('takes %s as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
