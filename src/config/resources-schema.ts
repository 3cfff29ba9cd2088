import * as z from 'zod';
import { environmentVariable, httpUrl, text, wholeNumber } from './settings.ts';

/** The system that knows which other official resources people own. */
export const resourcesSchema = z.object({
  url: httpUrl(),
  user: text('the user name for HTTP Basic').optional(),
  secretEnv: environmentVariable().optional(),
  concurrency: wholeNumber(1, 256, 'requests').default(4),
  ratePerSecond: wholeNumber(1, 10_000, 'requests').default(20),
  timeoutSeconds: wholeNumber(1, 600, 'seconds').default(10),
  patienceHours: wholeNumber(0, 168, 'hours').default(4),
});
