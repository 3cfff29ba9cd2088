import type { Character } from './character.ts';
import { contract, record } from './records.ts';

/** People whose last day HR corrects. */
export const movedDates: readonly Character[] = [
  {
    nick: 'boris',
    about: 'HR moves the date later after the first notice',
    hr: [
      {
        from: 'start',
        record: record(700127, 'Boris', 'Ivanov', { contracts: [contract('2022-01-01', '2027-04-30')] }),
      },
      {
        from: '2027-03-20',
        record: record(700127, 'Boris', 'Ivanov', { contracts: [contract('2022-01-01', '2027-07-31')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-03-01 notice -60 for 2027-04-30
      2027-03-20 all-clear 2027-07-31
      2027-06-01 notice -60 for 2027-07-31, time 2
      2027-07-04 notice -27 for 2027-07-31
      2027-07-24 notice -7 for 2027-07-31
      2027-08-01 leaving 2027-07-31
      2027-08-01 guest account
      2027-09-30 status Inactive
      2027-09-30 block 2027-07-31, 1 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'carla',
    about: 'HR moves the date earlier before the first notice',
    hr: [
      {
        from: 'start',
        record: record(700128, 'Carla', 'Greco', { contracts: [contract('2022-01-01', '2027-08-15')] }),
      },
      {
        from: '2027-04-15',
        record: record(700128, 'Carla', 'Greco', { contracts: [contract('2022-01-01', '2027-06-30')] }),
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
    nick: 'denis',
    about: 'HR moves the date later, and back to the first one',
    hr: [
      {
        from: 'start',
        record: record(700129, 'Denis', 'Kovac', { contracts: [contract('2022-01-01', '2027-06-05')] }),
      },
      {
        from: '2027-04-14',
        record: record(700129, 'Denis', 'Kovac', { contracts: [contract('2022-01-01', '2027-09-20')] }),
      },
      {
        from: '2027-04-28',
        record: record(700129, 'Denis', 'Kovac', { contracts: [contract('2022-01-01', '2027-06-05')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-04-06 notice -60 for 2027-06-05
      2027-04-14 all-clear 2027-09-20 [unless down 2027-04-14 to 2027-04-28]
      2027-04-28 notice -60 for 2027-06-05, time 2 [unless down 2027-04-14 to 2027-04-28]
      2027-05-09 notice -27 for 2027-06-05
      2027-05-29 notice -7 for 2027-06-05
      2027-06-06 leaving 2027-06-05
      2027-06-06 guest account
      2027-08-05 status Inactive
      2027-08-05 block 2027-06-05, 1 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'emil',
    about: 'HR moves the date later after two notices',
    hr: [
      {
        from: 'start',
        record: record(700130, 'Emil', 'Sorensen', { contracts: [contract('2022-01-01', '2027-05-14')] }),
      },
      {
        from: '2027-04-26',
        record: record(700130, 'Emil', 'Sorensen', { contracts: [contract('2022-01-01', '2027-07-14')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-03-15 notice -60 for 2027-05-14
      2027-04-17 notice -27 for 2027-05-14
      2027-04-26 all-clear 2027-07-14
      2027-05-15 notice -60 for 2027-07-14, time 2
      2027-06-17 notice -27 for 2027-07-14, time 2
      2027-07-07 notice -7 for 2027-07-14
      2027-07-15 leaving 2027-07-14
      2027-07-15 guest account
      2027-09-13 status Inactive
      2027-09-13 block 2027-07-14, 1 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
];
