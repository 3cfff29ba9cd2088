import { dayOf, type Day } from '../../checker/calendar.ts';
import type { Stage } from '../../checker/life.ts';
import { RULES } from '../../checker/rules.ts';
import { effectiveLastDay, isExcludedIn, isHere, isOver, type World } from '../../checker/world.ts';
import { lastDayOf } from '../../checker/ties.ts';
import type { Happening, Life } from './life.ts';
import { BOSS } from './lives.ts';

/** What the API is to say of one account. `null` = no `activeUser` at all. */
export interface SaidByApi {
  readonly activeUser: boolean | null;
  readonly personId: string;
}

/** What the directory is to say of one account. */
export interface SaidByLdap {
  /** `null` = it has no `cernActiveStatus`. */
  readonly status: string | null;
  readonly personId: string;
  readonly canBind: boolean;
}

export type AccountKind = 'primary' | 'secondary' | 'service';

/** What the tables demand of one account at the noon of one day. */
export interface Demand {
  readonly kind: AccountKind;
  readonly api: SaidByApi;
  /** `null` = no entry. */
  readonly ldap: SaidByLdap | null;
  /** Valid for HR and active for the directory are one thing on this day: no admin's date stands between them. */
  readonly agree: boolean;
}

/** One life by the calendar of domain §2, day by day. It knows nothing of the code under test. */
export interface Table {
  /** The day begins; what was due is done before noon. */
  begin(day: Day, frozen: boolean): void;
  /** Something is said at noon. */
  hear(day: Day, happening: Happening): void;
  /** What is due by what was said at noon, and then: what the tables demand. */
  demands(day: Day, frozen: boolean): readonly Demand[];
  /** The day of every notice, milestone or wait of the last day that counts now. */
  turns(): readonly Day[];
}

/** Where one life stands, by the rules alone. */
interface Standing {
  readonly world: World;
  readonly stage: Stage;
  readonly blockedOn: Day | null;
  readonly isOnLeave: boolean;
  /** The last day that counts, since when, and the day of the first notice that named it. */
  readonly last: { readonly day: Day; readonly since: Day; readonly named: Day | null } | null;
  /** Of the service account. */
  readonly owner: string;
}

export function createTable(life: Life): Table {
  let now: Standing = {
    world: {
      ...{ person: String(life.id), ties: life.ties, isGone: false, vanished: null },
      ...{ admin: null, adminSince: 0, ignored: null, disabled: false },
    },
    ...{ stage: 'pending', blockedOn: null, isOnLeave: false, last: null, owner: String(life.id) },
  };
  const pass = (day: Day, frozen: boolean): void => {
    for (;;) {
      const next = advanced(now, day, frozen);
      if (next === now) return;
      now = next;
    }
  };
  return {
    begin(day, frozen) {
      if (isHoldOver(now, day)) now = withoutHold(now, day);
      pass(day, frozen);
    },
    hear(day, happening) {
      now = { ...now, world: heard(now, day, happening) };
    },
    demands(day, frozen) {
      pass(day, frozen);
      return [
        primary(now, day),
        ...(life.beside.includes('secondary') ? [secondary(now, day)] : []),
        ...(life.beside.includes('service') ? [service(now)] : []),
      ];
    },
    turns() {
      if (now.last === null) return [];
      const { day } = now.last;
      const afterLeaving = [0, RULES.block, RULES.delete].map((offset) => day + 1 + offset);
      return [...RULES.notices.map((offset) => day + offset), ...afterLeaving];
    },
  };
}

function isHoldOver({ world: { ignored } }: Standing, day: Day): boolean {
  return day > (ignored?.until ?? Infinity);
}

/** Of what a hold stopped, the notices begin to be looked at when it is over. */
function withoutHold(now: Standing, day: Day): Standing {
  const { last, world } = now;
  return { ...now, world: { ...world, ignored: null }, last: last && { ...last, since: day } };
}

function heard(now: Standing, day: Day, happening: Happening): World {
  const { world } = now;
  if (happening.type === 'command') return ordered(world, day, happening);
  const { ties } = happening;
  if (now.stage === 'pending' || lastDayOf(ties, day) !== null) return { ...world, ties, vanished: null };
  const known = world.ties === null ? null : lastDayOf(world.ties, day);
  const vanished = world.vanished ?? (typeof known === 'number' && known < day ? known : day);
  return { ...world, ties, vanished };
}

function ordered(world: World, day: Day, command: Extract<Happening, { type: 'command' }>): World {
  const until = command.until ? dayOf(command.until) : null;
  switch (command.name) {
    case 'extend':
      return { ...world, admin: until };
    case 'restore':
      return { ...world, admin: until ?? day + RULES.restore };
    case 'ignore':
      return { ...world, ignored: { until: until ?? day + RULES.ignore, since: day } };
    case 'disable':
      return { ...world, disabled: true };
    case 'enable':
      return { ...world, disabled: false };
  }
}

/** One thing that is due, done; the same standing = nothing is. */
function advanced(now: Standing, day: Day, frozen: boolean): Standing {
  const { world, stage, last } = now;
  const effective = effectiveLastDay(world, day);
  const isLeaver = isOver(effective, day);
  if (typeof effective === 'number' ? last?.day !== effective : last !== null) {
    return {
      ...now,
      last: typeof effective === 'number' ? { day: effective, since: day, named: null } : null,
    };
  }
  const isFree = world.ignored === null;
  const nameDay = last && isFree && stage !== 'pending' ? nameOn(last) : Infinity;
  if (last?.named === null && nameDay <= day) return { ...now, last: { ...last, named: nameDay } };
  const isHandedOn = last !== null && last.day < day && now.owner !== String(BOSS) && !frozen;
  // A command on the person does not cover the service account: no hold stops this.
  if (isHandedOn && stage !== 'pending') return { ...now, owner: String(BOSS) };
  switch (stage) {
    case 'pending':
      if (!isLeaver) return { ...now, stage: 'active' };
      return effective === null && (world.ties ?? []).length === 0 ? { ...now, stage: 'neverJoined' } : now;
    case 'active':
      if (isLeaver) return isFree ? { ...now, stage: 'grace' } : now;
      return withLeave(now, day);
    case 'grace':
    case 'blocked':
      if (!isLeaver) return { ...now, stage: 'active', blockedOn: null, isOnLeave: false };
      return isFree && !frozen && last ? harmed(now, last, day) : now;
    case 'deleted':
    case 'neverJoined':
      return now;
  }
}

/** The first notice goes out at its date, or the day after it was too late for one: domain §5, "Late is not lost". */
function nameOn({ day, since }: { readonly day: Day; readonly since: Day }): Day {
  const first = day + Math.min(...RULES.notices);
  return first > since ? first : since + 1;
}

function withLeave(now: Standing, day: Day): Standing {
  const isOnLeave = isHere(now.world, day) && isExcludedIn(now.world, day);
  const isHeard = !isOnLeave || now.world.ignored === null;
  return isHeard && isOnLeave !== now.isOnLeave ? { ...now, isOnLeave } : now;
}

function harmed(now: Standing, last: NonNullable<Standing['last']>, day: Day): Standing {
  if (now.blockedOn === null) {
    const isWarned = last.named !== null && day >= last.named + RULES.blockAfterNotice;
    return day >= last.day + 1 + RULES.block && isWarned ? { ...now, stage: 'blocked', blockedOn: day } : now;
  }
  const isDue = day >= last.day + 1 + RULES.delete && day >= now.blockedOn + RULES.deleteAfterBlock;
  return isDue ? { ...now, stage: 'deleted' } : now;
}

/** Domain §9: by HR's ties alone, and never after the end. */
function isActiveUser({ world, stage }: Standing, day: Day): boolean {
  if (stage === 'deleted' || stage === 'neverJoined') return false;
  const last = lastDayOf(world.ties ?? [], day);
  return last === 'open' || (last !== null && last >= day);
}

function statusOf({ world }: Standing, day: Day): string {
  const last = effectiveLastDay(world, day);
  if (!isOver(last, day)) return 'Active';
  return typeof last === 'number' && day <= last + RULES.block ? 'Grace Period' : 'Inactive';
}

function personal(now: Standing, day: Day): Omit<Demand, 'kind'> {
  const { world, stage } = now;
  const activeUser = isActiveUser(now, day);
  const personId = world.person;
  const hasEntry = stage === 'active' || stage === 'grace' || stage === 'blocked';
  const canBind = stage !== 'blocked' && !world.disabled && !now.isOnLeave;
  const status = statusOf(now, day);
  return {
    api: { activeUser, personId },
    ldap: hasEntry ? { status, personId, canBind } : null,
    agree: (world.admin ?? -Infinity) < day && world.vanished !== day,
  };
}

function primary(now: Standing, day: Day): Demand {
  return { kind: 'primary', ...personal(now, day) };
}

/** Only primary accounts have a status. */
function secondary(now: Standing, day: Day): Demand {
  const { ldap, ...others } = personal(now, day);
  return { kind: 'secondary', ...others, ldap: ldap && { ...ldap, status: null } };
}

/** Never blocked or deleted because of an owner; the API says nothing of it. */
function service({ owner: personId }: Standing): Demand {
  const ldap = { status: null, personId, canBind: true };
  return { kind: 'service', api: { activeUser: null, personId }, ldap, agree: false };
}
