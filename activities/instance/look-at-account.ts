import type { IamLabel, IamUser } from '../../src/connectors/indigo-iam.ts';
import type { InstanceFacts } from '../../src/contracts/instance.ts';
import { LifecycleError } from '../../src/errors.ts';
import { adminLabels, lifecycleStatusOf, withoutTimestamp } from '../../src/policy/instance/labels.ts';
import { suspendedBy } from '../../src/policy/instance/suspended-by.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';
import type { KeptInstance } from '../dependencies.ts';
import type { StepContext } from '../step-context.ts';
import { isSameSnapshot } from './assess-account.ts';
import { noteExpiryTask } from './expiry-traces.ts';
import { namedPerson } from './named-person.ts';
import { readWhole } from './read-whole.ts';

/** An experiment account as its instance shows it right now. */
export interface InstanceLook {
  readonly instance: KeptInstance;
  readonly user: IamUser;
  readonly labels: readonly IamLabel[];
  /** What was known of it before. */
  readonly before: InstanceRow;
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

/** It is let go, or somebody else's: what follows is planned, and nothing is done to it meanwhile. */
function isNotOurs(): LifecycleError {
  return new LifecycleError({
    code: 'IAM_NOT_OURS',
    message:
      'its label is gone or names another person; waiting for the next synchronisation, which plans what follows',
    retryable: true,
  });
}

/**
 * Reads the account in its instance, and stores what it saw. `null` = the instance itself says that it is not there: the
 * next synchronisation plans what follows. Throws `IAM_NOT_OURS` if its label does not name our person any more, and an
 * `IamError` while the instance cannot be read. Whether the account goes, or to whom, no look decides: that is the plan's,
 * and what a synchronisation has stored about it is in no fact of this look.
 */
export async function lookAtAccount(context: StepContext): Promise<InstanceLook | null> {
  const { registry, instance } = context.deps;
  const { accountId, personId } = context.input.state;
  const { signal, now } = context;
  if (instance === null) throw noInstance(accountId);
  const { dialect, personIdLabel } = instance.settings;
  const before = await registry.instanceRowOf(accountId);
  if (before === null) throw noRow(accountId);
  const { externalId } = before;
  const number = await registry.nextObservationNumber();
  const seen = await readWhole(instance.iam, { id: externalId, signal });
  const note = () => noteExpiryTask(registry, { row: before, seen, at: now }, instance.settings);
  if (seen === null) {
    await note();
    return null;
  }
  const { user, labels } = seen;
  const named = namedPerson(labels, personIdLabel);
  // A label without an id in it names nobody else.
  if (named === undefined || (named !== null && named !== personId)) throw isNotOurs();
  const snapshot = { user, labels: withoutTimestamp(labels) };
  const suspended = suspendedBy(before, snapshot, dialect);
  const isSame = before.suspendedBy === suspended && isSameSnapshot(before.snapshot, snapshot);
  const look = { externalId, number, at: isSame ? before.at : now, snapshot, suspendedBy: suspended };
  await note();
  // A synchronisation may have written beside it what this look knows nothing of.
  if ((await registry.storeInstanceLook(look)) === null) throw noRow(accountId);
  const facts: InstanceFacts = {
    ...{ number, at: now, personId, presence: 'there', suspendedBy: suspended },
    ...{ active: user.active, endTime: user.endTime },
    lifecycleStatus: lifecycleStatusOf(labels),
    ignored: adminLabels(labels).ignore,
  };
  return { instance, user, labels, before, facts };
}
