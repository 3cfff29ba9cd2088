import type { OfficialResource } from '../../src/connectors/resource-source.ts';
import type { Step } from '../../src/contracts/step.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { ResourceError } from '../../src/errors.ts';
import type { Proposal } from '../../src/notices/notice-facts.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import type { StepContext } from '../step-context.ts';

const ALARM = 'resources-unavailable';

/** From when on a notice goes out without the list: it must reach its reader well before its own time is over. */
function givesUpAt({ dueAt, deadline }: Step, patienceMs: number): Instant {
  return dueAt + Math.min(patienceMs, deadline === null ? Infinity : (deadline - dueAt) / 2);
}

/**
 * What a person owns officially beside accounts, read afresh; `null` = it could not be listed, and the notice goes out
 * without. While a retry may mend that, it is waited for. Names stay within the activity: none is in an error, a log or
 * a history. Rule: "Other official resources".
 */
export async function otherResources(
  context: StepContext,
  personId: string,
): Promise<readonly OfficialResource[] | null> {
  const { deps, input, now, signal } = context;
  if (deps.resources === null) return [];
  const { source, patienceMs } = deps.resources;
  try {
    const owned = await source.readResources({ personId, signal });
    await deps.registry.clearAlarm({ key: ALARM, at: now });
    return owned;
  } catch (error) {
    if (!(error instanceof ResourceError)) throw error;
    if (error.retryable && now < givesUpAt(input.step, patienceMs)) throw error;
    const message = `notices go out without the other official resources that leavers own: ${error.code}: ${error.message}`;
    await deps.registry.raiseAlarm({ key: ALARM, message, at: now });
    return null;
  }
}

/** Where the owner says who is to own each service account; none where the deployment has no links. */
export async function proposalsFor(
  context: StepContext,
  owned: readonly AccountRow[],
): Promise<readonly Proposal[]> {
  const { registry, settings } = context.deps;
  const { links } = settings;
  if (links === null) return [];
  const proposals: Proposal[] = [];
  for (const { accountId, login, personId } of owned) {
    const since = (await registry.ownership(accountId)).at(-1)?.since;
    if (since === undefined) continue;
    proposals.push({ login, link: links.proposal({ accountId, owner: personId, since }) });
  }
  return proposals;
}
