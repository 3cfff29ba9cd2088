import type { Notice } from '../src/notices/notice-facts.ts';
import { renderNotice } from '../src/notices/render-notice.ts';
import type { NoticeRow } from '../src/registry/registry.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** A notice to one reader. */
export interface Outgoing {
  readonly row: Omit<NoticeRow, 'state' | 'messageId' | 'sentAt'>;
  readonly to: string;
  readonly language: string | null;
  readonly notice: Notice;
}

/**
 * Sends a notice to one reader, unless the registry says that it was sent. Whether a mail got out when the answer was
 * lost nobody knows: it is then sent again under the same Message-ID, never silently lost.
 */
export async function sendOnce(
  deps: ActivityDependencies,
  context: { readonly now: number; readonly signal: AbortSignal },
  outgoing: Outgoing,
): Promise<void> {
  const { registry, mailer, settings } = deps;
  const { row, to, language, notice } = outgoing;
  const known = await registry.noticeDue(row);
  // Another account of the person sends the same reminder.
  if (known.state !== 'due' || known.accountId !== row.accountId) return;
  const { defaultLanguage, site } = settings;
  const rendered = renderNotice({ ...notice, language, defaultLanguage, site });
  const { messageId } = await mailer.send({
    mail: { ...rendered, to, key: `${row.audience}/${row.key}` },
    signal: context.signal,
  });
  await registry.noticeSent({ key: row.key, audience: row.audience, messageId, at: context.now });
}
