import { isText } from '../src/policy/parse-message.ts';
import type { AccountRow, Registry } from '../src/registry/registry.ts';

/** The account with this id, else the one with this login, as somebody typed it; `null` = there is none. */
export async function accountCalled(registry: Registry, name: unknown): Promise<AccountRow | null> {
  if (!isText(name)) return null;
  return (await registry.account(name)) ?? registry.accountByLogin(name);
}
