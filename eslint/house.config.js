import tseslint from 'typescript-eslint';
import house from './boundaries.js';

/**
 * The rules of this project's own house: import boundaries, and who may read the environment, the clock and the
 * console. They need no type information, so that `test/house` can lint snippets with them in milliseconds.
 */

const ENTRY_POINTS = ['src/{worker,api,cli,demo,dev}/main.ts'];
const TOOLING = ['test/**', 'scripts/**', 'bench/**', '*.config.ts', '*.config.js', 'eslint/**'];

const NO_ENVIRONMENT =
  'Only entry points (src/{worker,api,cli,demo,dev}/main.ts) read the environment, once, and pass on what they parsed: a setting read anywhere else is checked by nobody and found by nobody.';
const NO_CLOCK =
  'Time enters as an argument (src/policy, src/contracts) or is read in workflows/clock.ts alone: a second clock is how a block once landed in 2036, and how replay breaks.';
const NO_RANDOM = 'The policy is a pure function: the same input must give the same plan.';
const NO_RACE =
  'Promise.race leaks the timer of the loser: use condition(fn, ms), with whole milliseconds of at least 1.';

const readsClock = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: NO_CLOCK },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: NO_CLOCK },
  { selector: "CallExpression[callee.name='Date']", message: NO_CLOCK },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message: NO_CLOCK },
  {
    selector: "MemberExpression[object.name='process'][property.name=/^(hrtime|uptime)$/]",
    message: NO_CLOCK,
  },
];
const isRandom = {
  selector: "MemberExpression[object.name='Math'][property.name='random']",
  message: NO_RANDOM,
};
const races = {
  selector: "CallExpression[callee.object.name='Promise'][callee.property.name='race']",
  message: NO_RACE,
};

export default [
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    plugins: { house },
    rules: { 'house/boundaries': 'error' },
  },
  {
    files: ['**/*.ts'],
    ignores: [...ENTRY_POINTS, ...TOOLING],
    rules: {
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: NO_ENVIRONMENT }],
      'no-restricted-imports': [
        'error',
        ...['node:process', 'process'].map((name) => ({
          name,
          importNames: ['env'],
          message: NO_ENVIRONMENT,
        })),
      ],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: [...ENTRY_POINTS, ...TOOLING, 'src/demo/**', 'src/dev/**'],
    rules: { 'no-console': 'error' },
  },
  {
    files: ['src/policy/**', 'src/contracts/**'],
    rules: { 'no-restricted-syntax': ['error', ...readsClock, isRandom] },
  },
  {
    files: ['workflows/**'],
    ignores: ['workflows/clock.ts'],
    rules: { 'no-restricted-syntax': ['error', ...readsClock, races] },
  },
];
