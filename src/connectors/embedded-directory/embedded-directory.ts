import type { Kysely, Updateable } from 'kysely';
import { LifecycleError, RegistryError, TargetError } from '../../errors.ts';
import { loginKey, storable, storableOrNull } from '../../registry/column-values.ts';
import type { RegistryDatabase } from '../../registry/registry-database.ts';
import type { DirectoryEntriesTable, Tables } from '../../registry/tables.ts';
import type { Directory } from '../directory.ts';
import { personColumns, toEntry } from './entry-mapping.ts';
import { hashPassword, passwordMatches } from './password-hash.ts';

/** A directory kept in tables of the registry's database, for the demo, tests, and sites without one. */
export interface EmbeddedDirectory extends Directory {
  /** Puts the login into a static group. Throws `TARGET_NO_ENTRY`. */
  addMembership(login: string, group: string): Promise<void>;
  /** Whether the login could sign in with this password now: it exists, its access is on, the password is right. */
  verify(login: string, password: string): Promise<boolean>;
}

/** Several directories live side by side in one database under their names. */
export function createEmbeddedDirectory(input: {
  readonly database: RegistryDatabase;
  readonly name: string;
}): EmbeddedDirectory {
  const { database, name } = input;

  const entry = async (db: Kysely<Tables>, login: string) =>
    db
      .selectFrom('directory_entries')
      .selectAll()
      .where('directory', '=', name)
      .where('login_key', '=', loginKey(login))
      .executeTakeFirst();

  const update = (login: string, values: Updateable<DirectoryEntriesTable>): Promise<void> =>
    asTarget(name, () =>
      database.query(async (db) => {
        const { numUpdatedRows } = await db
          .updateTable('directory_entries')
          .set(values)
          .where('directory', '=', name)
          .where('login_key', '=', loginKey(login))
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw noEntry(name);
      }),
    );

  return {
    name,

    async create({ login, kind, person, activeStatus, signal }) {
      signal.throwIfAborted();
      await asTarget(name, () =>
        database.transaction(async (trx) => {
          await trx
            .insertInto('directory_entries')
            .values({
              directory: name,
              login_key: loginKey(login),
              login: storable(login),
              kind,
              ...personColumns(person),
              active_status: activeStatus,
              access: 'off',
              mail_routing: null,
              password_hash: null,
            })
            .onConflict((conflict) => conflict.columns(['directory', 'login_key']).doNothing())
            .execute();
          const there = await entry(trx, login);
          if (there?.person_id !== person.personId) throw conflictingEntry(name);
        }),
      );
    },

    async setPerson({ login, person, signal }) {
      signal.throwIfAborted();
      await update(login, personColumns(person));
    },

    async setActiveStatus({ login, activeStatus, signal }) {
      signal.throwIfAborted();
      await update(login, { active_status: activeStatus });
    },

    async setKind({ login, kind, signal }) {
      signal.throwIfAborted();
      await update(login, kind === 'primary' ? { kind } : { kind, active_status: null });
    },

    async setAccess({ login, access, signal }) {
      signal.throwIfAborted();
      await update(login, { access });
    },

    async removeStaticMemberships({ login, signal }) {
      signal.throwIfAborted();
      return asTarget(name, () =>
        database.transaction(async (trx) => {
          if ((await entry(trx, login)) === undefined) throw noEntry(name);
          const removed = await trx
            .deleteFrom('directory_memberships')
            .where('directory', '=', name)
            .where('login_key', '=', loginKey(login))
            .returning('group_name')
            .execute();
          return removed.map((row) => row.group_name).sort();
        }),
      );
    },

    async setMailRouting({ login, to, signal }) {
      signal.throwIfAborted();
      await update(login, { mail_routing: storableOrNull(to) });
    },

    async setPassword({ login, password, signal }) {
      signal.throwIfAborted();
      const hash = await hashPassword(password);
      signal.throwIfAborted();
      await update(login, { password_hash: hash });
    },

    async delete({ login, signal }) {
      signal.throwIfAborted();
      await asTarget(name, () =>
        database.query((db) =>
          db
            .deleteFrom('directory_entries')
            .where('directory', '=', name)
            .where('login_key', '=', loginKey(login))
            .execute(),
        ),
      );
    },

    async read({ login, signal }) {
      signal.throwIfAborted();
      return asTarget(name, () =>
        database.transaction(async (trx) => {
          const row = await entry(trx, login);
          if (row === undefined) return null;
          const groups = await trx
            .selectFrom('directory_memberships')
            .select('group_name')
            .where('directory', '=', name)
            .where('login_key', '=', loginKey(login))
            .orderBy('group_name')
            .execute();
          return toEntry(
            row,
            groups.map((group) => group.group_name),
          );
        }),
      );
    },

    async list({ after, limit, signal }) {
      signal.throwIfAborted();
      return asTarget(name, () =>
        database.query(async (db) => {
          let query = db
            .selectFrom('directory_entries')
            .select(['login_key', 'login', 'person_id', 'kind', 'access'])
            .where('directory', '=', name)
            .orderBy('login_key')
            .limit(limit);
          if (after !== null) query = query.where('login_key', '>', after);
          const rows = await query.execute();
          const entries = rows.map(({ login, person_id: personId, kind, access }) => {
            return { login, personId, kind, access };
          });
          return { outcome: 'page', entries, next: rows.at(-1)?.login_key ?? null };
        }),
      );
    },

    addMembership: (login, group) =>
      asTarget(name, () =>
        database.transaction(async (trx) => {
          if ((await entry(trx, login)) === undefined) throw noEntry(name);
          await trx
            .insertInto('directory_memberships')
            .values({ directory: name, login_key: loginKey(login), group_name: storable(group) })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }),
      ),

    verify: (login, password) =>
      asTarget(name, async () => {
        const row = await database.query((db) => entry(db, login));
        if (row?.access !== 'on' || row.password_hash === null) return false;
        return passwordMatches(password, row.password_hash);
      }),
  };
}

/** The registry's database is the target here, so its errors are the target's. */
async function asTarget<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TargetError || !(error instanceof LifecycleError)) throw error;
    throw new TargetError({
      code: error.retryable ? 'TARGET_UNREACHABLE' : 'TARGET_FAILED',
      message: `The embedded directory ${name} failed: ${error.message}`,
      retryable: error.retryable,
      facts: { target: name, ...error.facts },
      cause: error instanceof RegistryError ? error.cause : error,
    });
  }
}

function noEntry(target: string): TargetError {
  return new TargetError({
    code: 'TARGET_NO_ENTRY',
    message: `The directory ${target} has no entry for this login.`,
    retryable: false,
    facts: { target },
  });
}

function conflictingEntry(target: string): TargetError {
  return new TargetError({
    code: 'TARGET_CONFLICT',
    message: `The directory ${target} holds this login for another person. Give one of the two another login.`,
    retryable: false,
    facts: { target },
  });
}
