import type { Migration } from './migration.ts';

/** Which request of an admin's a guest account is from, and that one was released, until every target has been told. */
export const associatedGuests: Migration = {
  version: 12,
  name: 'associated-guests',
  statements: [
    // Absent = the external address that HR named.
    'alter table guests add column request_id text',
    'alter table guests add column released_at bigint',
    // A mistake is no bond for ever: who is released no more stands in the way of whose identity it is.
    'drop index guest_identity',
    'create unique index guest_identity on guests (provider, subject) where released_at is null',
    // Whether a request was made before.
    'create index audit_of_command on audit (command_id) where command_id is not null',
  ],
};
