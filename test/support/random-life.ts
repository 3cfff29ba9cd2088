import fc from 'fast-check';
import type { AccountKind } from '../../src/contracts/account.ts';
import type { Tie } from '../../src/contracts/affiliation.ts';
import { COMMAND_NAMES } from '../../src/contracts/command.ts';
import type { AccountEvent } from '../../src/contracts/event.ts';
import type { Instant } from '../../src/contracts/time.ts';
import { dateOfDay, dayOf } from './oracle.ts';
import { EXPERIMENT, PERSON } from './policy-builders.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** First day of every random life. */
export const FIRST_DAY = dayOf('2027-01-04');
/** After so many days nothing happens any more but what was planned. */
export const EVENTFUL_DAYS = 800;

/** Distances in days at which the rules turn. */
const TURNING = [
  -181, -180, -179, -62, -61, -60, -59, -8, -7, -1, 0, 1, 2, 6, 7, 8, 26, 27, 28, 59, 60, 61, 90,
];

const distance = fc.oneof(fc.constantFrom(...TURNING), fc.integer({ min: -400, max: 500 }));

function tieNear(day: number): fc.Arbitrary<Tie> {
  return fc
    .record({
      kind: fc.constantFrom('contract' as const, 'contract' as const, 'participation' as const),
      startsAt: fc.oneof(
        { weight: 3, arbitrary: fc.integer({ min: -600, max: 0 }) },
        { weight: 1, arbitrary: distance },
      ),
      hasStart: fc.integer({ min: 0, max: 9 }),
      endsAt: distance,
      isOpen: fc.integer({ min: 0, max: 9 }),
      excluded: fc.integer({ min: 0, max: 5 }),
      experiment: fc.constantFrom(EXPERIMENT, 'cms', 'ATLAS'),
    })
    .map(({ kind, startsAt, hasStart, endsAt, isOpen, excluded, experiment }) => ({
      kind,
      start: hasStart === 0 ? null : dateOfDay(day + startsAt),
      end: isOpen === 0 ? null : dateOfDay(day + endsAt),
      excluded: kind === 'contract' && excluded === 0,
      experiment: kind === 'participation' ? experiment : null,
    }));
}

function tiesNear(kind: AccountKind, day: number): fc.Arbitrary<readonly Tie[]> {
  const ties = fc.array(tieNear(day), { minLength: 0, maxLength: 3 });
  if (kind !== 'experiment') return ties;
  return ties.map((all) =>
    all.map((tie) => ({
      ...tie,
      kind: 'participation' as const,
      excluded: false,
      experiment: tie.experiment ?? EXPERIMENT,
    })),
  );
}

const commandNear = (day: number) =>
  fc
    .record({
      name: fc.constantFrom(...COMMAND_NAMES),
      inDays: fc.oneof(fc.constantFrom(0, 1, 6, 7, 8, 27, 60), fc.integer({ min: 0, max: 200 })),
      form: fc.integer({ min: 0, max: 5 }),
      commandId: fc.option(fc.constantFrom('c1', 'c2', 'c3', 'c4'), { nil: undefined }),
    })
    .map(({ name, inDays, form, commandId }) => {
      const until =
        form === 0 ? null : form === 1 && name === 'ignore' ? ('never' as const) : dateOfDay(day + inDays);
      return {
        name,
        actor: 'admin-7',
        reason: 'ticket',
        ...(form >= 3 && name !== 'extend' ? {} : { until }),
        ...(commandId === undefined ? {} : { commandId }),
      };
    });

/** One message at a random minute; observations are numbered by `number`. */
function message(kind: AccountKind, number: number): fc.Arbitrary<AccountEvent> {
  return fc.integer({ min: 0, max: EVENTFUL_DAYS * 1440 }).chain((minute): fc.Arbitrary<AccountEvent> => {
    const at = FIRST_DAY * DAY + minute * MINUTE;
    const day = Math.floor(at / DAY);
    const seen = fc
      .tuple(tiesNear(kind, day), fc.integer({ min: 0, max: 11 }), fc.integer({ min: -2, max: 0 }))
      .map(([ties, chance, late]): AccountEvent => {
        const outcome = chance === 0 ? 'no-person' : 'found';
        const own = { personId: chance === 1 ? '900999' : PERSON, number: (number + late) * 1000 };
        return { type: 'observed', at, observation: { ...own, outcome, ties: chance === 0 ? [] : ties, at } };
      });
    const said = commandNear(day).map((command): AccountEvent => ({ type: 'commanded', at, command }));
    const rubbish = fc.constant<AccountEvent>({ type: 'messageRefused', at, message: 'rubbish' });
    return fc.oneof(
      { weight: 5, arbitrary: seen },
      { weight: 4, arbitrary: said },
      { weight: 1, arbitrary: rubbish },
    );
  });
}

export interface RandomLife {
  readonly startTies: readonly Tie[];
  readonly isJoiner: boolean;
  readonly messages: readonly AccountEvent[];
  readonly down: readonly { readonly from: Instant; readonly to: Instant }[];
  /** How attempts go, one after the other; what is beyond its end succeeds. */
  readonly luck: readonly { readonly kind: number; readonly hours: number }[];
}

/** A life full of dates that move, commands, outages and failing steps. */
export function randomLife(kind: AccountKind, maxMessages = 8): fc.Arbitrary<RandomLife> {
  const outage = fc
    .tuple(
      fc.integer({ min: 0, max: EVENTFUL_DAYS * 24 }),
      fc.oneof(fc.integer({ min: 1, max: 96 }), fc.integer({ min: 1, max: 6000 })),
    )
    .map(([from, hours]) => {
      const start = FIRST_DAY * DAY + from * 60 * MINUTE;
      return { from: start, to: start + hours * 60 * MINUTE };
    });
  return fc.record({
    startTies: tiesNear(kind, FIRST_DAY + 100),
    isJoiner: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
    messages: fc
      .integer({ min: 0, max: maxMessages })
      .chain((length) => fc.tuple(...Array.from({ length }, (_, index) => message(kind, index + 3)))),
    down: fc.array(outage, { maxLength: 2 }),
    luck: fc.array(
      fc.record({ kind: fc.integer({ min: 0, max: 15 }), hours: fc.integer({ min: 1, max: 400 }) }),
      {
        maxLength: 60,
      },
    ),
  });
}
