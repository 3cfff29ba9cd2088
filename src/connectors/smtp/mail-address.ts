const ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const DOMAIN = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@${LABEL}(?:\\.${LABEL})*$`);
const LONGEST_LOCAL_PART = 64;
const LONGEST_ADDRESS = 254;

/**
 * Whether the text is one plain mail address. Deliberately narrow: no quoted local part, comment, display name, list,
 * white space or letter beyond ASCII, so that nothing in it can end a header or an SMTP command.
 */
export function isMailAddress(text: string): boolean {
  if (text.length > LONGEST_ADDRESS || text.indexOf('@') > LONGEST_LOCAL_PART) return false;
  return ADDRESS.test(text);
}

/** Whether the text can stand behind the `@` of a Message-ID. */
export function isMailDomain(text: string): boolean {
  return text.length <= 253 && DOMAIN.test(text);
}

/** A sender as it stands in the configuration, `address` or `Name <address>`; `null` if it is neither. */
export function readSender(text: string): { readonly name: string; readonly address: string } | null {
  const match = /^(?<name>[^<>"\p{Cc}]*)<(?<address>[^<>]+)>$/u.exec(text);
  const address = match?.groups?.['address'] ?? text;
  return isMailAddress(address) ? { name: (match?.groups?.['name'] ?? '').trim(), address } : null;
}
