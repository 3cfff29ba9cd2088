import type { Migration } from './migration.ts';

/**
 * What the Authorization Service API shows of an account, beside its person's attributes. Triggers keep it, in the
 * transaction of whoever writes accounts or persons: no store can forget it.
 */
const IDENTITIES = `
create table identities (
  account_id text collate "C" primary key references accounts,
  number bigint generated always as identity,
  person_id text collate "C" not null,
  kind text not null,
  login text not null,
  login_key text collate "C" not null,
  uid_number integer not null,
  is_over boolean not null,
  told_number bigint,
  valid_days datemultirange not null,
  flip_days date[] not null,
  modified_at bigint not null
)`;

/** Secrets of our own that every process needs, and nobody else. */
const DEPLOYMENT_KEYS = `
create table deployment_keys (
  name text primary key,
  value text not null
)`;

const INDEXES = [
  'create unique index identities_in_order on identities (number)',
  'create unique index identities_by_login on identities (login_key)',
  'create index identities_of_person on identities (person_id, number)',
  'create index identities_by_modification on identities (modified_at)',
  'create index identities_by_flip on identities using gin (flip_days)',
];

/** As the deployment's clock shows it to whoever commits now: later than the moment at which HR was asked. */
const NOW = `
create function deployment_now() returns bigint language sql volatile as $$
  select coalesce(
    (select floor(virtual_ms + (extract(epoch from clock_timestamp()) * 1000 - real_ms) * speed)::bigint from clock),
    floor(extract(epoch from clock_timestamp()) * 1000)::bigint)
$$`;

/** The stretches of `src/policy/governing.ts`, for SQL; a test holds the two together. The year 0 is none here. */
const VALID_DAYS = `
create function valid_days_of(observation jsonb) returns datemultirange language sql stable as $$
  select coalesce(range_agg(daterange(first_day, last_day, '[]')), '{}'::datemultirange)
  from (
    select case when tie ->> 'start' like '0000-%' then null else (tie ->> 'start')::date end as first_day,
           case when tie ->> 'end' like '0000-%' then date '0001-01-01' - 1 else (tie ->> 'end')::date end as last_day
    from jsonb_array_elements(observation -> 'ties') as tie
  ) as ties
  where first_day is null or last_day is null or first_day <= last_day
$$`;

/** Days with which validity begins or is over: on each, `activeUser` is another than on the day before. */
const FLIP_DAYS = `
create function flip_days_of(days datemultirange) returns date[] language sql immutable as $$
  select coalesce(array_agg(day order by day), '{}')
  from (
    select lower(stretch) as day from unnest(days) as stretch where not lower_inf(stretch)
    union all
    select upper(stretch) from unnest(days) as stretch where not upper_inf(stretch)
  ) as days
$$`;

/** What the account was told of its person: the newer of what its workflow knows and what was applied to all. */
const TOLD = `
create function told_of(own jsonb, owner text) returns jsonb language sql stable as $$
  select observation from (
    select own as observation where own ->> 'personId' = owner
    union all
    select applied_observation from persons where person_id = owner and applied_observation is not null
  ) as known
  order by (observation ->> 'number')::bigint desc limit 1
$$`;

/**
 * Locks go from accounts over persons to identities, everywhere. The row is written only when it differs, since every
 * projection of an account comes by here.
 */
const FOLLOW_ACCOUNT = `
create function identity_follows_account() returns trigger language plpgsql as $$
declare
  own jsonb := new.state -> 'observation';
  over boolean := new.stage in ('deleted', 'released', 'neverJoined', 'deletedOutside');
  known identities%rowtype;
  told jsonb;
  days datemultirange := '{}';
begin
  if new.kind not in ('primary', 'secondary', 'service') then return null; end if;
  select * into known from identities where account_id = new.account_id;
  if found and (known.person_id, known.kind, known.is_over) = (new.person_id, new.kind, over)
     and coalesce((own ->> 'number')::bigint, -1) <= coalesce(known.told_number, -1) then
    return null;
  end if;
  perform from persons where person_id = new.person_id for share;
  select * into known from identities where account_id = new.account_id for update;
  told := told_of(own, new.person_id);
  if not over and new.kind <> 'service' and told is not null then days := valid_days_of(told); end if;
  if known.account_id is null then
    insert into identities (account_id, person_id, kind, login, login_key, uid_number, is_over, told_number, valid_days,
      flip_days, modified_at)
    values (new.account_id, new.person_id, new.kind, new.login, new.login_key, new.uid_number, over,
      (told ->> 'number')::bigint, days, flip_days_of(days), deployment_now());
    return null;
  end if;
  update identities set
    person_id = new.person_id, kind = new.kind, is_over = over, told_number = (told ->> 'number')::bigint,
    valid_days = days, flip_days = flip_days_of(days),
    modified_at = case
      when (person_id, kind, is_over, valid_days) = (new.person_id, new.kind, over, days) then modified_at
      else greatest(modified_at, deployment_now()) end
  where account_id = new.account_id;
  return null;
end $$`;

/** Every account of the person is another to who reads names, whatever its kind. */
const FOLLOW_PERSON = `
create function identities_follow_person() returns trigger language plpgsql as $$
begin
  update identities set modified_at = greatest(modified_at, deployment_now()) where person_id = new.person_id;
  return null;
end $$`;

const FOLLOW_FACTS = `
create function identities_follow_facts() returns trigger language plpgsql as $$
declare
  days datemultirange := valid_days_of(new.applied_observation);
begin
  update identities set
    told_number = (new.applied_observation ->> 'number')::bigint,
    valid_days = case when is_over or kind = 'service' then valid_days else days end,
    flip_days = case when is_over or kind = 'service' then flip_days else flip_days_of(days) end,
    modified_at = case
      when is_over or kind = 'service' or valid_days = days then modified_at
      else greatest(modified_at, deployment_now()) end
  where person_id = new.person_id
    and coalesce(told_number, -1) < (new.applied_observation ->> 'number')::bigint;
  return null;
end $$`;

const SHOWN = [
  'given_name',
  'family_name',
  'email',
  'language',
  'department',
  'group_name',
  'section',
  'institute',
];

const TRIGGERS = [
  `create trigger identity_follows_account after insert or update of person_id, kind, stage, state on accounts
     for each row execute function identity_follows_account()`,
  `create trigger identities_follow_new_person after insert on persons
     for each row execute function identities_follow_person()`,
  `create trigger identities_follow_person after update of ${SHOWN.join(', ')} on persons
     for each row when ((${SHOWN.map((column) => `old.${column}`).join(', ')})
       is distinct from (${SHOWN.map((column) => `new.${column}`).join(', ')}))
     execute function identities_follow_person()`,
  `create trigger identities_follow_facts after update of applied_observation on persons
     for each row when (new.applied_observation is not null
       and new.applied_observation is distinct from old.applied_observation)
     execute function identities_follow_facts()`,
  // Found by paging in their order: a number is never another's.
  `create trigger identities_stay before delete or truncate on identities
     for each statement execute function refuse_change()`,
];

const FROM_ACCOUNTS = `
insert into identities (account_id, person_id, kind, login, login_key, uid_number, is_over, told_number, valid_days,
  flip_days, modified_at)
select account_id, person_id, kind, login, login_key, uid_number, is_over, (told ->> 'number')::bigint, days,
  flip_days_of(days), deployment_now()
from (
  select *, case when is_over or kind = 'service' or told is null then '{}'::datemultirange
                 else valid_days_of(told) end as days
  from (
    select *, stage in ('deleted', 'released', 'neverJoined', 'deletedOutside') as is_over,
      told_of(state -> 'observation', person_id) as told
    from accounts where kind in ('primary', 'secondary', 'service')
  ) as told_accounts
) as identities_to_be
order by created_at, account_id`;

/** What the Authorization Service API reads. */
export const identities: Migration = {
  version: 7,
  name: 'identities',
  statements: [
    IDENTITIES,
    DEPLOYMENT_KEYS,
    ...INDEXES,
    NOW,
    VALID_DAYS,
    FLIP_DAYS,
    TOLD,
    FOLLOW_ACCOUNT,
    FOLLOW_PERSON,
    FOLLOW_FACTS,
    FROM_ACCOUNTS,
    ...TRIGGERS,
  ],
};
