import { directoryPerson } from '../directory-person.ts';
import { onEveryDirectory } from '../effects.ts';
import type { StepContext } from '../step-context.ts';
import { primaryAddressOf } from './mail-routing.ts';

/** Writes to every directory whose a service account is now, and that its mail goes to them. Rules: "Service accounts at leaving", "Mail". */
export async function writeOwner(context: StepContext, login: string, owner: string): Promise<void> {
  const { registry } = context.deps;
  const to = await primaryAddressOf(context.deps, owner);
  const person = await registry.person(owner);
  await onEveryDirectory(context, async (directory) => {
    const call = { login, signal: context.signal };
    // The entry says whose it is.
    if (person) await directory.setPerson({ ...call, person: directoryPerson(person) });
    if (to !== null) await directory.setMailRouting({ ...call, to });
    return null;
  });
}
