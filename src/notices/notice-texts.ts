import type { NoticeFacts, NoticeTemplate, ServiceDeskCause } from './notice-facts.ts';

/**
 * A part of a notice. Strings are Handlebars templates over the notice's view (see `notice-view.ts`), plain text and
 * never HTML: they are rendered once as text and once as HTML. A paragraph or item that comes out empty is left out.
 */
export type Block =
  | string
  /** A list in the view, one item each. */
  | { readonly list: string }
  /** Items with texts of their own. */
  | { readonly items: readonly string[] };

export interface NoticeText {
  readonly subject: string;
  readonly body: readonly Block[];
}

/** Sentences that depend on a number, in ICU message format with `{count}`; left out when the count is 0. */
export interface CountedPhrases {
  /** Which accounts a notice is about, in the middle of a sentence. */
  readonly yourAccounts: string;
  readonly accountsOf: string;
  readonly toReassign: string;
  readonly goesToSupervisor: string;
  readonly resources: string;
  /** What a long list leaves out. */
  readonly moreOwned: string;
  readonly receivedSubject: string;
  readonly received: string;
}

/** Everything the project writes in one language. */
export interface LanguageTexts {
  /** For dates, in the form of `Intl`. */
  readonly locale: string;
  readonly greeting: string;
  readonly greetingNobody: string;
  readonly passOn: string;
  readonly contact: string;
  readonly closing: string;
  readonly phrases: CountedPhrases;
  readonly causes: Readonly<Record<ServiceDeskCause, { readonly title: string; readonly text: string }>>;
  /** What became of a request to re-assign an account. */
  readonly outcomes: Readonly<Record<NoticeFacts['reassignment-outcome']['outcome'], string>>;
  readonly notices: Readonly<Record<NoticeTemplate, NoticeText>>;
}
