import type { Stage } from '../../contracts/account.ts';

/** Stages in which an account is over. The same as in the index `one_primary`. */
export const ENDS: readonly Stage[] = ['deleted', 'released', 'neverJoined', 'deletedOutside'];
