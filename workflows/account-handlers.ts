import { ApplicationFailure, setDefaultSignalHandler, setHandler } from '@temporalio/workflow';
import type { AccountState } from '../src/contracts/account.ts';
import type { AccountStatus, CommandAnswer } from '../src/contracts/account-status.ts';
import { COMMAND_NAMES, type CommandName } from '../src/contracts/command.ts';
import type { AccountEvent } from '../src/contracts/event.ts';
import type { Policy } from '../src/contracts/policy.ts';
import { isHandled, refusalOf } from '../src/policy/commands.ts';
import { parseInstanceFacts } from '../src/policy/parse-instance.ts';
import {
  parseCommand,
  parseGuestChanged,
  parseObservation,
  parsePersonsMerged,
  parseReassigned,
} from '../src/policy/parse-message.ts';
import type { WorkflowClock } from './clock.ts';
import {
  COMMAND_REFUSED,
  commandSignals,
  commandUpdates,
  instanceChanged,
  guestChanged,
  lifecycleStatus,
  lookAgain,
  participationChanged,
  personsMerged,
  reassigned,
  recordAgain,
} from './messages.ts';

/** What each command does, as Temporal UI and `temporal workflow metadata` show it. */
const DESCRIPTIONS: Readonly<Record<CommandName, string>> = {
  restore:
    'Gives access until a date, 30 days ahead by default: {"actor":"…","reason":"…","until":"YYYY-MM-DD"}',
  extend:
    'Sets the last day an admin gives; "until": null withdraws it: {"actor":"…","reason":"…","until":"YYYY-MM-DD"}',
  ignore:
    'Stops milestones, for 90 days by default: {"actor":"…","reason":"…","until":"YYYY-MM-DD" or "never"}',
  resume: 'Ends an ignore: {"actor":"…","reason":"…"}',
  disable: 'Turns access off at once, until enable: {"actor":"…","reason":"…"}',
  enable: 'Ends a manual disabling: {"actor":"…","reason":"…"}',
};

/** What handlers may do to an account: look, and fold. They never wait and never throw. */
export interface AccountAccess {
  readonly clock: WorkflowClock;
  /** The policy of its kind, which may become another one. */
  policy(): Policy;
  state(): AccountState;
  fold(event: AccountEvent): void;
  status(): AccountStatus;
}

/** Sets every handler of an account's workflow: facts, commands in both forms, and the query. */
export function setAccountHandlers(account: AccountAccess): void {
  const { clock } = account;
  const refuse = (message: string) => {
    account.fold({ type: 'messageRefused', at: clock.now(), message });
  };

  setHandler(lifecycleStatus, () => account.status(), {
    description: 'Where the account stands, why, what was done, and the whole plan ahead',
  });
  const observe = (payload: unknown) => {
    const parsed = parseObservation(payload);
    if (parsed.ok) account.fold({ type: 'observed', at: clock.now(), observation: parsed.value });
    else refuse(`participationChanged: ${parsed.problem}`);
  };
  setHandler(participationChanged, observe, {
    description: 'HR says something new; sent by the synchronisation',
  });

  const see = (payload: unknown) => {
    const parsed = parseInstanceFacts(payload);
    if (parsed.ok) account.fold({ type: 'instanceSeen', at: clock.now(), facts: parsed.value });
    else refuse(`instanceChanged: ${parsed.problem}`);
  };
  setHandler(instanceChanged, see, {
    description: 'The INDIGO IAM instance shows something new; sent by the synchronisation',
  });

  const reassign = (payload: unknown) => {
    const parsed = parseReassigned(payload);
    if (parsed.ok) account.fold({ type: 'reassigned', at: clock.now(), fact: parsed.value });
    else refuse(`reassigned: ${parsed.problem}`);
  };
  setHandler(reassigned, reassign, {
    description: 'The proposed owner agreed; sent by the workflow of the request',
  });

  const changeGuest = (payload: unknown) => {
    const parsed = parseGuestChanged(payload);
    if (parsed.ok) account.fold({ type: 'guestChanged', at: clock.now(), change: parsed.value });
    else refuse(`guestChanged: ${parsed.problem}`);
  };
  setHandler(guestChanged, changeGuest, {
    description:
      'An admin associated an external identity, or released one; sent by guest associate and guest release',
  });

  const merge = (payload: unknown) => {
    const parsed = parsePersonsMerged(payload);
    if (parsed.ok) account.fold({ type: 'merged', at: clock.now(), fact: parsed.value });
    else refuse(`personsMerged: ${parsed.problem}`);
  };
  setHandler(personsMerged, merge, {
    description: 'HR merged the person into another one; sent by the workflow of the merge',
  });

  // That it arrives is all: whoever sleeps wakes by any message, and looks at the clock.
  setHandler(lookAgain, () => undefined, {
    description: 'Looks whether something is due; sent by the watchdog to an account that overslept',
  });
  const record = () => {
    account.fold({ type: 'recordAsked', at: clock.now() });
  };
  setHandler(recordAgain, record, { description: 'Tells the registry anew where the account stands' });

  const handle = (name: CommandName, payload: unknown): CommandAnswer => {
    const parsed = parseCommand(name, payload);
    if (!parsed.ok) {
      refuse(`${name}: ${parsed.problem}`);
      return { applied: false, status: account.status() };
    }
    const applied = !isHandled(account.state(), parsed.value);
    account.fold({ type: 'commanded', at: clock.now(), command: parsed.value });
    return { applied, status: account.status() };
  };
  const validate = (name: CommandName, payload: unknown): void => {
    const parsed = parseCommand(name, payload);
    if (!parsed.ok) throw ApplicationFailure.nonRetryable(`${name}: ${parsed.problem}`, COMMAND_REFUSED);
    // A command that was carried out before gets its answer again, whatever the account is now.
    if (isHandled(account.state(), parsed.value)) return;
    const refusal = refusalOf(account.state(), parsed.value, account.policy(), clock.now());
    if (refusal !== null) throw ApplicationFailure.nonRetryable(`${name}: ${refusal}`, COMMAND_REFUSED);
  };
  for (const name of COMMAND_NAMES) {
    const description = DESCRIPTIONS[name];
    const onSignal = (payload: unknown) => {
      handle(name, payload);
    };
    setHandler(commandSignals[name], onSignal, { description });
    setHandler(commandUpdates[name], (payload: unknown) => handle(name, payload), {
      description,
      validator: (payload: unknown) => {
        validate(name, payload);
      },
    });
  }
  // A signal nobody knows would wait in the buffer for ever; any signal wakes an account that overslept.
  setDefaultSignalHandler((name) => {
    refuse(`no signal is called ${name.slice(0, 40)}`);
  });
}
