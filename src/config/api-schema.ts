import * as z from 'zod';
import { flag, oneOf, text, wanted, wholeNumber } from './settings.ts';

/** Signatures with a key pair: whoever can check one cannot make one. */
export const TOKEN_ALGORITHMS = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
] as const;

export type TokenAlgorithm = (typeof TOKEN_ALGORITHMS)[number];

/** Keys that came over an open line could be anybody's. */
function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  const isLoopback = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/.test(hostname);
  return (protocol === 'https:' || (protocol === 'http:' && isLoopback)) && username + password === '';
}

const scope = (said: string) =>
  text(said, { pattern: /^[!#-[\]-~]+$/, message: 'is no scope of OAuth' }).optional();

/** The API that other systems ask. */
export const apiSchema = z.object({
  host: text('the address to listen on, such as 127.0.0.1').default('127.0.0.1'),
  port: wholeNumber(1, 65_535, 'a port').default(8080),
  trustProxy: flag().default(false),
  issuer: text('the issuer as it stands in tokens, such as https://auth.example.org/realms/example'),
  jwksUrl: wanted(
    z.string().refine(isSafeAddress, 'is no https address (http only on this machine)'),
    "the address of the issuer's keys, such as https://auth.example.org/realms/example/certs",
  ),
  audience: text('the audience as it stands in tokens').default('authorization-service-api'),
  algorithms: z
    .array(oneOf(TOKEN_ALGORITHMS))
    .min(1, 'names nothing')
    .meta({ description: `a list of ${TOKEN_ALGORITHMS.join(', ')}` })
    .default(['RS256', 'ES256']),
  clockToleranceSeconds: wholeNumber(0, 60, 'seconds').default(5),
  requiredScope: scope('a scope that every token must hold'),
  requiredRole: text('a role that every token must hold').optional(),
  guests: z
    .object({
      requiredScope: scope('a scope of those who may ask whom an external identity leads to'),
      requiredRole: text('a role of those who may ask whom an external identity leads to').optional(),
    })
    .refine(
      ({ requiredScope, requiredRole }) => requiredScope !== undefined || requiredRole !== undefined,
      'needs a requiredScope or a requiredRole: the answer is not for everybody',
    )
    .optional(),
  rolesClaim: text('the claim that holds the roles, with dots between levels').default('cern_roles'),
  rateLimit: z
    .object({
      requests: wholeNumber(1, 1_000_000, 'requests').default(6000),
      windowSeconds: wholeNumber(1, 3600, 'seconds').default(60),
    })
    .prefault({}),
  gid: wholeNumber(0, 4_294_967_294, 'a group number').optional(),
});
