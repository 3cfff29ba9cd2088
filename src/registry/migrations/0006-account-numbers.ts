import type { Migration } from './migration.ts';

/** A number for each account, as POSIX systems and the directory want one: never used twice, never changed. */
export const accountNumbers: Migration = {
  version: 6,
  name: 'account-numbers',
  statements: [
    'create sequence account_numbers as integer start 100000',
    // Gives every account that is there a number of its own, too.
    `alter table accounts add column uid_number integer not null default nextval('account_numbers')`,
    'alter sequence account_numbers owned by accounts.uid_number',
    'create unique index uid_number_once on accounts (uid_number)',
    `create trigger uid_numbers_stay before update of uid_number on accounts
       for each statement execute function refuse_change()`,
  ],
};
