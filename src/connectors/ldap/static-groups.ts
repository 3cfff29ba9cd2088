import { OrFilter } from 'ldapts';
import { ldapError } from './ldap-error.ts';
import {
  change,
  has,
  NO_SUCH_ATTRIBUTE,
  NO_SUCH_OBJECT,
  OBJECT_CLASS_VIOLATION,
  type LdapEntries,
  type LdapEntry,
} from './ldap-entries.ts';

/** Who is in a group, as groups name their members. */
export interface Member {
  readonly dn: string;
  readonly login: string;
  readonly signal: AbortSignal;
}

/** Groups that list their members: `groupOfNames`, `groupOfUniqueNames`, `posixGroup`, and whatever else has the attributes. */
export interface StaticGroups {
  /** Names of the groups somebody is in, sorted. */
  of(member: Member): Promise<readonly string[]>;
  /** Takes somebody out of every group; answers which. Throws `TARGET_NOT_WRITTEN` when that did not help. */
  leaveAll(member: Member): Promise<readonly string[]>;
}

/** Each with what it holds of a member. */
const HELD = [
  ['member', ({ dn }: Member) => dn],
  ['uniqueMember', ({ dn }: Member) => dn],
  ['memberUid', ({ login }: Member) => login],
] as const;

const nameOf = ({ dn, attributes }: LdapEntry): string => attributes['cn']?.[0] ?? dn;

const sorted = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

export function createStaticGroups(input: {
  readonly target: string;
  readonly entries: LdapEntries;
  readonly base: string;
  /** Stays in a group that must not be empty. */
  readonly emptyGroupMember: string;
}): StaticGroups {
  const { target, entries, base, emptyGroupMember } = input;

  const search = (filter: ReturnType<typeof has>, signal: AbortSignal) =>
    entries.search({ base, scope: 'sub', filter, attributes: ['cn'], signal });

  const of = async (member: Member): Promise<readonly string[]> => {
    const filters = HELD.map(([attribute, value]) => has(attribute, value(member)));
    const groups = await search(new OrFilter({ filters }), member.signal);
    return sorted(groups.map(nameOf));
  };

  /** The server itself says whether a group may be empty, at the moment of writing: two may leave at once. */
  const leave = async (dn: string, attribute: string, value: string, signal: AbortSignal): Promise<void> => {
    const gone = [NO_SUCH_ATTRIBUTE, NO_SUCH_OBJECT];
    const out = change('delete', attribute, [value]);
    const expected = [...gone, OBJECT_CLASS_VIOLATION];
    const result = await entries.modify({ dn, changes: [out], expected, signal });
    if (result !== OBJECT_CLASS_VIOLATION) return;
    const changes = [out, change('add', attribute, [emptyGroupMember])];
    await entries.modify({ dn, changes, expected: gone, signal });
  };

  return {
    of,

    async leaveAll(member) {
      const left: string[] = [];
      for (const [attribute, valueOf] of HELD) {
        const value = valueOf(member);
        for (const group of await search(has(attribute, value), member.signal)) {
          await leave(group.dn, attribute, value, member.signal);
          left.push(nameOf(group));
        }
      }
      const still = left.length === 0 ? [] : await of(member);
      if (still.length > 0) {
        throw ldapError(
          target,
          'TARGET_NOT_WRITTEN',
          'still shows an account in groups that it was taken out of: they may be computed, or somebody put it back.',
          { groups: still.length },
        );
      }
      return sorted(left);
    },
  };
}
