import type { IamLabel, IndigoIam } from '../indigo-iam.ts';
import { checkWritten } from './iam-answers.ts';
import type { IamClient } from './iam-client.ts';
import { factsOf, iamError } from './iam-failure.ts';

type LabelWrites = Pick<IndigoIam, 'setLabel' | 'deleteLabel'>;
type LabelKey = Pick<IamLabel, 'prefix' | 'name'>;

/** Prefix, name and value as IAM wants them: what is empty is left out. */
function fieldsOf(label: LabelKey & Partial<IamLabel>): Record<string, string> {
  const { prefix, name, value } = label;
  return { ...(prefix ? { prefix } : {}), name, ...(value ? { value } : {}) };
}

/** The writes on an account's labels. */
export function createLabelWrites(client: IamClient): LabelWrites {
  const find = (labels: readonly IamLabel[], { prefix, name }: LabelKey): IamLabel | undefined =>
    labels.find((label) => label.name === name && (label.prefix ?? '') === (prefix ?? ''));

  return {
    setLabel: async ({ id, labels, label, signal }) => {
      const there = find(labels, label);
      if (there !== undefined && (there.value ?? '') === (label.value ?? '')) return false;
      // The value stays out: it can hold what somebody wrote.
      const facts = {
        ...factsOf('setLabel', id),
        label: [label.prefix, label.name].filter(Boolean).join('.'),
      };
      const answer = await client.send({
        method: 'PUT',
        path: `/iam/account/${id}/labels`,
        scope: 'iam:admin.write',
        body: fieldsOf(label),
        signal,
        statuses: [200, 201, 204, 400, 404],
        facts,
      });
      checkWritten(answer, facts);
      if (answer.status === 400) {
        throw iamError(
          'IAM_LABEL_REFUSED',
          `IAM refuses the label ${facts.label} (400): its value may have at most 64 characters and no white space.`,
          { ...facts, status: 400 },
        );
      }
      return true;
    },

    deleteLabel: async ({ id, labels, label, signal }) => {
      if (find(labels, label) === undefined) return false;
      const facts = {
        ...factsOf('deleteLabel', id),
        label: [label.prefix, label.name].filter(Boolean).join('.'),
      };
      const query = new URLSearchParams(fieldsOf({ prefix: label.prefix, name: label.name }));
      const answer = await client.send({
        method: 'DELETE',
        path: `/iam/account/${id}/labels?${query.toString()}`,
        scope: 'iam:admin.write',
        signal,
        statuses: [200, 204, 404],
        facts,
      });
      checkWritten(answer, facts);
      return true;
    },
  };
}
