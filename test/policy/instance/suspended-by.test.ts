import { describe, expect, it } from 'vitest';
import type { IamDialect } from '../../../src/contracts/instance.ts';
import type { Label } from '../../../src/policy/instance/labels.ts';
import { suspendedBy } from '../../../src/policy/instance/suspended-by.ts';

type By = 'lifecycle' | 'admin' | null;

const status = (value: string): Label => ({ prefix: null, name: 'lifecycle.status', value });
const action = (value: string): Label => ({ prefix: 'hr.cern', name: 'action', value });

const active = (...labels: Label[]) => ({ user: { active: true }, labels });
const inactive = (...labels: Label[]) => ({ user: { active: false }, labels });
const after = (snapshot: ReturnType<typeof active>, by: By) => ({ snapshot, suspendedBy: by });

const PENDING = status('PENDING_SUSPENSION');
const REMOVAL = status('PENDING_REMOVAL');
const DISABLED = action('DISABLE_ACCOUNT');

const CASES: readonly {
  readonly rule: string;
  readonly before: ReturnType<typeof after> | null;
  readonly now: ReturnType<typeof active>;
  readonly current: By;
  readonly legacy: By;
}[] = [
  {
    rule: 'an active account is suspended by nobody, whatever its labels say',
    ...{ before: after(inactive(REMOVAL), 'lifecycle'), now: active(REMOVAL, DISABLED) },
    ...{ current: null, legacy: null },
  },
  {
    rule: 'first seen inactive with PENDING_REMOVAL, it is the lifecycle that suspended it',
    ...{ before: null, now: inactive(REMOVAL), current: 'lifecycle', legacy: 'lifecycle' },
  },
  {
    rule: 'first seen inactive with SUSPENDED, it is the lifecycle that suspended it',
    ...{ before: null, now: inactive(status('SUSPENDED')), current: 'lifecycle', legacy: 'lifecycle' },
  },
  {
    rule: 'first seen inactive without a mark, it is an admin who suspended it',
    ...{ before: null, now: inactive(), current: 'admin', legacy: 'admin' },
  },
  {
    rule: 'PENDING_SUSPENSION says that nobody suspended it yet: inactive, it is an admin who did',
    ...{ before: after(active(PENDING), null), now: inactive(PENDING), current: 'admin', legacy: 'admin' },
  },
  {
    rule: 'it became inactive and has the mark: the lifecycle',
    ...{ before: after(active(PENDING), null), now: inactive(REMOVAL) },
    ...{ current: 'lifecycle', legacy: 'lifecycle' },
  },
  {
    rule: "an admin's suspension in the middle of a grace stays the admin's when IAM's mark comes afterwards",
    ...{
      before: after(inactive(PENDING), 'admin'),
      now: inactive(REMOVAL),
      current: 'admin',
      legacy: 'admin',
    },
  },
  {
    rule: "the lifecycle's suspension stays the lifecycle's while it carries the mark",
    ...{ before: after(inactive(status('SUSPENDED')), 'lifecycle'), now: inactive(REMOVAL) },
    ...{ current: 'lifecycle', legacy: 'lifecycle' },
  },
  {
    rule: "the mark gone and still inactive: an admin's from then on",
    ...{
      before: after(inactive(REMOVAL), 'lifecycle'),
      now: inactive(),
      current: 'admin',
      legacy: 'lifecycle',
    },
  },
  {
    rule: 'suspended again after it was active: everything before is forgotten',
    ...{ before: after(active(), null), now: inactive(), current: 'admin', legacy: 'admin' },
  },
  {
    rule: 'DISABLE_ACCOUNT is the mark of the older dialect alone',
    ...{
      before: after(active(DISABLED), null),
      now: inactive(DISABLED),
      current: 'admin',
      legacy: 'lifecycle',
    },
  },
  {
    rule: 'DISABLE_ACCOUNT that comes to an account that is inactive already changes nothing',
    ...{ before: after(inactive(), 'admin'), now: inactive(DISABLED), current: 'admin', legacy: 'admin' },
  },
  {
    rule: "another task's NO_ACTION does not make the lifecycle's suspension an admin's",
    ...{ before: after(inactive(DISABLED), 'lifecycle'), now: inactive(action('NO_ACTION')) },
    ...{ current: 'lifecycle', legacy: 'lifecycle' },
  },
  {
    rule: 'a label of the same name under another prefix is no mark',
    ...{ before: null, now: inactive({ ...REMOVAL, prefix: 'other' }, { ...DISABLED, prefix: null }) },
    ...{ current: 'admin', legacy: 'admin' },
  },
];

describe.each<IamDialect>(['current', 'legacy'])('who suspended an account, dialect %s', (dialect) => {
  it.each(CASES)('$rule', ({ before, now, ...expected }) => {
    expect(suspendedBy(before, now, dialect)).toBe(expected[dialect]);
  });
});
