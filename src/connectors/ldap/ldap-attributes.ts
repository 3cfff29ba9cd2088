import * as z from 'zod';
import type { AccountKind, ActiveStatus } from '../../contracts/account.ts';
import { storable } from '../../registry/column-values.ts';
import type { DirectoryEntry, DirectoryPerson } from '../directory.ts';

/** Values of an entry by attribute, in the spelling of `READ`; an attribute without values is absent or empty. */
export type Attributes = Readonly<Record<string, readonly string[]>>;

/** The value by which an account is locked until somebody unlocks it, see slapo-ppolicy(5). */
export const LOCKED_FOR_GOOD = '000001010000Z';
export const LOCK = 'pwdAccountLockedTime';
export const POLICY_OF_ITS_OWN = 'pwdPolicySubentry';
export const MAIL_ROUTING = 'mailRoutingAddress';
export const ACTIVE_STATUS = 'cernActiveStatus';
export const ACCOUNT_CLASS = 'cernAccount';

const KINDS: Readonly<Record<AccountKind, string>> = {
  primary: 'Primary',
  secondary: 'Secondary',
  service: 'Service',
  guest: 'Guest',
  experiment: 'Experiment',
};

const PERSON_ATTRIBUTES = [
  'employeeID',
  'displayName',
  'givenName',
  'sn',
  'mail',
  'department',
  'cernGroup',
  'cernSection',
  'cernInstituteName',
  'preferredLanguage',
] as const;

/** What is read of an entry. */
export const READ = [
  'cn',
  'objectClass',
  'cernAccountType',
  'uidNumber',
  ...PERSON_ATTRIBUTES,
  ...[ACTIVE_STATUS, MAIL_ROUTING, LOCK, POLICY_OF_ITS_OWN],
];

/** Attributes that may be named in an error. */
export const ATTRIBUTE_NAMES: readonly string[] = [
  ...READ,
  ...['userPassword', 'member', 'uniqueMember', 'memberUid'],
];

const activeStatus = z.enum(['Active', 'Grace Period', 'Inactive']) satisfies z.ZodType<ActiveStatus>;

/**
 * Text as an attribute's values: blank is none. A byte order mark before it goes: whoever reads takes it away.
 */
export function valueOf(text: string | null): readonly string[] {
  const value = storable(text ?? '').replace(/^\uFEFF+/, '');
  return value.trim() === '' ? [] : [value];
}

/** `mail` is ASCII (RFC 4524): an address that is not stands in no entry, since nobody can mend it. */
function asciiOf(address: string | null): readonly string[] {
  return valueOf(address).filter((value) => /^[\x20-\x7e]*$/.test(value));
}

/** A person's attributes. An entry must have a family name: of somebody without one it is the login. */
export function personAttributes(login: string, person: DirectoryPerson): Attributes {
  const sn = valueOf(person.familyName);
  return {
    employeeID: valueOf(person.personId),
    displayName: valueOf(person.displayName),
    givenName: valueOf(person.givenName),
    sn: sn.length > 0 ? sn : [login],
    mail: asciiOf(person.mail),
    department: valueOf(person.department),
    cernGroup: valueOf(person.group),
    cernSection: valueOf(person.section),
    cernInstituteName: valueOf(person.institute),
    preferredLanguage: valueOf(person.language),
  };
}

/** What says of which kind an account is. Only a primary account has a status. */
export function kindAttributes(kind: AccountKind): Attributes {
  const said = { cernAccountType: [KINDS[kind]] };
  return kind === 'primary' ? said : { ...said, [ACTIVE_STATUS]: [] };
}

/** A new entry: it is locked. */
export function newEntry(input: {
  readonly login: string;
  readonly kind: AccountKind;
  readonly person: DirectoryPerson;
  readonly activeStatus: ActiveStatus | null;
  readonly uidNumber: number;
}): Attributes {
  const { login, kind, person, uidNumber } = input;
  return {
    objectClass: ['inetOrgPerson', 'inetLocalMailRecipient', ACCOUNT_CLASS],
    cn: [login],
    ...kindAttributes(kind),
    uidNumber: [String(uidNumber)],
    ...personAttributes(login, person),
    [ACTIVE_STATUS]: kind === 'primary' ? valueOf(input.activeStatus) : [],
    [LOCK]: [LOCKED_FOR_GOOD],
  };
}

const first = (attributes: Attributes, name: string): string | null => attributes[name]?.[0] ?? null;

/** What kind of account an entry says it is; `null` = none of ours. */
export function kindOf(attributes: Attributes): AccountKind | null {
  const said = first(attributes, 'cernAccountType')?.toLowerCase();
  const kinds = ['primary', 'secondary', 'service', 'guest', 'experiment'] as const;
  return kinds.find((kind) => KINDS[kind].toLowerCase() === said) ?? null;
}

/** Whose entry it is; `null` = nobody's whom HR knows. */
export function personIdOf(attributes: Attributes): string | null {
  return first(attributes, 'employeeID');
}

/** By the lock that we set. One that the server sets for a while, after wrong passwords, ends by itself. */
export function accessOf(attributes: Attributes): 'on' | 'off' {
  return attributes[LOCK]?.includes(LOCKED_FOR_GOOD) === true ? 'off' : 'on';
}

/** An entry as the port tells it. */
export function toDirectoryEntry(
  attributes: Attributes,
  rest: { readonly login: string; readonly kind: AccountKind; readonly memberships: readonly string[] },
): DirectoryEntry {
  const text = (name: string): string => first(attributes, name) ?? '';
  const status = activeStatus.safeParse(first(attributes, ACTIVE_STATUS));
  return {
    login: rest.login,
    kind: rest.kind,
    person: {
      personId: text('employeeID'),
      displayName: text('displayName'),
      givenName: text('givenName'),
      familyName: text('sn'),
      mail: first(attributes, 'mail'),
      department: first(attributes, 'department'),
      group: first(attributes, 'cernGroup'),
      section: first(attributes, 'cernSection'),
      institute: first(attributes, 'cernInstituteName'),
      language: first(attributes, 'preferredLanguage'),
    },
    activeStatus: status.success ? status.data : null,
    access: accessOf(attributes),
    memberships: rest.memberships,
    mailRouting: first(attributes, MAIL_ROUTING),
  };
}
