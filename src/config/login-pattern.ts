/** One piece of a login: fixed text, or the first `length` letters of a name (`null` = all). */
export type LoginPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'givenName' | 'familyName'; readonly length: number | null };

const PLACEHOLDER = /^\{(givenName|familyName)(?::([1-9]\d?))?\}/;
const TEXT = /^[a-z0-9._-]+/;

/** The parts of a pattern such as `{givenName:1}{familyName}`, or `null` if it cannot be read. */
export function parseLoginPattern(pattern: string): readonly LoginPart[] | null {
  const parts: LoginPart[] = [];
  let rest = pattern;
  while (rest !== '') {
    const placeholder = PLACEHOLDER.exec(rest);
    const text = TEXT.exec(rest);
    if (placeholder !== null) {
      const length = placeholder[2] === undefined ? null : Number(placeholder[2]);
      parts.push({ type: placeholder[1] === 'givenName' ? 'givenName' : 'familyName', length });
      rest = rest.slice(placeholder[0].length);
    } else if (text !== null) {
      parts.push({ type: 'text', text: text[0] });
      rest = rest.slice(text[0].length);
    } else {
      return null;
    }
  }
  return parts.some(({ type }) => type !== 'text') ? parts : null;
}

/**
 * The login that a pattern makes of a name: accents taken off, lower case, everything that is no letter or digit
 * left out, cut to `maxLength`. Empty if the name has no Latin letter. Whether it was ever used is for the caller.
 */
export function loginFromName(
  rule: { readonly parts: readonly LoginPart[]; readonly maxLength: number },
  name: { readonly givenName: string; readonly familyName: string },
): string {
  const pieces = rule.parts.map((part) => {
    if (part.type === 'text') return part.text;
    const letters = plainLetters(name[part.type]);
    return part.length === null ? letters : letters.slice(0, part.length);
  });
  const named = rule.parts.some((part, index) => part.type !== 'text' && pieces[index] !== '');
  return named ? pieces.join('').slice(0, rule.maxLength) : '';
}

/** Letters that are one character with no accent to take off. */
const SPELLED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

function plainLetters(name: string): string {
  return name
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => SPELLED[letter] ?? '')
    .normalize('NFKD')
    .replace(/[^a-z0-9]/g, '');
}
