import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPagingTokens } from '../../src/api/identity/paging-token.ts';
import { listAnswer } from '../../src/api/identity/schemas.ts';
import { addAccount, contractOf, startApiWorld, tellPerson, type ApiWorld } from '../support/api.ts';
import { accountStateOf } from '../support/registry.ts';

const PEOPLE = 400;
const PAGE = 37;

let world: ApiWorld;
const login = (index: number) => `user${String(index)}`;

beforeAll(async () => {
  world = await startApiWorld();
  for (let index = 0; index < PEOPLE; index += 1) {
    const personId = `p${String(index)}`;
    await tellPerson(world.registry, personId, [
      contractOf('2020-01-01', index % 4 === 0 ? '2026-12-31' : null),
    ]);
    await addAccount(world.registry, { login: login(index), personId });
  }
});
afterAll(() => world.stop());

async function page(query: string) {
  const { status, body } = await world.get(`/api/v1.0/Identity?field=upn&${query}`);
  expect([status, body]).toEqual([200, body]);
  const { pagination, data } = listAnswer.parse(body);
  return { ...pagination, upns: (data as { upn: string }[]).map(({ upn }) => upn) };
}

/** Everyone whom a client sees that asks until there is no token any more; `between` happens between two pages. */
async function walk(query: string, between: (round: number) => Promise<void> = async () => undefined) {
  const seen: string[] = [];
  let next = '';
  for (let round = 0; ; round += 1) {
    const { token, upns, offset, total, limit } = await page(`limit=${String(PAGE)}&${query}${next}`);
    expect(offset).toBe(seen.length);
    expect(limit).toBe(PAGE);
    seen.push(...upns);
    if (token === null) return { seen, total };
    next = `&token=${token}`;
    await between(round);
  }
}

describe('paging by token', () => {
  it('shows everyone once, in one order, and counts them', async () => {
    const { seen, total } = await walk('filter=type:Person');
    expect(seen).toEqual(Array.from({ length: PEOPLE }, (_, index) => login(index)));
    expect(total).toBe(PEOPLE);
    const active = await walk('filter=activeUser:true');
    expect([active.seen.length, active.total]).toEqual([300, 300]);
  });

  it('shows everyone once while people join, change, leave, are deleted and come back', async () => {
    const remove = async (index: number) => {
      const state = { accountId: `id-${login(index)}`, personId: `p${String(index)}`, sequence: 9 };
      await world.registry.project({
        ...{ state: accountStateOf({ ...state, stage: 'deleted' }), nextStep: null, nextStepAt: null },
        ...{ problem: null, notes: [] },
      });
    };
    const joined: string[] = [];
    const { seen } = await walk('', async (round) => {
      const behind = round * PAGE;
      const ahead = Math.min(PEOPLE - 1, behind + 2 * PAGE);
      await tellPerson(world.registry, `p${String(ahead)}`, [contractOf(null, '2026-01-01')], {
        familyName: 'Other',
      });
      await remove(behind);
      await remove(ahead);
      // Somebody already seen, and somebody not yet seen, come back with another login.
      for (const index of [behind, ahead]) {
        const again = `again${String(index)}`;
        joined.push(again);
        await addAccount(world.registry, { login: again, personId: `p${String(index)}` });
      }
      joined.push(`joiner${String(round)}`);
      await addAccount(world.registry, { login: `joiner${String(round)}`, personId: `j${String(round)}` });
    });
    expect(new Set(seen).size).toBe(seen.length);
    // Who came while the client was on its way stands at the end, and so do those who came back.
    expect(seen).toEqual(expect.arrayContaining(joined.slice(0, -3)));
    const there = Array.from({ length: PEOPLE }, (_, index) => login(index)).filter(
      (one) => !seen.includes(one),
    );
    const superseded = joined.map((name) => name.replace('again', 'user'));
    expect(there.filter((one) => !superseded.includes(one))).toEqual([]);
  });

  it('takes other fields and another limit on the way', async () => {
    const first = await page('limit=2');
    const second = await page(`limit=3&token=${first.token ?? ''}`);
    const both = await page('limit=5');
    expect([...first.upns, ...second.upns]).toEqual(both.upns);
  });

  it('ends with the last one, without an empty page', async () => {
    const { upns, token, total } = await page('filter=upn:user1&limit=1');
    expect([upns, token, total]).toEqual([['user1'], null, 1]);
    expect(await page('filter=upn:nobody')).toMatchObject({ upns: [], token: null, total: 0, offset: 0 });
  });

  it('refuses a token that was tampered with, cut, lengthened, or is of another list', async () => {
    const token = (await page('limit=2&filter=type:Person')).token ?? '';
    const status = async (changed: string, filter = 'type:Person') =>
      (await world.get(`/api/v1.0/Identity?limit=2&filter=${filter}&token=${encodeURIComponent(changed)}`))
        .status;
    expect(await status(token)).toBe(200);
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === 'A' ? 'B' : 'A';
      expect(await status(token.slice(0, index) + other + token.slice(index + 1)), String(index)).toBe(400);
    }
    for (const bad of [
      token.slice(0, -1),
      token.slice(0, 10),
      `${token}A`,
      `${token}=`,
      `${token} `,
      'x',
      '%00',
    ]) {
      expect(await status(bad), bad).toBe(400);
    }
    expect(await status(token, 'type:Service')).toBe(400);
    const forged = createPagingTokens('another key').write({ after: 1, offset: 2, total: 3 }, [
      'type:Person',
    ]);
    expect(await status(forged)).toBe(400);
  });

  it('is read by every process of the deployment', async () => {
    const key = await world.registry.deploymentKey({ name: 'paging-tokens', proposed: 'not taken' });
    const token = (await page('limit=2&filter=type:Person')).token ?? '';
    expect(createPagingTokens(key).read(token, ['type:Person'])).toMatchObject({ offset: 2 });
  });
});

describe('paging by offset', () => {
  it('shows everyone once when nothing changes', async () => {
    const seen: string[] = [];
    for (;;) {
      const { upns, offset, total } = await page(`limit=${String(PAGE)}&offset=${String(seen.length)}`);
      expect(offset).toBe(seen.length);
      seen.push(...upns);
      if (seen.length >= total) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(await page('offset=1000000')).toMatchObject({ upns: [], token: null });
  });

  it('goes on by token from an offset, which then counts no more', async () => {
    const first = await page('limit=2&offset=3');
    const second = await page(`limit=2&offset=3&token=${first.token ?? ''}`);
    expect(second.offset).toBe(5);
    expect([...first.upns, ...second.upns]).toEqual((await page('limit=4&offset=3')).upns);
  });
});
