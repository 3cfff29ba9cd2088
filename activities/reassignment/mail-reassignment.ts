import type { Reassignment, ReassignmentMail } from '../../src/contracts/reassignment.ts';
import { MailError } from '../../src/errors.ts';
import type { Notice } from '../../src/notices/notice-facts.ts';
import type { AccountRow, NoticeRow, PersonRow } from '../../src/registry/registry.ts';
import { throwRejected } from '../failures.ts';
import { nameOf, readerOf, type Reader } from '../readers.ts';
import { sendOnce } from '../send-once.ts';
import type { SyncContext } from '../sync-activities.ts';

/** A mail about a request, to one person. */
interface Letter {
  readonly mail: ReassignmentMail;
  readonly audience: NoticeRow['audience'];
  readonly personId: string;
  /** What it says to whoever reads it. */
  readonly notice: (reader: Reader, person: PersonRow) => Notice;
}

/** Sends it, once. One that is refused for good raises an alarm and stops nothing. */
async function send(context: SyncContext, row: Reassignment, letter: Letter): Promise<void> {
  const { deps } = context;
  const { mail, audience, personId } = letter;
  const { requestId, accountId, askedAt } = row;
  const person = await deps.registry.person(personId);
  if (!person) return;
  const key = `reassignment/${requestId}/${mail}`;
  try {
    const reader = await readerOf(deps, person);
    const notice = letter.notice(reader, person);
    const template = notice.template;
    await sendOnce(
      deps,
      { now: context.now(), signal: context.signal },
      {
        row: { key, audience, personId, accountId, template, offset: null, lastDay: null, dueAt: askedAt },
        ...{ to: reader.to, language: reader.language, notice },
      },
    );
  } catch (error) {
    if (!(error instanceof MailError) || error.retryable) throw error;
    const message = `person ${personId} could not be told of the re-assignment of account ${accountId}: ${error.code}`;
    await deps.registry.raiseAlarm({ key: `notice-failed:${key}`, message, at: context.now() });
  }
}

function forPerson(account: AccountRow, reader: Reader, person: PersonRow) {
  return {
    person: nameOf(person),
    viaSupervisor: reader.via && nameOf(reader.via),
    logins: [account.login],
  };
}

/** What the proposed owner is asked. The link is theirs alone: a supervisor who passes the mail on gets none. */
async function question(
  context: SyncContext,
  row: Reassignment,
  account: AccountRow,
  mail: 'asked' | 'reminder-7' | 'reminder-13',
): Promise<Letter> {
  const { links, timeZone } = context.deps.settings;
  const owner = await context.deps.registry.person(account.personId);
  return {
    ...{ mail, audience: 'person', personId: row.newOwner },
    notice: (reader, person) => ({
      template: 'reassignment-asked',
      facts: {
        ...forPerson(account, reader, person),
        owner: owner && nameOf(owner),
        isReminder: mail !== 'asked',
        link: reader.via === null ? (links?.reassignment(row.requestId) ?? null) : null,
        requestId: row.requestId,
        lapsesAt: row.lapsesAt,
        timeZone,
      },
    }),
  };
}

async function newsOfOwner(
  context: SyncContext,
  row: Reassignment,
  account: AccountRow,
  mail: ReassignmentMail,
): Promise<Letter> {
  const owner = await context.deps.registry.person(account.personId);
  return {
    ...{ mail, audience: 'person', personId: row.newOwner },
    notice: (reader, person) => ({
      template: 'reassignment-owner-changed',
      facts: { ...forPerson(account, reader, person), owner: owner && nameOf(owner) },
    }),
  };
}

/** Who owns the account, or owned it until the proposed owner got it. */
async function ownerToTell(context: SyncContext, row: Reassignment, account: AccountRow): Promise<string> {
  if (account.personId !== row.newOwner) return account.personId;
  const owners = await context.deps.registry.ownership(account.accountId);
  return owners.at(-2)?.personId ?? row.owner;
}

/** The owner is told what came of it; of a request that was withdrawn, who was asked is told too. */
async function outcome(
  context: SyncContext,
  row: Reassignment,
  account: AccountRow,
): Promise<readonly Letter[]> {
  const { status, decidedBy, newOwner } = row;
  if (status === 'open' || status === 'superseded') return [];
  const proposed = await context.deps.registry.person(newOwner);
  const owner = await ownerToTell(context, row, account);
  const letter = (audience: 'owner' | 'person', personId: string): Letter => ({
    ...{ mail: 'outcome', audience, personId },
    notice: (reader, person) => ({
      template: 'reassignment-outcome',
      facts: {
        ...forPerson(account, reader, person),
        newOwner: proposed && nameOf(proposed),
        outcome: status === 'rejected' && decidedBy === 'system' ? 'impossible' : status,
        why: status === 'rejected' && decidedBy === 'system' ? row.decidedWhy : null,
        toProposed: audience === 'person',
      },
    }),
  });
  return [letter('owner', owner), ...(status === 'withdrawn' ? [letter('person', newOwner)] : [])];
}

async function lettersOf(
  context: SyncContext,
  row: Reassignment,
  account: AccountRow,
  mail: ReassignmentMail,
): Promise<readonly Letter[]> {
  switch (mail) {
    case 'asked':
    case 'reminder-7':
    case 'reminder-13':
      return row.status === 'open' ? [await question(context, row, account, mail)] : [];
    case 'outcome':
      return outcome(context, row, account);
    default:
      return row.status === 'open' ? [await newsOfOwner(context, row, account, mail)] : [];
  }
}

/** Sends one mail about a request to whom it concerns, once. */
export async function mailReassignment(
  context: SyncContext,
  { requestId, mail }: { readonly requestId: string; readonly mail: ReassignmentMail },
): Promise<void> {
  const { registry } = context.deps;
  const row = await registry.reassignment(requestId);
  const account = row && (await registry.account(row.accountId));
  if (!row || !account) return;
  const letters = await lettersOf(context, row, account, mail);
  throwRejected(await Promise.allSettled(letters.map((letter) => send(context, row, letter))));
}
