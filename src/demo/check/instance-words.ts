import type { IndigoIamWrite } from '../doubles/indigo-iam/indigo-iam-double.ts';
import type { InstanceRecord } from '../demo-instance.ts';

const STATUS = 'status ';

/** What an HR in trouble is answered with, and is over with it: it belongs to nobody's story. */
const TROUBLE = `${STATUS}ERROR`;

function dateIn(moment: string): string {
  return moment.slice(0, 10);
}

/** A write in the words of the story's lists; `null` = no list has it. */
export function writeWords({ what }: Pick<IndigoIamWrite, 'what'>): string | null {
  const [, field = '', value = ''] = /^([^=]+)(?:=(.*))?$/.exec(what) ?? [];
  switch (field) {
    case 'active':
      return value === 'true' ? 'active again' : 'suspended';
    case 'endTime':
      return value === 'null' ? 'no end time' : `end time ${dateIn(value)}`;
    case 'givenName':
      return `given name ${value}`;
    case 'familyName':
      return `family name ${value}`;
    case 'email':
      return `e-mail ${value}`;
    case 'label hr.cern/status':
      return `${STATUS}${value}`;
    case 'label lifecycle.status':
      return value;
    case 'no label lifecycle.status':
      return 'mark of expiry removed';
    case 'deleted':
      return 'deleted';
    // Of every synchronisation, and why the status is what it is.
    case 'label hr.cern/timestamp':
    case 'label hr.cern/message':
    case 'no label hr.cern/message':
      return null;
    default:
      return what;
  }
}

/** Something that was changed in the instance through its API, or followed from that. */
export interface InstanceDeed {
  readonly at: number;
  readonly words: string;
}

/** What was changed in an account, but for what its own admins did. */
export function deedsOf({ writes }: Pick<InstanceRecord, 'writes'>): readonly InstanceDeed[] {
  let status: string | null = null;
  return writes.flatMap((write) => {
    const words = writeWords(write);
    if (!write.changed || write.by === 'admin' || words === null || words === TROUBLE) return [];
    if (words.startsWith(STATUS)) {
      if (words === status) return [];
      status = words;
    }
    return [{ at: write.at, words }];
  });
}

/** How an account stands in the instance. */
export function standingWords({ account }: Pick<InstanceRecord, 'account'>): string {
  if (account === null) return 'not there';
  const { active, endTime, labels } = account;
  const until = endTime === null ? '' : ` until ${dateIn(new Date(endTime).toISOString())}`;
  const status = labels.find(({ prefix, name }) => prefix === 'hr.cern' && name === 'status')?.value;
  return `${active ? '' : 'suspended '}there${until}, ${status ?? 'no status'}`;
}
