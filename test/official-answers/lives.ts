import type { DateText } from '../../checker/life.ts';
import { contract, type Happening, type Life } from './life.ts';

/** Lives are walked from the day after the first of these dates to the second. */
export const WALK = { begins: '2026-12-01', ends: '2027-10-26' } as const;

/** While it lasts, nobody is blocked, deleted or handed on. From noon to noon. */
export const FREEZE = { from: '2027-06-20', to: '2027-07-02' } as const;

/** Supervises everybody, and stays. */
export const BOSS = 900_001;

const LONG_AGO = '2020-01-01';

const until = (end: DateText | null) => [contract(LONG_AGO, end)];
const hr = (on: DateText, ...ties: Life['ties']): Happening => ({ on, type: 'hr', ties });

function command(
  on: DateText,
  name: Extract<Happening, { type: 'command' }>['name'],
  date?: DateText | null,
): Happening {
  return { on, type: 'command', name, ...(date !== undefined && { until: date }) };
}

type Told = Omit<Life, 'id' | 'beside' | 'happenings'> & Partial<Pick<Life, 'beside' | 'happenings'>>;

/** Differently shaped, so that each line of the tables is met, and each thing that may bend it. */
const TOLD: readonly Told[] = [
  {
    story: 'leaves on the last day of the table, with a secondary and a service account',
    name: 'Plain',
    beside: ['secondary', 'service'],
    ties: until('2027-03-31'),
  },
  {
    story: 'is ignored from before leaving until after day 60, with a secondary account',
    name: 'Ignored',
    beside: ['secondary'],
    ties: until('2027-03-15'),
    happenings: [command('2027-02-20', 'ignore', '2027-06-05')],
  },
  {
    story: 'is extended by an admin beyond what HR says, with a secondary account',
    name: 'Extend',
    beside: ['secondary'],
    ties: until('2027-02-28'),
    happenings: [command('2027-02-10', 'extend', '2027-04-10')],
  },
  {
    story: 'is extended by an admin who withdraws it after the last day',
    name: 'Withdraw',
    ties: until('2027-03-07'),
    happenings: [command('2027-02-27', 'extend', '2027-04-30'), command('2027-03-24', 'extend', null)],
  },
  { story: 'is to be blocked during the freeze', name: 'Frozen', ties: until('2027-04-25') },
  { story: 'is to be deleted during the freeze', name: 'Icy', ties: until('2026-12-31') },
  {
    story: 'leaves during the freeze, with a service account',
    name: 'Cold',
    beside: ['service'],
    ties: until('2027-06-24'),
  },
  {
    story: 'is disabled before leaving and enabled in grace, with a secondary account',
    name: 'Disable',
    beside: ['secondary'],
    ties: until('2027-03-20'),
    happenings: [command('2027-02-10', 'disable'), command('2027-04-20', 'enable')],
  },
  {
    story: 'returns in grace by a contract that was announced, and leaves again',
    name: 'Returns',
    ties: until('2027-01-31'),
    happenings: [hr('2027-03-10', contract(LONG_AGO, '2027-01-31'), contract('2027-03-15', '2027-08-15'))],
  },
  {
    story: 'returns on the day HR says so, blocked since day 60, with a secondary account',
    name: 'Late',
    beside: ['secondary'],
    ties: until('2026-12-20'),
    happenings: [hr('2027-03-20', contract(LONG_AGO, '2026-12-20'), contract('2027-03-20'))],
  },
  {
    story: 'is on parental leave for a while, with a secondary and a service account',
    name: 'Leave',
    beside: ['secondary', 'service'],
    ties: until(null),
    happenings: [hr('2027-02-05', contract(LONG_AGO, null, true)), hr('2027-05-05', contract(LONG_AGO))],
  },
  {
    story: 'is on parental leave on the last day',
    name: 'Parent',
    ties: until('2027-04-09'),
    happenings: [hr('2027-03-02', contract(LONG_AGO, '2027-04-09', true))],
  },
  {
    story: 'joins later, for a short time',
    name: 'Joins',
    ties: [contract('2027-02-01', '2027-03-12')],
  },
  {
    story: 'was to join and never comes',
    name: 'Nobody',
    ties: [contract('2027-02-15', '2027-12-31')],
    happenings: [hr('2027-02-08')],
  },
  {
    story: 'left weeks before HR says so',
    name: 'Told',
    ties: until('2027-12-31'),
    happenings: [hr('2027-05-05', contract(LONG_AGO, '2027-03-10'))],
  },
  {
    story: 'loses every contract',
    name: 'Vanish',
    ties: until('2027-12-31'),
    happenings: [hr('2027-03-23')],
  },
  {
    story: 'is restored by an admin, blocked since day 60',
    name: 'Restore',
    ties: until('2027-01-10'),
    happenings: [command('2027-03-18', 'restore', '2027-04-15')],
  },
];

/** The boss first: whoever leaves is looked up after. */
export const LIVES: readonly Life[] = [
  { story: 'stays, and supervises everybody', name: 'Boss', ties: until(null) },
  ...TOLD,
].map((told: Told, index) => ({
  ...told,
  id: BOSS + index,
  beside: told.beside ?? [],
  happenings: told.happenings ?? [],
}));
