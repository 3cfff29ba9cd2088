import * as z from 'zod';
import { isPrefix } from '../contracts/task-queues.ts';
import { isShipped, SHIPPED_POLICIES } from '../policies/shipped.ts';
import { apiSchema } from './api-schema.ts';
import { springCron } from './cron-setting.ts';
import { indigoIamSchema } from './indigo-iam-schema.ts';
import { ldapSchema } from './ldap-schema.ts';
import { parseLoginPattern } from './login-pattern.ts';
import { resourcesSchema } from './resources-schema.ts';
import {
  domain,
  environmentVariable,
  flag,
  httpUrl,
  mailAddress,
  number,
  oneOf,
  text,
  timeZone,
  wanted,
  wholeNumber,
} from './settings.ts';

/** Addresses that every mail domain must keep (RFC 2142), and names that systems give a meaning of their own. */
const RESERVED_LOGINS = 'abuse admin daemon guest hostmaster nobody noreply postmaster root webmaster'.split(
  ' ',
);

const HOUR_SECONDS = 3600;
const WEEK_SECONDS = 7 * 24 * HOUR_SECONDS;

/** Whether the setting `policy` names a file rather than a shipped set. */
export function isPolicyFile(policy: string): boolean {
  return policy.includes('/') || /\.ya?ml$/.test(policy);
}

const temporal = z.object({
  address: text('host:port of the Temporal server', {
    pattern: /^[^\s/]+:\d+$/,
    message: 'is not host:port',
  }).optional(),
  namespace: text('the name of a namespace').optional(),
  profile: text('the name of a profile of the Temporal command line').optional(),
  taskQueuePrefix: text('a word, such as lifecycle', {
    pattern: /^[A-Za-z0-9._-]+$/,
    message: 'has other characters than letters, digits, dot, dash and underscore',
  })
    .refine(isPrefix, 'ends in -operator, as the name of one of its queues does')
    .default('lifecycle'),
});

const registry = z.object({
  folder: text('a folder for the embedded database').optional(),
  urlEnv: environmentVariable().optional(),
});

const hr = z.object({
  url: httpUrl(),
  user: text('the user name for HTTP Basic').optional(),
  passwordEnv: environmentVariable().optional(),
  timeZone: timeZone().optional(),
  list: flag().default(true),
  concurrency: wholeNumber(1, 256, 'requests').default(8),
  ratePerSecond: wholeNumber(1, 10_000, 'requests').default(50),
  timeoutSeconds: wholeNumber(1, 600, 'seconds').default(10),
});

const mail = z.object({
  host: text('the name of the mail server'),
  port: wholeNumber(1, 65_535, 'a port').default(587),
  tls: oneOf(['none', 'starttls', 'implicit']).default('starttls'),
  user: text('the user name at the mail server').optional(),
  passwordEnv: environmentVariable().optional(),
  from: mailAddress(),
  fromName: text('the name shown as sender').optional(),
  domain: domain().optional(),
});

const links = z.object({
  publicUrl: httpUrl().optional(),
  keyEnv: environmentVariable().optional(),
});

const logins = z.object({
  pattern: wanted(
    z.string().refine((pattern) => parseLoginPattern(pattern) !== null, 'is no pattern'),
    'a pattern such as {givenName:1}{familyName}, in quotes',
  ).default('{givenName:1}{familyName}'),
  maxLength: wholeNumber(2, 64, 'characters').default(8),
  requestedMaxLength: wholeNumber(2, 64, 'characters').default(20),
  reserved: z
    .array(text('a login in lower case', { pattern: /^[a-z0-9._-]+$/, message: 'is no login in lower case' }))
    .meta({ description: 'a list of logins, each line beginning with a dash' })
    .default(RESERVED_LOGINS),
  mailDomain: domain(),
});

const sync = z.object({
  enabled: flag().default(true),
  cron: springCron().default('0 15 * * * *'),
  timeZone: timeZone().optional(),
  catchUpWindowSeconds: wholeNumber(10, WEEK_SECONDS, 'seconds').default(HOUR_SECONDS),
  pageSize: wholeNumber(1, 10_000, 'persons').default(500),
  rangeSize: wholeNumber(1, 1_000_000, 'persons').default(2500),
  giveUpMinutes: wholeNumber(1, 1440, 'minutes').default(15),
  keepPlansDays: wholeNumber(1, 36_500, 'days').default(90),
  safeguard: z
    .object({
      lossCount: wholeNumber(0, 1_000_000, 'losses').default(3),
      lossPercent: wholeNumber(0, 100, 'per cent').default(5),
      lossMaximum: wholeNumber(0, 1_000_000, 'losses').default(200),
      hours: wholeNumber(1, 8760, 'hours').default(24),
      answeredPercent: wholeNumber(0, 100, 'per cent').default(90),
      missingCount: wholeNumber(1, 1_000_000, 'persons').default(3),
      lapseDays: wholeNumber(1, 365, 'days').default(14),
    })
    .prefault({}),
  sightings: z
    .object({
      noPerson: z
        .object({
          count: wholeNumber(1, 100, 'sightings').default(3),
          hours: wholeNumber(0, 8760, 'hours').default(72),
        })
        .prefault({}),
      noParticipation: wholeNumber(1, 100, 'sightings').default(1),
    })
    .prefault({}),
});

const watchdog = z.object({
  enabled: flag().default(true),
  everyMinutes: number(0.016, 1440, 'minutes').default(10),
  overdueMinutes: wholeNumber(1, 100_000, 'minutes').default(15),
  syncOverdueMinutes: wholeNumber(1, 10_000_000, 'minutes').optional(),
  frozenDays: wholeNumber(1, 36_500, 'days').default(7),
});

const tuning = z.object({
  startToCloseSeconds: wholeNumber(1, HOUR_SECONDS, 'seconds').default(60),
  heartbeatSeconds: wholeNumber(1, HOUR_SECONDS, 'seconds').default(20),
  maxRetryIntervalSeconds: wholeNumber(1, 24 * HOUR_SECONDS, 'seconds').default(600),
  patienceSeconds: wholeNumber(1, WEEK_SECONDS, 'seconds').default(HOUR_SECONDS),
  stickySeconds: wholeNumber(1, 600, 'seconds').default(10),
});

const queue = (concurrency: number, ratePerSecond: number) =>
  z
    .object({
      concurrency: wholeNumber(1, 1000, 'activities').default(concurrency),
      ratePerSecond: wholeNumber(1, 10_000, 'activities').default(ratePerSecond),
    })
    .prefault({});

const worker = z.object({
  workflowTasks: wholeNumber(2, 1000, 'workflow tasks').default(40),
  cachedWorkflows: wholeNumber(2, 100_000, 'workflows').default(1000),
  mail: queue(10, 20),
  target: queue(20, 50),
  sync: queue(8, 50),
  operator: queue(8, 50),
});

/** Everything that `lifecycle.yaml` may say. Unknown keys are refused by the loader, which knows the nearest. */
export const configSchema = z.object({
  timeZone: timeZone().default('Europe/Zurich'),
  languageDefault: oneOf(['en', 'fr']).default('en'),
  policy: wanted(
    z
      .string()
      .refine((policy) => isPolicyFile(policy) || isShipped(policy), 'is neither a shipped set nor a file'),
    `the name of a shipped set (${Object.keys(SHIPPED_POLICIES).join(', ')}) or a file ending in .yaml`,
  ).default('cern'),
  fallbackOwner: text('the person id, in quotes, of who owns what nobody else can own'),
  admins: z
    .array(mailAddress())
    .min(1, 'names nobody')
    .meta({ description: 'a list of mail addresses, each line beginning with a dash' }),
  serviceDesk: mailAddress(),
  temporal: temporal.prefault({}),
  registry: registry.prefault({}),
  hr,
  mail,
  logins,
  links: links.prefault({}),
  resources: resourcesSchema.optional(),
  ldap: ldapSchema.optional(),
  indigoIam: indigoIamSchema.optional(),
  /** The block of INDIGO IAM's own configuration, which has a reader of its own: `cern-block.ts`. */
  cern: z.unknown().optional(),
  sync: sync.prefault({}),
  api: apiSchema.optional(),
  watchdog: watchdog.prefault({}),
  tuning: tuning.prefault({}),
  worker: worker.prefault({}),
  log: z.object({ level: oneOf(['trace', 'debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
});

/** The file as it was parsed, before secrets are fetched and defaults that depend on others filled in. */
export type ConfigFile = z.output<typeof configSchema>;
