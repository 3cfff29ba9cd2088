import type { Migration } from './migration.ts';

/** Identities elsewhere by which people who have left sign in: their external address, or what an admin associated. */
const GUESTS = `
create table guests (
  guest_id text collate "C" primary key,
  person_id text collate "C" not null,
  account_id text collate "C" not null references accounts,
  provider text not null,
  subject text not null,
  email text,
  uid_number integer not null default nextval('account_numbers'),
  is_open boolean not null,
  since bigint not null
)`;

/** Guest accounts. */
export const guests: Migration = {
  version: 9,
  name: 'guests',
  statements: [
    GUESTS,
    // An identity is bound to one person for ever.
    'create unique index guest_identity on guests (provider, subject)',
    'create unique index guest_uid_number on guests (uid_number)',
    'create index guests_of_person on guests (person_id)',
    'create index persons_by_email on persons (lower(email))',
    'create index persons_by_external_email on persons (lower(external_email))',
  ],
};
