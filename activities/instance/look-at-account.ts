import type { IamLabel, IamUser } from '../../src/connectors/indigo-iam.ts';
import type { InstanceFacts } from '../../src/contracts/instance.ts';
import { LifecycleError } from '../../src/errors.ts';
import { labelOf, ours } from '../../src/policy/instance/labels.ts';
import { suspendedBy } from '../../src/policy/instance/suspended-by.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { KeptInstance } from '../dependencies.ts';
import type { StepContext } from '../step-context.ts';
import { factsOfRow } from './facts-of-row.ts';

/** An experiment account as its instance shows it right now. */
export interface InstanceLook {
  readonly instance: KeptInstance;
  readonly user: IamUser;
  readonly labels: readonly IamLabel[];
  readonly row: InstanceRow;
  readonly facts: InstanceFacts;
}

function noInstance(accountId: string): LifecycleError {
  return new LifecycleError({
    code: 'NO_INSTANCE',
    message: `account ${accountId} lives in an INDIGO IAM instance and none is kept; write the block indigoIam`,
    retryable: false,
  });
}

function noRow(accountId: string): LifecycleError {
  return new LifecycleError({
    code: 'ACCOUNT_UNKNOWN',
    message: `the registry does not know which account of the instance ${accountId} is; the next synchronisation tells`,
    retryable: true,
  });
}

/**
 * Reads the account in its instance, and stores what it saw. `null` = the instance itself says that it is not there: the
 * next synchronisation plans what follows. Throws an `IamError` while the instance cannot be read.
 */
export async function lookAtAccount(context: StepContext): Promise<InstanceLook | null> {
  const { registry, instance } = context.deps;
  const { accountId } = context.input.state;
  const { signal } = context;
  if (instance === null) throw noInstance(accountId);
  const known = await registry.instanceRowOf(accountId);
  if (known === null) throw noRow(accountId);
  const id = known.externalId;
  const number = await registry.nextObservationNumber();
  const user = await instance.iam.readUser({ id, signal });
  const labels = user && (await instance.iam.readLabels({ id, signal }));
  if (!user || !labels) return null;
  const { dialect } = instance.settings;
  const timestamp = labelOf(labels, ours('timestamp'));
  const snapshot = { user, labels: labels.filter((label) => label !== timestamp) };
  const suspended = suspendedBy(known, snapshot, dialect);
  // A synchronisation may have written beside it what this look knows nothing of.
  const row = await registry.storeInstanceLook({
    ...{ externalId: id, number, at: context.now, snapshot, suspendedBy: suspended },
  });
  const facts = row && factsOfRow(row);
  if (row === null || facts === null) throw noRow(accountId);
  return { instance, user, labels, row, facts };
}
