import { renderNotice } from '../../src/notices/render-notice.ts';
import type { SyncContext } from '../sync-activities.ts';

/** Mails every open alarm that the admins were not told of, once. Throws, to be retried, when mail does not go out. */
export async function mailAlarms(context: SyncContext): Promise<{ mailed: number }> {
  const { registry, mailer, settings } = context.deps;
  const { defaultLanguage, site, admins, policies } = settings;
  const timeZone = policies.policies.primary?.timeZone ?? 'UTC';
  const untold = (await registry.alarms({ open: true })).filter(({ mailedAt }) => mailedAt === null);
  for (const { key, message, firstSeen } of untold) {
    const facts = { key, message, firstSeen, timeZone };
    const rendered = renderNotice({ template: 'alarm', facts, language: null, defaultLanguage, site });
    for (const to of admins) {
      const mail = { ...rendered, to, key: `alarm/${key}/${String(firstSeen)}/${to}` };
      await mailer.send({ mail, signal: context.signal });
    }
    await registry.alarmMailed({ key, at: context.now() });
  }
  return { mailed: untold.length };
}
