import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dateOf, dayOf, type Day } from '../../checker/calendar.ts';
import { noSlapd, slapdReason } from '../support/slapd.ts';
import { describeOnTemporal } from '../support/temporal.ts';
import type { Life } from './life.ts';
import { FREEZE, LIVES, WALK } from './lives.ts';
import { createTable, type Demand } from './table.ts';
import { startWalkedWorld, type ApiAnswer, type LdapAnswer, type WalkedWorld } from './walked-world.ts';

/** Whoever reads as many lines knows enough: the walk ends with the day of the last one. */
const ENOUGH_LINES = 3;

/** What the tables demand of one person's accounts on each day, and the days on which something turns. */
interface Foreseen {
  readonly life: Life;
  readonly demands: ReadonlyMap<Day, readonly Demand[]>;
  /** Each turn, the day before and the day after. */
  readonly interesting: ReadonlySet<Day>;
}

const BEGINS = dayOf(WALK.begins);
const ENDS = dayOf(WALK.ends);
const FREEZES = dayOf(FREEZE.from);
const THAWS = dayOf(FREEZE.to);

/** Everything that the rules say of a life, before anything is looked at. */
function foresee(life: Life): Foreseen {
  const table = createTable(life);
  const demands = new Map<Day, readonly Demand[]>();
  const turns = new Set<Day>([FREEZES, THAWS]);
  let before = '';
  for (let day = BEGINS; day <= ENDS; day += 1) {
    table.begin(day, day > FREEZES && day <= THAWS);
    for (const happening of life.happenings.filter(({ on }) => dayOf(on) === day)) {
      table.hear(day, happening);
      turns.add(day);
      // The last day of a hold or of an admin's date.
      if (happening.type === 'command' && happening.until) turns.add(dayOf(happening.until));
    }
    const demanded = table.demands(day, day >= FREEZES && day < THAWS);
    demands.set(day, demanded);
    if (JSON.stringify(demanded) !== before) turns.add(day);
    before = JSON.stringify(demanded);
    for (const turn of table.turns()) turns.add(turn);
  }
  const around = [...turns].flatMap((day) => [day - 1, day, day + 1]);
  return { life, demands, interesting: new Set(around) };
}

interface Looked {
  readonly api: ApiAnswer | undefined;
  readonly ldap: LdapAnswer | undefined;
  /** `null` = nobody tried. */
  readonly canBind: boolean | null;
}

const apiWords = (answer: ApiAnswer | undefined) =>
  answer ? `activeUser ${String(answer.activeUser)}, person ${answer.personId}` : 'nothing';

function ldapWords(answer: Omit<LdapAnswer, 'type'> | null | undefined, canBind: boolean | null): string {
  if (!answer) return 'no entry';
  const access = canBind === null ? '' : canBind ? ', can sign in' : ', cannot sign in';
  return `${answer.status ?? 'no status'}, person ${answer.personId}${access}`;
}

/** A line for a person to read if the answers are not as they must be; `null` = they are. */
function disagreement(life: Life, day: Day, demand: Demand, { api, ldap, canBind }: Looked): string | null {
  const { kind } = demand;
  const demanded = demand.ldap;
  const said = { api: apiWords(api), ldap: ldapWords(ldap, canBind) };
  const table = {
    api: apiWords(demand.api),
    ldap: ldapWords(demanded, canBind === null ? null : (demanded?.canBind ?? false)),
  };
  const isType = !ldap || ldap.type.toLowerCase() === kind;
  // A person is not active in one place and gone in the other, whatever the tables say.
  const isActive = ldap?.status === 'Active';
  const isOne = kind !== 'primary' || !demand.agree || api?.activeUser === isActive;
  if (said.api === table.api && said.ldap === table.ldap && isType && isOne) return null;
  return (
    `${life.story} (${life.name}, ${kind}), noon of ${dateOf(day)}: ` +
    `API says ${said.api}; LDAP says ${said.ldap}; the tables say ${table.api}; ${table.ldap}` +
    (isOne ? '' : '; API and LDAP contradict each other')
  );
}

/** What lists and searches say, whose filters are computed apart from the answers. */
interface Listed {
  readonly one: ApiAnswer | undefined;
  /** Whether `filter=activeUser:true` lists it among persons. */
  readonly active: boolean;
  /** Whether the search for `cernActiveStatus=Active` finds it. */
  readonly found: boolean;
}

/** The same of lists and searches. */
function disagreementOfLists(life: Life, day: Day, demand: Demand, said: Listed): string | null {
  const isPerson = demand.kind === 'primary';
  const table: Listed = {
    one: demand.api,
    active: isPerson && demand.api.activeUser === true,
    found: demand.ldap?.status === 'Active',
  };
  const words = ({ one, active, found }: Listed) =>
    `${apiWords(one)}; ${active ? 'among' : 'not among'} active users, ${found ? 'found' : 'not found'} as Active`;
  if (words(said) === words(table)) return null;
  return (
    `${life.story} (${life.name}, ${demand.kind}), noon of ${dateOf(day)}: ` +
    `lists say ${words(said)}; the tables say ${words(table)}`
  );
}

/** Asks API and directory about everybody, and whoever is of interest twice, as known clients ask. */
async function compare(
  world: WalkedWorld,
  day: Day,
  people: readonly Foreseen[],
): Promise<readonly string[]> {
  const list = await world.identities();
  const active = await world.identities(['activeUser:true', 'type:Person']);
  const entries = await world.entries('(cernAccountType=*)');
  const found = await world.entries('(&(cernAccountType=Primary)(cernActiveStatus=Active))');
  const lines: string[] = [];
  for (const { life, demands, interesting } of people) {
    for (const demand of demands.get(day) ?? []) {
      const login = world.login(life, demand.kind);
      const ldap = entries.get(login);
      const isOfInterest = interesting.has(day);
      const api = isOfInterest ? await world.identity(login) : list.get(login);
      const canBind = isOfInterest && ldap ? await world.canBind(login) : null;
      const lists = { one: list.get(login), active: active.has(login), found: found.has(login) };
      const line =
        disagreement(life, day, demand, { api, ldap, canBind }) ??
        disagreementOfLists(life, day, demand, lists);
      if (line !== null) lines.push(line);
    }
  }
  return lines;
}

describeOnTemporal('official answers', (server) => {
  describe.skipIf(noSlapd)(`of the API and a directory server${slapdReason}`, () => {
    let world: WalkedWorld;
    beforeAll(async () => {
      world = await startWalkedWorld(server, WALK.begins);
    });
    afterAll(() => world.stop());

    it(
      'agree with each other and with the tables at every noon of many lives',
      { timeout: 1_800_000 },
      async () => {
        const people = LIVES.map(foresee);
        for (const { life } of people) world.hrSays(life, life.ties);
        await world.synchronise();
        await world.settle();
        for (const { life } of people) {
          for (const kind of life.beside) await world.request(life, kind);
        }
        await world.settle();

        const lines: string[] = [...(await compare(world, BEGINS, people))];
        for (let day = BEGINS + 1; day <= ENDS && lines.length < ENOUGH_LINES; day += 1) {
          world.moveTo(day);
          const awake = people.filter(({ interesting }) => interesting.has(day)).map(({ life }) => life);
          if (awake.length > 0) {
            await world.wake(awake);
            await world.settle(awake);
          }
          if (await happen(world, day)) await world.settle();
          lines.push(...(await compare(world, day, people)));
        }
        expect(lines.join('\n')).toBe('');
      },
    );
  });
});

/** What is said at the noon of the day, by everybody. Whether it was anything. */
async function happen(world: WalkedWorld, day: Day): Promise<boolean> {
  const said = LIVES.flatMap((life) =>
    life.happenings.flatMap((happening) => (dayOf(happening.on) === day ? [{ life, happening }] : [])),
  );
  for (const { life, happening } of said) {
    if (happening.type === 'hr') world.hrSays(life, happening.ties);
    else await world.command(life, happening);
  }
  if (said.some(({ happening }) => happening.type === 'hr')) await world.synchronise();
  const isTurn = day === FREEZES || day === THAWS;
  if (isTurn) await world.freeze(day === FREEZES);
  return isTurn || said.length > 0;
}
