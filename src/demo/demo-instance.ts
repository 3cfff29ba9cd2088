import { DEMO_IAM_CLIENT } from './demo-config.ts';
import {
  startIndigoIamDouble,
  type IndigoIamAccount,
  type IndigoIamWrite,
  type NewIndigoIamAccount,
} from './doubles/indigo-iam/indigo-iam-double.ts';
import type { Character, InstanceAct } from './story/character.ts';
import { personIdOf } from './story/character.ts';

/** By the clock of a story a token of an hour would not live for one request. */
const TOKEN_SECONDS = 100_000_000;
const PREFIX = 'hr.cern';

/** One account of the instance, and everything that was ever written to it. */
export interface InstanceRecord {
  readonly userName: string;
  /** Whose it is; `null` = a user of the instance alone. */
  readonly nick: string | null;
  /** As it stands; `null` = it is not there any more. */
  readonly account: IndigoIamAccount | null;
  readonly writes: readonly IndigoIamWrite[];
}

/** The INDIGO IAM instance of the demo. */
export interface DemoInstance {
  readonly url: string;
  /** What an admin does in its dashboard. */
  act(character: Character, act: InstanceAct['act']): void;
  records(): readonly InstanceRecord[];
  stop(): Promise<void>;
}

function importedAccount(character: Character, userName: string): NewIndigoIamAccount {
  const known = character.hr.find(({ record }) => record !== null)?.record;
  if (!known) throw new RangeError(`${character.nick} has no record`);
  return {
    userName,
    givenName: known.firstName,
    familyName: known.name,
    email: known.email ?? '',
    ...character.instance?.account,
    labels: [{ prefix: PREFIX, name: 'cern_person_id', value: personIdOf(character) }],
  };
}

/** Starts the instance with the characters' accounts as they were imported from HR, and users of its own. */
export async function startDemoInstance(input: {
  readonly characters: readonly Character[];
  readonly localUsers: readonly NewIndigoIamAccount[];
  /** The story's clock, in ms. */
  readonly now: () => number;
}): Promise<DemoInstance> {
  const double = await startIndigoIamDouble({
    clientId: DEMO_IAM_CLIENT.id,
    clientSecret: DEMO_IAM_CLIENT.secret,
    now: input.now,
    tokenLifetimeSeconds: TOKEN_SECONDS,
  });
  const own = input.characters.flatMap((character) => {
    if (!character.instance) return [];
    const { userName } = character.instance;
    const id = double.addAccount(importedAccount(character, userName));
    return [{ id, userName, nick: character.nick }];
  });
  const others = input.localUsers.map((account) => {
    const id = double.addAccount(account);
    return { id, userName: account.userName ?? id, nick: null };
  });
  return {
    url: double.url,
    act({ nick }, act) {
      const id = own.find((account) => account.nick === nick)?.id;
      if (id === undefined) throw new RangeError(`${nick} has no account in the instance`);
      if (act === 'ignore') double.setLabel(id, { prefix: PREFIX, name: 'ignore' });
      else if (act === 'suspend') double.setActive(id, false);
      else double.deleteAccount(id);
    },
    records: () =>
      [...own, ...others].map(({ id, userName, nick }) => ({
        ...{ userName, nick },
        account: double.account(id) ?? null,
        writes: double.writes(id),
      })),
    stop: () => double.stop(),
  };
}
