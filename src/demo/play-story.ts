import { WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandAnswer } from '../contracts/account-status.ts';
import type { AccountRow } from '../registry/registry.ts';
import { syncScheduleId } from '../schedule/apply-schedule.ts';
import { accountWorkflowId } from '../worker/account-workflows.ts';
import { TASK_QUEUE } from './demo-config.ts';
import type { DemoInstance } from './demo-instance.ts';
import type { HrDouble } from './doubles/hr-double.ts';
import type { HrDoublePerson } from './doubles/hr-double-person.ts';
import type { SinkMail, SmtpSink } from './doubles/smtp-sink.ts';
import { personIdOf, type Character, type StoryCommand } from './story/character.ts';
import { COMMAND_REFUSED } from '../../workflows/messages.ts';
import type { Story } from './story/story.ts';
import type { StoryClock } from './story-clock.ts';
import type { WorkerKeeper } from './worker-keeper.ts';
import { zurichInstant } from './zurich-time.ts';

interface Happening {
  readonly at: number;
  readonly words: string;
  readonly act: () => Promise<void> | void;
}

const RETRY_MS = 250;

function isRefusal(error: unknown): error is WorkflowUpdateFailedError {
  return (
    error instanceof WorkflowUpdateFailedError &&
    error.cause instanceof ApplicationFailure &&
    error.cause.type === COMMAND_REFUSED
  );
}

/** Sends commands as an operator does, and again when no worker answered: a command sent twice acts once. */
function commandSender(input: {
  readonly client: Client;
  /** Who is there when the story begins: a command must get through although no worker runs. */
  readonly accounts: readonly AccountRow[];
  readonly signal: AbortSignal;
}) {
  const { client, accounts, signal } = input;
  return async (character: Character, command: StoryCommand): Promise<string> => {
    const account = accounts.find(({ personId, login, kind }) =>
      command.login === undefined
        ? personId === personIdOf(character) && kind === 'primary'
        : login === command.login,
    );
    if (!account) throw new Error(`${character.nick} has no account to send ${command.name} to`);
    const handle = client.workflow.getHandle(accountWorkflowId(account.accountId));
    const commandId = `${character.nick}-${command.on}-${command.name}`;
    const payload = {
      commandId,
      actor: 'operator-1',
      reason: 'the story wants it',
      ...(command.until !== undefined && { until: command.until }),
    };
    for (;;) {
      try {
        if (command.form === 'signal') {
          await handle.signal(command.name, payload);
          return 'sent as a signal';
        }
        const answer = await handle.executeUpdate<CommandAnswer, [typeof payload]>(command.name, {
          args: [payload],
        });
        return answer.status.headline;
      } catch (error) {
        if (isRefusal(error)) throw new Error(error.cause?.message, { cause: error });
        signal.throwIfAborted();
        await delay(RETRY_MS, undefined, { signal });
      }
    }
  };
}

/** Synchronises now, as an operator can. While a synchronisation runs, another one follows it. */
async function lookNow(client: Client): Promise<void> {
  await client.schedule
    .getHandle(syncScheduleId(TASK_QUEUE))
    .trigger('BUFFER_ONE')
    // The schedule's own next run sees it too.
    .catch(() => undefined);
}

/** What HR says when the story begins. */
export function recordsAtStart(story: Story) {
  return story.characters.flatMap(({ hr }) =>
    hr.flatMap(({ from, record }) => (from === 'start' && record !== null ? [record] : [])),
  );
}

/**
 * Plays what comes from outside, each at its moment: HR's records, HR's troubles, and what operators send. Resolves
 * when all of it was played; answers what could not be.
 */
export async function playStory(input: {
  readonly story: Story;
  readonly clock: StoryClock;
  readonly hr: HrDouble;
  readonly smtp: SmtpSink;
  /** `null` = there is none. */
  readonly instance: DemoInstance | null;
  readonly client: Client;
  readonly keeper: WorkerKeeper;
  readonly tell: (nick: string, words: string) => void;
  readonly signal: AbortSignal;
}): Promise<readonly string[]> {
  const { story, clock, hr, smtp, instance, client, tell, signal } = input;
  const send = commandSender({ client, signal, accounts: await input.keeper.accounts() });
  const failures: string[] = [];
  const sending: Promise<void>[] = [];

  const recordNow = (character: Character, record: HrDoublePerson | null): Promise<void> => {
    if (record === null) hr.removePerson(Number(personIdOf(character)));
    else hr.setPerson(record);
    // The schedule would look within a second, which can be four days.
    return lookNow(client);
  };
  /** As {@link recordNow}, once the admins were told of the person; never, if the story ends before. */
  const recordOnceAdminsKnow = async (character: Character, record: HrDoublePerson | null) => {
    const isAbout = ({ subject }: SinkMail) =>
      subject.startsWith('Alarm: ') && subject.includes(personIdOf(character));
    const told = smtp.waitForMail(isAbout).then(() => true);
    const over = clock.until(zurichInstant(story.ends), signal).then(() => false);
    if (await Promise.race([told, over])) await recordNow(character, record);
    else failures.push(`${character.nick}: the admins were told of no alarm`);
  };
  const chapters = story.characters.flatMap((character) =>
    character.hr
      .filter(({ from }) => from !== 'start')
      .map(({ from, record, onceAdminsKnow }): Happening & { nick: string } => ({
        at: zurichInstant(from),
        nick: character.nick,
        words: record === null ? 'HR knows them no more' : 'HR has a new record',
        act: () => {
          const said = onceAdminsKnow
            ? recordOnceAdminsKnow(character, record)
            : recordNow(character, record);
          sending.push(said);
          // Called off with the story: the loop says so.
          said.catch(() => undefined);
        },
      })),
  );
  const troubles = story.troubles.flatMap(({ from, until, mode }) => [
    { at: zurichInstant(from), nick: 'HR', words: `goes wrong: ${mode}`, act: () => hr.fault(mode) },
    { at: zurichInstant(until), nick: 'HR', words: 'answers again', act: () => hr.fault('none') },
  ]);
  const commands = story.characters.flatMap((character) =>
    (character.commands ?? []).map((command) => ({
      at: zurichInstant(command.on),
      nick: character.nick,
      words: `an operator sends ${command.name}${command.until ? ` until ${command.until}` : ''}`,
      act: () => {
        const sent = send(character, command).then(
          (answer) => {
            tell(character.nick, `${command.name}: ${answer}`);
          },
          (error: unknown) => {
            if (!signal.aborted) failures.push(`${character.nick}: ${command.name}: ${String(error)}`);
          },
        );
        sending.push(sent);
      },
    })),
  );
  const acts = story.characters.flatMap((character) =>
    (character.instance?.acts ?? []).map(({ on, act }) => ({
      at: zurichInstant(on),
      nick: character.nick,
      words: `${character.instance?.userName ?? ''}: an admin of the instance does: ${act}`,
      act: () => {
        instance?.act(character, act);
        return lookNow(client);
      },
    })),
  );
  const happenings = [...chapters, ...troubles, ...commands, ...acts].sort((a, b) => a.at - b.at);
  for (const { at, nick, words, act } of happenings) {
    await clock.until(at, signal);
    tell(nick, words);
    await act();
  }
  await Promise.all(sending);
  return failures;
}
