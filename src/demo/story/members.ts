import type { Character } from './character.ts';
import { contract, participation, record } from './records.ts';

/** People who come and stay, whose contracts follow one another, and whom HR excludes or forgets. */
export const members: readonly Character[] = [
  {
    nick: 'ines',
    about: 'open-ended: nothing ever happens',
    hr: [{ from: 'start', record: record(700114, 'Ines', 'Silva', { contracts: [contract('2022-01-01')] }) }],
    groups: ['it-users', 'cms-web'],
    expected: `
      start activate
      end active, Active, access on, 2 groups
    `,
  },
  {
    nick: 'jonas',
    about: 'begins in February',
    hr: [
      {
        from: 'start',
        record: record(700115, 'Jonas', 'Lind', { contracts: [contract('2027-02-15', '2027-08-31')] }),
      },
    ],
    expected: `
      2027-02-15 activate
      2027-07-02 notice -60 for 2027-08-31
      2027-08-04 notice -27 for 2027-08-31
      2027-08-24 notice -7 for 2027-08-31
      2027-09-01 leaving 2027-08-31
      2027-09-01 guest account
      2027-10-31 status Inactive
      2027-10-31 block 2027-08-31, 0 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'kira',
    about: 'was to begin in March and never came',
    hr: [
      {
        from: 'start',
        record: record(700116, 'Kira', 'Oduya', { contracts: [contract('2027-03-15', '2028-03-14')] }),
      },
      { from: '2027-02-25', record: record(700116, 'Kira', 'Oduya', { contracts: [] }) },
    ],
    expected: `
      end neverJoined, no entry
    `,
  },
  {
    nick: 'lars',
    about: 'HR knows him from his first day on',
    hr: [
      {
        from: '2027-02-10',
        record: record(700117, 'Lars', 'Holm', { contracts: [contract('2027-02-10', '2027-05-05')] }),
      },
    ],
    expected: `
      2027-02-10 activate
      2027-03-06 notice -60 for 2027-05-05
      2027-04-08 notice -27 for 2027-05-05
      2027-04-28 notice -7 for 2027-05-05
      2027-05-06 leaving 2027-05-05
      2027-05-06 guest account
      2027-07-05 status Inactive
      2027-07-05 block 2027-05-05, 0 groups
      2027-11-02 delete 2027-05-05
      end deleted, no entry
    `,
  },
  {
    nick: 'mila',
    about: 'stays for 25 days: earlier notices do not exist',
    hr: [
      {
        from: 'start',
        record: record(700118, 'Mila', 'Horvat', { contracts: [contract('2027-02-01', '2027-02-25')] }),
      },
    ],
    expected: `
      2027-02-01 activate
      2027-02-18 notice -7 for 2027-02-25
      2027-02-26 leaving 2027-02-25
      2027-02-26 guest account
      2027-04-27 status Inactive
      2027-04-27 block 2027-02-25, 0 groups
      2027-08-25 delete 2027-02-25
      end deleted, no entry
    `,
  },
  {
    nick: 'nora',
    about: 'has two contracts that overlap',
    hr: [
      {
        from: 'start',
        record: record(700119, 'Nora', 'Lang', {
          dateForm: 'localMidnightZ',
          contracts: [contract('2023-01-01', '2027-03-15'), contract('2027-02-01', '2027-06-30')],
        }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-05-01 notice -60 for 2027-06-30
      2027-06-03 notice -27 for 2027-06-30
      2027-06-23 notice -7 for 2027-06-30
      2027-07-01 leaving 2027-06-30
      2027-07-01 guest account
      2027-08-30 status Inactive
      2027-08-30 block 2027-06-30, 1 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'otto',
    about: 'has two contracts that touch',
    hr: [
      {
        from: 'start',
        record: record(700120, 'Otto', 'Maier', {
          dateForm: 'epochMs',
          contracts: [contract('2023-01-01', '2027-02-28'), contract('2027-03-01', '2027-07-15')],
        }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-05-16 notice -60 for 2027-07-15
      2027-06-18 notice -27 for 2027-07-15
      2027-07-08 notice -7 for 2027-07-15
      2027-07-16 leaving 2027-07-15
      2027-07-16 guest account
      2027-09-14 status Inactive
      2027-09-14 block 2027-07-15, 1 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'paula',
    about: 'has a weekend between two contracts',
    hr: [
      {
        from: 'start',
        record: record(700121, 'Paula', 'Costa', {
          contracts: [contract('2023-01-01', '2027-04-09'), contract('2027-04-12')],
        }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-02-08 notice -60 for 2027-04-09
      2027-03-13 notice -27 for 2027-04-09
      2027-04-02 notice -7 for 2027-04-09
      2027-04-10 leaving 2027-04-09 [unless down 2027-04-10 to 2027-04-12]
      2027-04-12 returned [unless down 2027-04-10 to 2027-04-12]
      2027-04-12 welcome back open [unless down 2027-04-10 to 2027-04-12]
      2027-04-12 all-clear open [if down 2027-04-10 to 2027-04-12]
      end active, Active, access on, 1 groups
    `,
  },
  {
    nick: 'quinn',
    about: 'has a contract, then a participation; HR answers too slowly on the day of the block',
    hr: [
      {
        from: 'start',
        record: record(700122, 'Quinn', 'Doyle', {
          dateForm: 'midnight+0000',
          participations: [participation('CMS', '2026-01-01', '2027-06-15')],
          contracts: [contract('2022-01-01', '2027-03-31')],
        }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-04-16 notice -60 for 2027-06-15
      2027-05-19 notice -27 for 2027-06-15
      2027-06-08 notice -7 for 2027-06-15
      2027-06-16 leaving 2027-06-15
      2027-06-16 guest account
      2027-08-15 status Inactive
      2027-08-18 block 2027-06-15, 1 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'rosa',
    about: 'is on parental leave for three months: no access, and her groups stay',
    hr: [
      { from: 'start', record: record(700123, 'Rosa', 'Vidal', { contracts: [contract('2022-01-01')] }) },
      {
        from: '2027-03-01',
        record: record(700123, 'Rosa', 'Vidal', { contracts: [contract('2022-01-01', null, true)] }),
      },
      {
        from: '2027-06-01',
        record: record(700123, 'Rosa', 'Vidal', { contracts: [contract('2022-01-01')] }),
      },
    ],
    groups: ['it-users', 'cms-web'],
    expected: `
      start activate
      2027-03-01 exclude
      2027-06-01 exclusionEnded
      end active, Active, access on, 2 groups
    `,
  },
  {
    nick: 'rita',
    about: 'is on parental leave on her last day: access stays off',
    hr: [
      {
        from: 'start',
        record: record(700124, 'Rita', 'Blanc', {
          preferredLanguage: 'fr',
          contracts: [contract('2022-01-01', '2027-04-30')],
        }),
      },
      {
        from: '2027-02-15',
        record: record(700124, 'Rita', 'Blanc', {
          preferredLanguage: 'fr',
          contracts: [contract('2022-01-01', '2027-04-30', true)],
        }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-02-15 exclude
      2027-03-01 notice -60 for 2027-04-30
      2027-04-03 notice -27 for 2027-04-30
      2027-04-23 notice -7 for 2027-04-30
      2027-05-01 leaving 2027-04-30
      2027-05-01 guest account
      2027-06-30 status Inactive
      2027-06-30 block 2027-04-30, 1 groups
      2027-10-28 delete 2027-04-30
      end deleted, no entry
    `,
  },
  {
    nick: 'fatou',
    about: 'HR forgets her until the admins have heard of it: nothing happens to her',
    hr: [
      { from: 'start', record: record(700125, 'Fatou', 'Diop', { contracts: [contract('2022-01-01')] }) },
      { from: '2027-03-10', record: null },
      {
        from: '2027-03-12',
        onceAdminsKnow: true,
        record: record(700125, 'Fatou', 'Diop', { contracts: [contract('2022-01-01')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-03-10 alarm no-person
      end active, Active, access on, 1 groups
    `,
  },
  {
    nick: 'gaspard',
    about: 'HR forgets him for good: he leaves on the day it is confirmed',
    hr: [
      { from: 'start', record: record(700126, 'Gaspard', 'Morel', { contracts: [contract('2022-01-01')] }) },
      { from: '2027-04-05', record: null },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-04-05 alarm no-person
      2027-04-08 notice -7 for *
      2027-04-09 leaving *
      2027-04-09 guest account
      2027-06-08 status Inactive
      2027-06-08 block *, 1 groups
      2027-10-06 delete *
      end deleted, no entry
    `,
  },
];
