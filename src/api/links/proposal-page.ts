import type { ProposalAnswer, ProposalView } from '../../links/propose-owner.ts';
import { escaped, htmlPage, momentWords, pageLanguage, paragraph, type PageLanguage } from './page.ts';

/** What the page says, in plain text: it is escaped where it is put in. */
interface Words {
  readonly title: string;
  readonly unknown: string;
  readonly question: (login: string) => string;
  readonly means: string;
  readonly label: string;
  readonly propose: string;
  readonly waits: (newOwner: string, login: string, moment: string) => string;
  readonly approved: (newOwner: string, login: string) => string;
  readonly oneAtATime: string;
  readonly refused: (why: string) => string;
  /** The rules in this language, by the code of the refusal; one that is missing is told as the rule says it. */
  readonly why: Readonly<Record<string, string>>;
}

const WORDS: Readonly<Record<PageLanguage, Words>> = {
  en: {
    title: 'Service account: who is to own it?',
    unknown:
      'This link is not valid, or not any more: it ends when its owner leaves or the account has another owner. Please open it exactly as it stands in the mail.',
    question: (login) => `You own the service account ${login}. Who is to own it from now on?`,
    means: 'They are asked by mail, and have 14 days to agree. Until they do, the account stays yours.',
    label: 'Person id of the new owner',
    propose: 'Ask them',
    waits: (newOwner, login, moment) =>
      `Person ${newOwner} has been asked to own the service account ${login}, and can answer until ${moment}.`,
    approved: (newOwner, login) =>
      `Person ${newOwner} has agreed: the service account ${login} becomes theirs.`,
    oneAtATime: 'Somebody else can be asked when this request has ended.',
    refused: (why) => `Nobody was asked: ${why}.`,
    why: {},
  },
  fr: {
    title: 'Compte de service : qui doit en être propriétaire ?',
    unknown:
      'Ce lien n’est pas valable, ou ne l’est plus : il prend fin au départ du propriétaire, ou quand le compte change de propriétaire. Ouvrez-le exactement comme il figure dans le message.',
    question: (login) =>
      `Le compte de service ${login} vous appartient. À qui doit-il appartenir désormais ?`,
    means:
      'La personne est consultée par courrier électronique, et a 14 jours pour accepter. D’ici là, le compte reste à vous.',
    label: 'Numéro de personne du nouveau propriétaire',
    propose: 'Lui demander',
    waits: (newOwner, login, moment) =>
      `La personne ${newOwner} a été consultée pour le compte de service ${login}, et peut répondre jusqu’au ${moment}.`,
    approved: (newOwner, login) =>
      `La personne ${newOwner} a accepté : le compte de service ${login} lui appartiendra.`,
    oneAtATime: 'Une autre personne pourra être consultée quand cette demande aura pris fin.',
    refused: (why) => `Personne n’a été consulté : ${why}.`,
    why: {
      NOT_A_PERSON_ID: 'ce n’est pas un numéro de personne',
      PERSON_UNKNOWN: 'seule une personne connue des ressources humaines peut posséder un compte de service',
      NEW_OWNER_LEFT: 'cette personne n’a pas d’affiliation valable aujourd’hui',
      NO_PRIMARY: 'seule une personne qui a un compte principal peut posséder un compte de service',
      NEW_OWNER_NOT_ACTIVE: 'le compte principal de cette personne n’est pas actif',
      NEW_OWNER_LEAVING: 'cette personne part bientôt : son dernier jour est dans les 60 jours',
      TOO_MANY: 'cette personne possède déjà autant de comptes de service que permis',
      OWNER_ALREADY: 'ce compte vous appartient déjà',
      ALREADY_OPEN: 'une autre demande est en cours pour ce compte, et il n’y en a qu’une à la fois',
      REASSIGNMENT_ENDING: 'la demande précédente est en train de se terminer ; réessayez dans un instant',
      OWNER_CHANGED: 'le compte a changé de propriétaire',
      PERSON_MERGED: 'ce numéro de personne a été remplacé par un autre',
      LATER: 'ce n’est pas possible pour le moment ; réessayez plus tard',
    },
  },
};

/** The form posts to its own address, so that the token stands in no page. */
function form(words: Words): string {
  const field = '<input name="newOwner" required maxlength="64" autocomplete="off">';
  return `<form method="post"><label>${escaped(words.label)} ${field}</label> <button>${escaped(words.propose)}</button></form>`;
}

/** The request that is not over, or the form by which one is made. */
function whatNow(view: ProposalView, language: PageLanguage, timeZone: string): readonly string[] {
  const words = WORDS[language];
  const { login, open } = view;
  if (open === null) return [paragraph(words.question(login)), paragraph(words.means), form(words)];
  const { newOwner, lapsesAt, isApproved } = open;
  if (isApproved) return [paragraph(words.approved(newOwner, login))];
  const until = momentWords(lapsesAt, language, timeZone);
  return [paragraph(words.waits(newOwner, login, until)), paragraph(words.oneAtATime)];
}

/** The page by which an owner proposes the next one, in the owner's language. */
export function proposalPage(
  answer: ProposalAnswer,
  site: { readonly defaultLanguage: string; readonly timeZone: string },
): string {
  const language = pageLanguage(answer.outcome === 'unknown' ? null : answer.view.language, site);
  const words = WORDS[language];
  if (answer.outcome === 'unknown') return htmlPage(language, words.title, [paragraph(words.unknown)]);
  const now = whatNow(answer.view, language, site.timeZone);
  const why = answer.outcome === 'refused' ? [words.refused(words.why[answer.code] ?? answer.why)] : [];
  return htmlPage(language, words.title, [...why.map(paragraph), ...now]);
}
