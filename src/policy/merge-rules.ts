import type { AccountKind, AccountState } from '../contracts/account.ts';
import type { Observation } from '../contracts/affiliation.ts';
import type {
  Merge,
  MergeMoves,
  MergePreview,
  MergeRefusal,
  MovedAccount,
  MovedGuest,
  MovedReassignment,
} from '../contracts/merge.ts';
import type { ChangeSide } from '../contracts/plan.ts';
import type { CalendarDate } from '../contracts/time.ts';
import { isExcludedOn } from './exclusion.ts';
import { isFinal } from './facts.ts';
import { governing } from './governing.ts';
import { differenceOf } from './sync-diff.ts';

/** One of the two, as the rules of a merge look at them. */
export interface MergeSide {
  /** The registry has them. */
  readonly isKnown: boolean;
  readonly mergedInto: string | null;
  /** What their accounts were told by HR; `null` = HR never showed them. */
  readonly told: Observation | null;
  /** All of them, those that are over too. */
  readonly accounts: readonly { readonly kind: AccountKind; readonly state: AccountState }[];
}

/** What is known when two persons are to be merged. */
export interface MergeCase {
  readonly fromPerson: string;
  readonly toPerson: string;
  readonly from: MergeSide;
  readonly to: MergeSide;
  /** Of the person whose id goes. */
  readonly guests: readonly { readonly guestId: string; readonly isOpen: boolean }[];
  readonly reassignments: readonly {
    readonly requestId: string;
    readonly accountId: string;
    readonly owner: string;
    readonly newOwner: string;
  }[];
  readonly done: Merge | null;
  readonly today: CalendarDate;
  /** The person who gets a service account when nobody in the line is left. */
  readonly fallbackOwner: string;
  /** Kinds of accounts that there is a policy for. */
  readonly kinds: readonly AccountKind[];
}

function livingPrimaryOf({ accounts }: MergeSide): AccountState | null {
  return accounts.find(({ kind, state }) => kind === 'primary' && !isFinal(state.stage))?.state ?? null;
}

function movedAccounts({ from, to }: MergeCase): readonly MovedAccount[] {
  const hasPrimary = livingPrimaryOf(to) !== null;
  return from.accounts
    .filter(({ kind }) => kind !== 'experiment')
    .map(({ kind, state: { accountId, stage } }) => {
      const gives = kind === 'primary' && hasPrimary && !isFinal(stage);
      return { accountId, kind, newKind: gives ? 'secondary' : kind, stage };
    });
}

/**
 * A guest account stays open only where somebody shuts it when the person returns: the other id's primary account, if it
 * has left too and may have opened one itself, or whichever becomes the person's next primary account.
 */
function movedGuests({ to, guests }: MergeCase): readonly MovedGuest[] {
  const primary = livingPrimaryOf(to);
  const hasLeft = primary?.stage === 'grace' || primary?.stage === 'blocked';
  const shutsOwn = hasLeft && primary.guest !== undefined && primary.guest.state !== 'shut';
  const stays = primary === null || primary.stage === 'pending' || shutsOwn;
  // Where there is a primary account that goes on, it looks after them.
  const accountId = primary?.accountId ?? null;
  return guests.map(({ guestId, isOpen }) => {
    return { guestId, accountId, wasOpen: isOpen, isOpen: isOpen && stays };
  });
}

function movedReassignments({ fromPerson, reassignments }: MergeCase): readonly MovedReassignment[] {
  return reassignments.flatMap(({ requestId, accountId, owner, newOwner }): MovedReassignment[] => [
    ...(owner === fromPerson ? [{ requestId, accountId, role: 'owner' as const }] : []),
    ...(newOwner === fromPerson ? [{ requestId, accountId, role: 'newOwner' as const }] : []),
  ]);
}

/** What goes over when two persons are merged. Limits do not count. Rule: "Merging two person ids". */
export function movesOfMerge(merge: MergeCase): MergeMoves {
  return {
    accounts: movedAccounts(merge),
    guests: movedGuests(merge),
    reassignments: movedReassignments(merge),
  };
}

/** What the other id's facts would take from an account, in words; `null` = nothing: a merge is never a departure. */
function lossOf(state: AccountState, told: Observation, today: CalendarDate): string | null {
  // Of one account alone it is no question whether the person has a primary one.
  const accounts = [{ ...state, kind: 'primary' as const }];
  const { kind, reason } = differenceOf({ applied: state.observation, newest: told, today, accounts });
  if (kind === 'loss') return `account ${state.accountId}: ${reason}`;
  // Until an affiliation that is about to begin, too, an account would have left.
  const leaves = state.stage === 'active' && !isOver(state.observation, today) && isOver(told, today);
  return leaves ? `account ${state.accountId}: it would leave` : null;
}

/** Whether the last day is over, whatever begins later. */
function isOver(observation: Observation | null, today: CalendarDate): boolean {
  const { lastDay } = governing({ kind: 'primary', experiment: null, observation, today });
  return lastDay.type === 'on' && lastDay.date < today;
}

function refuse(code: MergeRefusal['code'], why: string): MergeRefusal {
  return { code, why };
}

function refusalOfPersons({ fromPerson, toPerson, from, to }: MergeCase): MergeRefusal | null {
  if (fromPerson === toPerson) return refuse('SAME_PERSON', 'a person is not merged into themselves');
  for (const [personId, side] of [
    [fromPerson, from],
    [toPerson, to],
  ] as const) {
    if (!side.isKnown) return refuse('PERSON_UNKNOWN', `the registry knows no person ${personId}`);
  }
  if (from.mergedInto !== null) {
    const why = `person ${fromPerson} was merged into person ${from.mergedInto} already, and has nothing left to merge`;
    return refuse('MERGED_ALREADY', why);
  }
  if (to.mergedInto === null) return null;
  const into = to.mergedInto;
  const why =
    into === fromPerson
      ? `person ${toPerson} was merged into person ${fromPerson} before: a merge back would go in a circle`
      : `person ${toPerson} was itself merged into person ${into}: merge into that one`;
  return refuse('MERGED_INTO_ANOTHER', why);
}

/** Why two persons are not merged; `null` = they can be. Rule: "Merging two person ids". */
export function refusalOfMerge(merge: MergeCase): MergeRefusal | null {
  const { fromPerson, toPerson, from, to, today, fallbackOwner, kinds } = merge;
  const refusal = refusalOfPersons(merge);
  if (refusal !== null) return refusal;
  if (to.told === null) {
    const why = `HR has not shown person ${toPerson} yet: synchronise, then merge`;
    return refuse('PERSON_UNKNOWN', why);
  }
  if (fromPerson === fallbackOwner) {
    const why = `person ${fromPerson} is the fallback owner: set fallbackOwner to ${toPerson} first, and start the workers anew`;
    return refuse('FALLBACK_OWNER', why);
  }
  const living = movedAccounts(merge).filter(({ stage }) => !isFinal(stage));
  const without = living.find(({ newKind }) => !kinds.includes(newKind));
  if (without) return refuse('NO_POLICY', `no policy is set for ${without.newKind} accounts here`);
  const { told } = to;
  const losses = from.accounts.flatMap(({ kind, state }) => {
    if (kind === 'experiment' || isFinal(state.stage) || state.deleteBegun) return [];
    return lossOf(state, told, today) ?? [];
  });
  if (losses.length === 0) return null;
  const why =
    `HR's word on person ${toPerson}, as their accounts were told it, would take something from accounts of person ` +
    `${fromPerson}, and a merge is no departure (${losses.join('; ')}). If HR has merged them, synchronise first`;
  return refuse('WOULD_LOSE', why);
}

function sideOf({ isKnown, told: observation }: MergeSide, today: CalendarDate): ChangeSide | null {
  if (!isKnown) return null;
  const { standing, lastDay, future } = governing({ kind: 'primary', experiment: null, observation, today });
  return {
    outcome: observation?.outcome ?? null,
    ...{ standing, future, excluded: observation !== null && isExcludedOn(observation, today) },
    lastDay: lastDay.type === 'on' ? lastDay.date : lastDay.type === 'open' ? 'open' : null,
  };
}

/** Only a primary account tells its person what becomes of it. */
function toldOf({ told, allClear }: AccountState, { kind, newKind }: MovedAccount): readonly string[] {
  if (kind === newKind) return [];
  const days = Object.values(told).flatMap(({ lastDay }) => (lastDay === null ? [] : [lastDay]));
  const last = days.sort().at(-1) ?? allClear?.told ?? null;
  if (last === null) return [];
  return [`its person was told of its end after ${last}, and gets no mail about it any more: tell them`];
}

function remarksOn(state: AccountState, moved: MovedAccount, merge: MergeCase): readonly string[] {
  const { disabledManually, ignored } = state.holds;
  const primary = livingPrimaryOf(merge.to);
  const isPersonal = moved.newKind !== 'service';
  const standing = sideOf(merge.to, merge.today)?.standing;
  const isOut = state.stage === 'grace' || state.stage === 'blocked';
  return [
    ...(isOut && standing === 'member' && !state.deleteBegun ? ['comes back: the other id is valid'] : []),
    ...(state.deleteBegun ? ['its deletion has begun and is finished'] : []),
    ...(disabledManually ? ['stays disabled by hand; the other accounts of the person are not'] : []),
    ...(!disabledManually && isPersonal && primary?.holds.disabledManually
      ? ['is disabled by hand, as the person is under the other id']
      : []),
    ...(ignored ? ['stays ignored'] : []),
    ...toldOf(state, moved),
    ...(state.adminDate ? [`keeps the date of an admin, ${state.adminDate.until}`] : []),
  ];
}

/** Everything that a merge comes to, for whoever decides on it. Pure. */
export function previewOfMerge(merge: MergeCase): MergePreview {
  const { fromPerson, toPerson, from, to, today, done } = merge;
  const moves = movesOfMerge(merge);
  const isSame = done?.toPerson === toPerson;
  return {
    ...{ fromPerson, toPerson, ...moves },
    from: sideOf(from, today),
    to: sideOf(to, today),
    staying: from.accounts.flatMap(({ kind, state }) =>
      kind === 'experiment' && !isFinal(state.stage) ? [state.accountId] : [],
    ),
    remarks: from.accounts.flatMap(({ state }) => {
      const moved = moves.accounts.find(({ accountId }) => accountId === state.accountId);
      if (moved === undefined || isFinal(state.stage)) return [];
      return remarksOn(state, moved, merge).map((words) => ({ accountId: state.accountId, words }));
    }),
    refused: isSame ? null : refusalOfMerge(merge),
    done: isSame ? done : null,
  };
}
