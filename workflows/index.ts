export { accountLifecycle } from './account-lifecycle.ts';
export { hrSync } from './hr-sync.ts';
