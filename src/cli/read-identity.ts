import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { ConfigurationError } from '../errors.ts';
import { LONGEST_PROVIDER, LONGEST_SUBJECT, parseIdentity } from '../policy/guest-identity.ts';
import type { ExternalIdentity } from '../contracts/guest.ts';

/** Where an operator gives an identity. */
export interface IdentityOptions {
  readonly provider?: string;
  readonly subject?: string;
  readonly email?: string;
  /** A file of JSON. */
  readonly file?: string;
  /** `-` = JSON on standard input. */
  readonly identity?: string;
}

const EXAMPLE = '{"provider":"edugain","subject":"…","email":"…"}';

async function written(options: IdentityOptions, stdin: NodeJS.ReadableStream): Promise<unknown> {
  const { provider, subject, email, file, identity } = options;
  const isTyped = provider !== undefined || subject !== undefined || email !== undefined;
  const ways = [isTyped, file !== undefined, identity !== undefined].filter(Boolean).length;
  if (ways !== 1 || (identity !== undefined && identity !== '-')) {
    throw new ConfigurationError(
      `Give the identity in one way: --identity - (JSON on standard input), --file, or --provider and --subject. As JSON: ${EXAMPLE}`,
    );
  }
  if (isTyped) return { provider, subject, ...(email === undefined ? {} : { email }) };
  const content = file === undefined ? await text(stdin) : await readFile(file, 'utf8').catch(() => null);
  if (content === null) throw new ConfigurationError('The file of the identity cannot be read.');
  try {
    const value: unknown = JSON.parse(content.replace(/^\uFEFF/, ''));
    return value;
  } catch {
    // The error of the parser repeats what it read.
    throw new ConfigurationError(`The identity is no JSON. It is written so: ${EXAMPLE}`);
  }
}

/**
 * Reads an identity from options, a file or standard input.
 *
 * @throws ConfigurationError for one that cannot be used, without repeating it.
 */
export async function readIdentity(
  options: IdentityOptions,
  stdin: NodeJS.ReadableStream,
): Promise<ExternalIdentity> {
  const parsed = parseIdentity(await written(options, stdin));
  if (parsed.ok) return parsed.value;
  throw new ConfigurationError(
    `The identity cannot be used: ${parsed.problem} (provider up to ${String(LONGEST_PROVIDER)}, subject up to ${String(LONGEST_SUBJECT)} characters).`,
  );
}
