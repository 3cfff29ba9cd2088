import { expect, it } from 'vitest';
import { findActual } from '../../../src/demo/check/actual.ts';
import type { SinkMail } from '../../../src/demo/doubles/smtp-sink.ts';
import type { Everything } from '../../../src/demo/worker-messages.ts';
import { initialState } from '../../../src/policy/initial-state.ts';
import type { AccountRow } from '../../../src/registry/registry.ts';

const ACCOUNT_ID = '23e920a2-0c1d-4b7e-9d55-0a1b2c3d4e5f';
const own = { accountId: ACCOUNT_ID, kind: 'primary', personId: '700101', experiment: null } as const;
const state = initialState({ ...own, stage: 'active', observation: null, at: 0 });
const account: AccountRow = {
  ...own,
  login: 'arossi',
  createdAt: 0,
  state,
  nextStep: null,
  nextStepAt: null,
  problem: null,
  uidNumber: 1,
};

function alarm(subject: string): SinkMail {
  const rest = { from: '', to: [], text: '', html: '', headers: new Map(), receivedAt: 7 };
  return { ...rest, messageId: `<${subject}>`, subject, acknowledged: true, encrypted: false };
}

it('an alarm that an account is overdue tells of time: it is on no list, and named apart', () => {
  const nothing = { effects: [], notices: [], ownership: [], alarms: [], observations: [], entries: {} };
  const everything: Everything = { accounts: [account], ...nothing };
  const mails = [alarm(`Alarm: overdue:${ACCOUNT_ID}`), alarm('Alarm: no-person:700101')];
  const found = findActual({ characters: [], everything, mails });
  expect(found.overdue).toEqual(['arossi']);
  expect(found.actual.filter(({ kind }) => kind === 'alarm').map(({ what }) => what)).toEqual([
    'alarm no-person',
  ]);
  expect(findActual({ characters: [], everything, mails: [alarm('Alarm: overdue:nobody')] }).overdue).toEqual(
    [],
  );
});
