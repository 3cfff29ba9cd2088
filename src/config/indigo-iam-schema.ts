import * as z from 'zod';
import { environmentVariable, httpUrl, oneOf, text, wholeNumber } from './settings.ts';

/**
 * An INDIGO IAM instance and how it is kept. Which experiment it serves, and by which label persons are known there,
 * stands in the block `cern`; how long an expired account is kept, in the policy.
 */
export const indigoIamSchema = z.object({
  url: httpUrl(),
  tokenUrl: httpUrl().optional(),
  clientId: text('the id of a client of the instance that may have tokens by client_credentials', {
    pattern: /^[^:\s]+$/,
    message: 'has a colon or a space in it',
  }),
  clientSecretEnv: environmentVariable(),
  concurrency: wholeNumber(1, 256, 'requests').default(16),
  ratePerSecond: wholeNumber(1, 10_000, 'requests').default(500),
  timeoutSeconds: wholeNumber(1, 600, 'seconds').default(10),
  dialect: oneOf(['current', 'legacy']).default('current'),
  expiredAccounts: oneOf(['delegate', 'manage']).default('delegate'),
  timestamp: oneOf(['every-run', 'on-change']).default('every-run'),
});
