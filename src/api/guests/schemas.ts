import * as z from 'zod';
import { LONGEST_PROVIDER, LONGEST_SUBJECT } from '../../policy/guest-identity.ts';
import { problemAnswer, strict } from '../identity/schemas.ts';

const once = (longest: number) =>
  z
    .string('is missing, or given twice')
    .min(1, 'is empty')
    .max(longest, `is longer than ${String(longest)} characters`);

export const guestQuery = strict({
  provider: once(LONGEST_PROVIDER).describe('`email`, or the name of the identity provider.'),
  subject: once(LONGEST_SUBJECT).describe(
    'By which the provider knows who signs in, as it stands; for `email` the address.',
  ),
});

export const guestAnswer = z.object({
  data: z.object({
    id: z.string().describe("The guest account's."),
    personId: z.string().describe("HR's id of the person."),
    formerLogin: z.string().describe('The login of their previous account.'),
  }),
});

export const NO_GUEST_ANSWER = {
  404: problemAnswer('The identity leads to nobody: no guest account has it, or it is shut.'),
};
