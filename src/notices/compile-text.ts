import Handlebars from 'handlebars';
import type { NoticeView } from './notice-view.ts';

/** One text, ready to be rendered as plain text and as HTML. */
export interface CompiledText {
  text(view: NoticeView): string;
  /** With every value escaped. The text itself is plain: it must not hold `<` or `&`. */
  html(view: NoticeView): string;
}

/**
 * Compiles a Handlebars text, strictly: a value that the view does not have is an error and never a gap. Throws at
 * once if it cannot be parsed or would need escaping itself.
 */
export function compileText(source: string): CompiledText {
  if (/[<>&]/.test(source)) throw new Error(`this text of a notice needs escaping: ${source}`);
  // Compiling is put off to the first use, parsing must not be.
  Handlebars.parse(source);
  const options = { strict: true, knownHelpersOnly: true };
  return {
    text: Handlebars.compile<NoticeView>(source, { ...options, noEscape: true }),
    html: Handlebars.compile<NoticeView>(source, options),
  };
}
