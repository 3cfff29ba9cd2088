import type { IndigoIam } from '../../src/connectors/indigo-iam.ts';
import { IamError } from '../../src/errors.ts';
import type { SeenAccount } from './writes-of.ts';

interface Call {
  readonly id: string;
  readonly signal: AbortSignal;
}

/** An account that is there has labels, if only none: whoever says otherwise is not IAM, or the account went just now. */
function isNoWord(id: string): IamError {
  return new IamError({
    code: 'IAM_STATUS_404',
    message: 'IAM shows the account and says that its labels are not there.',
    retryable: true,
    facts: { call: 'readLabels', uuid: id },
  });
}

/**
 * `null` = the account is gone, as its labels that are not to be had suggest: only the account's own GET says so. Throws an
 * `IamError` if it is there.
 */
export async function confirmGone(iam: IndigoIam, call: Call): Promise<null> {
  if ((await iam.readUser(call)) === null) return null;
  throw isNoWord(call.id);
}

/**
 * The account and all its labels; `null` = the instance itself says that it is not there. The account is read first: a
 * suspension that comes between is seen by its mark, and not taken for an admin's. Throws an `IamError`.
 */
export async function readWhole(iam: IndigoIam, call: Call): Promise<SeenAccount | null> {
  const user = await iam.readUser(call);
  if (user === null) return null;
  const labels = await iam.readLabels(call);
  return labels === null ? confirmGone(iam, call) : { user, labels };
}
