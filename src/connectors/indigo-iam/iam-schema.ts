import { z } from 'zod';
import type { IamLabel, IamUser } from '../indigo-iam.ts';
import { readInstant } from './read-instant.ts';

/**
 * What IAM answers, as far as it is read. Absent and null are the same everywhere; fields that are not listed are left
 * alone. A field that is listed and of another type makes the account unreadable: nothing is guessed.
 */

const INDIGO_USER = 'urn:indigo-dc:scim:schemas:IndigoUser';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const instant = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value, context) => {
    if (value === null || value === undefined) return null;
    const at = readInstant(value);
    if (at !== null) return at;
    context.addIssue({ code: 'custom', message: 'is no instant' });
    return z.NEVER;
  });

const email = z.object({
  value: text,
  type: text,
  primary: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
});

/** An account's uuid, which stands in paths. */
export const iamId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

export const iamRow = z.object({ id: iamId });

export const iamUser = z
  .object({
    id: iamId,
    userName: z.string().min(1),
    active: z.boolean(),
    name: z.object({ givenName: text, familyName: text }).nullish(),
    emails: z.array(email).nullish(),
    [INDIGO_USER]: z.object({ endTime: instant }).nullish(),
  })
  .transform((user): IamUser => {
    const emails = (user.emails ?? []).filter(({ value }) => value !== '');
    const mail =
      emails.find(({ primary }) => primary) ?? emails.find(({ type }) => type === 'work') ?? emails[0];
    return {
      id: user.id,
      userName: user.userName,
      active: user.active,
      givenName: user.name?.givenName ?? '',
      familyName: user.name?.familyName ?? '',
      email: mail?.value ?? null,
      endTime: user[INDIGO_USER]?.endTime ?? null,
    };
  });

export const iamPage = z.object({
  totalResults: z.int().nonnegative(),
  Resources: z.array(z.unknown()).nullish(),
});

const orNull = z
  .string()
  .nullish()
  .transform((value) => (value === '' ? null : (value ?? null)));

export const iamLabels = z.array(
  z.object({ prefix: orNull, name: z.string().min(1), value: orNull }).transform((label): IamLabel => label),
);

export const iamToken = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive().nullish(),
  scope: z.string().nullish(),
});

/** The attributes of an account that are asked for in a list. */
export const LISTED_ATTRIBUTES = `userName,active,name,emails,${INDIGO_USER}`;
