import type { IamPerson, IamRefusal, IamUser, IndigoIam } from '../indigo-iam.ts';
import { readJson } from '../http/read-json.ts';
import type { ErrorFacts } from '../../errors.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { checkWritten, saysNoAccount } from './iam-answers.ts';
import type { IamClient } from './iam-client.ts';
import { errorOfStatus, factsOf, iamError } from './iam-failure.ts';
import { createReadUser } from './read-user.ts';
import { wholeSeconds, writeInstant } from './read-instant.ts';

type UserWrites = Pick<
  IndigoIam,
  'setActive' | 'setPerson' | 'setEndTime' | 'isEndTimeReadOnly' | 'deleteUser'
>;

/** The id of no account: IAM's own are drawn at random. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** Names as they are wanted; `null` = they are so already. IAM takes both or none. */
function namesToWrite(user: IamUser, person: IamPerson): { givenName: string; familyName: string } | null {
  const givenName = person.givenName === '' ? user.givenName : person.givenName;
  const familyName = person.familyName === '' ? user.familyName : person.familyName;
  const isSame = givenName === user.givenName && familyName === user.familyName;
  return isSame ? null : { givenName, familyName };
}

/** Whether IAM's words to a 400 speak of something else than that end times are read-only here. */
function isAnotherMistake(answer: HttpAnswer): boolean {
  const json = readJson(answer.body);
  return json.ok && /invalid lifecycle object|JSON parse error/i.test(JSON.stringify(json.value));
}

/** The writes on an account's own fields. */
export function createUserWrites(client: IamClient): UserWrites {
  const readUser = createReadUser(client);

  /** A PATCH that replaces one value; answers its status. */
  const patch = async (
    input: { readonly user: IamUser; readonly signal: AbortSignal },
    call: string,
    value: unknown,
    refusals: readonly number[] = [],
  ): Promise<number> => {
    const { id } = input.user;
    const facts = factsOf(call, id);
    const answer = await client.send({
      method: 'PATCH',
      path: `/scim/Users/${id}`,
      scope: 'scim:write',
      body: { schemas: [PATCH_SCHEMA], operations: [{ op: 'replace', value }] },
      signal: input.signal,
      statuses: [200, 204, 404, ...refusals],
      facts,
    });
    checkWritten(answer, facts);
    return answer.status;
  };

  const putEndTime = (id: string, endTime: string | null, facts: ErrorFacts, signal: AbortSignal) =>
    client.send({
      method: 'PUT',
      path: `/iam/account/${id}/endTime`,
      scope: 'iam:admin.write',
      body: { endTime },
      signal,
      statuses: [200, 204, 400, 404, 500],
      facts,
    });

  return {
    setActive: async (input) => {
      if (input.user.active === input.active) return false;
      await patch(input, 'setActive', { active: input.active });
      return true;
    },

    setPerson: async (input) => {
      const { user, person } = input;
      const refused: IamRefusal[] = [];
      let wrote = false;
      const name = namesToWrite(user, person);
      if (name !== null) {
        const status = await patch(input, 'setPerson', { name }, [400]);
        if (status === 400) refused.push({ what: 'name', code: 'IAM_NAME_REFUSED' });
        else wrote = true;
      }
      if (person.email !== null && person.email !== user.email) {
        const emails = [{ type: 'work', value: person.email, primary: true }];
        const status = await patch(input, 'setPerson', { emails }, [400, 409]);
        if (status === 409) refused.push({ what: 'email', code: 'IAM_EMAIL_BOUND' });
        else if (status === 400) refused.push({ what: 'email', code: 'IAM_EMAIL_REFUSED' });
        else wrote = true;
      }
      return { wrote, refused };
    },

    setEndTime: async ({ user, endTime, signal }) => {
      const { id } = user;
      const [was, wanted] = [user.endTime, endTime].map((at) => (at === null ? null : wholeSeconds(at)));
      if (was === wanted) return false;
      const facts = factsOf('setEndTime', id);
      const answer = await putEndTime(id, endTime === null ? null : writeInstant(endTime), facts, signal);
      checkWritten(answer, facts);
      if (answer.status === 500 && (await readUser({ id, signal })) === null) {
        // IAM says so of an account that it does not have.
        throw iamError('IAM_NO_ACCOUNT', 'IAM has no such account.', facts);
      }
      if (answer.status === 400 && !isAnotherMistake(answer)) {
        throw iamError(
          'IAM_END_TIME_READ_ONLY',
          'This IAM instance lets nobody change end times: set lifecycle.account.read-only-end-time to false there.',
          facts,
        );
      }
      if (answer.status >= 400) throw errorOfStatus(answer.status, facts);
      return true;
    },

    isEndTimeReadOnly: async ({ signal }) => {
      const facts = factsOf('isEndTimeReadOnly', NOBODY);
      const answer = await putEndTime(NOBODY, null, facts, signal);
      if (answer.status === 400 && !isAnotherMistake(answer)) return true;
      // It looks for the account after that, and says that there is none: with a 404, or without a word.
      if (saysNoAccount(answer, facts)) return false;
      if (answer.status === 500 && (await readUser({ id: NOBODY, signal })) === null) return false;
      throw errorOfStatus(answer.status, facts);
    },

    deleteUser: async ({ id, signal }) => {
      const facts = factsOf('deleteUser', id);
      const answer = await client.send({
        method: 'DELETE',
        path: `/scim/Users/${id}`,
        scope: 'scim:write',
        signal,
        statuses: [200, 204, 404],
        facts,
      });
      if (saysNoAccount(answer, facts)) return false;
      checkWritten(answer, facts);
      return true;
    },
  };
}
