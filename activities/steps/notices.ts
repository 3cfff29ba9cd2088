import type { AccountKind } from '../../src/contracts/account.ts';
import type { OfficialResource } from '../../src/connectors/resource-source.ts';
import type { NoticeDetails } from '../../src/contracts/step.ts';
import { LifecycleError, MailError } from '../../src/errors.ts';
import type { Notice, Proposal } from '../../src/notices/notice-facts.ts';
import { isFinal } from '../../src/policy/facts.ts';
import type { AccountRow, NoticeRow, PersonRow } from '../../src/registry/registry.ts';
import { throwRejected } from '../failures.ts';
import { addressOf, nameOf, readerOf, supervisorOf } from '../readers.ts';
import { sendOnce } from '../send-once.ts';
import type { StepContext, StepResult } from '../step-context.ts';
import { tellServiceDesk } from './service-desk.ts';
import { otherResources, proposalsFor } from './still-owned.ts';

async function personOf(context: StepContext): Promise<PersonRow> {
  const { personId } = context.input.state;
  const person = await context.deps.registry.person(personId);
  if (person) return person;
  throw new LifecycleError({
    code: 'PERSON_UNKNOWN',
    message: `the registry has no person ${personId}; the next synchronisation brings it`,
    retryable: true,
  });
}

function detailsOf(context: StepContext): NoticeDetails {
  const { notice } = context.input.step;
  if (notice) return notice;
  throw new TypeError('a step that sends a notice has no notice');
}

/** The registry's row of a notice of this step for one audience. */
export function rowOf(
  context: StepContext,
  notice: Pick<NoticeDetails, 'key' | 'template' | 'offset' | 'lastDay'> | NoticeRow,
  audience: NoticeRow['audience'],
): Omit<NoticeRow, 'state' | 'messageId' | 'sentAt'> {
  const { state, step } = context.input;
  const { key, template, offset, lastDay } = notice;
  const { personId, accountId } = state;
  return { key, audience, personId, accountId, template, offset, lastDay, dueAt: step.dueAt };
}

function isPersonal(kind: AccountKind): boolean {
  return kind === 'primary' || kind === 'secondary';
}

/** Logins of the person's own accounts, and the service accounts that they own. */
async function accountsOf(context: StepContext, personId: string) {
  const accounts = await context.deps.registry.accounts({ personId });
  const living = accounts.filter(({ state }) => !isFinal(state.stage));
  return {
    own: living
      .filter(({ kind, accountId }) => isPersonal(kind) || accountId === context.input.state.accountId)
      .map(({ login }) => login),
    owned: living.filter(({ kind }) => kind === 'service'),
  };
}

/** What somebody who leaves still owns, and where they propose its next owners. */
interface Owned {
  readonly accounts: readonly AccountRow[];
  readonly others: readonly OfficialResource[] | null;
  readonly proposals: readonly Proposal[];
}

function isAboutLeaving({ template }: NoticeDetails): boolean {
  return template === 'leaving-soon' || template === 'has-left';
}

function ownedFacts({ accounts, others }: Pick<Owned, 'accounts' | 'others'>) {
  return { stillOwned: accounts.map(({ login }) => login), otherResources: others };
}

function noticeOf(
  context: StepContext,
  details: NoticeDetails,
  common: { person: PersonRow; via: PersonRow | null; own: readonly string[]; owned: Owned },
): Notice {
  const { template, lastDay, blockOn, deleteOn } = details;
  const logins = common.own;
  const viaSupervisor = common.via && nameOf(common.via);
  const forPerson = { person: nameOf(common.person), viaSupervisor, logins };
  switch (template) {
    case 'leaving-soon':
    case 'has-left': {
      if (lastDay === null) throw new TypeError('a notice about leaving names a last day');
      const facts = { ...forPerson, ...ownedFacts(common.owned), lastDay, blockOn, deleteOn };
      if (template === 'has-left') return { template, facts };
      return { template, facts: { ...facts, proposals: common.owned.proposals } };
    }
    case 'all-clear': {
      const announcedLastDay = context.input.state.allClear?.told ?? null;
      return { template, facts: { ...forPerson, announcedLastDay, lastDay } };
    }
    case 'returned':
      return { template, facts: { ...forPerson, lastDay } };
    case 'hold-ends':
    case 'admin-date-ends':
      if (lastDay === null) throw new TypeError('a reminder names the day it is about');
      return { template, facts: { ...forPerson, audience: 'person', until: lastDay } };
  }
}

/** What the person owns beside accounts, as every reader of one notice is told. */
type ListOthers = () => Promise<Owned['others']>;

const nothingElse: ListOthers = () => Promise.resolve([]);

/** Sends the notice of the step to the person; nobody to send it to is a case for the Service Desk. */
async function tellPerson(context: StepContext, listOthers: ListOthers = nothingElse): Promise<void> {
  const details = detailsOf(context);
  const person = await personOf(context);
  const { own, owned: accounts } = await accountsOf(context, person.personId);
  const row = rowOf(context, details, 'person');
  // It was due, whether there is anybody to read it or not.
  const known = await context.deps.registry.noticeDue(row);
  try {
    const reader = await readerOf(context.deps, person);
    const others = known.state === 'sent' ? [] : await listOthers();
    // The links are the owner's alone: a supervisor who passes the mail on gets none.
    const isTheirs = details.template === 'leaving-soon' && reader.via === null;
    const proposals = isTheirs ? await proposalsFor(context, accounts) : [];
    const owned = { accounts, others, proposals };
    await sendOnce(context.deps, context, {
      row,
      to: reader.to,
      language: reader.language,
      notice: noticeOf(context, details, { person, via: reader.via, own, owned }),
    });
  } catch (error) {
    if (error instanceof MailError && error.code === 'MAIL_NO_ADDRESS') {
      await tellServiceDesk(context, { cause: 'no-address', logins: own });
    }
    throw error;
  }
}

/** Seven days before leaving, the supervisor gets the list of what is still owned, if anything is or nobody can tell. */
async function tellSupervisor(context: StepContext, listOthers: ListOthers): Promise<void> {
  const details = detailsOf(context);
  if (!details.tellSupervisor || details.lastDay === null) return;
  const person = await personOf(context);
  const supervisor = await supervisorOf(context.deps, person);
  const to = supervisor && addressOf(supervisor);
  if (!supervisor || !to) return;
  const { owned: accounts } = await accountsOf(context, person.personId);
  const others = await listOthers();
  if (accounts.length === 0 && others?.length === 0) return;
  await sendOnce(context.deps, context, {
    row: rowOf(context, details, 'supervisor'),
    to,
    language: supervisor.language,
    notice: {
      template: 'supervisor-resources',
      facts: {
        supervisor: nameOf(supervisor),
        person: nameOf(person),
        hasLeft: details.template === 'has-left',
        lastDay: details.lastDay,
        ...ownedFacts({ accounts, others }),
      },
    },
  });
}

/** Sends all of them, each apart, so that one that fails keeps no other from going out. */
async function sendAll(sendings: readonly Promise<void>[]): Promise<void> {
  throwRejected(await Promise.allSettled(sendings));
}

/** A notice of the policy: to the person, and with the last one to the supervisor. */
export async function sendNotice(context: StepContext): Promise<StepResult> {
  const details = detailsOf(context);
  let listing: ReturnType<ListOthers> | null = null;
  // Asked once, so that both are told the same.
  const listOthers = () =>
    (listing ??= isAboutLeaving(details)
      ? otherResources(context, context.input.state.personId)
      : nothingElse());
  await sendAll([tellPerson(context, listOthers), tellSupervisor(context, listOthers)]);
  return { result: 'done', note: context.input.step.why };
}

/** An all-clear, or the welcome of a returner. */
export async function sendAllClear(context: StepContext): Promise<StepResult> {
  await tellPerson(context);
  return { result: 'done', note: context.input.step.why };
}

/** Whoever set a hold or a date, if the registry knows them as a person; else the admins. */
async function tellActor(context: StepContext): Promise<void> {
  const details = detailsOf(context);
  const { template, actor, lastDay } = details;
  if (actor === null || lastDay === null || (template !== 'hold-ends' && template !== 'admin-date-ends'))
    return;
  const person = await personOf(context);
  const { own } = await accountsOf(context, person.personId);
  const setter = await context.deps.registry.person(actor);
  const address = setter && addressOf(setter);
  const readers = address ? [address] : context.deps.settings.admins;
  const facts = {
    person: nameOf(person),
    viaSupervisor: null,
    logins: own,
    audience: 'actor',
    until: lastDay,
  } as const;
  await sendAll(
    readers.map((to, index) =>
      sendOnce(context.deps, context, {
        row: rowOf(context, { ...details, key: `${details.key}/${String(index)}` }, 'actor'),
        to,
        language: setter?.language ?? null,
        notice: { template, facts },
      }),
    ),
  );
}

/** Whether the primary account tells the person of the same date, by a notice of its policy on the same day. */
async function isToldByPrimary(context: StepContext): Promise<boolean> {
  const { template, lastDay } = detailsOf(context);
  if (template !== 'admin-date-ends' || context.input.policy.noticesBy !== 'primary') return false;
  const { personId } = context.input.state;
  const primaries = await context.deps.registry.accounts({ personId, kind: 'primary' });
  return primaries.some(
    ({ state }) =>
      state.adminDate?.until === lastDay && state.holds.ignored === null && !isFinal(state.stage),
  );
}

/** Seven days before a hold or an admin date ends: to the person, and to whoever set it. */
export async function sendReminder(context: StepContext): Promise<StepResult> {
  const toPerson = (await isToldByPrimary(context)) ? [] : [tellPerson(context)];
  await sendAll([...toPerson, tellActor(context)]);
  return { result: 'done', note: context.input.step.why };
}
