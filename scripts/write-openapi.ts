/** Writes `docs/openapi/identity.json`, which a test compares with what the API says: `npx tsx scripts/write-openapi.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { startApiWorld } from '../test/support/api.ts';

const folder = fileURLToPath(new URL('../docs/openapi/', import.meta.url));
const world = await startApiWorld();
const { text } = await world.get('/api/v1.0/openapi.json');
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}identity.json`, await format(text, { parser: 'json', printWidth: 110 }));
await world.stop();
