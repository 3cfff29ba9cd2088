import { z } from 'zod';

/** More is no list of what one person owns. */
const MOST_RESOURCES = 10_000;
const LONGEST_TYPE = 60;
const LONGEST_NAME = 200;

/** At most so many characters, of which none is cut in half. */
function cut(text: string, longest: number): string {
  const characters = Array.from(text);
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}

/**
 * One line for a mail: runs of white space and of characters that do not print, or that turn the writing round, become
 * one space. Nothing left is no word.
 */
const line = (longest: number) =>
  z
    .string()
    .transform((text) =>
      cut(
        text
          .replace(/[\s\p{C}\p{Z}]+/gu, ' ')
          .trim()
          .normalize('NFC'),
        longest,
      ),
    )
    .refine((text) => text !== '');

/** What the source answers, as far as it is read; fields that are not listed are left alone. */
export const ownedResources = z.object({
  resources: z.array(z.object({ type: line(LONGEST_TYPE), name: line(LONGEST_NAME) })).max(MOST_RESOURCES),
});
