import type { Character } from './character.ts';
import { contract, record, FELIX, GRETA, HEIDI } from './records.ts';

/** People above others, and owners of service accounts. */
export const owners: readonly Character[] = [
  {
    nick: 'greta',
    about: 'supervises most of the others',
    hr: [
      {
        from: 'start',
        record: record(GRETA, 'Greta', 'Hofmann', {
          supervisorId: HEIDI,
          contracts: [contract('2015-01-01')],
        }),
      },
    ],
    expected: `
      start activate
      end active, Active, access on, 0 groups
    `,
  },
  {
    nick: 'heidi',
    about: 'is above everybody',
    hr: [
      {
        from: 'start',
        record: record(HEIDI, 'Heidi', 'Brandt', { supervisorId: null, contracts: [contract('2015-01-01')] }),
      },
    ],
    expected: `
      start activate
      end active, Active, access on, 0 groups
    `,
  },
  {
    nick: 'felix',
    about: 'gets the service accounts that nobody else can own',
    hr: [
      {
        from: 'start',
        record: record(FELIX, 'Felix', 'Meier', { supervisorId: null, contracts: [contract('2015-01-01')] }),
      },
    ],
    expected: `
      start activate
      end active, Active, access on, 0 groups
    `,
  },
  {
    nick: 'samir',
    about: 'owns two service accounts, which go to his supervisor, and two other things',
    owns: [
      { type: 'website', name: 'scan-results' },
      { type: 'mailing list', name: 'plot-users' },
    ],
    hr: [
      {
        from: 'start',
        record: record(700136, 'Samir', 'Khoury', { contracts: [contract('2022-01-01', '2027-04-02')] }),
      },
    ],
    groups: ['it-users'],
    accounts: [
      { kind: 'service', login: 'svcscan' },
      { kind: 'service', login: 'svcplot' },
    ],
    expected: `
      start activate
      start svcscan: activate
      start svcplot: activate
      2027-02-01 notice -60 for 2027-04-02
      2027-03-06 notice -27 for 2027-04-02
      2027-03-26 notice -7 for 2027-04-02
      2027-03-26 supervisor notice for 2027-04-02 to greta
      2027-04-03 leaving 2027-04-02
      2027-04-03 guest account
      2027-04-03 svcscan: transfer to greta
      2027-04-03 svcscan: service-account-received to greta
      2027-04-03 svcplot: transfer to greta
      2027-04-03 svcplot: service-account-received to greta
      2027-06-02 status Inactive
      2027-06-02 block 2027-04-02, 1 groups
      2027-09-30 delete 2027-04-02
      end deleted, no entry
      end svcscan: active, no status, access on, mail to greta
      end svcplot: active, no status, access on, mail to greta
    `,
  },
  {
    nick: 'marco',
    about: 'supervises Tess and leaves before her',
    hr: [
      {
        from: 'start',
        record: record(700137, 'Marco', 'Bianchi', { contracts: [contract('2022-01-01', '2027-04-30')] }),
      },
    ],
    expected: `
      start activate
      2027-03-01 notice -60 for 2027-04-30
      2027-04-03 notice -27 for 2027-04-30
      2027-04-23 notice -7 for 2027-04-30
      2027-05-01 leaving 2027-04-30
      2027-05-01 guest account
      2027-06-30 status Inactive
      2027-06-30 block 2027-04-30, 0 groups
      2027-10-28 delete 2027-04-30
      end deleted, no entry
    `,
  },
  {
    nick: 'tess',
    about: 'her supervisor has left: the service account goes one further up',
    hr: [
      {
        from: 'start',
        record: record(700138, 'Tess', 'Olsen', {
          supervisorId: 700137,
          contracts: [contract('2022-01-01', '2027-05-31')],
        }),
      },
    ],
    accounts: [{ kind: 'service', login: 'svcmail' }],
    expected: `
      start activate
      start svcmail: activate
      2027-04-01 notice -60 for 2027-05-31
      2027-05-04 notice -27 for 2027-05-31
      2027-05-24 notice -7 for 2027-05-31
      2027-05-24 supervisor notice for 2027-05-31 to marco
      2027-06-01 leaving 2027-05-31
      2027-06-01 guest account
      2027-06-01 svcmail: transfer to greta
      2027-06-01 svcmail: service-account-received to greta
      2027-07-31 status Inactive
      2027-07-31 block 2027-05-31, 0 groups
      end blocked, Inactive, access off, 0 groups
      end svcmail: active, no status, access on, mail to greta
    `,
  },
  {
    nick: 'vito',
    about: 'leaves on the same day as Uma, whom he supervises',
    hr: [
      {
        from: 'start',
        record: record(700139, 'Vito', 'Amato', {
          supervisorId: null,
          contracts: [contract('2022-01-01', '2027-06-10')],
        }),
      },
    ],
    expected: `
      start activate
      2027-04-11 notice -60 for 2027-06-10
      2027-05-14 notice -27 for 2027-06-10
      2027-06-03 notice -7 for 2027-06-10
      2027-06-11 leaving 2027-06-10
      2027-06-11 guest account
      2027-08-10 status Inactive
      2027-08-10 block 2027-06-10, 0 groups
      end blocked, Inactive, access off, 0 groups
    `,
  },
  {
    nick: 'uma',
    about: 'nobody above her is left: the fallback owner gets it',
    hr: [
      {
        from: 'start',
        record: record(700140, 'Uma', 'Patel', {
          supervisorId: 700139,
          contracts: [contract('2022-01-01', '2027-06-10')],
        }),
      },
    ],
    accounts: [{ kind: 'service', login: 'svcbatch' }],
    expected: `
      start activate
      start svcbatch: activate
      2027-04-11 notice -60 for 2027-06-10
      2027-05-14 notice -27 for 2027-06-10
      2027-06-03 notice -7 for 2027-06-10
      2027-06-03 supervisor notice for 2027-06-10 to vito
      2027-06-11 leaving 2027-06-10
      2027-06-11 guest account
      2027-06-11 svcbatch: transfer to felix
      2027-06-11 svcbatch: service-account-received to felix
      2027-06-11 svcbatch: case fallback-owner to the Service Desk
      2027-08-10 status Inactive
      2027-08-10 block 2027-06-10, 0 groups
      end blocked, Inactive, access off, 0 groups
      end svcbatch: active, no status, access on, mail to felix
    `,
  },
];
