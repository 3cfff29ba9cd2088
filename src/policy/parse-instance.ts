import { type InstanceFacts, LIFECYCLE_STATUSES, PRESENCES } from '../contracts/instance.ts';
import type { Parsed } from './parse-message.ts';
import { isInstant, isRecord, isText, problem } from './parse-message.ts';

const SUSPENDERS = [null, 'lifecycle', 'admin'] as const;

/** Reads what the synchronisation says of an account's instance. Never throws. */
export function parseInstanceFacts(value: unknown): Parsed<InstanceFacts> {
  if (!isRecord(value)) return problem('facts of an instance must be an object');
  const { number, at, personId, active, endTime, ignored } = value;
  const suspendedBy = SUSPENDERS.find((one) => one === value['suspendedBy']);
  const presence = PRESENCES.find((one) => one === value['presence']);
  const lifecycleStatus =
    value['lifecycleStatus'] === null
      ? null
      : LIFECYCLE_STATUSES.find((one) => one === value['lifecycleStatus']);
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    return problem('number must be a whole number');
  if (!isInstant(at)) return problem('at must be an instant in milliseconds');
  if (!isText(personId)) return problem('personId is missing');
  if (presence === undefined) return problem(`presence must be one of ${PRESENCES.join(', ')}`);
  if (typeof active !== 'boolean') return problem('active must be true or false');
  if (endTime !== null && !isInstant(endTime))
    return problem('endTime must be an instant in milliseconds, or null');
  if (lifecycleStatus === undefined)
    return problem(`lifecycleStatus must be one of ${LIFECYCLE_STATUSES.join(', ')}, or null`);
  if (typeof ignored !== 'boolean') return problem('ignored must be true or false');
  if (suspendedBy === undefined) return problem('suspendedBy must be "lifecycle", "admin", or null');
  const facts = { number, at, personId, presence, active, endTime, lifecycleStatus, ignored, suspendedBy };
  return { ok: true, value: facts };
}
