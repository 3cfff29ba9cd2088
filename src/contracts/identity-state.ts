/** Where a person stands, as the strings that targets know. Source: the identity states of CzechIdM. */
export const IDENTITY_STATES = [
  /** New, not evaluated yet. */
  'CREATED',
  /** Every contract is gone from HR. */
  'NO_CONTRACT',
  /** One begins later, none is valid and not excluded. */
  'FUTURE_CONTRACT',
  /** At least one is valid and not excluded. */
  'VALID',
  /** Only past ones. */
  'LEFT',
  /** Valid ones exist, and all of them are excluded: parental leave. */
  'DISABLED',
  /** An admin or a target said so; only an admin's enable ends it. */
  'DISABLED_MANUALLY',
] as const;

export type IdentityState = (typeof IDENTITY_STATES)[number];
