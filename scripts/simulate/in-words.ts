import type { Answer, Deed, Fact, Finding, Mail, ObservedLife } from '../../checker/life.ts';
import { RULES } from '../../checker/rules.ts';

const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: RULES.timeZone,
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** A moment on the wall clock of the rules' zone. */
export function momentInWords(at: number): string {
  return format.format(at);
}

function answerInWords(answer: Answer): string {
  if (answer.outcome !== 'found') return answer.outcome;
  const ties = answer.ties.map(({ kind, start, end, excluded }) => {
    const span = `${start ?? '…'} to ${end ?? '…'}`;
    return `${kind === 'contract' ? '' : `${kind} `}${span}${excluded ? ' (excluded)' : ''}`;
  });
  return ties.length > 0 ? ties.join(', ') : 'no ties';
}

function factInWords(fact: Fact): string {
  switch (fact.type) {
    case 'hrAnswers':
      return `HR says of ${fact.person}: ${answerInWords(fact.answer)}`;
    case 'told':
      return `is told of ${fact.person} (${String(fact.number)}): ${answerInWords(fact.answer)}`;
    case 'command': {
      const until = fact.until === undefined ? '' : ` until ${String(fact.until)}`;
      return `an admin: ${fact.name}${until}${fact.commandId === undefined ? '' : ` (${fact.commandId})`}`;
    }
  }
}

function deedInWords(deed: Deed): string {
  switch (deed.type) {
    case 'leaving':
    case 'block':
      return `${deed.type}, last day ${String(deed.lastDay)}`;
    case 'delete': {
      const begun = deed.begunAt === undefined ? '' : `, begun ${momentInWords(deed.begunAt)}`;
      return `delete, last day ${String(deed.lastDay)}${begun}`;
    }
    case 'transfer':
      return `handed on to ${deed.to}, last day ${String(deed.lastDay)}`;
    case 'access':
      return `access ${deed.access}`;
    case 'status':
      return `the directory says ${deed.value}`;
    case 'joined':
    case 'neverJoined':
    case 'returned':
    case 'corrected':
      return deed.type;
  }
}

function mailInWords(mail: Mail): string {
  const offset = mail.offset === null ? '' : ` ${String(mail.offset)}`;
  const ending =
    mail.sentAt !== null
      ? `sent ${momentInWords(mail.sentAt)}`
      : mail.failedAt !== null
        ? `given up ${momentInWords(mail.failedAt)}`
        : 'never sent';
  return `${mail.type}${offset} for ${String(mail.lastDay)}, due ${momentInWords(mail.dueAt)}, ${ending} [${mail.account}]`;
}

/** Everything that an outside observer saw of a life, line by line, with what the judge found. */
export function lifeInWords(life: ObservedLife, findings: readonly Finding[]): string {
  const lines = [
    ...life.facts.map((fact) => ({ at: fact.at, words: factInWords(fact) })),
    ...life.troubles.flatMap(({ what, from, to }) => [
      { at: from, words: `${what} stops working, until ${momentInWords(to)}` },
    ]),
    ...life.deeds.map((deed) => ({ at: deed.at, words: `  ${deedInWords(deed)}` })),
    ...life.mails.map((mail) => ({ at: mail.begunAt, words: `  mail: ${mailInWords(mail)}` })),
    ...findings.map(({ at, kind, words }) => ({ at, words: `>>> ${kind}: ${words}` })),
  ].sort((a, b) => a.at - b.at);
  const title = `${life.account}: ${life.stageAtStart} from ${momentInWords(life.from)}, ${life.stageAtEnd} on ${momentInWords(life.until)}`;
  return [title, ...lines.map(({ at, words }) => `${momentInWords(at)}  ${words}`)].join('\n');
}
