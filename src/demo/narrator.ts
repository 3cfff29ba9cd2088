import type { AccountRow } from '../registry/registry.ts';
import { writeWords } from './check/instance-words.ts';
import type { InstanceRecord } from './demo-instance.ts';
import type { SinkMail } from './doubles/smtp-sink.ts';
import { personIdOf, type Character } from './story/character.ts';
import type { StoryClock } from './story-clock.ts';
import { zurichWords } from './zurich-time.ts';

/** Prints what happens, a line each: when, to whom, what, and how late. */
export interface Narrator {
  /** Something that an outside system, an operator or the demo itself does. */
  readonly tell: (nick: string, words: string) => void;
  readonly mail: (mail: SinkMail) => void;
  /** What is new in the accounts since the last time. */
  readonly accounts: (accounts: readonly AccountRow[]) => void;
  /** What was changed in the instance since the last time, by whomever but its admins. */
  readonly instance: (records: readonly InstanceRecord[]) => void;
}

const HOUR_MS = 3_600_000;

/** What a mail to or about a leaver lists as still owned. */
function ownedIn({ text }: SinkMail): string {
  const list = /official resources?\b[^\n]*\n\n((?: {2}- [^\n]*\n)+)/.exec(text)?.[1] ?? '';
  const owned = [...list.matchAll(/ {2}- ([^\n]*)/g)].map(([, name = '']) => name);
  return owned.length === 0 ? '' : ` (still owned: ${owned.join(', ')})`;
}

function lateness(at: number, dueAt: number): string {
  const hours = (at - dueAt) / HOUR_MS;
  if (hours < 1) return '';
  return hours < 48 ? `, ${hours.toFixed(0)} h late` : `, ${(hours / 24).toFixed(1)} days late`;
}

export function createNarrator(input: {
  readonly characters: readonly Character[];
  readonly clock: StoryClock;
  readonly print: (line: string) => void;
}): Narrator {
  const { characters, clock, print } = input;
  const nicks = new Map(characters.map((character) => [personIdOf(character), character.nick]));
  const seen = new Set<string>();
  /** By account: where the instance's accounts stood. */
  const stages = new Map<string, string>();
  /** By user name: writes that were told. */
  const told = new Map<string, number>();
  const line = (at: number, nick: string, words: string): void => {
    print(`${zurichWords(at)}  ${nick.padEnd(10)} ${words}`);
  };
  return {
    tell: (nick, words) => {
      line(clock.now(), nick, words);
    },
    mail: (mail) => {
      line(mail.receivedAt, 'mail', `to ${mail.to.join(', ')}: ${mail.subject}${ownedIn(mail)}`);
    },
    accounts: (accounts) => {
      for (const { state, login, kind, personId } of accounts) {
        if (kind === 'experiment' && stages.get(state.accountId) !== state.stage) {
          const words = stages.has(state.accountId) ? state.stage : `adopted, ${state.stage}`;
          stages.set(state.accountId, state.stage);
          line(state.stageSince, nicks.get(personId) ?? personId, `${login}: ${words}`);
        }
        for (const step of state.past) {
          const key = `${state.accountId} ${step.key} ${String(step.at)}`;
          if (seen.has(key)) continue;
          seen.add(key);
          const nick = nicks.get(personId) ?? personId;
          const result = step.result === 'done' ? '' : `, ${step.result}`;
          line(
            step.at,
            nick,
            `${kind === 'primary' ? '' : `${login}: `}${step.action}${result} (${step.note}${lateness(step.at, step.dueAt)})`,
          );
        }
      }
    },
    instance: (records) => {
      for (const { userName, nick, writes } of records) {
        for (const write of writes.slice(told.get(userName) ?? 0)) {
          const words = writeWords(write);
          if (!write.changed || write.by === 'admin' || words === null) continue;
          line(write.at, nick ?? userName, `${userName}: in the instance: ${words}`);
        }
        told.set(userName, writes.length);
      }
    },
  };
}
