import { createHash } from 'node:crypto';

/**
 * The `Message-ID` of the mail with this key, the same for the same key: a mail that is sent again after an unknown
 * outcome can be recognised by whoever receives both. The key itself, which names a person, does not show in it.
 */
export function messageIdOf(key: string, domain: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${domain}>`;
}
