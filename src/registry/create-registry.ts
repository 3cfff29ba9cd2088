import type { RegistryDatabase } from './registry-database.ts';
import type { Registry } from './registry.ts';
import { createAccountStore } from './stores/account-store.ts';
import { createAlarmStore } from './stores/alarm-store.ts';
import { createAuditStore } from './stores/audit-store.ts';
import { createDeploymentStore } from './stores/deployment-store.ts';
import { createEffectStore } from './stores/effect-store.ts';
import { createGuestStore } from './stores/guest-store.ts';
import { createIdentityStore } from './stores/identity-store.ts';
import { createInstanceStore } from './stores/instance-store.ts';
import { createMergeStore } from './stores/merge-store.ts';
import { createNoticeStore } from './stores/notice-store.ts';
import { createOwnershipStore } from './stores/ownership-store.ts';
import { createPersonStore } from './stores/person-store.ts';
import { createPlanDecisionStore } from './stores/plan-decision-store.ts';
import { createPlanRowStore } from './stores/plan-row-store.ts';
import { createPlanSettlingStore } from './stores/plan-settling-store.ts';
import { createPlanStore } from './stores/plan-store.ts';
import { createReassignmentStore } from './stores/reassignment-store.ts';
import { createRequestStore } from './stores/request-store.ts';

/** The registry over an open, migrated database. */
export function createRegistry(database: RegistryDatabase): Registry {
  return {
    ...createDeploymentStore(database),
    ...createPersonStore(database),
    ...createAccountStore(database),
    ...createRequestStore(database),
    ...createReassignmentStore(database),
    ...createOwnershipStore(database),
    ...createEffectStore(database),
    ...createNoticeStore(database),
    ...createAuditStore(database),
    ...createAlarmStore(database),
    ...createPlanStore(database),
    ...createPlanRowStore(database),
    ...createPlanDecisionStore(database),
    ...createPlanSettlingStore(database),
    ...createInstanceStore(database),
    ...createGuestStore(database),
    ...createMergeStore(database),
    ...createIdentityStore(database),
    close: () => database.close(),
  };
}
