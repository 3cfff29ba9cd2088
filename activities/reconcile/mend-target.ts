import type { Directory } from '../../src/connectors/directory.ts';
import { LifecycleError } from '../../src/errors.ts';
import type { AccountRow } from '../../src/registry/registry.ts';
import { directoryPerson } from '../directory-person.ts';
import { forgetReleased, writeGuestsOf } from '../guests/write-guests.ts';
import { mailRoutingOf } from '../steps/mail-routing.ts';
import type { WatchContext } from '../watchdog/watch-context.ts';
import type { Mend } from './finding.ts';

/** Makes an entry anew, as the state says. It has no password. */
async function create(context: WatchContext, row: AccountRow, directory: Directory): Promise<string> {
  const { login, kind, personId, state, uidNumber } = row;
  const person = await context.deps.registry.person(personId);
  if (!person) {
    throw new LifecycleError({
      code: 'PERSON_UNKNOWN',
      message: `the registry has no person ${personId}; the next synchronisation brings it`,
      retryable: false,
    });
  }
  const call = { login, signal: context.signal };
  const { activeStatus, access } = state;
  await directory.create({ ...call, kind, person: directoryPerson(person), activeStatus, uidNumber });
  const routing = await mailRoutingOf(context.deps, row);
  if (routing !== null) await directory.setMailRouting({ ...call, to: routing });
  await directory.setAccess({ ...call, access: access === 'on' ? 'on' : 'off' });
  return 'made anew, without a password: give it one';
}

/** Does what makes the target what the state says; idempotent. Answers what was done, in words. */
export async function mendTarget(
  context: WatchContext,
  input: { readonly row: AccountRow; readonly directory: Directory; readonly mend: Mend },
): Promise<string> {
  const { row, directory, mend } = input;
  const call = { login: row.login, signal: context.signal };
  switch (mend.type) {
    case 'create':
      return create(context, row, directory);
    case 'access':
      await directory.setAccess({ ...call, access: mend.access });
      return `access turned ${mend.access}`;
    case 'activeStatus':
      await directory.setActiveStatus({ ...call, activeStatus: mend.activeStatus });
      return `set to ${mend.activeStatus}`;
    case 'mailRouting':
      await directory.setMailRouting({ ...call, to: mend.to });
      return 'mail goes to the primary account';
    case 'guests': {
      const { deps, signal } = context;
      const { registry } = deps;
      const { personId } = row;
      if (mend.shut) await registry.shutGuests({ personId, at: context.now() });
      await writeGuestsOf({ registry, directory, signal }, personId);
      await forgetReleased(deps, personId, signal);
      return mend.shut ? 'shut' : 'written as the registry says';
    }
    case 'removeMemberships': {
      const groups = await directory.removeStaticMemberships(call);
      return `${String(groups.length)} memberships deleted`;
    }
    case 'delete':
      await directory.delete(call);
      return 'deleted';
  }
}
