import { BY_EMAIL, type ExternalIdentity, type GuestKey } from '../contracts/guest.ts';
import { isRecord, problem, type Parsed } from './parse-message.ts';

/** So long a provider's name and its name for somebody may be, in characters. */
export const LONGEST_PROVIDER = 200;
export const LONGEST_SUBJECT = 300;
const LONGEST_ADDRESS = 254;

// What cannot be seen cannot be told apart by who types or reads it; half characters no database keeps.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;
const ADDRESS = /^[^\s@:]+@[^\s@:]+$/;
const ASCII_DOMAIN = /@[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** Letters of ASCII alone: other letters may become those of somebody else's address. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Whether an address, in lower case, is in the organisation's own domain, or below it. */
function isOurs(address: string, mailDomain: string): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const ours = lower(mailDomain);
  return domain === ours || domain.endsWith(`.${ours}`);
}

/** The identity that a person's external address is; `null` = they have none that can be used, or it is one of ours. Rule: "Guests". */
export function identityOfAddress(address: string | null, mailDomain: string): ExternalIdentity | null {
  const email = lower(address?.trim() ?? '');
  if (email.length > LONGEST_ADDRESS) return null;
  if (!ADDRESS.test(email) || UNSEEN.test(email) || isOurs(email, mailDomain)) return null;
  return { provider: BY_EMAIL, subject: email, email };
}

function wordProblem(name: string, value: unknown, longest: number): string | null {
  if (typeof value !== 'string' || value === '') return `${name} is missing`;
  if (value.length > longest) return `${name} is longer than ${String(longest)} characters`;
  if (value !== value.trim()) return `${name} begins or ends with white space`;
  return UNSEEN.test(value) ? `${name} holds characters that cannot be seen` : null;
}

/**
 * Reads by what somebody is known elsewhere. An address is one in whatever case of its ASCII letters; everything else
 * counts as it stands. The problem repeats nothing of what was sent.
 */
export function parseGuestKey(value: unknown): Parsed<GuestKey> {
  if (!isRecord(value)) return problem('an identity is an object: {"provider":"…","subject":"…"}');
  const { provider, subject } = value;
  const wrong =
    wordProblem('provider', provider, LONGEST_PROVIDER) ?? wordProblem('subject', subject, LONGEST_SUBJECT);
  if (wrong !== null) return problem(wrong);
  if (typeof provider !== 'string' || typeof subject !== 'string')
    return problem('provider and subject are texts');
  if (lower(provider) !== BY_EMAIL) return { ok: true, value: { provider, subject } };
  const address = lower(subject);
  if (!ADDRESS.test(address) || address.length > LONGEST_ADDRESS) {
    return problem('subject is no mail address, and the provider is email');
  }
  return { ok: true, value: { provider: BY_EMAIL, subject: address } };
}

/** Reads an identity that an admin associates: `email` may be left out. The problem repeats nothing of what was sent. */
export function parseIdentity(value: unknown): Parsed<ExternalIdentity> {
  const key = parseGuestKey(value);
  if (!key.ok) return key;
  const { email = null } = isRecord(value) ? value : {};
  const known = key.value.provider === BY_EMAIL ? key.value.subject : null;
  if (email === null) return { ok: true, value: { ...key.value, email: known } };
  const wrong = wordProblem('email', email, LONGEST_ADDRESS);
  if (wrong !== null) return problem(wrong);
  const address = typeof email === 'string' ? lower(email) : '';
  if (!ADDRESS.test(address)) return problem('email is no mail address');
  if (known !== null && address !== known) return problem('email is another address than subject');
  return { ok: true, value: { ...key.value, email: address } };
}

/** What is wrong with the addresses of an identity, whoever it is associated with; `null` = nothing. */
export function addressProblem(
  { provider, subject, email }: ExternalIdentity,
  mailDomain: string,
): string | null {
  const addresses = [...(provider === BY_EMAIL ? [subject] : []), ...(email === null ? [] : [email])];
  // A letter of another script could look like the organisation's own domain.
  if (addresses.some((address) => !ASCII_DOMAIN.test(address))) {
    return 'the domain of the address is not written in ASCII';
  }
  if (addresses.some((address) => isOurs(address, mailDomain))) {
    return "the address is in the organisation's own domain, whose mailbox goes with the account";
  }
  return null;
}

/**
 * The name of a guest's entry in a directory: the address, or the guest account's own id, since directories take names for
 * the same that a provider tells apart.
 */
export function guestLogin({ provider, subject, guestId }: GuestKey & { readonly guestId: string }): string {
  return provider === BY_EMAIL ? subject : `guest-${guestId}`;
}
