import { z } from 'zod';
import { isPersonId } from '../person-id.ts';

/**
 * What HR answers, as far as it is read. Absent and null are the same everywhere; fields that are not listed are
 * left alone. A field that is listed and has another type makes the record unreadable: guessing what was meant is
 * how somebody is taken for a leaver.
 */

/** Runs of white space and control characters become one space, so that a name can stand in a header or a line. */
const text = z
  .string()
  .transform((value) =>
    value
      .replace(/[\s\p{Cc}]+/gu, ' ')
      .trim()
      .normalize('NFC'),
  )
  .nullish()
  .transform((value) => (value === '' ? null : (value ?? null)));

const id = z.union([z.int().nonnegative(), z.string().refine(isPersonId)]).transform(String);

const date = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => value ?? null);

const participation = z.object({
  experiment: z.string().trim().min(1),
  startDate: date,
  endDate: date,
  institute: z.object({ name: text }).nullish(),
});

const contract = z.object({
  startDate: date,
  endDate: date,
  excluded: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
});

export const hrPersonId = z.object({ id });

export const hrPerson = z.object({
  id,
  name: text,
  firstName: text,
  email: text,
  department: text,
  group: text,
  sector: text,
  participations: z.array(participation).nullish(),
  contracts: z.array(contract).nullish(),
  supervisorId: id.nullish().transform((value) => value ?? null),
  externalEmail: text,
  preferredLanguage: text,
});

export type HrPerson = z.infer<typeof hrPerson>;
export type HrParticipation = z.infer<typeof participation>;
export type HrContract = z.infer<typeof contract>;
