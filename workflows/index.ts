export { accountLifecycle } from './account-lifecycle.ts';
