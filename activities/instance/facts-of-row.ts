import { LABEL_PREFIX, LIFECYCLE_STATUSES, type InstanceFacts } from '../../src/contracts/instance.ts';
import type { IamLabel } from '../../src/connectors/indigo-iam.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';

/** INDIGO IAM's own label of an expired account. It has no prefix. */
const LIFECYCLE_STATUS = 'lifecycle.status';

function lifecycleStatusOf(labels: readonly IamLabel[]): InstanceFacts['lifecycleStatus'] {
  const label = labels.find(({ prefix, name }) => prefix === null && name === LIFECYCLE_STATUS);
  return LIFECYCLE_STATUSES.find((status) => status === label?.value) ?? null;
}

/** What a row of the instance says to the account that follows it; `null` = it never named a person. */
export function factsOfRow(row: InstanceRow): InstanceFacts | null {
  const { number, at, personId, presence, suspendedBy, snapshot } = row;
  if (personId === null) return null;
  const { active, endTime } = snapshot.user;
  const { labels } = snapshot;
  return {
    ...{ number, at, personId, presence, active, endTime, suspendedBy },
    lifecycleStatus: lifecycleStatusOf(labels),
    ignored: labels.some(({ prefix, name }) => prefix === LABEL_PREFIX && name === 'ignore'),
  };
}
