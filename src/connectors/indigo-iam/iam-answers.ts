import type { z } from 'zod';
import type { ErrorFacts } from '../../errors.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { readJson } from '../http/read-json.ts';
import { errorOfStatus, iamError } from './iam-failure.ts';

/** The answer's JSON, read by a schema. Throws an `IamError` that names the path of what is wrong, never a value. */
export function readAnswer<Value>(answer: HttpAnswer, schema: z.ZodType<Value>, facts: ErrorFacts): Value {
  const json = readJson(answer.body);
  if (!json.ok) throw iamError('IAM_BROKEN_BODY', "IAM's answer is empty, cut off or not JSON.", facts);
  const parsed = schema.safeParse(json.value);
  if (parsed.success) return parsed.data;
  const path = (parsed.error.issues[0]?.path ?? []).map(String).join('.');
  throw iamError(
    'IAM_WRONG_SHAPE',
    `IAM's answer cannot be read at ${path === '' ? 'its top' : path}.`,
    facts,
  );
}

/** Whether a 404 comes from something else than IAM's own look for an account. */
function isOfSomethingElse({ contentType, body }: HttpAnswer): boolean {
  // A proxy that finds no IAM behind it: a page, or the bare words of the servers written in Go.
  if (contentType === 'text/html') return true;
  if (contentType === 'text/plain') return /page not found/i.test(Buffer.from(body).toString('latin1'));
  // The instance has no such path: what Spring itself says, with time and path, where IAM says what is not there.
  const json = readJson(body);
  const said = json.ok && typeof json.value === 'object' && json.value !== null ? json.value : {};
  return 'timestamp' in said && 'path' in said;
}

/**
 * Whether a 404 is IAM's own word on an account. One that is not says nothing about anybody, and is thrown: a wrong
 * URL or a proxy without IAM behind it would otherwise declare every account gone.
 */
export function saysNoAccount(answer: HttpAnswer, facts: ErrorFacts): boolean {
  if (answer.status !== 404) return false;
  // Whatever stands in front of IAM without it goes by; a wrong URL is found out by the list, which tells so at once.
  if (isOfSomethingElse(answer)) throw errorOfStatus(404, facts, { isPassing: true });
  return true;
}

/**
 * Throws if the account of a write is not there, or if a success has something to say: IAM's own says nothing, and a
 * page of something in front of it does not mean that anything was written.
 */
export function checkWritten(answer: HttpAnswer, facts: ErrorFacts): void {
  if (saysNoAccount(answer, facts)) throw iamError('IAM_NO_ACCOUNT', 'IAM has no such account.', facts);
  if (answer.status < 300 && answer.body.length > 0) {
    throw iamError('IAM_BROKEN_BODY', "The answer to a write has a body, which IAM's own never has.", facts);
  }
}
