import { IAM_ERROR_CODES, type IamUser, type IndigoIam } from '../../src/connectors/indigo-iam.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { IamError } from '../../src/errors.ts';
import { isExpired } from '../../src/policy/instance-facts.ts';

/** Given back, and turned off again by somebody who insists: whoever it is, the next attempt looks anew. */
function notRestored(id: string): IamError {
  return new IamError({
    code: 'IAM_NOT_RESTORED',
    message: 'IAM shows the account inactive, although it was made active twice.',
    retryable: IAM_ERROR_CODES.IAM_NOT_RESTORED,
    facts: { call: 'setActive', uuid: id },
  });
}

/**
 * Looks once more at an account that was given back. IAM's own handler of expired accounts may have turned it off again
 * before its end time was moved, and with that, or by us, its mark went: nobody would know any more that it was not an
 * admin. Afterwards the handler has no reason to. Throws an `IamError`. Rule: "Who suspended an account".
 */
export async function keepActive(
  iam: IndigoIam,
  input: { readonly id: string; readonly now: Instant; readonly signal: AbortSignal },
): Promise<void> {
  const { id, now, signal } = input;
  const isOffAgain = async (): Promise<IamUser | null> => {
    const user = await iam.readUser({ id, signal });
    return user !== null && !user.active && !isExpired(user.endTime, now) ? user : null;
  };
  const user = await isOffAgain();
  if (user === null) return;
  await iam.setActive({ user, active: true, signal });
  if ((await isOffAgain()) !== null) throw notRestored(id);
}
