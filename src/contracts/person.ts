/** What HR says of a person beside their ties. It stays in the registry and in outgoing mail and directories. */
export interface PersonAttributes {
  readonly personId: string;
  readonly givenName: string;
  readonly familyName: string;
  /** The address at the organisation; `null` if HR has none. */
  readonly email: string | null;
  readonly externalEmail: string | null;
  /** `en` or `fr` today; `null` = the deployment's default. */
  readonly language: string | null;
  readonly supervisorId: string | null;
  readonly department: string | null;
  readonly group: string | null;
  readonly section: string | null;
  readonly institute: string | null;
}
