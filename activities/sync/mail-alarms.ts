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

/** More than so many at once go out in one mail: a flood is read by nobody. */
const MOST_MAILS = 5;

/** A held plan has a mail of its own. */
function isMailedApart({ key }: AlarmRow): boolean {
  return key.startsWith('held-plan:');
}

/** Many alarms as one. */
function joined(alarms: readonly [AlarmRow, ...AlarmRow[]]): AlarmRow {
  const [first] = alarms;
  return {
    ...first,
    key: `${String(alarms.length)} alarms, ${first.key} and others`,
    message: alarms.map(({ message }) => message).join('; '),
  };
}

/**
 * Mails every open alarm that the admins were not told of. One that nobody could be told of stays unmailed, and the next
 * synchronisation tries again: mail that does not go out holds up neither the other alarms nor the synchronisation.
 */
export async function mailAlarms(context: SyncContext): Promise<{ mailed: number }> {
  const { registry } = context.deps;
  const untold = (await registry.alarms({ open: true })).filter(
    (alarm) => alarm.mailedAt === null && !isMailedApart(alarm),
  );
  const [first, ...others] = untold;
  if (!first) return { mailed: 0 };
  const mails =
    untold.length > MOST_MAILS ? [[first, ...others] as const] : untold.map((one) => [one] as const);
  let mailed = 0;
  for (const alarms of mails) {
    if (!(await mailAlarm(context, joinedOrOne(alarms)))) continue;
    for (const { key } of alarms) await registry.alarmMailed({ key, at: context.now() });
    mailed += alarms.length;
  }
  return { mailed };
}

function joinedOrOne(alarms: readonly [AlarmRow, ...AlarmRow[]]): AlarmRow {
  return alarms.length === 1 ? alarms[0] : joined(alarms);
}
