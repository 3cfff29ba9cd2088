import type { Character } from './character.ts';
import { contract, record } from './records.ts';

/** People who leave: at every offset from the start, known early, late, and too late. */
export const leavers: readonly Character[] = [
  {
    nick: 'ada',
    about: 'leaves on the day that the rules take as their example',
    hr: [
      {
        from: 'start',
        record: record(700101, 'Ada', 'Rossi', { contracts: [contract('2022-01-01', '2027-03-31')] }),
      },
    ],
    groups: ['it-users', 'cms-web'],
    expected: `
      start activate
      2027-01-30 notice -60 for 2027-03-31
      2027-03-04 notice -27 for 2027-03-31
      2027-03-24 notice -7 for 2027-03-31
      2027-04-01 leaving 2027-03-31
      2027-04-01 guest account
      2027-05-31 status Inactive
      2027-05-31 block 2027-03-31, 2 groups
      2027-09-28 delete 2027-03-31
      end deleted, no entry
    `,
  },
  {
    nick: 'bruno',
    about: 'known to leave a hundred days before; reads French',
    hr: [
      {
        from: 'start',
        record: record(700102, 'Bruno', 'Favre', {
          preferredLanguage: 'fr',
          contracts: [contract('2022-01-01', '2027-04-28')],
        }),
      },
    ],
    groups: ['it-users', 'cms-web'],
    expected: `
      start activate
      2027-02-27 notice -60 for 2027-04-28
      2027-04-01 notice -27 for 2027-04-28
      2027-04-21 notice -7 for 2027-04-28
      2027-04-29 leaving 2027-04-28
      2027-04-29 guest account
      2027-06-28 status Inactive
      2027-06-28 block 2027-04-28, 2 groups
      2027-10-26 delete 2027-04-28
      end deleted, no entry
    `,
  },
  {
    nick: 'chloe',
    about: 'HR tells 50 days before; reads French',
    hr: [
      {
        from: 'start',
        record: record(700103, 'Chloé', 'Lambert', {
          preferredLanguage: 'fr',
          email: 'chloe.lambert@cern.example',
          contracts: [contract('2022-01-01')],
        }),
      },
      {
        from: '2027-03-07',
        record: record(700103, 'Chloé', 'Lambert', {
          preferredLanguage: 'fr',
          email: 'chloe.lambert@cern.example',
          contracts: [contract('2022-01-01', '2027-04-26')],
        }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-03-07 notice -60 for 2027-04-26
      2027-03-30 notice -27 for 2027-04-26
      2027-04-19 notice -7 for 2027-04-26
      2027-04-27 leaving 2027-04-26
      2027-04-27 guest account
      2027-06-26 status Inactive
      2027-06-26 block 2027-04-26, 1 groups
      2027-10-24 delete 2027-04-26
      end deleted, no entry
    `,
  },
  {
    nick: 'dario',
    about: 'HR tells 20 days before',
    hr: [
      { from: 'start', record: record(700104, 'Dario', 'Conti', { contracts: [contract('2022-01-01')] }) },
      {
        from: '2027-04-07',
        record: record(700104, 'Dario', 'Conti', { contracts: [contract('2022-01-01', '2027-04-27')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-04-07 notice -27 for 2027-04-27 [unless down 2027-04-07 to 2027-04-20]
      2027-04-20 notice -7 for 2027-04-27
      2027-04-28 leaving 2027-04-27
      2027-04-28 guest account
      2027-06-27 status Inactive
      2027-06-27 block 2027-04-27, 1 groups
      2027-10-25 delete 2027-04-27
      end deleted, no entry
    `,
  },
  {
    nick: 'elena',
    about: 'HR tells 5 days before',
    hr: [
      { from: 'start', record: record(700105, 'Elena', 'Popova', { contracts: [contract('2022-01-01')] }) },
      {
        from: '2027-05-01',
        record: record(700105, 'Elena', 'Popova', { contracts: [contract('2022-01-01', '2027-05-06')] }),
      },
    ],
    expected: `
      start activate
      2027-05-01 notice -7 for 2027-05-06 [unless down within 2027-05-01 to 2027-05-08]
      2027-05-01 notice -7 for 2027-05-06 failed [if down within 2027-05-01 to 2027-05-08]
      2027-05-01 alarm notice-failed [if down within 2027-05-01 to 2027-05-08]
      2027-05-07 leaving 2027-05-06
      2027-05-07 guest account
      2027-07-06 status Inactive
      2027-07-06 block 2027-05-06, 0 groups
      2027-11-03 delete 2027-05-06
      end deleted, no entry
    `,
  },
  {
    nick: 'farid',
    about: 'HR tells two weeks after',
    hr: [
      { from: 'start', record: record(700106, 'Farid', 'Haddad', { contracts: [contract('2022-01-01')] }) },
      {
        from: '2027-03-15',
        record: record(700106, 'Farid', 'Haddad', { contracts: [contract('2022-01-01', '2027-03-01')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-03-15 leaving 2027-03-01
      2027-03-15 guest account
      2027-03-15 notice -7 for 2027-03-01
      2027-05-01 status Inactive
      2027-05-01 block 2027-03-01, 1 groups
      2027-08-29 delete 2027-03-01
      end deleted, no entry
    `,
  },
  {
    nick: 'gina',
    about: 'HR tells 70 days after: blocked a week after the notice, not at once',
    hr: [
      { from: 'start', record: record(700107, 'Gina', 'Moretti', { contracts: [contract('2022-01-01')] }) },
      {
        from: '2027-05-10',
        record: record(700107, 'Gina', 'Moretti', { contracts: [contract('2022-01-01', '2027-03-01')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-05-10 leaving 2027-03-01
      2027-05-10 guest account
      2027-05-10 notice -7 for 2027-03-01
      2027-05-17 08:00 block 2027-03-01, 1 groups
      2027-08-29 delete 2027-03-01
      end deleted, no entry
    `,
  },
  {
    nick: 'hugo',
    about: 'HR tells 200 days after: block a week after the notice, delete a week after the block',
    hr: [
      { from: 'start', record: record(700108, 'Hugo', 'Weber', { contracts: [contract('2022-01-01')] }) },
      {
        from: '2027-05-20',
        record: record(700108, 'Hugo', 'Weber', { contracts: [contract('2022-01-01', '2026-11-01')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-05-20 leaving 2026-11-01
      2027-05-20 guest account
      2027-05-20 notice -7 for 2026-11-01
      2027-05-27 08:00 block 2026-11-01, 1 groups
      2027-06-04 delete 2026-11-01
      end deleted, no entry
    `,
  },
  {
    nick: 'helga',
    about: 'HR is down on the day of her block: it waits',
    hr: [
      {
        from: 'start',
        record: record(700109, 'Helga', 'Nilsen', { contracts: [contract('2022-01-01', '2027-04-18')] }),
      },
    ],
    groups: ['it-users'],
    expected: `
      start activate
      2027-02-17 notice -60 for 2027-04-18
      2027-03-22 notice -27 for 2027-04-18
      2027-04-11 notice -7 for 2027-04-18
      2027-04-19 leaving 2027-04-18
      2027-04-19 guest account
      2027-06-18 status Inactive
      2027-06-24 block 2027-04-18, 1 groups
      2027-10-16 delete 2027-04-18
      end deleted, no entry
    `,
  },
  {
    nick: 'wanda',
    about: 'has no address at the organisation but an external one',
    hr: [
      {
        from: 'start',
        record: record(700110, 'Wanda', 'Novak', {
          email: null,
          externalEmail: 'wanda@example.org',
          contracts: [contract('2022-01-01', '2027-05-31')],
        }),
      },
    ],
    expected: `
      start activate
      2027-04-01 notice -60 for 2027-05-31 to wanda's external address
      2027-05-04 notice -27 for 2027-05-31 to wanda's external address
      2027-05-24 notice -7 for 2027-05-31 to wanda's external address
      2027-06-01 leaving 2027-05-31
      2027-06-01 guest account
      2027-07-31 status Inactive
      2027-07-31 block 2027-05-31, 0 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'xeno',
    about: 'has no address at all: the supervisor gets it',
    hr: [
      {
        from: 'start',
        record: record(700111, 'Xeno', 'Pappas', {
          email: null,
          externalEmail: null,
          contracts: [contract('2022-01-01', '2027-06-20')],
        }),
      },
    ],
    expected: `
      start activate
      2027-04-21 notice -60 for 2027-06-20 to greta
      2027-05-24 notice -27 for 2027-06-20 to greta
      2027-06-13 notice -7 for 2027-06-20 to greta
      2027-06-21 leaving 2027-06-20
      2027-06-21 case no-guest-address to the Service Desk
      2027-08-20 status Inactive
      2027-08-20 block 2027-06-20, 0 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'isak',
    about: 'has two secondary accounts',
    hr: [
      {
        from: 'start',
        record: record(700112, 'Isak', 'Berg', { contracts: [contract('2022-01-01', '2027-04-08')] }),
      },
    ],
    groups: ['it-users', 'cms-web', 'grid-admins'],
    accounts: [
      { kind: 'secondary', login: 'isaklab' },
      { kind: 'secondary', login: 'isakdev' },
    ],
    expected: `
      start activate
      start isaklab: activate
      start isakdev: activate
      2027-02-07 notice -60 for 2027-04-08
      2027-03-12 notice -27 for 2027-04-08
      2027-04-01 notice -7 for 2027-04-08
      2027-04-09 leaving 2027-04-08
      2027-04-09 guest account
      2027-04-09 isaklab: leaving 2027-04-08
      2027-04-09 isakdev: leaving 2027-04-08
      2027-06-08 status Inactive
      2027-06-08 block 2027-04-08, 3 groups
      2027-06-08 isaklab: block 2027-04-08, 0 groups
      2027-06-08 isakdev: block 2027-04-08, 0 groups
      2027-10-06 delete 2027-04-08
      2027-10-06 isaklab: delete 2027-04-08
      2027-10-06 isakdev: delete 2027-04-08
      end deleted, no entry
      end isaklab: deleted, no entry
      end isakdev: deleted, no entry
    `,
  },
  {
    nick: 'pia',
    about: 'left before the story begins: gets no account',
    hr: [
      {
        from: 'start',
        record: record(700113, 'Pia', 'Keller', { contracts: [contract('2020-01-01', '2025-12-31')] }),
      },
    ],
    expected: `
    `,
  },
];
