import type { SinkMail } from '../../src/demo/doubles/smtp-sink.ts';
import type { Stretch } from './stretch.ts';

/**
 * Copies of a mail that nothing explains: each but the first must follow one whose sender was never told that it had
 * been taken, or a kill after which nobody knew.
 */
export function copiesWithoutReason(
  messageId: string,
  seen: { readonly mails: readonly SinkMail[]; readonly kills: readonly Stretch[] },
): number {
  const copies = seen.mails.filter((mail) => mail.messageId === messageId);
  let unexplained = 0;
  for (const [index, copy] of copies.entries()) {
    const before = copies[index - 1];
    if (!before?.acknowledged) continue;
    const wasKilled = seen.kills.some(({ from, to }) => from <= copy.receivedAt && to >= before.receivedAt);
    if (!wasKilled) unexplained += 1;
  }
  return unexplained;
}
