export { accountLifecycle } from './account-lifecycle.ts';
export { hrSync } from './hr-sync.ts';
export { operatorRequest } from './operator-request.ts';
export { personMerge } from './person-merge.ts';
export { planApproval } from './plan-approval.ts';
export { reassignment } from './reassignment.ts';
export { reconcile } from './reconcile.ts';
export { watchdog } from './watchdog.ts';
