import type { Instant } from '../../contracts/time.ts';
import { startOfDate } from '../../policy/calendar.ts';
import type { IdentityKind, IdentityRow } from '../../registry/identity-registry.ts';

/** What known clients ask for, in the order in which it is answered. */
export const IDENTITY_FIELDS = [
  ...(['id', 'upn', 'type', 'source', 'displayName', 'firstName', 'lastName', 'personId'] as const),
  ...(['uid', 'gid', 'cernDepartment', 'cernGroup', 'cernSection', 'instituteName'] as const),
  ...(['preferredCernLanguage', 'orcid', 'postOfficeBox', 'primaryAccountEmail'] as const),
  ...(['activeUser', 'modificationTime'] as const),
] as const;

export type IdentityField = (typeof IDENTITY_FIELDS)[number];

/** An identity as it is answered. A service account has no `activeUser`. */
export type Identity = Partial<Record<IdentityField, string | number | boolean | null>>;

export const TYPES: Readonly<Record<IdentityKind, string>> = {
  primary: 'Person',
  secondary: 'Secondary',
  service: 'Service',
};

/** Every account of ours; externals will have another. */
export const SOURCE = 'cern';

/** What the answer depends on, beside the registry. */
export interface IdentityView {
  /** Whose midnight counts. */
  readonly timeZone: string;
  /** The group number of every account; `null` = none is known. */
  readonly gid: number | null;
}

/** When the identity was last another: by a write, or by the calendar, when a first day began or a last day was over. */
export function modifiedAt({ modifiedAt: written, lastFlip }: IdentityRow, timeZone: string): Instant {
  return lastFlip === null ? written : Math.max(written, startOfDate(lastFlip, timeZone));
}

/** A service account is nobody: it shows its owner's id and address, and no name. */
const named = ({ kind, person }: IdentityRow) => (kind === 'service' ? null : person);

const VALUES: Readonly<
  Record<IdentityField, (row: IdentityRow, view: IdentityView) => string | number | boolean | null>
> = {
  id: ({ accountId }) => accountId,
  upn: ({ login }) => login,
  type: ({ kind }) => TYPES[kind],
  source: () => SOURCE,
  displayName: (row) => {
    const person = named(row);
    return person === null ? row.login : `${person.givenName} ${person.familyName}`;
  },
  firstName: (row) => named(row)?.givenName ?? null,
  lastName: (row) => named(row)?.familyName ?? null,
  personId: ({ personId }) => personId,
  uid: ({ uidNumber }) => uidNumber,
  gid: (_row, { gid }) => gid,
  cernDepartment: (row) => named(row)?.department ?? null,
  cernGroup: (row) => named(row)?.group ?? null,
  cernSection: (row) => named(row)?.section ?? null,
  instituteName: (row) => named(row)?.institute ?? null,
  preferredCernLanguage: (row) => named(row)?.language ?? null,
  orcid: () => null,
  postOfficeBox: () => null,
  primaryAccountEmail: ({ person }) => person?.email ?? null,
  activeUser: ({ activeUser }) => activeUser,
  modificationTime: (row, { timeZone }) => new Date(modifiedAt(row, timeZone)).toISOString(),
};

/** Writes identities with these fields, and `id`, which is always there; all of them if none are named. */
export function identityWriter(
  fields: readonly IdentityField[],
  view: IdentityView,
): (row: IdentityRow) => Identity {
  const wanted =
    fields.length === 0
      ? IDENTITY_FIELDS
      : IDENTITY_FIELDS.filter((one) => one === 'id' || fields.includes(one));
  return (row) => {
    const identity: Identity = {};
    for (const field of wanted) {
      const value = VALUES[field](row, view);
      if (field !== 'activeUser' || value !== null) identity[field] = value;
    }
    return identity;
  };
}
