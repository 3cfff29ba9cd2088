import type { Migration } from './migration.ts';

/** Each person's identity state, since when, and why. */
export const identityStates: Migration = {
  version: 13,
  name: 'identity-states',
  statements: [
    // Absent = no account of theirs has looked yet.
    'alter table persons add column identity_state text, add column identity_since bigint, add column identity_why text',
    `alter table persons add constraint identity_whole check (
       (identity_state is null) = (identity_since is null) and (identity_state is null) = (identity_why is null))`,
    'create index persons_by_identity on persons (identity_state) where identity_state is not null',
  ],
};
