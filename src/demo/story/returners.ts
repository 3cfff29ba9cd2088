import type { Character } from './character.ts';
import { contract, record } from './records.ts';

/** People who come back. */
export const returners: readonly Character[] = [
  {
    nick: 'yann',
    about: 'comes back in grace; reads French',
    hr: [
      {
        from: 'start',
        record: record(700131, 'Yann', 'Girard', {
          preferredLanguage: 'fr',
          contracts: [contract('2022-01-01', '2027-03-25')],
        }),
      },
      {
        from: '2027-04-20',
        record: record(700131, 'Yann', 'Girard', {
          preferredLanguage: 'fr',
          contracts: [contract('2022-01-01', '2027-03-25'), contract('2027-04-20')],
        }),
      },
    ],
    groups: ['it-users', 'cms-web'],
    expected: `
      start activate
      2027-01-24 notice -60 for 2027-03-25
      2027-02-26 notice -27 for 2027-03-25
      2027-03-18 notice -7 for 2027-03-25
      2027-03-26 leaving 2027-03-25
      2027-03-26 guest account
      2027-04-20 returned
      2027-04-20 guest account shut
      2027-04-20 welcome back open
      end active, Active, access on, 2 groups
    `,
  },
  {
    nick: 'zoe',
    about: 'comes back after the block, with her secondary account; HR knew nine days before',
    hr: [
      {
        from: 'start',
        record: record(700132, 'Zoe', 'Marsh', { contracts: [contract('2022-01-01', '2027-03-23')] }),
      },
      {
        from: '2027-07-01',
        record: record(700132, 'Zoe', 'Marsh', {
          contracts: [contract('2022-01-01', '2027-03-23'), contract('2027-07-10')],
        }),
      },
    ],
    groups: ['it-users', 'cms-web'],
    accounts: [{ kind: 'secondary', login: 'zoelab' }],
    expected: `
      start activate
      start zoelab: activate
      2027-01-22 notice -60 for 2027-03-23
      2027-02-24 notice -27 for 2027-03-23
      2027-03-16 notice -7 for 2027-03-23
      2027-03-24 leaving 2027-03-23
      2027-03-24 guest account
      2027-03-24 zoelab: leaving 2027-03-23
      2027-05-23 status Inactive
      2027-05-23 block 2027-03-23, 2 groups
      2027-05-23 zoelab: block 2027-03-23, 0 groups
      2027-07-10 returned
      2027-07-10 guest account shut
      2027-07-10 zoelab: returned
      2027-07-10 welcome back open
      end active, Active, access on, 0 groups
      end zoelab: active, no status, access on, mail to zoe
    `,
  },
  {
    nick: 'alba',
    about: 'comes back after the deletion: a new account with another login',
    hr: [
      {
        from: 'start',
        record: record(700133, 'Alba', 'Serra', { contracts: [contract('2022-01-01', '2027-03-24')] }),
      },
      {
        from: '2027-10-01',
        record: record(700133, 'Alba', 'Serra', {
          contracts: [contract('2022-01-01', '2027-03-24'), contract('2027-10-01')],
        }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-01-23 notice -60 for 2027-03-24
      2027-02-25 notice -27 for 2027-03-24
      2027-03-17 notice -7 for 2027-03-24
      2027-03-25 leaving 2027-03-24
      2027-03-25 guest account
      2027-05-24 status Inactive
      2027-05-24 block 2027-03-24, 1 groups
      2027-09-21 delete 2027-03-24
      2027-10-01 account 2: activate
      end deleted, no entry
      end account 2: active, Active, access on, 0 groups
    `,
  },
  {
    nick: 'quentin',
    about: 'comes back in grace; the service account stays with the supervisor',
    hr: [
      {
        from: 'start',
        record: record(700134, 'Quentin', 'Roux', { contracts: [contract('2022-01-01', '2027-04-12')] }),
      },
      {
        from: '2027-05-20',
        record: record(700134, 'Quentin', 'Roux', {
          contracts: [contract('2022-01-01', '2027-04-12'), contract('2027-05-20')],
        }),
      },
    ],
    groups: ['it-users'],
    accounts: [{ kind: 'service', login: 'svcjob' }],
    expected: `
      start activate
      start svcjob: activate
      2027-02-11 notice -60 for 2027-04-12
      2027-03-16 notice -27 for 2027-04-12
      2027-04-05 notice -7 for 2027-04-12
      2027-04-05 supervisor notice for 2027-04-12 to greta
      2027-04-13 leaving 2027-04-12
      2027-04-13 guest account
      2027-04-13 svcjob: transfer to greta
      2027-04-13 svcjob: service-account-received to greta
      2027-05-20 returned
      2027-05-20 guest account shut
      2027-05-20 welcome back open
      end active, Active, access on, 1 groups
      end svcjob: active, no status, access on, mail to greta
    `,
  },
  {
    nick: 'sven',
    about: 'leaves for a month: his service account waits for him',
    hr: [
      {
        from: 'start',
        record: record(700135, 'Sven', 'Dahl', {
          contracts: [contract('2022-01-01', '2027-05-05'), contract('2027-06-07')],
        }),
      },
    ],
    groups: ['it-users'],
    accounts: [{ kind: 'service', login: 'svcgrid' }],
    expected: `
      start activate
      start svcgrid: activate
      2027-03-06 notice -60 for 2027-05-05
      2027-04-08 notice -27 for 2027-05-05
      2027-04-28 notice -7 for 2027-05-05
      2027-04-28 supervisor notice for 2027-05-05 to greta
      2027-05-06 leaving 2027-05-05
      2027-06-07 returned
      2027-06-07 welcome back open
      end active, Active, access on, 1 groups
      end svcgrid: active, no status, access on, mail to sven
    `,
  },
];
