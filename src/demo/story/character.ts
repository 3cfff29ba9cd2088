import type { CommandName, CommandPayload } from '../../contracts/command.ts';
import type { HrDoublePerson } from '../doubles/hr-double-person.ts';
import type { NewIndigoIamAccount } from '../doubles/indigo-iam/indigo-iam-double.ts';
import type { OwnedThing } from '../doubles/resources-double.ts';

/** What HR says of a character from a date on; `null` = HR knows no such person. */
export interface HrChapter {
  /** `YYYY-MM-DD`, from 00:00 in Zurich; `start` = before the story begins. */
  readonly from: string;
  readonly record: HrDoublePerson | null;
  /** HR says it only once the admins were mailed an alarm about the person, if that is later than the date. */
  readonly onceAdminsKnow?: true;
}

/** An account that exists beside the primary one when the story begins. */
export interface ExtraAccount {
  readonly kind: 'secondary' | 'service';
  readonly login: string;
}

/** What an operator sends in the course of the story. */
export interface StoryCommand {
  readonly on: string;
  /** The login it is sent to; absent = the character's primary account. */
  readonly login?: string;
  readonly name: CommandName;
  readonly until?: NonNullable<CommandPayload['until']>;
  readonly form: 'update' | 'signal';
}

/** What an admin does to an account in the dashboard of the instance. */
export interface InstanceAct {
  readonly on: string;
  readonly act: 'ignore' | 'suspend' | 'delete';
}

/** An account in the INDIGO IAM instance, imported from HR before the story begins. */
export interface InstanceAccount {
  readonly userName: string;
  /** Where it differs from what HR says. */
  readonly account?: Partial<Pick<NewIndigoIamAccount, 'givenName' | 'familyName' | 'email'>>;
  readonly acts?: readonly InstanceAct[];
}

/** One person of the story. */
export interface Character {
  readonly nick: string;
  /** What is special about them, in one line. */
  readonly about: string;
  readonly hr: readonly HrChapter[];
  readonly accounts?: readonly ExtraAccount[];
  /** Official resources beside accounts, all the while. */
  readonly owns?: readonly OwnedThing[];
  /** Static groups of the primary account, from the start. */
  readonly groups?: readonly string[];
  readonly commands?: readonly StoryCommand[];
  readonly instance?: InstanceAccount;
  /** What must happen, a line each; see {@link parseExpected}. Written by hand, from the rules alone. */
  readonly expected: string;
}

/** The person id of a character, in every chapter the same. */
export function personIdOf(character: Character): string {
  const id = character.hr.find(({ record }) => record !== null)?.record?.id;
  if (id === undefined) throw new RangeError(`${character.nick} has no record`);
  return String(id);
}
