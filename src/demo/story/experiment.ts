import type { NewIndigoIamAccount } from '../doubles/indigo-iam/indigo-iam-double.ts';
import type { Character, InstanceAct } from './character.ts';
import { contract, participation, record } from './records.ts';
import type { Story } from './story.ts';

/** The experiment that the instance serves. */
export const EXPERIMENT = 'CMS';

/** Accounts of the instance that carry no label: nobody follows them, and nothing may be written to them. */
export const LOCAL_USERS: readonly NewIndigoIamAccount[] = [
  { userName: 'sam_local', givenName: 'Sam', familyName: 'Local', email: 'sam@lab.example' },
];

/** Employed all through the story, so that nothing but the experiment account has an end. */
function member(id: number, firstName: string, name: string, endDate: string | null) {
  const own = { experiment: EXPERIMENT, startDate: '2022-01-01', endDate };
  return record(id, firstName, name, { contracts: [contract('2022-01-01')], participations: [own] });
}

/** What happens to their primary accounts: nothing. */
const EMPLOYED = `
  start activate
  end active, Active, access on, 0 groups
`;

function dashboard(on: string, act: InstanceAct['act']): readonly InstanceAct[] {
  return [{ on, act }];
}

/** People who have an account in the experiment's INDIGO IAM instance. */
export const members: readonly Character[] = [
  {
    nick: 'tilda',
    about:
      'adopted under the name she had before she married; her participation gets an end, and a later one',
    hr: [
      { from: 'start', record: member(700161, 'Tilda', 'Berg', '2027-10-15') },
      { from: '2027-05-25', record: member(700161, 'Tilda', 'Berg', '2028-01-31') },
    ],
    instance: {
      userName: 'tilda_cms',
      account: { familyName: 'Holm', email: 'tilda.holm@cern.example' },
    },
    expected: `
      ${EMPLOYED}
      start tilda_cms: iam family name Berg
      start tilda_cms: iam e-mail tilda.berg@cern.example
      start tilda_cms: iam status MEMBER
      start tilda_cms: iam end time 2027-10-15
      2027-05-25 tilda_cms: iam end time 2028-01-31
      end tilda_cms: active, there until 2028-01-31, MEMBER
    `,
  },
  {
    nick: 'olaf',
    about: 'his participation ends: marked, suspended after a week, deleted after thirty days',
    hr: [{ from: 'start', record: member(700162, 'Olaf', 'Lind', '2027-04-30') }],
    instance: { userName: 'olaf_cms' },
    expected: `
      ${EMPLOYED}
      start olaf_cms: iam status MEMBER
      start olaf_cms: iam end time 2027-04-30
      2027-05-01 olaf_cms: iam status EXPIRED
      2027-05-01 olaf_cms: iam PENDING_SUSPENSION
      2027-05-01 olaf_cms: leaving 2027-04-30
      2027-05-08 olaf_cms: iam PENDING_REMOVAL
      2027-05-08 olaf_cms: iam suspended
      2027-05-08 olaf_cms: block 2027-04-30
      2027-05-31 olaf_cms: iam deleted
      2027-05-31 olaf_cms: delete 2027-04-30
      end olaf_cms: deleted, not there
    `,
  },
  {
    nick: 'vera',
    about: 'comes back to the experiment after the suspension',
    hr: [
      { from: 'start', record: member(700163, 'Vera', 'Dahl', '2027-03-31') },
      {
        from: '2027-04-20',
        record: record(700163, 'Vera', 'Dahl', {
          contracts: [contract('2022-01-01')],
          participations: [
            participation(EXPERIMENT, '2022-01-01', '2027-03-31'),
            participation(EXPERIMENT, '2027-04-15', '2027-12-31'),
          ],
        }),
      },
    ],
    instance: { userName: 'vera_cms' },
    expected: `
      ${EMPLOYED}
      start vera_cms: iam status MEMBER
      start vera_cms: iam end time 2027-03-31
      2027-04-01 vera_cms: iam status EXPIRED
      2027-04-01 vera_cms: iam PENDING_SUSPENSION
      2027-04-01 vera_cms: leaving 2027-03-31
      2027-04-08 vera_cms: iam PENDING_REMOVAL
      2027-04-08 vera_cms: iam suspended
      2027-04-08 vera_cms: block 2027-03-31
      2027-04-20 vera_cms: iam active again
      2027-04-20 vera_cms: iam end time 2027-12-31
      2027-04-20 vera_cms: iam mark of expiry removed
      2027-04-20 vera_cms: iam status MEMBER
      end vera_cms: active, there until 2027-12-31, MEMBER
    `,
  },
  {
    nick: 'rolf',
    about: 'ignored in the dashboard before HR shortens his participation: his end time stays',
    hr: [
      { from: 'start', record: member(700164, 'Rolf', 'Nyman', '2027-12-31') },
      { from: '2027-04-02', record: member(700164, 'Rolf', 'Nyman', '2027-04-14') },
    ],
    instance: { userName: 'rolf_cms', acts: dashboard('2027-03-10', 'ignore') },
    expected: `
      ${EMPLOYED}
      start rolf_cms: iam status MEMBER
      start rolf_cms: iam end time 2027-12-31
      2027-03-10 rolf_cms: iam status IGNORED
      end rolf_cms: active, there until 2027-12-31, IGNORED
    `,
  },
  {
    nick: 'dora',
    about: 'her account is deleted in the dashboard by hand',
    hr: [{ from: 'start', record: member(700165, 'Dora', 'Ek', null) }],
    instance: { userName: 'dora_cms', acts: dashboard('2027-05-12', 'delete') },
    expected: `
      ${EMPLOYED}
      start dora_cms: iam status MEMBER
      end dora_cms: deletedOutside, not there
    `,
  },
  {
    nick: 'adam',
    about: 'suspended by an admin: a participation that ends and a new one do not bring the account back',
    hr: [
      { from: 'start', record: member(700166, 'Adam', 'Frost', '2027-04-20') },
      { from: '2027-05-08', record: member(700166, 'Adam', 'Frost', '2027-12-31') },
    ],
    instance: { userName: 'adam_cms', acts: dashboard('2027-03-15', 'suspend') },
    expected: `
      ${EMPLOYED}
      start adam_cms: iam status MEMBER
      start adam_cms: iam end time 2027-04-20
      2027-04-21 adam_cms: iam status EXPIRED
      2027-04-21 adam_cms: iam PENDING_SUSPENSION
      2027-04-21 adam_cms: leaving 2027-04-20
      2027-04-28 adam_cms: iam PENDING_REMOVAL
      2027-04-28 adam_cms: block 2027-04-20
      2027-05-08 adam_cms: iam end time 2027-12-31
      2027-05-08 adam_cms: iam mark of expiry removed
      2027-05-08 adam_cms: iam status MEMBER
      end adam_cms: active, suspended there until 2027-12-31, MEMBER
    `,
  },
];

/** The story with people of the experiment beside the others. */
export function withExperiment(story: Story): Story {
  return { ...story, characters: [...story.characters, ...members] };
}
