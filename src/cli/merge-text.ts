import type { Merge, MergeMoves, MergePreview } from '../contracts/merge.ts';
import type { ChangeSide } from '../contracts/plan.ts';

function sideText(personId: string, side: ChangeSide | null): string {
  if (side === null) return `person ${personId}: unknown`;
  const lastDay =
    side.lastDay === null ? 'no last day known' : side.lastDay === 'open' ? 'open-ended' : side.lastDay;
  const excluded = side.excluded ? ', excluded' : '';
  const future = side.future === null ? '' : `, next affiliation from ${side.future}`;
  return `person ${personId}: ${side.standing}, last day ${lastDay}${excluded}${future}`;
}

function moveTexts({ accounts, guests, reassignments }: MergeMoves, to: string): readonly string[] {
  return [
    ...accounts.map(({ accountId, kind, newKind, stage }) => {
      const kinds = kind === newKind ? kind : `${kind} → ${newKind}`;
      return `account ${accountId} (${stage}): ${kinds}, goes to person ${to}`;
    }),
    ...guests.map(({ guestId, wasOpen, isOpen }) => {
      const state = wasOpen === isOpen ? (isOpen ? 'stays open' : 'stays shut') : 'is shut';
      return `guest account ${guestId}: leads to person ${to}, ${state}`;
    }),
    ...reassignments.map(
      ({ requestId, accountId, role }) =>
        `request ${requestId} to re-assign account ${accountId}: person ${to} is its ${role === 'owner' ? 'owner' : 'proposed owner'}`,
    ),
  ];
}

/** What a merge would come to, line by line. */
export function previewTexts(preview: MergePreview): readonly string[] {
  const { fromPerson, toPerson, from, to, staying, remarks, refused, done } = preview;
  const lines = [
    `merge person ${fromPerson} into person ${toPerson}`,
    sideText(fromPerson, from),
    sideText(toPerson, to),
  ];
  if (done !== null) return [...lines, doneText(done)];
  if (refused !== null) return [...lines, `refused (${refused.code}): ${refused.why}`];
  const moves = moveTexts(preview, toPerson);
  return [
    ...lines,
    ...(moves.length > 0 ? moves : ['nothing goes over: the person has no account']),
    ...staying.map(
      (accountId) =>
        `account ${accountId} of an instance stays, with its end time untouched, until its label there names person ${toPerson}: change the label`,
    ),
    ...remarks.map(({ accountId, words }) => `account ${accountId} ${words}`),
    `from then on HR is not asked for person ${fromPerson}, and limits on numbers of accounts are not enforced`,
  ];
}

function doneText({ requestId, at, actor, toldAt }: Merge): string {
  const told = toldAt === null ? '; some are still to be told' : '';
  return `merged already, ${new Date(at).toISOString()} by ${actor}, request ${requestId}${told}`;
}

/** What a merge came to, line by line. */
export function mergedTexts(merge: Merge, isNew: boolean): readonly string[] {
  const { fromPerson, toPerson } = merge;
  const head = isNew ? `merged person ${fromPerson} into person ${toPerson}` : doneText(merge);
  return [head, ...moveTexts(merge, toPerson)];
}
