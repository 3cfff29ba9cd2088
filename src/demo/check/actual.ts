import type { AccountRow, EffectRow, NoticeRow } from '../../registry/registry.ts';
import { ADMINS, MAIL_DOMAIN, SERVICE_DESK } from '../demo-config.ts';
import type { InstanceRecord } from '../demo-instance.ts';
import type { SinkMail } from '../doubles/smtp-sink.ts';
import type { Character } from '../story/character.ts';
import type { Everything } from '../worker-messages.ts';
import { deedsOf, standingWords } from './instance-words.ts';

/** Something that happened to a character, in the words of the story's lists. */
export interface Actual {
  readonly nick: string;
  readonly what: string;
  /** When, on the story's clock; `null` = it tells how things stand in the end. */
  readonly at: number | null;
  /** What it counts as in the summary. */
  readonly kind: string;
}

/** What effects call the INDIGO IAM instance. */
const INSTANCE_TARGET = 'indigo-iam';

/** What was found, and what contradicts itself: the registry against the mailboxes and the directory. */
export interface Found {
  readonly actual: readonly Actual[];
  readonly contradictions: readonly string[];
  /** Logins of accounts of which the admins were told that they are late: it tells of time, so no list has it. */
  readonly overdue: readonly string[];
}

/** Who is who: by person id, by mail address and by account. */
interface Cast {
  readonly nickOf: (personId: string) => string;
  readonly addressee: (address: string) => string;
  readonly label: (account: AccountRow) => string;
}

function recordsOf(character: Character) {
  return character.hr.flatMap(({ record }) => (record === null ? [] : [record]));
}

function castOf(characters: readonly Character[], accounts: readonly AccountRow[]): Cast {
  const nicks = new Map<string, string>();
  const addresses = new Map([
    [ADMINS, 'the admins'],
    [SERVICE_DESK, 'the Service Desk'],
  ]);
  for (const character of characters) {
    for (const { id, email, externalEmail } of recordsOf(character)) {
      nicks.set(String(id), character.nick);
      if (email) addresses.set(email, character.nick);
      if (externalEmail) addresses.set(externalEmail, `${character.nick}'s external address`);
    }
  }
  const label = (account: AccountRow): string => {
    if (account.kind !== 'primary') return `${account.login}: `;
    const own = accounts
      .filter(({ kind, personId }) => kind === 'primary' && personId === account.personId)
      .sort((a, b) => a.createdAt - b.createdAt);
    const place = own.findIndex(({ accountId }) => accountId === account.accountId);
    return place === 0 ? '' : `account ${String(place + 1)}: `;
  };
  return {
    nickOf: (personId) => nicks.get(personId) ?? `person ${personId}`,
    addressee: (address) => addresses.get(address) ?? address,
    label,
  };
}

/** Who owned the account first: whose story it belongs to. */
function firstOwner(everything: Everything, account: AccountRow): string {
  return (
    everything.ownership.find(({ accountId }) => accountId === account.accountId)?.personId ??
    account.personId
  );
}

function effectWords(effect: EffectRow): string {
  // A status is numbered, since the same one may be written again.
  const [action = '', detail] = effect.action.replace(/#\d+$/, '').split(':');
  const day = effect.lastDay ?? '';
  switch (action) {
    case 'giveAccess':
      return detail ?? effect.action;
    case 'guest':
      return 'guest account';
    case 'shutGuest':
      return 'guest account shut';
    case 'writeGuests':
      return 'external identities written';
    case 'status':
      return `status ${detail ?? ''}`;
    case 'block': {
      // Its instance has no static groups.
      if (effect.target === INSTANCE_TARGET) return `block ${day}`;
      const groups = /(\d+) memberships deleted/.exec(effect.note ?? '')?.[1] ?? '0';
      return `block ${day}, ${groups} groups`;
    }
    case 'leaving':
    case 'delete':
      return `${effect.action} ${day}`;
    default:
      return action;
  }
}

function effectsOf(everything: Everything, cast: Cast, account: AccountRow): readonly Actual[] {
  const nick = cast.nickOf(firstOwner(everything, account));
  const own = everything.effects.filter(
    ({ accountId, state }) => accountId === account.accountId && state === 'done',
  );
  // Who owns a service account next stands in the registry, not in the effect.
  const heirs = everything.ownership.filter(({ accountId }) => accountId === account.accountId).slice(1);
  const transfers = heirs.map(({ personId, since }) => ({
    nick,
    what: `${cast.label(account)}transfer to ${cast.nickOf(personId)}`,
    at: since,
    kind: 'transfer',
  }));
  const written = own
    .filter(({ action }) => action !== 'transfer')
    .map((effect) => ({
      nick,
      what: `${cast.label(account)}${effectWords(effect)}`,
      at: effect.doneAt ?? 0,
      kind: effect.action.split(':')[0] ?? effect.action,
    }));
  // A secondary account has no status of its own that leaving would write.
  const leavings =
    account.kind === 'secondary'
      ? account.state.past
          .filter(({ action, result }) => action === 'leaving' && result === 'done')
          .map(({ at, key }) => ({
            nick,
            what: `${cast.label(account)}leaving ${key.split('/').at(-1) ?? ''}`,
            at,
            kind: 'leaving',
          }))
      : [];
  return [...transfers, ...written, ...leavings];
}

/** How often the notice has been told: the last part of its key. */
function timesWords(notice: NoticeRow): string {
  const times = notice.key.split('/').at(-1) ?? '1';
  return times === '1' ? '' : `, time ${times}`;
}

function noticeWords(notice: NoticeRow, nick: string, to: string): string {
  const day = notice.lastDay ?? 'open';
  const whom = notice.audience === 'person' && to === nick ? '' : ` to ${to}`;
  // The copy for the supervisor goes under the key of the person's notice.
  if (notice.audience === 'supervisor') return `supervisor notice for ${day}${whom}`;
  switch (notice.template) {
    case 'leaving-soon':
    case 'has-left':
      return `notice ${String(notice.offset)} for ${day}${timesWords(notice)}${whom}`;
    case 'all-clear':
      return `all-clear ${day}${whom}`;
    case 'returned':
      return `welcome back ${day}${whom}`;
    case 'hold-ends':
    case 'admin-date-ends':
      return `reminder ${notice.template} ${day}${whom}`;
    case 'service-desk-case':
      return `case ${notice.key.split('/').at(-1) ?? ''}${whom}`;
    default:
      return `${notice.template}${whom}`;
  }
}

/**
 * Mails as the mail server took them, explained by the registry's notices. A mail taken several times under one
 * Message-ID is one mail; the same words under two Message-IDs stand there twice.
 */
function mailsOf(everything: Everything, cast: Cast, mails: readonly SinkMail[]): Found {
  const contradictions: string[] = [];
  const actual: Actual[] = [];
  const taken = new Map<string, SinkMail>();
  for (const mail of mails) if (!taken.has(mail.messageId)) taken.set(mail.messageId, mail);
  const accounts = new Map(everything.accounts.map((account) => [account.accountId, account]));
  const explained = new Set<string>();
  const overdue: string[] = [];
  for (const notice of everything.notices) {
    const account = accounts.get(notice.accountId);
    const owner = account ? firstOwner(everything, account) : notice.personId;
    // A mail about a service account belongs to the story of who owned it first.
    const nick = cast.nickOf(notice.template === 'service-account-received' ? owner : notice.personId);
    const label = account?.kind === 'service' ? cast.label(account) : '';
    const mail = notice.messageId === null ? undefined : taken.get(notice.messageId);
    if (notice.state !== 'sent') {
      actual.push({
        nick,
        what: `${noticeWords(notice, nick, nick)} ${notice.state}`,
        at: notice.dueAt,
        kind: 'mail',
      });
      continue;
    }
    if (!mail) {
      contradictions.push(`${nick}: the registry says a ${notice.template} was sent, no mail server took it`);
      continue;
    }
    explained.add(mail.messageId);
    const to = mail.to.map(cast.addressee).join(', ');
    actual.push({
      nick,
      what: `${label}${noticeWords(notice, nick, to)}`,
      at: mail.receivedAt,
      kind: 'mail',
    });
  }
  for (const mail of taken.values()) {
    if (explained.has(mail.messageId)) continue;
    const late = accounts.get(/^Alarm: overdue:([\w-]+)/.exec(mail.subject)?.[1] ?? '');
    if (late) {
      overdue.push(late.login);
      continue;
    }
    const [, alarm, personId] = /^Alarm: ([a-z-]+):(\w+)/.exec(mail.subject) ?? [];
    if (alarm === undefined || personId === undefined) {
      contradictions.push(`a mail was sent that the registry knows nothing of: ${mail.subject}`);
      continue;
    }
    actual.push({
      nick: cast.nickOf(personId),
      what: `alarm ${alarm}`,
      at: mail.receivedAt,
      kind: 'alarm',
    });
  }
  return { actual, contradictions, overdue };
}

function endOf(everything: Everything, cast: Cast, account: AccountRow): Actual {
  const entry = everything.entries[account.login] ?? null;
  const words: string[] = [account.state.stage];
  if (entry === null) words.push('no entry');
  else {
    words.push(entry.activeStatus ?? 'no status', `access ${entry.access}`);
    if (account.kind === 'primary') words.push(`${String(entry.memberships.length)} groups`);
    if (account.kind !== 'primary') {
      const routed = everything.accounts.find(({ login }) => `${login}@${MAIL_DOMAIN}` === entry.mailRouting);
      words.push(`mail to ${routed ? cast.nickOf(routed.personId) : String(entry.mailRouting)}`);
    }
  }
  return {
    nick: cast.nickOf(firstOwner(everything, account)),
    what: `end ${cast.label(account)}${words.join(', ')}`,
    at: null,
    kind: 'end',
  };
}

/** What was written to an account of the instance, as the instance itself tells, and how it stands there in the end. */
function inInstance(
  everything: Everything,
  record: InstanceRecord & { readonly nick: string },
): readonly Actual[] {
  const { nick, userName } = record;
  const account = everything.accounts.find(({ kind, login }) => kind === 'experiment' && login === userName);
  const deeds = deedsOf(record).map(({ at, words }) => ({
    nick,
    what: `${userName}: iam ${words}`,
    at,
    kind: 'iam',
  }));
  const stage = account?.state.stage ?? 'not followed';
  const end = { nick, what: `end ${userName}: ${stage}, ${standingWords(record)}`, at: null, kind: 'end' };
  return [...deeds, end];
}

/** Says what happened, from four sources: registry, mail server, directory, and the instance if there is one. */
export function findActual(input: {
  readonly characters: readonly Character[];
  readonly everything: Everything;
  readonly mails: readonly SinkMail[];
  /** The accounts of the INDIGO IAM instance; by default there is none. */
  readonly instance?: readonly InstanceRecord[];
}): Found {
  const { characters, everything, mails, instance = [] } = input;
  const cast = castOf(characters, everything.accounts);
  const sent = mailsOf(everything, cast, mails);
  const transfers = (accountId: string) =>
    everything.effects.filter(
      (effect) => effect.accountId === accountId && effect.action === 'transfer' && effect.state === 'done',
    ).length;
  const owners = (accountId: string) =>
    everything.ownership.filter((row) => row.accountId === accountId).length;
  const halves = everything.accounts
    .filter(({ accountId }) => transfers(accountId) !== owners(accountId) - 1)
    .map(
      ({ login }) =>
        `${login}: the owners in the registry and the transfers at the directory differ in number`,
    );
  const strangers = instance
    .filter((record) => record.nick === null && deedsOf(record).length > 0)
    .map(({ userName }) => `${userName}: nobody follows it, and it was written to`);
  return {
    actual: [
      ...everything.accounts.flatMap((account) => [
        ...effectsOf(everything, cast, account),
        // How these stand is read from their instance.
        ...(account.kind === 'experiment' ? [] : [endOf(everything, cast, account)]),
      ]),
      ...instance.flatMap(({ nick, ...record }) =>
        nick === null ? [] : inInstance(everything, { ...record, nick }),
      ),
      ...sent.actual,
    ],
    contradictions: [...sent.contradictions, ...halves, ...strangers],
    overdue: sent.overdue,
  };
}
