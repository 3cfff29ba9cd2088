import fc from 'fast-check';
import type { CommandName } from '../../src/contracts/command.ts';
import type { LifecycleStatus } from '../../src/contracts/instance.ts';
import type { Instant } from '../../src/contracts/time.ts';

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** First moment of every random life in an instance. */
export const LIFE_BEGINS = Date.UTC(2027, 0, 4, 12);
/** After so many days nothing happens any more but what was planned. */
const EVENTFUL_DAYS = 200;
export const EVENTS_END = LIFE_BEGINS + EVENTFUL_DAYS * DAY;

/** Something that is done to an account in its instance by others: admins, IAM itself, a synchronisation. */
export type Deed =
  | { readonly type: 'end'; readonly endTime: Instant | null }
  | { readonly type: 'active'; readonly active: boolean }
  | { readonly type: 'mark'; readonly mark: LifecycleStatus | null }
  | { readonly type: 'ignore'; readonly ignored: boolean }
  /** A synchronisation gives back what the lifecycle has suspended. */
  | { readonly type: 'restore'; readonly endTime: Instant }
  /** The label names the other person, or the first one again. */
  | { readonly type: 'repoint' }
  | { readonly type: 'depart'; readonly presence: 'released' | 'deletedOutside' };

export type Message =
  | { readonly type: 'deed'; readonly deed: Deed; readonly toldAfterHours: number }
  /** The account is told once more what the instance shows. */
  | { readonly type: 'look' }
  /** A synchronisation tells the account what HR says of the person that its label names. */
  | { readonly type: 'observed' }
  | {
      readonly type: 'command';
      readonly name: CommandName;
      readonly untilInDays: number | null;
    };

export interface RandomInstanceLife {
  readonly endTime: Instant | null;
  readonly mark: LifecycleStatus | null;
  readonly active: boolean;
  readonly ignored: boolean;
  readonly messages: readonly { readonly at: Instant; readonly message: Message }[];
  /** How attempts go: 0 = it fails for good, anything else = as the instance lets it. */
  readonly luck: readonly number[];
  readonly down: readonly { readonly from: Instant; readonly to: Instant }[];
}

const moment = fc
  .integer({ min: 0, max: EVENTFUL_DAYS * 1440 })
  .map((minute) => LIFE_BEGINS + minute * MINUTE);
/** Distances in days at which the rules turn. */
const distance = fc.oneof(
  fc.constantFrom(-40, -32, -31, -30, -29, -9, -8, -7, -6, -1, 0, 1, 2, 7, 8, 30),
  fc.integer({ min: -60, max: 120 }),
);
const mark = fc.constantFrom<LifecycleStatus | null>(
  ...(['PENDING_SUSPENSION', 'SUSPENDED', 'PENDING_REMOVAL'] as const),
  null,
);
const HOURS = [0, 0, 9, 15];

const endNear = (at: Instant) =>
  fc.tuple(distance, fc.constantFrom(...HOURS)).map(([days, hour]): Instant => {
    return (Math.floor(at / DAY) + days) * DAY + hour * 60 * MINUTE;
  });

const deedNear = (at: Instant): fc.Arbitrary<Deed> =>
  fc.oneof(
    { weight: 5, arbitrary: endNear(at).map((endTime): Deed => ({ type: 'end', endTime })) },
    { weight: 1, arbitrary: fc.constant<Deed>({ type: 'end', endTime: null }) },
    { weight: 4, arbitrary: fc.boolean().map((active): Deed => ({ type: 'active', active })) },
    { weight: 3, arbitrary: mark.map((one): Deed => ({ type: 'mark', mark: one })) },
    { weight: 2, arbitrary: fc.boolean().map((ignored): Deed => ({ type: 'ignore', ignored })) },
    { weight: 3, arbitrary: endNear(at + 60 * DAY).map((endTime): Deed => ({ type: 'restore', endTime })) },
    { weight: 1, arbitrary: fc.constant<Deed>({ type: 'repoint' }) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('released' as const, 'deletedOutside' as const)
        .map((presence): Deed => ({ type: 'depart', presence })),
    },
  );

function messageAt(at: Instant, hasCommands: boolean): fc.Arbitrary<Message> {
  const command = fc
    .record({
      name: fc.constantFrom<CommandName>('ignore', 'resume', 'restore', 'extend', 'disable', 'enable'),
      untilInDays: fc.option(fc.integer({ min: 0, max: 90 })),
    })
    .map((one): Message => ({ type: 'command', ...one }));
  const deed = fc
    .tuple(deedNear(at), fc.constantFrom(0, 0, 1, 12, 24, 72))
    .map(([one, toldAfterHours]): Message => ({ type: 'deed', deed: one, toldAfterHours }));
  return fc.oneof(
    { weight: 6, arbitrary: deed },
    { weight: 2, arbitrary: fc.constant<Message>({ type: 'look' }) },
    { weight: 2, arbitrary: fc.constant<Message>({ type: 'observed' }) },
    ...(hasCommands ? [{ weight: 3, arbitrary: command }] : []),
  );
}

/** A life in an instance, full of ends that move, marks, suspensions, labels and looks that come late. */
export function randomInstanceLife(hasCommands: boolean): fc.Arbitrary<RandomInstanceLife> {
  const message = moment.chain((at) => messageAt(at, hasCommands).map((one) => ({ at, message: one })));
  const outage = fc
    .tuple(moment, fc.integer({ min: 1, max: 1_000 }))
    .map(([from, hours]) => ({ from, to: from + hours * 60 * MINUTE }));
  return fc.record({
    endTime: fc.oneof(fc.constant(null), endNear(LIFE_BEGINS)),
    mark: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: mark }),
    active: fc.integer({ min: 0, max: 4 }).map((chance) => chance > 0),
    ignored: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
    messages: fc.array(message, { maxLength: 12 }),
    luck: fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
    down: fc.array(outage, { maxLength: 2 }),
  });
}
