import type { RegistryDatabase } from './registry-database.ts';
import type { Registry } from './registry.ts';
import { createAccountStore } from './stores/account-store.ts';
import { createAlarmStore } from './stores/alarm-store.ts';
import { createAuditStore } from './stores/audit-store.ts';
import { createDeploymentStore } from './stores/deployment-store.ts';
import { createEffectStore } from './stores/effect-store.ts';
import { createNoticeStore } from './stores/notice-store.ts';
import { createOwnershipStore } from './stores/ownership-store.ts';
import { createPersonStore } from './stores/person-store.ts';

/** The registry over an open, migrated database. */
export function createRegistry(database: RegistryDatabase): Registry {
  return {
    ...createDeploymentStore(database),
    ...createPersonStore(database),
    ...createAccountStore(database),
    ...createOwnershipStore(database),
    ...createEffectStore(database),
    ...createNoticeStore(database),
    ...createAuditStore(database),
    ...createAlarmStore(database),
    close: () => database.close(),
  };
}
