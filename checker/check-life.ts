import { createZone } from './calendar.ts';
import { accuse, createCase, type Case } from './case.ts';
import { judgeDuties } from './duties.ts';
import { judgeAccess, judgeComing, judgeLeaving } from './judge-access.ts';
import { judgeBlock, judgeDelete, judgeTransfer } from './judge-harm.ts';
import { judgeGivenUp, judgeMails } from './judge-mails.ts';
import type { Deed, Finding, ObservedLife } from './life.ts';
import { judgeMailDuties } from './mail-duties.ts';
import { judgeUntold } from './judge-untold.ts';
import { RULES } from './rules.ts';

function judgeDeed(one: Case, deed: Deed): void {
  switch (deed.type) {
    case 'block':
      return judgeBlock(one, deed);
    case 'delete':
      return judgeDelete(one, deed);
    case 'transfer':
      return judgeTransfer(one, deed);
    case 'leaving':
      return judgeLeaving(one, deed);
    case 'joined':
    case 'returned':
    case 'corrected':
    case 'neverJoined':
      return judgeComing(one, deed);
    case 'access':
      return judgeAccess(one, deed);
    case 'status':
  }
}

/** A life that is over owes nothing after its end. */
function untilItsEnd(life: ObservedLife): ObservedLife {
  const end = life.deeds.find(({ type }) => type === 'delete' || type === 'neverJoined');
  return end ? { ...life, until: Math.min(life.until, end.at) } : life;
}

/**
 * A judge of lives by CERN's rules, who knows only what an outside observer knows: what happened to an account, and
 * what it did. Each fault is found once; none = every rule was kept.
 */
export function createChecker(): (life: ObservedLife) => readonly Finding[] {
  const zone = createZone(RULES.timeZone);
  return (life) => judge(createCase(untilItsEnd(life), zone, RULES));
}

function judge(one: Case): readonly Finding[] {
  const { life } = one;
  for (const deed of life.deeds) judgeDeed(one, deed);
  judgeMails(one);
  judgeGivenUp(one);
  judgeDuties(one);
  judgeMailDuties(one);
  judgeUntold(one);
  const stage = one.standings.at(-1)?.value.stage;
  if (stage !== life.stageAtEnd)
    accuse(one, 'wrong', life.until, `it ends as ${life.stageAtEnd}, its deeds come to ${String(stage)}`);
  const seen = new Set<string>();
  return one.findings.filter(({ kind, words }) => {
    const key = `${kind} ${words}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
