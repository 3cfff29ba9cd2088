import { Pool } from 'undici';
import * as z from 'zod';
import { HR_PASSWORD, HR_USER, IAM_CLIENT } from './doubles.ts';

const PAGE = 100;
const EXTENSION = 'urn:indigo-dc:scim:schemas:IndigoUser';
const SCIM = { accept: 'application/scim+json' };
const JSON_BODY = { 'content-type': 'application/json' };

const token = z.object({ access_token: z.string() });
const page = z.object({
  Resources: z.array(
    z.object({ id: z.string(), [EXTENSION]: z.object({ endTime: z.string().optional() }).optional() }),
  ),
});
const labels = z.array(
  z.object({ prefix: z.string().optional(), name: z.string(), value: z.string().optional() }),
);
const person = z.object({
  participations: z.array(z.object({ experiment: z.string(), endDate: z.string().optional() })),
});

/** What it did. */
export interface Walked {
  readonly accounts: number;
  readonly endTimes: number;
  readonly seconds: number;
}

/**
 * Handles the first so many accounts of the instance one after another, each call after the answer to the last, as
 * INDIGO IAM's own handler goes through them: HR's record, the account's labels, the end time if it is another one, the
 * labels `status` and `timestamp`. Names and e-mail are not compared, since nobody's are new here.
 */
export async function oneAfterAnother(
  { hrUrl, iamUrl }: { readonly hrUrl: string; readonly iamUrl: string },
  accounts: number,
): Promise<Walked> {
  const pools = [new Pool(hrUrl, { connections: 1 }), new Pool(iamUrl, { connections: 1 })] as const;
  const [hr, iam] = pools;
  const call = async (
    pool: Pool,
    path: string,
    headers: Readonly<Record<string, string>>,
    write: { readonly method: 'PUT' | 'POST'; readonly body: string } | null = null,
  ): Promise<unknown> => {
    const request = write ?? { method: 'GET' as const };
    const { statusCode, body } = await pool.request({ path, headers, ...request });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`${path} answered with ${String(statusCode)}`);
    return text === '' ? null : JSON.parse(text);
  };
  const basic = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const given = await call(
    iam,
    '/token',
    { ...basic(IAM_CLIENT.id, IAM_CLIENT.secret), ...form },
    { method: 'POST', body: 'grant_type=client_credentials' },
  );
  const bearer = { authorization: `Bearer ${token.parse(given).access_token}` };
  const put = (path: string, body: object) =>
    call(iam, path, { ...bearer, ...JSON_BODY }, { method: 'PUT', body: JSON.stringify(body) });

  let [done, endTimes] = [0, 0];
  const from = performance.now();
  while (done < accounts) {
    const count = Math.min(PAGE, accounts - done);
    const query = `startIndex=${String(done + 1)}&count=${String(count)}&attributes=${EXTENSION}`;
    const { Resources } = page.parse(await call(iam, `/scim/Users?${query}`, { ...bearer, ...SCIM }));
    if (Resources.length === 0) throw new Error(`there are only ${String(done)} accounts`);
    for (const { id, [EXTENSION]: extension } of Resources) {
      const own = `/iam/account/${id}`;
      const has = labels.parse(await call(iam, `${own}/labels`, bearer));
      const personId = has.find(({ name }) => name === 'cern_person_id')?.value ?? '';
      const known = person.parse(await call(hr, `/api/VOPersons/${personId}`, basic(HR_USER, HR_PASSWORD)));
      const end = known.participations.find(({ experiment }) => experiment === 'CMS')?.endDate;
      const endTime = end === undefined ? null : `${end.slice(0, 10)}T00:00:00.000+0000`;
      const had = extension?.endTime;
      const isSame = (endTime && Date.parse(endTime)) === (had === undefined ? null : Date.parse(had));
      if (!isSame) {
        await put(`${own}/endTime`, { endTime });
        endTimes += 1;
      }
      await put(`${own}/labels`, { prefix: 'hr.cern', name: 'status', value: 'MEMBER' });
      await put(`${own}/labels`, { prefix: 'hr.cern', name: 'timestamp', value: String(Date.now()) });
      done += 1;
    }
  }
  const seconds = (performance.now() - from) / 1000;
  await Promise.all(pools.map((pool) => pool.close()));
  return { accounts: done, endTimes, seconds };
}
