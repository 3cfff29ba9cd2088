import { renderNotice } from '../../src/notices/render-notice.ts';
import type { AlarmRow } from '../../src/registry/registry.ts';
import type { SyncContext } from '../sync-activities.ts';

/** Mails one alarm to every admin, each apart; answers whether anybody could be told. */
async function mailAlarm(context: SyncContext, alarm: AlarmRow): Promise<boolean> {
  const { mailer, settings, log } = context.deps;
  const { defaultLanguage, site, admins, timeZone } = settings;
  const { key, message, firstSeen } = alarm;
  const facts = { key, message, firstSeen, timeZone };
  const rendered = renderNotice({ template: 'alarm', facts, language: null, defaultLanguage, site });
  const sendings = admins.map((to) =>
    mailer.send({
      mail: { ...rendered, to, key: `alarm/${key}/${firstSeen}/${to}` },
      signal: context.signal,
    }),
  );
  const results = await Promise.allSettled(sendings);
  const refused = results.filter(({ status }) => status === 'rejected').length;
  if (refused > 0) log.warn('alarm not mailed to every admin', { key, refused, admins: admins.length });
  return refused < admins.length;
}

/**
 * Mails every open alarm that the admins were not told of. One that nobody could be told of stays unmailed, and the next
 * synchronisation tries again: mail that does not go out holds up neither the other alarms nor the synchronisation.
 */
export async function mailAlarms(context: SyncContext): Promise<{ mailed: number }> {
  const { registry } = context.deps;
  const untold = (await registry.alarms({ open: true })).filter(({ mailedAt }) => mailedAt === null);
  let mailed = 0;
  for (const alarm of untold) {
    if (!(await mailAlarm(context, alarm))) continue;
    await registry.alarmMailed({ key: alarm.key, at: context.now() });
    mailed += 1;
  }
  return { mailed };
}
