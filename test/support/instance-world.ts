import { expect } from 'vitest';
import type { ActivityDependencies } from '../../activities/dependencies.ts';
import type { InstanceSettings } from '../../src/contracts/instance.ts';
import type { PolicySet } from '../../src/contracts/policy.ts';
import type { ClockAnchor, Instant } from '../../src/contracts/time.ts';
import type { HrDoublePerson } from '../../src/demo/doubles/hr-double-person.ts';
import { indigoIam } from '../../src/policies/indigo-iam.ts';
import { withInstance } from '../../src/policies/with-instance.ts';
import { startTestDeployment, type TestDeployment } from './deployment.ts';
import { EXPERIMENT, INSTANCE_SETTINGS, startTestInstance, type TestInstance } from './instance.ts';
import { clockFrom, within } from './lives.ts';
import type { TemporalAddress } from './temporal.ts';

/** A deployment that keeps nothing but an instance, and the instance. */
export interface InstanceWorld {
  readonly clock: ClockAnchor;
  readonly deployment: TestDeployment;
  readonly instance: TestInstance;
  /** One synchronisation in which nothing fails. */
  sync(): Promise<void>;
  /** The account of ours that follows one of the instance's. */
  accountOf(id: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startInstanceWorld(
  server: TemporalAddress,
  options: {
    readonly start: Instant;
    /** By default the clock runs as the machine's. */
    readonly daysPerSecond?: number;
    readonly instance?: Partial<InstanceSettings>;
    readonly policies?: PolicySet;
    readonly settings?: Partial<ActivityDependencies['settings']>;
  },
): Promise<InstanceWorld> {
  const clock = clockFrom(options.start, options.daysPerSecond);
  const kept = { ...INSTANCE_SETTINGS, ...options.instance };
  const instance = await startTestInstance(clock, kept);
  const policies = withInstance(options.policies ?? indigoIam, kept.expiredAccounts);
  const deployment = await startTestDeployment(server, {
    clock,
    instance: instance.kept,
    settings: { policies, pageSize: 100, rangeSize: 100, ...options.settings },
  });
  return {
    clock,
    deployment,
    instance,
    sync: async () => {
      const result = await within('a synchronisation', deployment.sync());
      expect(result.instance).toMatchObject({ outcome: 'read', failed: 0, handling: { failed: 0 } });
    },
    accountOf: async (id) => {
      const [row] = await deployment.registry.followedRows([id]);
      return row?.row.accountId ?? `nobody follows ${id}`;
    },
    async stop() {
      await deployment.stop();
      await instance.stop();
    },
  };
}

/** A person whom HR knows by a participation; open-ended unless an end is given. */
export function participant(id: number, endDate: string | null = null, over: Partial<HrDoublePerson> = {}) {
  return {
    id,
    firstName: 'Ada',
    name: 'Rossi',
    email: `person-${String(id)}@example.org`,
    participations: [{ experiment: EXPERIMENT, startDate: '2020-01-01', endDate }],
    ...over,
  } satisfies HrDoublePerson;
}
