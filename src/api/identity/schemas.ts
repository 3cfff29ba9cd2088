import * as z from 'zod';
import { FILTER_FIELDS } from './parse-filter.ts';
import { IDENTITY_FIELDS, type IdentityField } from './fields.ts';

export const MOST_A_PAGE = 1000;
const MOST_FILTERS = 20;
const LONGEST_FILTER = 1000;
const LONGEST_LOGIN = 1000;

const known = (words: readonly string[]) => `is none of ${words.join(', ')}`;
const wholeFrom = (min: number, max: number) => {
  const message = `is no whole number from ${String(min)} to ${String(max)}`;
  return z
    .string(message)
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(min, message).max(max, message));
};

const field = z
  .array(z.enum(IDENTITY_FIELDS, known(IDENTITY_FIELDS)))
  .max(IDENTITY_FIELDS.length, 'is given too often')
  .default([])
  .describe('A field to answer, beside id; every field if none is named. May be repeated.');

/** Parameters that nobody knows are refused: a filter that is misspelled must not give everybody. */
export const strict = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `holds something else than ${Object.keys(shape).join(', ')}`
        : undefined,
  });

export const oneQuery = strict({ field });

export const oneParams = z.object({
  upn: z.string().min(1).max(LONGEST_LOGIN, 'is too long').describe('A login, in any letter case.'),
});

export const listQuery = strict({
  limit: wholeFrom(1, MOST_A_PAGE)
    .default(MOST_A_PAGE)
    .describe(`Identities a page, 1 to ${String(MOST_A_PAGE)}.`),
  offset: wholeFrom(0, 999_999_999)
    .default(0)
    .describe(
      'So many are left out. For older clients: a list may change between two pages. A token counts first.',
    ),
  token: z
    .string('is given twice')
    .min(1, 'is empty')
    .max(500, 'is too long')
    .optional()
    .describe('`pagination.token` of the page before.'),
  filter: z
    .array(z.string().max(LONGEST_FILTER, `is longer than ${String(LONGEST_FILTER)} characters`))
    .max(MOST_FILTERS, `is given more than ${String(MOST_FILTERS)} times`)
    .default([])
    .describe(
      `\`field:value\`, or \`modificationTime:gt:<instant>\` (gt, ge, lt, le). Repeated, all must hold. Fields: ${FILTER_FIELDS.join(', ')}.`,
    ),
  field,
});

const word = (description: string) => z.string().nullable().optional().describe(description);

const FIELD_SCHEMAS: Readonly<Record<IdentityField, z.ZodType>> = {
  id: z.string().describe("The account's, for ever. Always there."),
  upn: z.string().optional().describe('The login.'),
  type: z.enum(['Person', 'Secondary', 'Service']).optional(),
  source: z.string().optional(),
  displayName: z.string().optional(),
  firstName: word('Not of a service account.'),
  lastName: word('Not of a service account.'),
  personId: z.string().optional().describe("Of a service account, its owner's."),
  uid: z.number().int().optional().describe('The number of the account, for ever.'),
  gid: z.number().int().nullable().optional().describe('Set for the whole deployment.'),
  cernDepartment: word('As HR says.'),
  cernGroup: word('As HR says.'),
  cernSection: word('As HR says.'),
  instituteName: word('As HR says.'),
  preferredCernLanguage: word('As HR says.'),
  orcid: word('Not known here.'),
  postOfficeBox: word('Not known here.'),
  primaryAccountEmail: word("The person's address at the organisation; of a service account, its owner's."),
  activeUser: z
    .boolean()
    .optional()
    .describe(
      'Whether the person has a valid affiliation at the moment of asking; false once the account is over. Not of a service account.',
    ),
  modificationTime: z.iso
    .datetime()
    .optional()
    .describe('When anything here was last another, by a change or by the calendar.'),
};

export const identitySchema: z.ZodType = z.object(FIELD_SCHEMAS);

export const oneAnswer = z.object({ data: identitySchema });

export const listAnswer = z.object({
  pagination: z.object({
    total: z.number().int().describe('How many there were when the first page was asked for.'),
    offset: z.number().int(),
    limit: z.number().int(),
    token: z.string().nullable().describe('Ask for the next page with it; null = this is the last.'),
  }),
  data: z.array(identitySchema),
});

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  errors: z.array(z.object({ parameter: z.string(), detail: z.string() })).optional(),
});

export const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problem } },
});

export const PROBLEM_ANSWERS = {
  400: problemAnswer('The query cannot be understood; `errors` say what is known instead.'),
  401: problemAnswer('A bearer token is missing, or not a good one.'),
  403: problemAnswer('The token lacks the scope or the role.'),
  429: problemAnswer('Too many requests; `Retry-After` says when to come back.'),
  503: problemAnswer('The registry, or the keys of the token issuer, cannot be reached.'),
};

export const NOT_FOUND_ANSWER = { 404: problemAnswer('No account has or had this login.') };
