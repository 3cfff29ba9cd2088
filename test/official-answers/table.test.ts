import { expect, it } from 'vitest';
import { dateOf, dayOf } from '../../checker/calendar.ts';
import { contract, type Happening, type Life } from './life.ts';
import { createTable } from './table.ts';

/** The dates on which what the tables demand of the primary account is another than the day before, and what. */
function turnsOf(happenings: readonly Happening[] = []): readonly string[] {
  const ties = [contract('2020-01-01', '2027-03-31')];
  const life: Life = { story: 'leaves', id: 7, name: 'Leaver', beside: [], ties, happenings };
  const table = createTable(life);
  const lines: string[] = [];
  let before = '';
  for (let day = dayOf('2027-01-01'); day < dayOf('2028-01-01'); day += 1) {
    table.begin(day, false);
    for (const happening of happenings) if (dayOf(happening.on) === day) table.hear(day, happening);
    const [demand] = table.demands(day, false);
    const ldap = demand?.ldap;
    const access = ldap?.canBind ? 'signs in' : 'locked out';
    const said = `${String(demand?.api.activeUser)}, ${ldap ? `${String(ldap.status)}, ${access}` : 'no entry'}`;
    if (said !== before) lines.push(`${dateOf(day)} ${said}`);
    before = said;
  }
  return lines;
}

it('the table of the calendar, as it stands in the rules', () => {
  expect(turnsOf()).toEqual([
    '2027-01-01 true, Active, signs in',
    '2027-04-01 false, Grace Period, signs in',
    '2027-05-31 false, Inactive, locked out',
    '2027-09-28 false, no entry',
  ]);
});

it('an admin’s date moves what the directory says, and nothing that the API says', () => {
  expect(turnsOf([{ on: '2027-03-02', type: 'command', name: 'extend', until: '2027-05-15' }])).toEqual([
    '2027-01-01 true, Active, signs in',
    '2027-04-01 false, Active, signs in',
    '2027-05-16 false, Grace Period, signs in',
    '2027-07-15 false, Inactive, locked out',
    '2027-11-12 false, no entry',
  ]);
});

it('a hold keeps access and not the status; the block comes when it is over, and the delete in its time', () => {
  expect(turnsOf([{ on: '2027-03-02', type: 'command', name: 'ignore', until: '2027-09-25' }])).toEqual([
    '2027-01-01 true, Active, signs in',
    '2027-04-01 false, Grace Period, signs in',
    '2027-05-31 false, Inactive, signs in',
    '2027-09-26 false, Inactive, locked out',
    // Not in one go with the block.
    '2027-10-04 false, no entry',
  ]);
});

it('a leaving that was never announced waits for its notice before the block', () => {
  const ties = [contract('2020-01-01', '2027-01-20')];
  expect(turnsOf([{ on: '2027-03-21', type: 'hr', ties }])).toEqual([
    '2027-01-01 true, Active, signs in',
    '2027-03-21 false, Grace Period, signs in',
    '2027-03-22 false, Inactive, signs in',
    '2027-03-29 false, Inactive, locked out',
    '2027-07-20 false, no entry',
  ]);
});
