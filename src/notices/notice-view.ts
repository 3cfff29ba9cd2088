import { IntlMessageFormat } from 'intl-messageformat';
import type { CalendarDate } from '../contracts/time.ts';
import { assertNever } from '../policy/assert-never.ts';
import type { OfficialResource } from '../connectors/resource-source.ts';
import type { Notice, PersonName } from './notice-facts.ts';
import type { CountedPhrases, LanguageTexts } from './notice-texts.ts';
import { writtenDate, writtenInstant } from './written-date.ts';

/** What the texts of a notice may name. Text is in the reader's language; an empty one counts as absent. */
export type NoticeView = Readonly<Record<string, string | boolean | readonly string[]>>;

/** One line: whatever comes from outside can neither begin a paragraph nor a header. */
function line(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** A mail lists no more of what somebody owns. */
const MOST_OWNED = 50;

function fullName(name: PersonName): string {
  return line(`${name.givenName} ${name.familyName}`);
}

/** The facts of a notice in the words of a language. */
export function viewOf(notice: Notice, texts: LanguageTexts): NoticeView {
  const { locale } = texts;
  const phrase = (name: keyof CountedPhrases, things: readonly unknown[]): string =>
    things.length === 0
      ? ''
      : String(new IntlMessageFormat(texts.phrases[name], locale).format({ count: things.length }));
  const full = (date: CalendarDate | null): string =>
    date === null ? '' : writtenDate(date, locale, 'full');
  const short = (date: CalendarDate): string => writtenDate(date, locale, 'long');
  const forPerson = (facts: {
    person: PersonName;
    viaSupervisor: PersonName | null;
    logins: readonly string[];
  }) => ({
    recipient: fullName(facts.viaSupervisor ?? facts.person),
    person: fullName(facts.person),
    passOn: facts.viaSupervisor !== null,
    logins: facts.logins.map(line),
    yourAccounts: phrase('yourAccounts', facts.logins),
  });

  /** Service accounts first, so that a long list leaves out none of them. */
  const ownedBy = (facts: {
    stillOwned: readonly string[];
    otherResources: readonly OfficialResource[] | null;
  }) => {
    const others = facts.otherResources ?? [];
    const all = [...facts.stillOwned, ...others.map(({ type, name }) => `${type}: ${name}`)].map(line);
    const most = Math.max(MOST_OWNED, facts.stillOwned.length);
    return {
      all,
      view: {
        stillOwned: all.slice(0, most),
        moreOwned: phrase('moreOwned', all.slice(most)),
        othersUnknown: facts.otherResources === null,
      },
    };
  };

  switch (notice.template) {
    case 'leaving-soon':
    case 'has-left': {
      const { facts } = notice;
      const { all, view } = ownedBy(facts);
      const proposals = notice.template === 'leaving-soon' ? notice.facts.proposals : [];
      return {
        ...forPerson(facts),
        ...view,
        lastDay: full(facts.lastDay),
        lastDayShort: short(facts.lastDay),
        blockOn: full(facts.blockOn),
        deleteOn: full(facts.deleteOn),
        hasDates: facts.blockOn !== null || facts.deleteOn !== null,
        toReassign: phrase('toReassign', all),
        goesToSupervisor: phrase('goesToSupervisor', all),
        proposals: proposals.map(({ login, link }) => line(`${login}: ${link}`)),
      };
    }
    case 'all-clear': {
      const { facts } = notice;
      return {
        ...forPerson(facts),
        announcedLastDay: full(facts.announcedLastDay),
        lastDay: full(facts.lastDay),
      };
    }
    case 'returned':
      return { ...forPerson(notice.facts), lastDay: full(notice.facts.lastDay) };
    case 'hold-ends':
    case 'admin-date-ends': {
      const { facts } = notice;
      const toActor = facts.audience === 'actor';
      return {
        ...forPerson(facts),
        ...(toActor ? { recipient: '' } : {}),
        toActor,
        accountsOf: phrase('accountsOf', facts.logins),
        until: full(facts.until),
        untilShort: short(facts.until),
      };
    }
    case 'supervisor-resources': {
      const { facts } = notice;
      const { all, view } = ownedBy(facts);
      return {
        ...view,
        recipient: fullName(facts.supervisor),
        person: fullName(facts.person),
        passOn: false,
        hasLeft: facts.hasLeft,
        lastDay: full(facts.lastDay),
        resources: phrase('resources', all),
      };
    }
    case 'service-account-received': {
      const { facts } = notice;
      return {
        ...forPerson(facts),
        received: phrase('received', facts.logins),
        receivedSubject: phrase('receivedSubject', facts.logins),
        previousOwner: facts.previousOwner === null ? '' : fullName(facts.previousOwner),
      };
    }
    case 'reassignment-asked': {
      const { facts } = notice;
      return {
        ...forPerson(facts),
        login: line(facts.logins.join(', ')),
        owner: facts.owner === null ? '' : fullName(facts.owner),
        isReminder: facts.isReminder,
        link: facts.link ?? '',
        requestId: line(facts.requestId),
        lapsesAt: writtenInstant(facts.lapsesAt, locale, facts.timeZone),
      };
    }
    case 'reassignment-owner-changed': {
      const { facts } = notice;
      const owner = facts.owner === null ? '' : fullName(facts.owner);
      return { ...forPerson(facts), login: line(facts.logins.join(', ')), owner };
    }
    case 'reassignment-outcome': {
      const { facts } = notice;
      return {
        ...forPerson(facts),
        login: line(facts.logins.join(', ')),
        newOwner: facts.newOwner === null ? '' : fullName(facts.newOwner),
        outcome: texts.outcomes[facts.outcome],
        why: facts.why === null ? '' : line(facts.why),
        toProposed: facts.toProposed,
      };
    }
    case 'service-desk-case': {
      const { cause, personId, logins } = notice.facts;
      return {
        recipient: '',
        passOn: false,
        causeTitle: texts.causes[cause].title,
        causeText: texts.causes[cause].text,
        personId: line(personId),
        logins: logins.map(line),
        hasLogins: logins.length > 0,
      };
    }
    case 'held-plan': {
      const { planId, held, because, rows, more, lapsesAt, timeZone } = notice.facts;
      return {
        recipient: '',
        passOn: false,
        planId: line(planId),
        held: String(held),
        because: because.map(line),
        rows: rows.map(line),
        more: more === 0 ? '' : String(more),
        lapsesAt: writtenInstant(lapsesAt, locale, timeZone),
      };
    }
    case 'alarm': {
      const { key, message, firstSeen, timeZone } = notice.facts;
      return {
        recipient: '',
        passOn: false,
        key: line(key),
        message: line(message),
        firstSeen: writtenInstant(firstSeen, locale, timeZone),
      };
    }
    default:
      return assertNever(notice);
  }
}
