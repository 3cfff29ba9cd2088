import { isPersonId } from '../../src/connectors/person-id.ts';
import { labelOf, ours, type Label } from '../../src/policy/instance/labels.ts';

/** Whom the label of the person id names; `null` = nobody: it holds no id. `undefined` = there is no such label. */
export function namedPerson(labels: readonly Label[], personIdLabel: string): string | null | undefined {
  const label = labelOf(labels, ours(personIdLabel));
  if (label === null) return undefined;
  return label.value !== null && isPersonId(label.value) ? label.value : null;
}
