import { english } from './texts/en.ts';
import { french } from './texts/fr.ts';
import { compileText } from './compile-text.ts';
import type { CompiledText } from './compile-text.ts';
import type { Notice, NoticeTemplate } from './notice-facts.ts';
import type { Block, LanguageTexts } from './notice-texts.ts';
import { viewOf } from './notice-view.ts';
import type { NoticeView } from './notice-view.ts';

export type NoticeLanguage = 'en' | 'fr';

/** Who writes. */
export interface NoticeSite {
  /** Short name of the organisation, for instance `CERN`. */
  readonly organisation: string;
  /** Where to ask, for instance a mail address; `null` = nowhere. */
  readonly contact: string | null;
}

export type RenderNoticeInput = Notice & {
  /** The reader's; one we do not write in, or `null`, falls back. */
  readonly language: string | null;
  readonly defaultLanguage: string;
  readonly site: NoticeSite;
};

export interface RenderedNotice {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The language it is written in. */
  readonly language: NoticeLanguage;
}

type CompiledBlock = CompiledText | { readonly list: string } | { readonly items: readonly CompiledText[] };
type Form = 'text' | 'html';

interface CompiledNotice {
  readonly subject: CompiledText;
  readonly body: readonly CompiledBlock[];
}

interface Part {
  readonly lines: readonly string[];
  readonly isList: boolean;
}

const LONGEST_SUBJECT = 200;
const VALUE = compileText('{{value}}');

function compileBlock(block: Block): CompiledBlock {
  if (typeof block === 'string') return compileText(block);
  return 'list' in block ? block : { items: block.items.map(compileText) };
}

function compileLanguage(texts: LanguageTexts) {
  const notices = new Map<string, CompiledNotice>();
  for (const [template, { subject, body }] of Object.entries(texts.notices)) {
    notices.set(template, { subject: compileText(subject), body: body.map(compileBlock) });
  }
  return {
    texts,
    greeting: compileText(`{{#if recipient}}${texts.greeting}{{else}}${texts.greetingNobody}{{/if}}`),
    passOn: compileText(`{{#if passOn}}${texts.passOn}{{/if}}`),
    contact: compileText(`{{#if contact}}${texts.contact}{{/if}}`),
    closing: compileText(texts.closing),
    notice: (template: NoticeTemplate): CompiledNotice => {
      const found = notices.get(template);
      if (!found) throw new Error(`there is no text for ${template}`);
      return found;
    },
  };
}

/** Parsed when loaded: a text with a mistake in it stops the start, not a notice in sixty days. */
const LANGUAGES = { en: compileLanguage(english), fr: compileLanguage(french) };

function isNoticeLanguage(language: string | null): language is NoticeLanguage {
  return language !== null && Object.hasOwn(LANGUAGES, language);
}

function listOf(view: NoticeView, name: string): readonly string[] {
  const list = view[name];
  if (typeof list !== 'object') throw new Error(`the view of this notice has no list ${name}`);
  return list;
}

function renderBlock(block: CompiledBlock, view: NoticeView, form: Form): Part {
  if ('text' in block) return { lines: [block[form](view)], isList: false };
  if ('items' in block) return { lines: block.items.map((item) => item[form](view)), isList: true };
  return { lines: listOf(view, block.list).map((value) => VALUE[form]({ value })), isList: true };
}

function asText({ lines, isList }: Part): string {
  return lines.map((line) => (isList ? `  - ${line}` : line)).join('\n');
}

function asHtml({ lines, isList }: Part): string {
  if (!isList) return `<p>${lines.join('')}</p>`;
  return `<ul>${lines.map((line) => `<li>${line}</li>`).join('')}</ul>`;
}

/**
 * The notice as a mail in the reader's language: plain text, and HTML in which every value is escaped. Throws if a
 * text names something that the notice does not have, which is a mistake in the text.
 */
export function renderNotice(input: RenderNoticeInput): RenderedNotice {
  const { site } = input;
  const language = [input.language, input.defaultLanguage].find(isNoticeLanguage) ?? 'en';
  const { texts, greeting, passOn, contact, closing, notice } = LANGUAGES[language];
  const view: NoticeView = {
    ...viewOf(input, texts),
    organisation: site.organisation,
    contact: site.contact ?? '',
  };
  const { subject, body } = notice(input.template);
  const parts = (form: Form): readonly Part[] =>
    [greeting, passOn, ...body, contact, closing]
      .map((block) => renderBlock(block, view, form))
      .map(({ lines, isList }) => ({ isList, lines: lines.map((l) => l.trim()).filter((l) => l !== '') }))
      .filter(({ lines }) => lines.length > 0);
  const html = parts('html').map(asHtml).join('\n');
  return {
    language,
    subject: subject.text(view).slice(0, LONGEST_SUBJECT),
    text: `${parts('text').map(asText).join('\n\n')}\n`,
    html: `<!doctype html>\n<html lang="${language}">\n<head><meta charset="utf-8"></head>\n<body>\n${html}\n</body>\n</html>\n`,
  };
}
