import * as z from 'zod';
import type { Milestone, Policy } from '../contracts/policy.ts';
import {
  ACTIONS,
  MILESTONE_KEYS,
  NOTICES_BY,
  NUMBER_SETTINGS,
  POLICY_KEYS,
  SETTING_DEFAULTS,
  SETTING_KEYS,
  TEXT_SETTINGS,
} from './fields.ts';
import type { Settings } from './fields.ts';
import type { Mapping, Path, PolicyReader } from './policy-reader.ts';

const text = { schema: z.string(), want: 'it as text, in quotes if it looks like a number' };
const number = { schema: z.number(), want: 'a whole number' };
const flag = { schema: z.boolean(), want: 'true or false' };
const list = { schema: z.array(z.unknown()), want: 'a list, each item beginning with a dash' };

/** One kind's policy as far as it could be read, and where its milestones stand in the file. */
export interface PolicyDraft {
  readonly policy: Policy;
  /** Index in the file of each milestone of the policy. */
  readonly fileIndex: readonly number[];
  /** A milestone could not be read: that one seems to be missing proves nothing. */
  readonly incomplete: boolean;
}

/** The settings of the block `defaults`. */
export function readDefaults(reader: PolicyReader, value: unknown): Partial<Settings> {
  return readSettings(reader, reader.mapping(value, ['defaults'], SETTING_KEYS), ['defaults']);
}

/** One kind's policy. What cannot be read is reported, and filled with something that is right. */
export function readPolicy(
  reader: PolicyReader,
  input: {
    value: unknown;
    kind: Policy['kind'];
    name: string;
    version: string;
    defaults: Partial<Settings>;
  },
): PolicyDraft {
  const path = ['policies', input.kind];
  const from = reader.mapping(input.value, path, POLICY_KEYS);
  const own = readSettings(reader, from, path);
  const settings = { ...SETTING_DEFAULTS, ...input.defaults, ...own };
  const read = readMilestones(reader, from, path);
  const noticesBy = reader.word(from, 'noticesBy', path, NOTICES_BY, 'sender');
  if (settings.timeZone === undefined && !reader.hasFailed([...path, 'timeZone'])) {
    reader.report([...path, 'timeZone'], {
      what: 'timeZone is missing',
      why: 'every day of the calendar begins at midnight in this zone',
      remedy: 'write an IANA name here or under defaults, for instance Europe/Zurich',
    });
  }
  const { name, version, kind } = input;
  const hasNotice = read.milestones.some(({ action }) => action === 'notice');
  const likelySender = kind === 'secondary' || !hasNotice ? 'nobody' : 'self';
  return {
    policy: {
      ...settings,
      timeZone: settings.timeZone ?? 'UTC',
      name,
      version,
      kind,
      noticesBy: noticesBy ?? likelySender,
      milestones: read.milestones,
    },
    fileIndex: read.fileIndex,
    incomplete: read.incomplete,
  };
}

function readSettings(reader: PolicyReader, from: Mapping, path: Path): Partial<Settings> {
  const settings: { -readonly [Key in keyof Settings]?: Settings[Key] } = {};
  for (const key of TEXT_SETTINGS) {
    const value = reader.field(from, key, path, text);
    if (value !== undefined) settings[key] = value;
  }
  for (const key of NUMBER_SETTINGS) {
    const value = reader.field(from, key, path, number);
    if (value !== undefined) settings[key] = value;
  }
  return settings;
}

function readMilestones(
  reader: PolicyReader,
  from: Mapping,
  path: Path,
): { milestones: Milestone[]; fileIndex: number[]; incomplete: boolean } {
  const milestones: Milestone[] = [];
  const fileIndex: number[] = [];
  const items = reader.field(from, 'milestones', path, list);
  if (items === undefined && !reader.hasFailed([...path, 'milestones'])) {
    reader.report([...path, 'milestones'], {
      what: 'milestones is missing',
      why: 'without one nothing ever happens to the account',
      remedy: 'write a list, for instance - { action: leaving, offset: 0 }',
    });
  }
  for (const [index, item] of (items ?? []).entries()) {
    const milestone = readMilestone(reader, item, [...path, 'milestones', index]);
    if (milestone === null) continue;
    milestones.push(milestone);
    fileIndex.push(index);
  }
  return { milestones, fileIndex, incomplete: items === undefined || milestones.length < items.length };
}

function readMilestone(reader: PolicyReader, item: unknown, path: Path): Milestone | null {
  const from = reader.mapping(item, path, MILESTONE_KEYS);
  if (reader.hasFailed(path)) return null;
  const action = reader.word(from, 'action', path, ACTIONS, 'action');
  const offset = reader.field(from, 'offset', path, number);
  const tellSupervisor = reader.field(from, 'tellSupervisor', path, flag);
  if (offset === undefined && !reader.hasFailed([...path, 'offset'])) {
    reader.report([...path, 'offset'], {
      what: 'offset is missing',
      remedy: 'write the days from the last day (notice, negative) or from leaving (all others)',
    });
  }
  if (tellSupervisor !== undefined && action !== undefined && action !== 'notice') {
    reader.report([...path, 'tellSupervisor'], {
      what: `tellSupervisor beside ${action}`,
      why: 'only a notice tells anyone',
      remedy: 'take it out',
    });
  }
  if (action === undefined || offset === undefined) return null;
  if (action === 'notice') return { action, offset, tellSupervisor: tellSupervisor ?? false };
  if (action !== 'leaving') return { action, offset };
  if (offset === 0) return { action, offset };
  reader.report([...path, 'offset'], {
    what: `leaving at ${offset}`,
    why: 'leaving is the midnight that ends the last day; every other action counts from it',
    remedy: 'write offset: 0',
  });
  return { action, offset: 0 };
}
