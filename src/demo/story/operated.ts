import type { Character } from './character.ts';
import { contract, record } from './records.ts';

/** People whose accounts an admin acts on. */
export const operated: readonly Character[] = [
  {
    nick: 'iris',
    about: 'ignored before the last day, resumed in June',
    hr: [
      {
        from: 'start',
        record: record(700141, 'Iris', 'Falk', { contracts: [contract('2022-01-01', '2027-04-10')] }),
      },
    ],
    groups: ['it-users'],
    commands: [
      { on: '2027-03-29', name: 'ignore', until: 'never', form: 'update' },
      { on: '2027-06-01', name: 'resume', form: 'signal' },
    ],
    expected: `
      start activate
      2027-02-09 notice -60 for 2027-04-10
      2027-03-14 notice -27 for 2027-04-10
      2027-04-11 status Grace Period
      2027-06-01 leaving 2027-04-10
      2027-06-01 guest account
      2027-06-01 notice -7 for 2027-04-10
      2027-06-10 status Inactive
      2027-06-10 block 2027-04-10, 1 groups
      2027-10-08 delete 2027-04-10
      end deleted, no entry
    `,
  },
  {
    nick: 'ivo',
    about: 'ignored until the end of May: the hold ends by itself',
    hr: [
      {
        from: 'start',
        record: record(700142, 'Ivo', 'Stern', { contracts: [contract('2022-01-01', '2027-04-11')] }),
      },
    ],
    groups: ['it-users'],
    commands: [{ on: '2027-03-29', name: 'ignore', until: '2027-05-31', form: 'signal' }],
    expected: `
      start activate
      2027-02-10 notice -60 for 2027-04-11
      2027-03-15 notice -27 for 2027-04-11
      2027-04-12 status Grace Period
      2027-05-24 reminder hold-ends 2027-05-31
      2027-05-24 reminder hold-ends 2027-05-31 to the admins
      2027-06-01 leaving 2027-04-11
      2027-06-01 guest account
      2027-06-01 notice -7 for 2027-04-11
      2027-06-11 status Inactive
      2027-06-11 block 2027-04-11, 1 groups
      2027-10-09 delete 2027-04-11
      end deleted, no entry
    `,
  },
  {
    nick: 'karl',
    about: 'restored after the block, until August',
    hr: [
      {
        from: 'start',
        record: record(700143, 'Karl', 'Vogel', { contracts: [contract('2022-01-01', '2027-03-28')] }),
      },
    ],
    groups: ['it-users', 'cms-web'],
    commands: [{ on: '2027-06-10', name: 'restore', until: '2027-08-20', form: 'update' }],
    expected: `
      start activate
      2027-01-27 notice -60 for 2027-03-28
      2027-03-01 notice -27 for 2027-03-28
      2027-03-21 notice -7 for 2027-03-28
      2027-03-29 leaving 2027-03-28
      2027-03-29 guest account
      2027-05-28 status Inactive
      2027-05-28 block 2027-03-28, 2 groups
      2027-06-10 returned
      2027-06-10 guest account shut
      2027-06-10 welcome back 2027-08-20
      2027-06-21 notice -60 for 2027-08-20, time 2
      2027-07-24 notice -27 for 2027-08-20, time 2
      2027-08-13 notice -7 for 2027-08-20, time 2
      2027-08-21 leaving 2027-08-20
      2027-08-21 guest account
      2027-10-20 status Inactive
      2027-10-20 block 2027-08-20, 0 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'lena',
    about: 'extended by an admin after the first notice',
    hr: [
      {
        from: 'start',
        record: record(700144, 'Lena', 'Kraus', { contracts: [contract('2022-01-01', '2027-05-12')] }),
      },
    ],
    groups: ['it-users'],
    commands: [{ on: '2027-04-01', name: 'extend', until: '2027-07-05', form: 'update' }],
    expected: `
      start activate
      2027-03-13 notice -60 for 2027-05-12
      2027-04-01 all-clear 2027-07-05
      2027-05-06 notice -60 for 2027-07-05, time 2
      2027-06-08 notice -27 for 2027-07-05
      2027-06-28 notice -7 for 2027-07-05
      2027-07-06 leaving 2027-07-05
      2027-07-06 guest account
      2027-09-04 status Inactive
      2027-09-04 block 2027-07-05, 1 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'malik',
    about: 'disabled by an admin for six weeks',
    hr: [{ from: 'start', record: record(700145, 'Malik', 'Sow', { contracts: [contract('2022-01-01')] }) }],
    groups: ['it-users'],
    commands: [
      { on: '2027-03-01', name: 'disable', form: 'signal' },
      { on: '2027-04-15', name: 'enable', form: 'update' },
    ],
    expected: `
      start activate
      2027-03-01 disable
      2027-04-15 enabled
      end active, Active, access on, 1 groups
    `,
  },
  {
    nick: 'nadia',
    about: 'disabled in grace: the calendar goes on',
    hr: [
      {
        from: 'start',
        record: record(700146, 'Nadia', 'Aziz', { contracts: [contract('2022-01-01', '2027-04-05')] }),
      },
    ],
    groups: ['it-users'],
    commands: [{ on: '2027-04-25', name: 'disable', form: 'update' }],
    expected: `
      start activate
      2027-02-04 notice -60 for 2027-04-05
      2027-03-09 notice -27 for 2027-04-05
      2027-03-29 notice -7 for 2027-04-05
      2027-04-06 leaving 2027-04-05
      2027-04-06 guest account
      2027-04-25 disable
      2027-04-25 guest account shut
      2027-06-05 block 2027-04-05, 1 groups
      2027-06-05 status Inactive
      2027-10-03 delete 2027-04-05
      end deleted, no entry
    `,
  },
];
