// A process that writes into the registry of a folder and says so, line by line, until it is killed.
import { sql } from 'kysely';
import { createRegistry } from '../../src/registry/create-registry.ts';
import { migrate } from '../../src/registry/migrate.ts';
import { openDatabase } from '../../src/registry/open-registry.ts';
import { embeddedLocation, newAccountOf } from '../support/registry.ts';

const [folder, mode] = process.argv.slice(2);
if (folder === undefined) throw new Error('Give the folder.');
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const database = await openDatabase(await embeddedLocation(folder));
await migrate(database);
const registry = createRegistry(database);
say('open');

if (mode === 'accounts') {
  for (let count = 0; ; count += 1) {
    const number = await registry.nextObservationNumber();
    const accountId = `${process.pid}-${count}`;
    await registry.createAccount(newAccountOf({ accountId }));
    say(`stored ${accountId} ${number}`);
  }
} else if (mode === 'transaction') {
  await database.transaction(async (trx) => {
    await sql`insert into service_desk_cases values ('half-done', 0, 'test', 0)`.execute(trx);
    say('written');
    await new Promise(() => setInterval(() => undefined, 60_000));
  });
} else {
  setInterval(() => undefined, 60_000);
}
