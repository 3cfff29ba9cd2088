import type { Observation } from '../../../src/contracts/affiliation.ts';
import type { Followed } from '../../../src/contracts/merge.ts';
import { adoptedState } from '../../../src/policy/fold-instance.ts';
import {
  account,
  commanded,
  contract,
  found,
  on,
  seen,
  shipped,
  shows,
  signalled,
  type Answer,
  type Story,
} from './story.ts';

const DONE: Answer = { type: 'done' };
const MERGED = { requestId: 'merge-1', toPerson: '900001' };
const REASSIGNED = { requestId: 'request-1', newOwner: '900001' };

/** A primary account that starts on a date, and whatever else is told. */
function life(
  name: string,
  start: string,
  over: Partial<Story> & { readonly kind?: 'primary' | 'secondary' | 'service' },
): Story {
  const startsAt = on(start);
  const { kind = 'primary', ...rest } = over;
  const state = account(name, startsAt, { kind });
  return { name, startsAt, endsAt: null, state, policy: shipped(kind), messages: [], expected: [], ...rest };
}

const SLEEPING_LIFE = [
  'notice -60',
  'notice -27',
  'notice -7',
  'leaving Grace Period',
  'guest',
  'status Inactive',
  'block',
  'delete',
];

const grace = (name: string, start: string, kind: 'primary' | 'secondary' = 'primary') =>
  account(name, on(start), {
    kind,
    stage: 'grace',
    named: { lastDay: '2027-03-31', dueAt: on('2027-01-30') },
  });

const blocked = (name: string, start: string) =>
  account(name, on(start), {
    stage: 'blocked',
    blocked: { lastDay: '2027-03-31', at: on('2027-05-31', '00:30') },
  });

const newOwner: Observation = {
  number: 40,
  personId: '900001',
  outcome: 'found',
  ties: [contract(null)],
  at: on('2027-04-01'),
};

const FOLLOWED: Followed = {
  ...{ personId: '900001', kind: 'secondary', policy: shipped('secondary'), departure: 0 },
  ...{ adminDate: null, disabledManually: null },
  observation: { ...newOwner, number: 60, ties: [contract('2027-04-06')], at: on('2027-03-24') },
};

/** The main lives of CERN's accounts, and the ways in which they are disturbed. */
export const STORIES: readonly Story[] = [
  life('whole-life', '2027-01-25', { expected: SLEEPING_LIFE }),
  // The policy of the lives above and below had no guests yet when they were recorded.
  life('whole-life-with-guest', '2027-01-25', { expected: SLEEPING_LIFE }),
  life('return-with-guest', '2027-03-22', {
    messages: [signalled('2027-06-10', found(2, '2027-06-10', contract('2027-12-31')))],
    endsAt: on('2027-06-16'),
    expected: [
      'notice -7',
      'leaving Grace Period',
      'guest',
      'status Inactive',
      'block',
      'giveAccess returned',
      'shutGuest',
      'allClear',
    ],
  }),
  life('joiner', '2027-02-05', {
    state: account('joiner', on('2027-02-05'), {
      stage: 'pending',
      observation: found(1, '2027-02-05', contract(null, { start: '2027-02-10' })),
    }),
    endsAt: on('2027-02-18'),
    expected: ['activate'],
  }),
  life('joiner-who-never-came', '2027-02-05', {
    state: account('joiner-who-never-came', on('2027-02-05'), {
      stage: 'pending',
      observation: found(1, '2027-02-05', contract(null, { start: '2027-02-28' })),
    }),
    messages: [signalled('2027-02-08', { ...found(2, '2027-02-08'), outcome: 'no-person' })],
    expected: [],
  }),
  life('return-in-grace', '2027-03-22', {
    messages: [
      signalled(
        '2027-04-10',
        found(2, '2027-04-10', contract('2027-03-31'), contract(null, { start: '2027-04-12' })),
      ),
    ],
    endsAt: on('2027-04-20'),
    expected: ['notice -7', 'leaving Grace Period', 'guest', 'giveAccess returned', 'shutGuest', 'allClear'],
  }),
  life('return-after-block', '2027-05-28', {
    state: grace('return-after-block', '2027-05-28'),
    messages: [signalled('2027-06-10', found(2, '2027-06-10', contract('2027-12-31')))],
    endsAt: on('2027-06-16'),
    expected: ['guest', 'status Inactive', 'block', 'giveAccess returned', 'shutGuest', 'allClear'],
  }),
  life('late-hr', '2027-06-08', {
    state: account('late-hr', on('2027-06-08'), { observation: found(1, '2027-06-08', contract(null)) }),
    messages: [signalled('2027-06-10', found(2, '2027-06-10', contract('2027-03-31')))],
    endsAt: on('2027-06-24'),
    expected: ['leaving Inactive', 'guest', 'notice -7', 'block'],
  }),
  life('late-hr-past-the-delete', '2027-10-04', {
    state: account('late-hr-past-the-delete', on('2027-10-04'), {
      observation: found(1, '2027-10-04', contract(null)),
    }),
    messages: [signalled('2027-10-05', found(2, '2027-10-05', contract('2027-03-31')))],
    expected: ['leaving Inactive', 'guest', 'notice -7', 'block', 'delete'],
  }),
  life('exclusion-and-back', '2027-01-04', {
    state: account('exclusion-and-back', on('2027-01-04'), {
      observation: found(1, '2027-01-04', contract(null)),
    }),
    messages: [
      signalled('2027-01-06', found(2, '2027-01-06', contract(null, { excluded: true }))),
      signalled('2027-01-14', found(3, '2027-01-14', contract(null))),
    ],
    endsAt: on('2027-01-19'),
    expected: ['exclude', 'giveAccess exclusionEnded'],
  }),
  life('ignored-and-resumed', '2027-03-20', {
    messages: [
      commanded('2027-03-22', 'update', 'ignore', { commandId: 'command-1', until: 'never' }),
      commanded('2027-03-26', 'signal', 'ignore', { commandId: 'command-1', until: 'never' }),
      commanded('2027-04-10', 'update', 'resume', { commandId: 'command-2' }),
    ],
    endsAt: on('2027-04-16'),
    expected: ['status Grace Period', 'leaving Grace Period', 'guest', 'notice -7'],
  }),
  life('ignore-that-ends', '2027-04-05', {
    state: account('ignore-that-ends', on('2027-04-05'), {
      observation: found(1, '2027-04-05', contract(null)),
    }),
    messages: [commanded('2027-04-06', 'update', 'ignore', { until: '2027-04-18' })],
    endsAt: on('2027-04-24'),
    expected: ['reminder'],
  }),
  life('disabled-and-enabled', '2027-02-01', {
    state: account('disabled-and-enabled', on('2027-02-01'), {
      observation: found(1, '2027-02-01', contract(null)),
    }),
    messages: [
      commanded('2027-02-03', 'update', 'disable', { commandId: 'command-1' }),
      commanded('2027-02-09', 'signal', 'enable'),
    ],
    endsAt: on('2027-02-14'),
    expected: ['disable', 'giveAccess enabled'],
  }),
  life('restored-by-an-admin', '2027-04-04', {
    state: grace('restored-by-an-admin', '2027-04-04'),
    messages: [
      commanded('2027-04-06', 'update', 'restore', { until: '2027-04-20' }),
      commanded('2027-04-10', 'update', 'extend', { until: '2027-04-22' }),
    ],
    endsAt: on('2027-04-27'),
    expected: [
      'guest',
      'giveAccess returned',
      'shutGuest',
      'allClear',
      'notice -7',
      'leaving Grace Period',
      'guest',
    ],
  }),
  life('service-account-handed-over', '2027-03-29', {
    kind: 'service',
    messages: [
      signalled('2027-04-05', {
        ...newOwner,
        number: 41,
        ties: [contract('2027-04-09')],
        at: on('2027-04-05'),
      }),
    ],
    endsAt: on('2027-04-14'),
    answer: ({ step, state }) =>
      step.action === 'transfer' && state.personId === '900123'
        ? { type: 'done', newOwner }
        : { type: 'done', newOwner: { ...newOwner, number: 50, personId: '900002' } },
    expected: ['transfer', 'transfer'],
  }),
  life('service-account-reassigned', '2027-03-20', {
    kind: 'service',
    messages: [
      { at: on('2027-03-24'), by: 'signal', name: 'reassigned', payload: REASSIGNED },
      { at: on('2027-03-26'), by: 'signal', name: 'reassigned', payload: REASSIGNED },
    ],
    endsAt: on('2027-04-04'),
    answer: ({ step }, attempt) => {
      if (step.action !== 'reassign') return DONE;
      return attempt < 3
        ? { type: 'fails', code: 'TARGET_DOWN', retryable: true }
        : { type: 'done', newOwner: { ...newOwner, number: 60 } };
    },
    expected: ['reassign'],
  }),
  life('person-merged', '2027-03-20', {
    messages: [
      { at: on('2027-03-22'), by: 'signal', name: 'personsMerged', payload: MERGED },
      { at: on('2027-03-25'), by: 'signal', name: 'personsMerged', payload: MERGED },
    ],
    endsAt: on('2027-04-10'),
    answer: ({ step }, attempt) => {
      if (step.action !== 'merge') return DONE;
      return attempt < 3
        ? { type: 'fails', code: 'TARGET_DOWN', retryable: true }
        : { type: 'done', followed: FOLLOWED };
    },
    // A secondary account sends no notices.
    expected: ['merge', 'leaving'],
  }),
  life('identity-associated', '2027-04-20', {
    state: grace('identity-associated', '2027-04-20'),
    messages: [
      { at: on('2027-04-23'), by: 'signal', name: 'guestChanged', payload: { requestId: 'request-2' } },
      { at: on('2027-04-25'), by: 'signal', name: 'guestChanged', payload: { requestId: 'request-2' } },
    ],
    endsAt: on('2027-05-04'),
    answer: ({ step }, attempt) =>
      step.action === 'writeGuests' && attempt < 3
        ? { type: 'fails', code: 'TARGET_DOWN', retryable: true }
        : DONE,
    expected: ['guest', 'writeGuests'],
  }),
  life('block-retried', '2027-05-28', {
    state: grace('block-retried', '2027-05-28'),
    endsAt: on('2027-06-14'),
    answer: ({ step }, attempt) =>
      step.action === 'block' && attempt < 5
        ? { type: 'fails', code: 'HR_UNAVAILABLE', retryable: true }
        : DONE,
    expected: ['guest', 'status Inactive', 'block'],
  }),
  life('leaving-that-needs-a-fix', '2027-03-30', {
    endsAt: on('2027-04-08'),
    answer: ({ step, state }) =>
      step.action === 'leaving' && state.failures.length === 0
        ? { type: 'fails', code: 'ACCOUNT_UNKNOWN', retryable: false }
        : DONE,
    expected: ['leaving Grace Period', 'status Grace Period', 'leaving Grace Period', 'guest'],
  }),
  life('notice-that-cannot-be-delivered', '2027-03-22', {
    endsAt: on('2027-04-06'),
    answer: ({ step }) =>
      step.action === 'notice' ? { type: 'fails', code: 'NO_ADDRESS', retryable: false } : DONE,
    expected: ['notice -7 …', 'leaving Grace Period', 'guest'],
  }),
  life('delete-that-has-begun', '2027-09-25', {
    state: blocked('delete-that-has-begun', '2027-09-25'),
    messages: [signalled('2027-09-30', found(2, '2027-09-30', contract(null)))],
    answer: ({ step, state }) => {
      if (step.action === 'giveAccess') return { type: 'refused', why: { code: 'deleteBegun' } };
      return step.action === 'delete' && !state.deleteBegun
        ? { type: 'fails', code: 'TARGET_DOWN', retryable: true }
        : DONE;
    },
    expected: ['guest', 'delete', 'giveAccess returned', 'delete'],
  }),
  life('return-while-the-block-is-retried', '2027-05-28', {
    state: grace('return-while-the-block-is-retried', '2027-05-28'),
    messages: [signalled('2027-06-03', found(2, '2027-06-03', contract(null)))],
    endsAt: on('2027-06-10'),
    answer: ({ step }) =>
      step.action === 'block' ? { type: 'fails', code: 'TARGET_DOWN', retryable: true } : DONE,
    expected: ['guest', 'status Inactive', 'block', 'giveAccess returned', 'shutGuest', 'allClear'],
  }),
  life('block-refused-by-hr', '2027-05-28', {
    state: grace('block-refused-by-hr', '2027-05-28'),
    endsAt: on('2027-06-08'),
    answer: ({ step }) =>
      step.action === 'block'
        ? {
            type: 'refused',
            why: { code: 'observation', observation: found(7, '2027-05-31', contract('2027-12-31')) },
          }
        : DONE,
    expected: ['guest', 'status Inactive', 'block', 'giveAccess returned', 'shutGuest', 'allClear'],
  }),
  life('secondary-told-too-late', '2027-05-28', {
    kind: 'secondary',
    state: grace('secondary-told-too-late', '2027-05-28', 'secondary'),
    endsAt: on('2027-06-12'),
    answer: ({ step, state }) =>
      step.action === 'block' && state.notBefore === null
        ? { type: 'refused', why: { code: 'notBefore', at: on('2027-06-06', '08:00') } }
        : DONE,
    expected: ['block', 'block'],
  }),
  life('moved-dates', '2027-03-20', {
    messages: [
      signalled('2027-03-26', found(2, '2027-03-26', contract('2027-05-01'))),
      signalled('2027-04-08', found(3, '2027-04-08', contract('2027-04-20'))),
    ],
    endsAt: on('2027-04-24'),
    expected: [
      'notice -7',
      'allClear',
      'notice -27',
      'notice -27',
      'notice -7',
      'leaving Grace Period',
      'guest',
    ],
  }),
  life('woken-by-the-watchdog', '2027-02-01', {
    state: account('woken-by-the-watchdog', on('2027-02-01'), {
      observation: found(1, '2027-02-01', contract(null)),
    }),
    messages: [
      { at: on('2027-02-02'), by: 'signal', name: 'lookAgain', payload: null },
      { at: on('2027-02-04'), by: 'signal', name: 'recordAgain', payload: null },
    ],
    endsAt: on('2027-02-08'),
    expected: [],
  }),
  life('rubbish-and-a-cancel', '2027-02-01', {
    state: account('rubbish-and-a-cancel', on('2027-02-01'), {
      observation: found(1, '2027-02-01', contract(null)),
    }),
    messages: [
      { at: on('2027-02-02'), by: 'signal', name: 'participationChanged', payload: { number: 'two' } },
      { at: on('2027-02-04'), by: 'signal', name: 'nobodyKnowsThis', payload: {} },
      { at: on('2027-02-06'), by: 'cancel', name: 'cancel', payload: null },
      commanded('2027-02-10', 'signal', 'disable'),
    ],
    endsAt: on('2027-02-13'),
    expected: ['disable'],
  }),
  {
    name: 'experiment-account',
    startsAt: on('2027-03-28'),
    endsAt: null,
    state: adoptedState({
      ...{ accountId: 'experiment-account', experiment: 'CMS', at: on('2027-03-28') },
      facts: shows(1, '2027-03-28'),
    }),
    policy: shipped('experiment'),
    messages: [
      signalled(
        '2027-03-28',
        found(1, '2027-03-28', {
          ...{ kind: 'participation', experiment: 'cms', start: null, end: '2027-03-31', excluded: false },
        }),
      ),
      seen('2027-03-29', shows(2, '2027-03-29', { ignored: true })),
      commanded('2027-03-30', 'signal', 'resume'),
    ],
    expected: ['hold', 'leaving', 'block', 'delete'],
  },
];
