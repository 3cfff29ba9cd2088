import type { IndigoIam } from '../indigo-iam.ts';
import { readAnswer, saysNoAccount } from './iam-answers.ts';
import type { IamClient } from './iam-client.ts';
import { factsOf, iamError } from './iam-failure.ts';
import { iamUser } from './iam-schema.ts';

/** Makes the GET of one account, which tells what a 500 of another call meant, too. */
export function createReadUser(client: IamClient): IndigoIam['readUser'] {
  return async ({ id, signal }) => {
    const facts = factsOf('readUser', id);
    const answer = await client.send({
      method: 'GET',
      path: `/scim/Users/${id}`,
      scope: 'scim:read',
      signal,
      statuses: [200, 404],
      facts,
    });
    if (saysNoAccount(answer, facts)) return null;
    const user = readAnswer(answer, iamUser, facts);
    if (user.id === id) return user;
    throw iamError('IAM_WRONG_ACCOUNT', 'IAM answered for another account than the one asked for.', facts);
  };
}
