import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { invalidQuery } from '../http/problem.ts';

/** Where a walk through a list stands. */
export interface Position {
  /** Number of the last identity that was answered. */
  readonly after: number;
  /** How many there were before. */
  readonly offset: number;
  /** Counted with the first page. */
  readonly total: number;
}

/** Writes and reads the tokens with which a client asks for the next page. They are opaque, and hold nothing personal. */
export interface PagingTokens {
  write(position: Position, filters: readonly string[]): string;
  /** @throws ApiProblem 400 for a token that we did not write, or wrote for other filters. */
  read(token: string, filters: readonly string[]): Position;
}

const whole = z.number().int().min(0);
const contentSchema = z.tuple([whole, whole, whole, z.string()]);
const SIGNATURE_BYTES = 16;

/** `key` is shared by all processes that serve the same registry: a page may come from one, the next from another. */
export function createPagingTokens(key: string): PagingTokens {
  const sign = (content: Buffer): Buffer =>
    createHmac('sha256', key).update(content).digest().subarray(0, SIGNATURE_BYTES);

  return {
    write({ after, offset, total }, filters) {
      const content = Buffer.from(JSON.stringify([after, offset, total, digestOf(filters)]));
      return Buffer.concat([sign(content), content]).toString('base64url');
    },
    read(token, filters) {
      const bytes = Buffer.from(token, 'base64url');
      const content = bytes.subarray(SIGNATURE_BYTES);
      const signature = bytes.subarray(0, SIGNATURE_BYTES);
      const expected = sign(content);
      // Buffers skip characters that are no base64: what we wrote is written in one way only.
      const isOurs = signature.length === expected.length && timingSafeEqual(signature, expected);
      if (!isOurs || bytes.toString('base64url') !== token) {
        throw invalidQuery({ parameter: 'token', detail: 'is no token of a page of this list' });
      }
      const [after, offset, total, digest] = contentSchema.parse(JSON.parse(content.toString()));
      if (digest !== digestOf(filters)) {
        throw invalidQuery({ parameter: 'token', detail: 'belongs to a list with other filters' });
      }
      return { after, offset, total };
    },
  };
}

/** The order of filters makes no difference. */
function digestOf(filters: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([...filters].sort()))
    .digest('base64url')
    .slice(0, 16);
}
