import type { IamLabel, IamPerson, IamRefusal, IamUser, IndigoIam } from '../../src/connectors/indigo-iam.ts';
import { IamError } from '../../src/errors.ts';
import { isExpiryMarked, LIFECYCLE_STATUS, type LabelKey, ours } from '../../src/policy/instance/labels.ts';
import { isExpired } from '../../src/policy/instance-facts.ts';
import type { Instant } from '../../src/contracts/time.ts';
import type { Wanted } from '../../src/policy/instance/wanted.ts';
import { keepActive } from './keep-active.ts';
import { type SeenAccount, type Write, writesOf } from './writes-of.ts';

/** What IAM refuses for good, while everything else was written. */
export type Refusal = IamRefusal | { readonly what: 'endTime'; readonly code: 'IAM_END_TIME_READ_ONLY' };

/** What became of an account: as it was read, and as it is after the writes. */
export interface WrittenAccount {
  readonly read: SeenAccount;
  readonly now: SeenAccount;
  readonly wanted: Wanted;
  /** Empty = it was as wanted already. */
  readonly wrote: readonly Write[];
  readonly refused: readonly Refusal[];
}

interface WriteInput {
  readonly id: string;
  readonly signal: AbortSignal;
  readonly now: Instant;
  /** What is wanted of the account as it was just read, if its end time may be changed; `null` = it is left alone. */
  readonly decide: (seen: SeenAccount, isEndTimeFixed: boolean) => Promise<Wanted | null>;
}

function isLabel(label: IamLabel, { prefix, name }: LabelKey): boolean {
  return label.name === name && (label.prefix ?? '') === (prefix ?? '');
}

function without(labels: readonly IamLabel[], key: LabelKey): readonly IamLabel[] {
  return labels.filter((label) => !isLabel(label, key));
}

/** The account and its labels but the time stamp; `null` = the instance has no such account. */
async function readAccount(
  iam: IndigoIam,
  { id, signal }: Pick<WriteInput, 'id' | 'signal'>,
): Promise<SeenAccount | null> {
  const first = await iam.readUser({ id, signal });
  // In this order: a suspension that comes between is seen by its mark, and not taken for an admin's.
  const labels = first && (await iam.readLabels({ id, signal }));
  if (!first || !labels) return null;
  const isTorn = first.active && isExpiryMarked(labels);
  const user = isTorn ? await iam.readUser({ id, signal }) : first;
  return user && { user, labels: without(labels, ours('timestamp')) };
}

function withPerson(user: IamUser, person: IamPerson, refused: readonly IamRefusal[]): IamUser {
  const isRefused = (what: IamRefusal['what']): boolean => refused.some((one) => one.what === what);
  const { givenName, familyName, email } = person;
  const named = {
    givenName: givenName === '' ? user.givenName : givenName,
    familyName: familyName === '' ? user.familyName : familyName,
  };
  return {
    ...user,
    ...(isRefused('name') ? {} : named),
    email: email === null || isRefused('email') ? user.email : email,
  };
}

interface Made {
  readonly wrote: boolean;
  readonly now: SeenAccount;
  readonly refused: readonly Refusal[];
}

/** Makes one write; answers the account as it is then. */
async function make(
  iam: IndigoIam,
  write: Write,
  now: SeenAccount,
  read: SeenAccount,
  signal: AbortSignal,
): Promise<Made> {
  const { user, labels } = now;
  const { id } = user;
  const done = (wrote: boolean, then: Partial<SeenAccount>, refused: readonly Refusal[] = []): Made => ({
    wrote,
    now: { ...now, ...then },
    refused,
  });
  switch (write.type) {
    case 'active': {
      const { active } = write;
      return done(await iam.setActive({ user, active, signal }), { user: { ...user, active } });
    }
    case 'endTime': {
      const { endTime } = write;
      try {
        const wrote = await iam.setEndTime({ user, endTime, signal });
        // IAM itself takes the label away with the end that it stood for.
        return done(
          wrote,
          wrote ? { user: { ...user, endTime }, labels: without(labels, LIFECYCLE_STATUS) } : {},
        );
      } catch (error) {
        if (!(error instanceof IamError) || error.code !== 'IAM_END_TIME_READ_ONLY') throw error;
        return done(false, {}, [{ what: 'endTime', code: error.code }]);
      }
    }
    case 'person': {
      const { person } = write;
      const { wrote, refused } = await iam.setPerson({ user, person, signal });
      return done(wrote, { user: withPerson(user, person, refused) }, refused);
    }
    case 'label': {
      const { label } = write;
      const wrote = await iam.setLabel({ id, labels, label, signal });
      return done(wrote, { labels: [...without(labels, label), label] });
    }
    case 'noLabel': {
      const { key } = write;
      // By what was read: it goes for certain, whatever became of it since.
      const wrote = await iam.deleteLabel({ id, labels: read.labels, label: key, signal });
      return done(wrote, { labels: without(labels, key) });
    }
  }
}

/**
 * Whether the instance lets nobody change the end time, which is over, of an account that is to be given back: once it is
 * active it would be too late. The account itself is not touched by asking: its mark must stay until it is active.
 */
async function isEndTimeFixed(
  iam: IndigoIam,
  { user }: SeenAccount,
  { active, endTime }: Wanted,
  { now, signal }: Pick<WriteInput, 'now' | 'signal'>,
): Promise<boolean> {
  const isRestored = active === true && !user.active && endTime !== undefined;
  return isRestored && isExpired(user.endTime, now) && (await iam.isEndTimeReadOnly({ signal }));
}

/** Whether a write of this kind is one of those that give an account back. */
function isOfReturn(write: Write): boolean {
  if (write.type === 'noLabel') return write.key.name === LIFECYCLE_STATUS.name && write.key.prefix === null;
  return write.type === 'endTime' || (write.type === 'active' && write.active);
}

/**
 * Whether IAM's own handler of expired accounts may turn it off before its end time is moved: it is over. Also what an
 * attempt had made active that was cut off before its end time.
 */
function mayBeTurnedOff({ user, labels }: SeenAccount, now: Instant): boolean {
  return user.active && (isExpired(user.endTime, now) || isExpiryMarked(labels));
}

/**
 * Reads an account of the instance afresh, decides on what it read, and writes what is not so yet. May be repeated after
 * a failure at any call: it then ends where it would have ended. `null` = it is not there, or left alone. What IAM refuses
 * of the person, and a read-only end time, hold up nothing else. Throws an `IamError`.
 */
export async function writeAccount(iam: IndigoIam, input: WriteInput): Promise<WrittenAccount | null> {
  const { signal } = input;
  const read = await readAccount(iam, input);
  const first = read && (await input.decide(read, false));
  if (!read || !first) return null;
  const isFixed = await isEndTimeFixed(iam, read, first, input);
  const wanted = isFixed ? await input.decide(read, true) : first;
  if (!wanted) return null;
  let now = read;
  const wrote: Write[] = [];
  const refused: Refusal[] = isFixed ? [{ what: 'endTime', code: 'IAM_END_TIME_READ_ONLY' }] : [];
  const writes = writesOf(read, wanted);
  const isReturn = wanted.active === true || mayBeTurnedOff(read, input.now);
  const lastOfReturn = isReturn ? writes.findLast(isOfReturn) : undefined;
  for (const write of writes) {
    const made = await make(iam, write, now, read, signal);
    now = made.now;
    refused.push(...made.refused);
    if (made.wrote) wrote.push(write);
    if (write === lastOfReturn && now.user.active) await keepActive(iam, input);
  }
  return { read, now, wanted, wrote, refused };
}
