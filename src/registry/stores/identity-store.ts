import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { assertNever } from '../../policy/assert-never.ts';
import { daysBetween } from '../../policy/calendar.ts';
import type { CalendarDate, Instant } from '../../contracts/time.ts';
import { loginKey, storable, wholeMs } from '../column-values.ts';
import type {
  IdentityCondition,
  IdentityKind,
  IdentityRegistry,
  IdentityRow,
  IdentitySelection,
} from '../identity-registry.ts';
import type { RegistryDatabase } from '../registry-database.ts';

/** Of a longer stretch nearly everybody would be found, and its days are more than an index is good for. */
const LONGEST_BY_INDEX_DAYS = 40;

/** What the Authorization Service API reads; triggers write it, see the migration `0007-identities.ts`. */
export function createIdentityStore(database: RegistryDatabase): IdentityRegistry {
  return {
    identityByLogin: ({ login, today }) =>
      database.query(async (db) => {
        const { rows } = await sql<SelectedRow>`
          ${selected(today)} where identities.login_key = ${loginKey(login)}`.execute(db);
        return rows[0] === undefined ? null : toIdentity(rows[0]);
      }),

    identities: ({ after, offset, limit, ...selection }) =>
      database.query(async (db) => {
        const { rows } = await sql<SelectedRow>`
          ${selected(selection.today)}
          where identities.number > ${after ?? 0}::bigint and ${fulfils(selection)}
          order by identities.number offset ${offset}::bigint limit ${limit}::bigint`.execute(db);
        return rows.map(toIdentity);
      }),

    countIdentities: (selection) =>
      database.query(async (db) => {
        const persons = selection.conditions.some(({ field }) => PERSON_FIELDS.has(field))
          ? JOINED_PERSONS
          : sql``;
        const { rows } = await sql<{ count: number }>`
          select count(*) as count from identities ${persons} where ${fulfils(selection)}`.execute(db);
        return rows[0]?.count ?? 0;
      }),

    deploymentKey: ({ name, proposed }) =>
      database.transaction(async (trx) => {
        await trx
          .insertInto('deployment_keys')
          .values({ name, value: proposed })
          .onConflict((conflict) => conflict.column('name').doNothing())
          .execute();
        const row = await trx
          .selectFrom('deployment_keys')
          .select('value')
          .where('name', '=', name)
          .executeTakeFirstOrThrow();
        return row.value;
      }),
  };
}

interface SelectedRow {
  readonly number: number;
  readonly account_id: string;
  readonly kind: IdentityKind;
  readonly login: string;
  readonly person_id: string;
  readonly uid_number: number;
  readonly active_user: boolean | null;
  readonly modified_at: Instant;
  readonly last_flip: CalendarDate | null;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly email: string | null;
  readonly language: string | null;
  readonly department: string | null;
  readonly group_name: string | null;
  readonly section: string | null;
  readonly institute: string | null;
}

const PERSON_FIELDS = new Set<IdentityCondition['field']>([
  'email',
  'department',
  'group',
  'section',
  'institute',
]);

const JOINED_PERSONS = sql`left join persons on persons.person_id = identities.person_id`;

const selected = (today: CalendarDate) => sql`
  select identities.number, identities.account_id, identities.kind, identities.login, identities.person_id,
    identities.uid_number, identities.modified_at, given_name, family_name, email, language, department, group_name,
    section, institute, ${activeUser(today)} as active_user,
    (select max(day) from unnest(identities.flip_days) as day where day <= ${today}::date) as last_flip
  from identities ${JOINED_PERSONS}`;

const activeUser = (today: CalendarDate) => sql<boolean | null>`
  case when identities.kind <> 'service' then identities.valid_days @> ${today}::date end`;

/**
 * A person is shown by the newest primary account: an older one is over, and known by its login alone. Of a merged person
 * the living one may be the older.
 */
const IS_NEWEST = sql<SqlBool>`(identities.kind <> 'primary' or not exists (
  select from identities as newer
  where newer.person_id = identities.person_id and newer.kind = 'primary'
    and (not newer.is_over, newer.number) > (not identities.is_over, identities.number)))`;

function fulfils({ today, conditions }: IdentitySelection): RawBuilder<SqlBool> {
  return sql<SqlBool>`${sql.join([IS_NEWEST, ...conditions.map((one) => holds(one, today))], sql` and `)}`;
}

function holds(condition: IdentityCondition, today: CalendarDate): RawBuilder<SqlBool> {
  switch (condition.field) {
    case 'login':
      return sql`identities.login_key = ${loginKey(condition.equals)}`;
    case 'accountId':
      return sql`identities.account_id = ${storable(condition.equals)}`;
    case 'personId':
      return sql`identities.person_id = ${storable(condition.equals)}`;
    case 'email':
      return sql`lower(persons.email) = lower(${storable(condition.equals)}::text)`;
    case 'department':
      return sql`persons.department = ${storable(condition.equals)}`;
    case 'group':
      return sql`persons.group_name = ${storable(condition.equals)}`;
    case 'section':
      return sql`persons.section = ${storable(condition.equals)}`;
    case 'institute':
      return sql`persons.institute = ${storable(condition.equals)}`;
    case 'kind':
      return sql`identities.kind = ${condition.equals}`;
    case 'activeUser':
      return sql`${activeUser(today)} = ${condition.equals}::boolean`;
    case 'nothing':
      return sql`false`;
    case 'modified': {
      const since = modifiedSince(condition, today);
      return condition.is === 'since' ? since : sql`not ${since}`;
    }
    default:
      return assertNever(condition);
  }
}

function modifiedSince(
  { at, day }: { readonly at: Instant; readonly day: CalendarDate },
  today: CalendarDate,
): RawBuilder<SqlBool> {
  const written = sql<SqlBool>`identities.modified_at >= ${wholeMs(at)}::bigint`;
  if (day > today) return sql`(${written})`;
  if (daysBetween(day, today) > LONGEST_BY_INDEX_DAYS) {
    return sql`(${written} or exists (
      select from unnest(identities.flip_days) as flip where flip between ${day}::date and ${today}::date))`;
  }
  return sql`(${written} or identities.flip_days && array(
    select one::date from generate_series(${day}::date, ${today}::date, interval '1 day') as one))`;
}

function toIdentity(row: SelectedRow): IdentityRow {
  const { given_name: givenName, family_name: familyName } = row;
  return {
    number: row.number,
    accountId: row.account_id,
    kind: row.kind,
    login: row.login,
    personId: row.person_id,
    uidNumber: row.uid_number,
    activeUser: row.active_user,
    modifiedAt: row.modified_at,
    lastFlip: row.last_flip,
    person:
      givenName === null || familyName === null
        ? null
        : {
            givenName,
            familyName,
            email: row.email,
            language: row.language,
            department: row.department,
            group: row.group_name,
            section: row.section,
            institute: row.institute,
          },
  };
}
