import * as z from 'zod';
import { timeZoneProblem } from '../policy/check-policy.ts';

/**
 * Building blocks of the schema. Each says what is wanted, for the remedy of an error message; none repeats the
 * value it refused, since a secret may stand in the wrong place.
 */

const MAIL_ADDRESS = /^[^\s@<>,;:"()]+@[^\s@<>,;:"()]+$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i;

/** The schema, and what to write there. Comes last: a check added behind it would lose the words. */
export function wanted<T extends z.ZodType>(schema: T, want: string): T {
  return schema.meta({ description: want });
}

/** What is wanted where this schema stands; unwraps defaults and the like. */
export function wantOf(schema: z.ZodType | undefined): string | null {
  return schema === undefined
    ? null
    : (unwrap(schema).meta()?.description ?? schema.meta()?.description ?? null);
}

/** The schema within defaults, `optional` and `nullable`. */
export function unwrap(schema: z.ZodType): z.ZodType {
  let inner: unknown = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodNullable
  ) {
    inner = inner.unwrap();
  }
  return inner instanceof z.ZodType ? inner : schema;
}

export const text = (want: string, form?: { pattern: RegExp; message: string }): z.ZodString => {
  const filled = z.string().min(1, 'is empty');
  return wanted(form === undefined ? filled : filled.regex(form.pattern, form.message), want);
};

export const wholeNumber = (min: number, max: number, unit: string): z.ZodNumber =>
  wanted(
    z
      .number()
      .multipleOf(1, 'is no whole number')
      .min(min, `is less than ${min}`)
      .max(max, `is more than ${max}`),
    `a whole number of ${unit} from ${min} to ${max}`,
  );

export const number = (min: number, max: number, unit: string): z.ZodNumber =>
  wanted(
    z.number().min(min, `is less than ${min}`).max(max, `is more than ${max}`),
    `a number of ${unit} from ${min} to ${max}`,
  );

export const flag = (): z.ZodBoolean => wanted(z.boolean(), 'true or false');

export const oneOf = <const T extends readonly [string, ...string[]]>(
  words: T,
): z.ZodEnum<z.core.util.ToEnum<T[number]>> =>
  wanted(z.enum(words, `is none of ${words.join(', ')}`), `one of ${words.join(', ')}`);

export const mailAddress = (): z.ZodString =>
  wanted(
    z.string().regex(MAIL_ADDRESS, 'is no mail address'),
    'one mail address, such as accounts@example.org',
  );

export const domain = (): z.ZodString =>
  wanted(z.string().regex(DOMAIN, 'is no domain'), 'a mail domain, such as example.org');

export const timeZone = (): z.ZodString =>
  wanted(
    z.string().refine((zone) => timeZoneProblem(zone) === null, 'is no IANA time zone'),
    'an IANA name as it is spelled, such as Europe/Zurich or UTC',
  );

/** An address of HTTP. A name or password in it would be a secret in the file. */
export const httpUrl = (): z.ZodString =>
  wanted(
    z
      .string()
      .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), 'is no http(s) address')
      .refine(
        (url) => !URL.canParse(url) || (new URL(url).username === '' && new URL(url).password === ''),
        'holds a name or password, and a secret must not stand in the file',
      ),
    'an address such as https://hr.example.org, without name and password: these go to user and passwordEnv',
  );

/** A setting `…Env`: the name of the environment variable that holds a secret. */
export const environmentVariable = (): z.ZodString =>
  wanted(
    z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'is no name of an environment variable'),
    'the name of an environment variable in capitals, such as HR_PASSWORD, never the secret itself',
  );
