import type { KeptInstance } from '../../activities/dependencies.ts';
import { createIndigoIam } from '../../src/connectors/indigo-iam/create-indigo-iam.ts';
import type { InstanceSettings } from '../../src/contracts/instance.ts';
import { virtualNow, type ClockAnchor } from '../../src/contracts/time.ts';
import {
  type IndigoIamDouble,
  type IndigoIamDoubleOptions,
  type NewIndigoIamAccount,
  startIndigoIamDouble,
} from '../../src/demo/doubles/indigo-iam/indigo-iam-double.ts';

export const IAM_CLIENT = { id: 'lifecycle', secret: 'a-secret-of-the-test' };
export const EXPERIMENT = 'CMS';

/** Settings as a site has them that changes nothing. */
export const INSTANCE_SETTINGS: InstanceSettings = {
  experiment: EXPERIMENT,
  personIdLabel: 'cern_person_id',
  dialect: 'current',
  expiredAccounts: 'delegate',
  timestamp: 'every-run',
  onPersonIdNotFound: 'no_action',
  onParticipationNotFound: 'disable_user',
  participationSightings: 1,
  concurrency: 8,
};

/** An INDIGO IAM instance by the clock of a deployment, and how the deployment reaches it. */
export interface TestInstance {
  readonly double: IndigoIamDouble;
  readonly kept: KeptInstance;
  /** Adds an account that was imported from HR; answers its id. */
  addAccount(personId: number, over?: Partial<NewIndigoIamAccount>): string;
  /** A label of an account; `undefined` = it is not there. */
  label(id: string, name: string): string | null | undefined;
  stop(): Promise<void>;
}

export async function startTestInstance(
  clock: ClockAnchor,
  settings: Partial<InstanceSettings> = {},
  options: Partial<IndigoIamDoubleOptions> = {},
): Promise<TestInstance> {
  const double = await startIndigoIamDouble({
    clientId: IAM_CLIENT.id,
    clientSecret: IAM_CLIENT.secret,
    now: () => virtualNow(clock, Date.now()),
    // On a clock that runs fast a token would not live for one request.
    tokenLifetimeSeconds: 100_000_000,
    ...options,
  });
  const iam = createIndigoIam({
    url: double.url,
    client: IAM_CLIENT,
    now: () => Date.now(),
    timeoutMs: 5_000,
    concurrency: 8,
    ratePerSecond: 10_000,
  });
  const labelOf = (id: string, name: string) => {
    const [prefix, plain] = name.includes('/') ? name.split('/') : [undefined, name];
    return double
      .account(id)
      ?.labels.find((label) => (label.prefix ?? undefined) === prefix && label.name === plain);
  };
  return {
    double,
    kept: { iam, settings: { ...INSTANCE_SETTINGS, ...settings } },
    addAccount(personId, over = {}) {
      const { labels = [], ...rest } = over;
      return double.addAccount({
        givenName: 'Ada',
        familyName: 'Rossi',
        email: `person-${String(personId)}@example.org`,
        userName: `user${String(personId)}`,
        ...rest,
        labels: [{ prefix: 'hr.cern', name: 'cern_person_id', value: String(personId) }, ...labels],
      });
    },
    label(id, name) {
      const label = labelOf(id, name);
      return label && (label.value ?? null);
    },
    async stop() {
      await iam.close();
      await double.stop();
    },
  };
}
