import { stringify } from 'yaml';

export const DEMO_PASSWORD_VARIABLE = 'DEMO_HR_PASSWORD';
export const DEMO_HR_USER = 'lifecycle';
export const DEMO_HR_PASSWORD = 'demo';
export const DEMO_IAM_SECRET_VARIABLE = 'DEMO_IAM_SECRET';
export const DEMO_LDAP_VARIABLE = 'DEMO_LDAP_PASSWORD';
export const DEMO_RESOURCES_VARIABLE = 'DEMO_RESOURCES_TOKEN';
export const DEMO_RESOURCES_TOKEN = 'demo';
export const DEMO_IAM_CLIENT = { id: 'lifecycle', secret: 'demo' };
/** In the demo's folder. */
export const REGISTRY_FOLDER = 'registry';
export const TASK_QUEUE = 'lifecycle';
export const MAIL_DOMAIN = 'cern.example';
export const ADMINS = 'lifecycle-admins@cern.example';
export const SERVICE_DESK = 'service-desk@cern.example';

/** A deployment's configuration over the doubles, as the text of a `lifecycle.yaml`. */
export function demoConfig(input: {
  readonly temporalAddress: string;
  readonly hrUrl: string;
  readonly smtp: { readonly host: string; readonly port: number };
  readonly fallbackOwner: string;
  /** As Spring writes it. */
  readonly cron: string;
  /** Real time-outs for a clock that runs fast. */
  readonly fast: boolean;
  readonly logLevel: 'info' | 'warn';
  /** An INDIGO IAM instance whose expired accounts we suspend and delete; by default none. */
  readonly instance?: { readonly url: string; readonly experiment: string };
  /** The system that knows who owns which other official resources; by default there is none. */
  readonly resourcesUrl?: string;
  /** Where the API listens, and whose tokens it takes; by default there is none. */
  readonly api?: { readonly port: number; readonly issuer: string; readonly jwksUrl: string };
  /** A directory over LDAP, laid out as in `deploy/ldap`; by default the embedded one. */
  readonly ldap?: { readonly url: string; readonly bindDn: string };
}): string {
  const { fast, instance, ldap, resourcesUrl } = input;
  return stringify({
    timeZone: 'Europe/Zurich',
    policy: 'cern',
    fallbackOwner: input.fallbackOwner,
    admins: [ADMINS],
    serviceDesk: SERVICE_DESK,
    temporal: { address: input.temporalAddress, namespace: 'default', taskQueuePrefix: TASK_QUEUE },
    registry: { folder: REGISTRY_FOLDER },
    hr: {
      url: input.hrUrl,
      user: DEMO_HR_USER,
      passwordEnv: DEMO_PASSWORD_VARIABLE,
      ...(fast && { timeoutSeconds: 1, ratePerSecond: 1000 }),
    },
    mail: {
      host: input.smtp.host,
      port: input.smtp.port,
      tls: 'none',
      from: `accounts@${MAIL_DOMAIN}`,
      fromName: 'CERN Accounts',
    },
    logins: { mailDomain: MAIL_DOMAIN },
    ...(ldap && {
      ldap: {
        ...ldap,
        tls: 'none',
        passwordEnv: DEMO_LDAP_VARIABLE,
        ...(fast && { timeoutSeconds: 1, connectTimeoutSeconds: 1 }),
      },
    }),
    ...(input.api && { api: input.api }),
    ...(resourcesUrl !== undefined && {
      resources: {
        url: resourcesUrl,
        secretEnv: DEMO_RESOURCES_VARIABLE,
        ...(fast && { timeoutSeconds: 1, ratePerSecond: 1000 }),
      },
    }),
    ...(instance && {
      indigoIam: {
        url: instance.url,
        clientId: DEMO_IAM_CLIENT.id,
        clientSecretEnv: DEMO_IAM_SECRET_VARIABLE,
        expiredAccounts: 'manage',
        ...(fast && { timeoutSeconds: 1 }),
      },
      cern: { 'experiment-name': instance.experiment, task: { enabled: false } },
    }),
    sync: { cron: input.cron, catchUpWindowSeconds: 10 },
    ...(fast && {
      // A day lasts half a second there, and a restart of the worker some of them.
      watchdog: {
        everyMinutes: 0.1,
        // At the start everybody's account is made at once, which takes some seconds: weeks, there.
        overdueMinutes: 43_200,
        syncOverdueMinutes: 1_000_000,
        frozenDays: 1000,
      },
      tuning: {
        startToCloseSeconds: 5,
        heartbeatSeconds: 2,
        maxRetryIntervalSeconds: 2,
        patienceSeconds: 5,
        stickySeconds: 1,
      },
      worker: {
        // After a restart everything is replayed: side by side nobody would be done in time.
        workflowTasks: 6,
        mail: { concurrency: 20, ratePerSecond: 500 },
        target: { concurrency: 20, ratePerSecond: 500 },
        sync: { concurrency: 8, ratePerSecond: 500 },
        operator: { concurrency: 4, ratePerSecond: 500 },
      },
    }),
    log: { level: input.logLevel },
  });
}
