import type { IamListed, IamUser, IndigoIam } from '../indigo-iam.ts';
import { readAnswer, saysNoAccount } from './iam-answers.ts';
import { createIamClient } from './iam-client.ts';
import type { IamCall, IamClient, IamClientOptions } from './iam-client.ts';
import { factsOf, iamError } from './iam-failure.ts';
import { iamLabels, iamPage, iamRow, iamUser, LISTED_ATTRIBUTES } from './iam-schema.ts';
import { createLabelWrites } from './label-writes.ts';
import { createReadUser } from './read-user.ts';
import { createUserWrites } from './user-writes.ts';
import { walkList } from './walk-list.ts';

/** The most that IAM gives at a time. */
const PAGE_SIZE = 100;

interface Row {
  readonly id: string;
  /** `null` = it cannot be read. */
  readonly user: IamUser | null;
}

async function* listUsers(
  client: IamClient,
  signal: AbortSignal,
): AsyncGenerator<IamListed, void, undefined> {
  const facts = { call: 'listUsers' };
  const read = async (startIndex: number) => {
    const query = new URLSearchParams({
      startIndex: String(startIndex),
      count: String(PAGE_SIZE),
      attributes: LISTED_ATTRIBUTES,
    });
    const call: IamCall = {
      method: 'GET',
      path: `/scim/Users?${query.toString()}`,
      scope: 'scim:read',
      signal,
      statuses: [200],
      facts,
    };
    const page = readAnswer(await client.send(call), iamPage, facts);
    const resources = page.Resources ?? [];
    if (startIndex === 1 && resources.length === 0 && page.totalResults > 0) {
      throw iamError('IAM_WRONG_SHAPE', "IAM's list counts accounts and shows none.", facts);
    }
    const rows = resources.map((resource, index): Row => {
      const row = iamRow.safeParse(resource);
      if (!row.success) {
        throw iamError(
          'IAM_WRONG_SHAPE',
          `Account ${index} of a page of IAM's list has no readable id.`,
          facts,
        );
      }
      const user = iamUser.safeParse(resource);
      return { id: row.data.id, user: user.success ? user.data : null };
    });
    return { rows, total: page.totalResults };
  };
  for await (const walked of walkList(read)) {
    if (walked.outcome === 'end') yield walked;
    else {
      yield {
        outcome: 'page',
        users: walked.rows.flatMap(({ user }) => (user === null ? [] : [user])),
        unreadable: walked.rows.flatMap(({ id, user }) => (user === null ? [id] : [])),
      };
    }
  }
}

/**
 * One INDIGO IAM instance over HTTP, as an {@link IndigoIam}. Requests run concurrently within the limits given, over
 * one keep-alive pool; a `Retry-After` stops them all. Throws a `ConfigurationError` for an unusable URL or client id.
 * Rule: docs/rules.md, "Experiment accounts".
 */
export function createIndigoIam(options: IamClientOptions): IndigoIam {
  const client = createIamClient(options);
  return {
    listUsers: ({ signal }) => listUsers(client, signal),
    readUser: createReadUser(client),
    readLabels: async ({ id, signal }) => {
      const facts = factsOf('readLabels', id);
      const answer = await client.send({
        method: 'GET',
        path: `/iam/account/${id}/labels`,
        scope: 'iam:admin.read',
        signal,
        statuses: [200, 404],
        facts,
      });
      return saysNoAccount(answer, facts) ? null : readAnswer(answer, iamLabels, facts);
    },
    ...createUserWrites(client),
    ...createLabelWrites(client),
    close: () => client.close(),
  };
}
