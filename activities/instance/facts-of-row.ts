import type { InstanceFacts } from '../../src/contracts/instance.ts';
import { adminLabels, lifecycleStatusOf } from '../../src/policy/instance/labels.ts';
import type { InstanceRow } from '../../src/registry/instance-registry.ts';

/** What a row of the instance says to the account that follows it; `null` = it never named a person. */
export function factsOfRow(row: InstanceRow): InstanceFacts | null {
  const { number, at, personId, presence, suspendedBy, snapshot } = row;
  if (personId === null) return null;
  const { active, endTime } = snapshot.user;
  return {
    ...{ number, at, personId, presence, active, endTime, suspendedBy },
    lifecycleStatus: lifecycleStatusOf(snapshot.labels),
    ignored: adminLabels(snapshot.labels).ignore,
  };
}
