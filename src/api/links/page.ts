import type { LinkAnswer, LinkView } from '../../links/answer-link.ts';

export type PageLanguage = 'en' | 'fr';

/** What the page says, in plain text: it is escaped where it is put in. */
interface Words {
  readonly title: string;
  readonly unknown: string;
  readonly question: (view: LinkView) => string;
  readonly means: string;
  readonly until: (moment: string) => string;
  readonly approve: string;
  readonly reject: string;
  readonly over: Readonly<Record<LinkView['status'], string>>;
  readonly failed: string;
}

const WORDS: Readonly<Record<PageLanguage, Words>> = {
  en: {
    title: 'Service account: your answer',
    unknown: 'This link is not valid. Please open it exactly as it stands in the mail.',
    question: ({ login, owner, newOwner }) =>
      `${newOwner === '' ? 'You were' : `${newOwner}: you were`} proposed as the new owner of the service account ${login}` +
      `${owner === '' ? '' : `, which ${owner} owns now`}. Do you agree?`,
    means: 'As its owner you are responsible for it, and its mail comes to you.',
    until: (moment) => `You can answer until ${moment}.`,
    approve: 'Yes, I become the owner',
    reject: 'No',
    over: {
      open: 'The request waits for your answer.',
      approved: 'You have agreed: the account becomes yours.',
      rejected: 'The request was refused, and nothing changes.',
      withdrawn: 'The request was withdrawn. There is nothing to answer any more.',
      lapsed: 'Nobody answered in time. There is nothing to answer any more.',
      superseded: 'The account is yours already, since its owner left.',
    },
    failed: 'Your answer was not taken: ',
  },
  fr: {
    title: 'Compte de service : votre réponse',
    unknown: 'Ce lien n’est pas valable. Ouvrez-le exactement comme il figure dans le message.',
    question: ({ login, owner, newOwner }) =>
      `${newOwner === '' ? 'Vous' : `${newOwner} : vous`} avez été proposé(e) comme nouveau propriétaire du compte de service ${login}` +
      `${owner === '' ? '' : `, qui appartient à ${owner}`}. Êtes-vous d’accord ?`,
    means: 'Le propriétaire est responsable du compte, et en reçoit le courrier.',
    until: (moment) => `Vous pouvez répondre jusqu’au ${moment}.`,
    approve: 'Oui, je deviens propriétaire',
    reject: 'Non',
    over: {
      open: 'La demande attend votre réponse.',
      approved: 'Vous avez accepté : le compte devient le vôtre.',
      rejected: 'La demande a été refusée, et rien ne change.',
      withdrawn: 'La demande a été retirée. Il n’y a plus rien à répondre.',
      lapsed: 'Personne n’a répondu à temps. Il n’y a plus rien à répondre.',
      superseded: 'Le compte vous appartient déjà, son propriétaire étant parti.',
    },
    failed: 'Votre réponse n’a pas été prise en compte : ',
  },
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text, as it stands in HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replace(/\p{Cc}/gu, ' ');
}

export function paragraph(text: string): string {
  return `<p>${escaped(text)}</p>`;
}

/** A moment, written out for whoever reads the page. */
export function momentWords(at: number, language: PageLanguage, timeZone: string): string {
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short', timeZone }).format(at);
}

/** The form posts to its own address, so that the token stands in no page. */
function form(words: Words): string {
  const button = (answer: string, label: string) =>
    `<button name="answer" value="${answer}">${escaped(label)}</button>`;
  return `<form method="post">${button('approved', words.approve)} ${button('rejected', words.reject)}</form>`;
}

function bodyOf(answer: LinkAnswer, language: PageLanguage, timeZone: string): readonly string[] {
  const words = WORDS[language];
  switch (answer.outcome) {
    case 'unknown':
      return [paragraph(words.unknown)];
    case 'answered':
      return [paragraph(words.over[answer.view.status])];
    case 'refused': {
      const { view, why } = answer;
      return [paragraph(view.status === 'open' ? `${words.failed}${why}` : words.over[view.status])];
    }
    case 'shown': {
      const { view } = answer;
      if (view.status !== 'open') return [paragraph(words.over[view.status])];
      const until = words.until(momentWords(view.lapsesAt, language, timeZone));
      return [paragraph(words.question(view)), paragraph(words.means), paragraph(until), form(words)];
    }
  }
}

/** The page of a link: plain HTML without scripts, in the language of who was asked. */
export function linkPage(
  answer: LinkAnswer,
  site: { readonly defaultLanguage: string; readonly timeZone: string },
): string {
  const asked = answer.outcome === 'unknown' ? null : answer.view.language;
  const language = pageLanguage(asked, site);
  return htmlPage(language, WORDS[language].title, bodyOf(answer, language, site.timeZone));
}

/** The language of a page: the reader's, if we write in it, else the deployment's. */
export function pageLanguage(asked: string | null, site: { readonly defaultLanguage: string }): PageLanguage {
  return (asked ?? site.defaultLanguage) === 'fr' ? 'fr' : 'en';
}

/** A whole page: plain HTML without scripts. `body` is HTML, `heading` is text. */
export function htmlPage(language: PageLanguage, heading: string, body: readonly string[]): string {
  const title = escaped(heading);
  return (
    `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">` +
    `<title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n${body.join('\n')}\n</body>\n</html>\n`
  );
}
