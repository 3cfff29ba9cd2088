import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReassignmentDecision, ReassignmentState } from '../../src/contracts/reassignment.ts';
import { DAY_MS } from '../../src/contracts/time.ts';
import {
  decideReassignment,
  newReassignment,
  nextReassignmentStep,
  refusalOfWord,
  type ReassignmentEvent,
} from '../../src/policy/reassignment.ts';

const START = Date.UTC(2027, 0, 1);
const ASK = { requestId: 'r-1', accountId: 'a-1', newOwner: '2', actor: 'ada', reason: 'tests' };
const OPENED: ReassignmentEvent = {
  ...{ type: 'opened', owner: '1', askedAt: START, lapsesAt: START + 14 * DAY_MS },
};
const day = (days: number) => START + days * DAY_MS;
const said = (verdict: ReassignmentDecision['verdict'], by = '2'): ReassignmentEvent => ({
  ...{ type: 'said', decision: { verdict, by, why: 'so' } },
});

function after(...events: readonly ReassignmentEvent[]): ReassignmentState {
  return events.reduce(decideReassignment, newReassignment(ASK, START));
}

const OPEN = after(OPENED, { type: 'told', mail: 'asked' });

describe('a request to re-assign an account', () => {
  it('is opened, asked, reminded of on days 7 and 13, and lapses on day 14', () => {
    const happened: string[] = [];
    let state = newReassignment(ASK, START);
    for (let now = START, guard = 0; guard < 30; guard += 1) {
      const step = nextReassignmentStep(state, now);
      if (step.type === 'finished') break;
      if (step.type === 'wait') {
        expect(step.until).toBeGreaterThan(now);
        now = step.until;
        continue;
      }
      const what = step.type === 'mail' ? step.mail : step.type === 'settle' ? step.decision.verdict : 'open';
      happened.push(`${String((now - START) / DAY_MS)} ${what}`);
      if (step.type === 'open') state = decideReassignment(state, OPENED);
      else if (step.type === 'mail') state = decideReassignment(state, { type: 'told', mail: step.mail });
      else state = decideReassignment(state, { type: 'settled', status: step.decision.verdict, why: null });
    }
    expect(happened).toEqual([
      '0 open',
      '0 asked',
      '7 reminder-7',
      '13 reminder-13',
      '14 lapsed',
      '14 outcome',
    ]);
  });

  it('ends when somebody says something, whatever mail is due', () => {
    for (const verdict of ['approved', 'rejected', 'withdrawn'] as const) {
      const step = nextReassignmentStep(after(OPENED, said(verdict)), START);
      expect(step).toMatchObject({ type: 'settle', decision: { verdict } });
    }
  });

  it('ends by the first word', () => {
    const state = after(OPENED, said('rejected'), said('approved'), said('withdrawn', 'admin'));
    expect(nextReassignmentStep(state, START)).toMatchObject({ decision: { verdict: 'rejected', by: '2' } });
  });

  it('ends when the owner leaves and the account goes to the proposed owner, though they said no', () => {
    const state = after(OPENED, said('rejected'), { type: 'ownerChanged', owner: '2' });
    expect(nextReassignmentStep(state, START)).toMatchObject({ decision: { verdict: 'superseded' } });
    const over = decideReassignment(state, { type: 'settled', status: 'superseded', why: null });
    expect(nextReassignmentStep(over, START)).toEqual({ type: 'finished' });
  });

  it('goes on when the owner leaves, and who is asked is told, once, of the owner by then', () => {
    const changed = decideReassignment(OPEN, { type: 'ownerChanged', owner: '3' });
    expect(nextReassignmentStep(changed, day(1))).toEqual({ type: 'mail', mail: 'owner/3' });
    const told = decideReassignment(changed, { type: 'told', mail: 'owner/3' });
    expect(nextReassignmentStep(told, day(1))).toEqual({ type: 'wait', until: day(7) });
    expect(decideReassignment(told, { type: 'ownerChanged', owner: '3' })).toBe(told);
  });

  it('of reminders that were missed sends the latest only', () => {
    expect(nextReassignmentStep(OPEN, day(13.5))).toEqual({ type: 'mail', mail: 'reminder-13' });
    const told = decideReassignment(OPEN, { type: 'told', mail: 'reminder-13' });
    expect(nextReassignmentStep(told, day(13.6))).toEqual({ type: 'wait', until: day(14) });
  });

  it('that is refused is over, and nobody is told', () => {
    const state = after({ type: 'refused', refusal: { code: 'TOO_MANY', why: 'they have 20' } });
    expect(state).toMatchObject({ status: 'refused', code: 'TOO_MANY' });
    expect(nextReassignmentStep(state, START)).toEqual({ type: 'finished' });
  });

  it('tells the owner how it ended, unless somebody asks anew meanwhile', () => {
    const over = after(OPENED, said('approved'), { type: 'settled', status: 'approved', why: 'so' });
    expect(nextReassignmentStep(over, START)).toEqual({ type: 'mail', mail: 'outcome' });
    expect(nextReassignmentStep(decideReassignment(over, { type: 'hurried' }), START).type).toBe('finished');
  });

  it.each([
    ['approved', '2', 'r-1', null],
    ['rejected', '2', 'r-1', null],
    ['withdrawn', 'admin', 'r-1', null],
    ['approved', '1', 'r-1', 'only the proposed owner'],
    ['approved', 'admin', 'r-1', 'only the proposed owner'],
    ['rejected', '1', 'r-1', 'only the proposed owner'],
    ['approved', '2', 'r-0', 'this request is over'],
  ] as const)('hears "%s" by person %s of request %s: %s', (verdict, by, requestId, refusal) => {
    const why = refusalOfWord(OPEN, verdict, { by, requestId });
    if (refusal === null) expect(why).toBeNull();
    else expect(why).toContain(refusal);
  });

  it('answers who says the same twice, and nobody else who is late', () => {
    const over = after(OPENED, said('approved'), { type: 'settled', status: 'approved', why: 'so' });
    expect(refusalOfWord(over, 'approved', { by: '2', requestId: 'r-1' })).toBeNull();
    expect(refusalOfWord(over, 'rejected', { by: '2', requestId: 'r-1' })).toContain('approved already');
    expect(refusalOfWord(over, 'withdrawn', { by: 'admin', requestId: 'r-1' })).toContain('approved already');
  });

  it('ends once, whatever happens in whatever order, and then stays as it is', () => {
    const event = fc.constantFrom<ReassignmentEvent>(
      ...[OPENED, said('approved'), said('rejected'), said('withdrawn', 'admin'), said('approved', '9')],
      ...(['1', '2', '3'] as const).map((owner): ReassignmentEvent => ({ type: 'ownerChanged', owner })),
      ...(['approved', 'lapsed', 'superseded'] as const).map((status): ReassignmentEvent => ({
        type: 'settled',
        status,
        why: null,
      })),
      { type: 'told', mail: 'outcome' },
      { type: 'refused', refusal: { code: 'X', why: 'x' } },
      { type: 'hurried' },
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), fc.nat(20), (events, days) => {
        let ended: ReassignmentState['status'] | null = null;
        let state = newReassignment(ASK, START);
        for (const one of events) {
          state = decideReassignment(state, one);
          if (ended !== null) expect(state.status).toBe(ended);
          if (state.status !== 'new' && state.status !== 'open') ended = state.status;
          const step = nextReassignmentStep(state, day(days));
          if (step.type === 'wait') expect(step.until).toBeGreaterThan(day(days));
          if (step.type === 'settle') expect(state.status).toBe('open');
        }
      }),
    );
  });
});
