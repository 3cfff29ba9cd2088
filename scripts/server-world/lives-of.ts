import type { Answer, Deed, Fact, Mail, ObservedLife, Stage, Trouble } from '../../checker/life.ts';
import type { SinkMail } from '../../src/demo/doubles/smtp-sink.ts';
import type { Everything } from '../../src/demo/worker-messages.ts';
import type { AccountRow, EffectRow, NoticeRow, ObservationRow } from '../../src/registry/registry.ts';
import { copiesWithoutReason } from './copies.ts';
import type { Stretch } from './stretch.ts';

/** What the world outside knows, beside what registry, directory and mail server show. */
export interface Seen {
  readonly everything: Everything;
  readonly mails: readonly SinkMail[];
  /** What HR answered from when on. */
  readonly hrAnswers: readonly Extract<Fact, { type: 'hrAnswers' }>[];
  readonly troubles: readonly Trouble[];
  /** Kills after which nobody knew what had got out, on the world's clock. */
  readonly kills: readonly Stretch[];
  readonly until: number;
  readonly slackMs: number;
}

type Rows = { readonly [Key in 'effects' | 'notices' | 'ownership']: Everything[Key] };

function answerOf({ outcome, ties }: ObservationRow): Answer {
  return outcome === 'found' ? { outcome, ties } : { outcome };
}

function stageOf({ state }: AccountRow): Stage {
  const { stage } = state;
  if (stage === 'released' || stage === 'deletedOutside')
    throw new RangeError(`nobody ends as ${stage} here`);
  return stage;
}

function statusDeed(row: AccountRow, at: number, value: string): readonly Deed[] {
  return row.kind === 'primary' ? [{ type: 'status', at, value }] : [];
}

function deedsOfEffect(row: AccountRow, effect: EffectRow, heirs: string[]): readonly Deed[] {
  const { lastDay, intentAt } = effect;
  const at = effect.doneAt ?? intentAt;
  const [action = '', detail = ''] = effect.action.replace(/#\d+$/, '').split(':');
  const access = (value: 'on' | 'off'): Deed => ({ type: 'access', at, access: value });
  switch (action) {
    case 'activate':
      return [{ type: 'joined', at }, access('on'), ...statusDeed(row, at, 'Active')];
    case 'giveAccess': {
      const type = detail === 'returned' || detail === 'corrected' ? detail : null;
      const status = detail === 'corrected' ? 'Grace Period' : detail === 'returned' ? 'Active' : null;
      return [
        ...(type ? [{ type, at } as const] : []),
        access('on'),
        ...(status === null ? [] : statusDeed(row, at, status)),
      ];
    }
    case 'leaving':
      return [{ type: 'leaving', at, lastDay }, ...statusDeed(row, at, 'Grace Period')];
    case 'status':
      return statusDeed(row, at, detail);
    case 'disable':
    case 'exclude':
      return [access('off')];
    case 'block':
      return [{ type: 'block', at, lastDay }, access('off')];
    case 'delete':
      return [{ type: 'delete', at, lastDay, begunAt: intentAt }, access('off')];
    case 'transfer':
      return [{ type: 'transfer', at, lastDay, to: heirs.shift() ?? '' }];
    // The judge has no rule for guest accounts.
    case 'guest':
    case 'shutGuest':
    case 'writeGuests':
    case 'reassign':
    case 'merge':
      return [];
    default:
      throw new RangeError(`an effect that nobody judges: ${effect.action}`);
  }
}

/** Leavings of accounts whose directory entry shows none. */
function quietLeavings(row: AccountRow): readonly Deed[] {
  if (row.kind === 'primary') return [];
  return row.state.past
    .filter(({ action, result }) => action === 'leaving' && result === 'done')
    .map(({ at, key }) => ({ type: 'leaving', at, lastDay: key.split('/').at(-1) ?? null }));
}

function deedsOf(row: AccountRow, rows: Rows): readonly Deed[] {
  const heirs = rows.ownership.slice(1).map(({ personId }) => personId);
  const effects = rows.effects
    // What was done while the registry was being read is in no picture of the account yet.
    .filter(({ state, sequence }) => state === 'done' && sequence <= row.state.sequence)
    .toSorted((a, b) => a.sequence - b.sequence || (a.doneAt ?? 0) - (b.doneAt ?? 0))
    .flatMap((effect) => deedsOfEffect(row, effect, heirs));
  const ended: readonly Deed[] =
    row.state.stage === 'neverJoined' ? [{ type: 'neverJoined', at: row.state.stageSince }] : [];
  return [...effects, ...quietLeavings(row), ...ended].toSorted((a, b) => a.at - b.at);
}

const TYPES: Readonly<Record<string, Mail['type']>> = {
  'leaving-soon': 'notice',
  'has-left': 'notice',
  'all-clear': 'allClear',
  returned: 'returned',
  'hold-ends': 'holdEnds',
  'admin-date-ends': 'adminDateEnds',
};

function mailOf(notice: NoticeRow, seen: Seen): Mail | null {
  const type = TYPES[notice.template];
  if (!type || notice.audience !== 'person') return null;
  const alarm = seen.everything.alarms.find(({ key }) => key === `notice-failed:${notice.key}`);
  return {
    type,
    account: notice.accountId,
    key: notice.key,
    offset: notice.offset,
    lastDay: notice.lastDay,
    dueAt: notice.dueAt,
    begunAt: notice.dueAt,
    sentAt: notice.state === 'sent' ? notice.sentAt : null,
    failedAt: notice.state === 'failed' ? (alarm?.firstSeen ?? seen.until) : null,
    extraCopies: notice.messageId === null ? 0 : copiesWithoutReason(notice.messageId, seen),
  };
}

function by<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Every account's life, as registry, mail server and HR show it from outside, for the independent judge. */
export function livesOf(seen: Seen): readonly ObservedLife[] {
  const { everything } = seen;
  const effects = by(everything.effects, ({ accountId }) => accountId);
  const ownership = by(everything.ownership, ({ accountId }) => accountId);
  const notices = by(everything.notices, ({ personId }) => personId);
  const looks = by(everything.observations, ({ personId }) => personId);
  const answers = by(seen.hrAnswers, ({ person }) => person);
  return everything.accounts.flatMap((row): readonly ObservedLife[] => {
    const { accountId, kind } = row;
    if (kind !== 'primary' && kind !== 'secondary' && kind !== 'service') return [];
    const owners = ownership.get(accountId) ?? [];
    const persons = [...new Set([...owners.map(({ personId }) => personId), row.personId])];
    const person = owners[0]?.personId ?? row.personId;
    const told = persons
      .flatMap((personId) => looks.get(personId) ?? [])
      .filter(({ outcome }) => outcome === 'found')
      .map((look): Fact => {
        const { at, number, personId } = look;
        return {
          type: 'told',
          at: Math.max(at, row.createdAt),
          person: personId,
          number,
          answer: answerOf(look),
        };
      });
    const mails = persons
      .flatMap((personId) => notices.get(personId) ?? [])
      .flatMap((notice) => mailOf(notice, seen) ?? []);
    return [
      {
        account: row.login,
        kind,
        person,
        from: row.createdAt,
        until: seen.until,
        stageAtStart: 'pending',
        stageAtEnd: stageOf(row),
        facts: [...persons.flatMap((personId) => answers.get(personId) ?? []), ...told].toSorted(
          (a, b) => a.at - b.at,
        ),
        troubles: seen.troubles,
        deeds: deedsOf(row, {
          effects: effects.get(accountId) ?? [],
          notices: [],
          ownership: owners,
        }),
        mails: mails
          .filter((mail) => kind !== 'service' || mail.account === accountId)
          .map((mail) => (mail.account === accountId ? { ...mail, account: row.login } : mail)),
        slackMs: seen.slackMs,
      },
    ];
  });
}
