import { firstTables } from './0001-first-tables.ts';
import { plans } from './0002-plans.ts';
import { decisions } from './0003-decisions.ts';
import { instances } from './0004-instances.ts';
import { instanceChanges } from './0005-instance-changes.ts';
import { accountNumbers } from './0006-account-numbers.ts';
import { identities } from './0007-identities.ts';
import { reassignments } from './0008-reassignments.ts';
import { guests } from './0009-guests.ts';
import { expiryTraces } from './0010-expiry-traces.ts';
import { merges } from './0011-merges.ts';
import { associatedGuests } from './0012-associated-guests.ts';
import type { Migration } from './migration.ts';

/** Every migration, in order. */
export const migrations: readonly Migration[] = [
  firstTables,
  plans,
  decisions,
  instances,
  instanceChanges,
  accountNumbers,
  identities,
  reassignments,
  guests,
  expiryTraces,
  merges,
  associatedGuests,
];
