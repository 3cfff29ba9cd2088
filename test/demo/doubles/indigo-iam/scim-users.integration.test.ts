import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ADA, BOB, NOBODY, NOW, openIam, type OpenIam } from './iam-client.ts';

const INDIGO_USER = 'urn:indigo-dc:scim:schemas:IndigoUser';

interface ListBody {
  readonly totalResults: number;
  readonly itemsPerPage?: number;
  readonly startIndex?: number;
  readonly Resources: readonly Record<string, unknown>[];
}

let it: OpenIam;
beforeEach(async () => {
  it = await openIam();
});
afterEach(() => it.iam.stop());

const list = async (query = ''): Promise<ListBody> =>
  (await it.call('GET', `/scim/Users${query}`)).body as ListBody;
const names = async (query = ''): Promise<unknown[]> =>
  (await list(query)).Resources.map(({ userName }) => userName);
const addMany = (count: number): void => {
  for (let i = 0; i < count; i += 1) {
    it.iam.addAccount({ userName: `u${i}`, givenName: 'Uma', familyName: 'Uno', email: `u${i}@example.org` });
  }
};

describe('SCIM users of the INDIGO IAM double', () => {
  test('are written as INDIGO IAM writes them', async () => {
    it.iam.setEndTime(ADA, Date.parse('2027-03-31T00:00:00Z'));
    const { status, headers, body } = await it.call('GET', `/scim/Users/${ADA}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/scim+json');
    expect(body).toEqual({
      id: ADA,
      meta: {
        created: '2027-04-10T11:30:00.000+02:00',
        lastModified: '2027-04-10T11:30:00.000+02:00',
        location: `${it.iam.url}/scim/Users/${ADA}`,
        resourceType: 'User',
      },
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', INDIGO_USER],
      userName: 'ada',
      name: { givenName: 'Ada', familyName: 'Rossi', formatted: 'Ada Rossi' },
      displayName: 'ada',
      active: true,
      emails: [{ type: 'work', value: 'ada@example.org', primary: true }],
      [INDIGO_USER]: { endTime: '2027-03-31T02:00:00.000+02:00', serviceAccount: false },
    });
  });

  test.each([
    [0, '2027-03-31T00:00:00.000Z'],
    [120, '2027-03-31T02:00:00.000+02:00'],
    [-210, '2027-03-30T20:30:00.000-03:30'],
  ])('show end times in the offset of the server: %i minutes', async (offsetMinutes, endTime) => {
    it.iam.set({ offsetMinutes });
    it.iam.setEndTime(ADA, Date.parse('2027-03-31T00:00:00Z'));
    const { body } = await it.call('GET', `/scim/Users/${ADA}`);
    expect(body).toMatchObject({ [INDIGO_USER]: { endTime } });
  });

  test('show no label by default, and else only those they are told to', async () => {
    const personId = { prefix: 'hr.cern', name: 'cern_person_id', value: '900123' };
    it.iam.setLabel(ADA, personId);
    it.iam.setLabel(ADA, { name: 'cern_person_id', value: 'without-prefix' });
    const shown = async () => {
      const { body } = await it.call('GET', `/scim/Users/${ADA}`);
      return (body as Record<string, { labels?: unknown }>)[INDIGO_USER]?.labels;
    };
    expect(await shown()).toBeUndefined();
    it.iam.set({ shownLabels: [{ prefix: 'hr.cern', name: 'cern_person_id' }] });
    expect(await shown()).toEqual([personId]);
  });

  test('come in pages from index 1, in the order of creation', async () => {
    addMany(3);
    const { totalResults, itemsPerPage, startIndex, Resources } = await list('?startIndex=2&count=2');
    expect({ totalResults, itemsPerPage, startIndex }).toEqual({
      totalResults: 5,
      itemsPerPage: 2,
      startIndex: 2,
    });
    expect(Resources.map(({ userName }) => userName)).toEqual(['bob', 'u0']);
    it.iam.setActive(ADA, false);
    expect(await names()).toEqual(['ada', 'bob', 'u0', 'u1', 'u2']);
  });

  test('come at most 100 at a time, whatever was asked for', async () => {
    addMany(120);
    expect(await list('?count=500')).toMatchObject({ itemsPerPage: 100, totalResults: 122 });
    expect(await list()).toMatchObject({ itemsPerPage: 100, startIndex: 1 });
  });

  test.each([
    ['?startIndex=3', { totalResults: 2, itemsPerPage: 0, startIndex: 3, Resources: [] }],
    ['?startIndex=-4&count=1', { itemsPerPage: 1, startIndex: 1 }],
  ])('answer an index outside the list: %s', async (query, expected) => {
    expect(await list(query)).toMatchObject(expected);
  });

  test('say only how many they are when none are asked for', async () => {
    const got = await list('?count=0');
    expect(got).toMatchObject({ totalResults: 2, Resources: [] });
    expect(got).not.toHaveProperty('itemsPerPage');
    expect(await list('?count=-1')).toEqual(got);
  });

  test('refuse an index that is no number', async () => {
    expect(await it.call('GET', '/scim/Users?startIndex=one')).toMatchObject({ status: 400, body: null });
  });

  test('show only the attributes asked for, and always id and schemas', async () => {
    const { Resources } = await list(`?attributes=userName,%20active,${INDIGO_USER}`);
    expect(Object.keys(Resources[0] ?? {}).sort()).toEqual(
      ['active', 'id', 'schemas', INDIGO_USER, 'userName'].sort(),
    );
    expect(Object.keys((await list('?attributes=')).Resources[0] ?? {}).sort()).toEqual(['id', 'schemas']);
  });

  test('can come and go between two pages', async () => {
    addMany(3);
    const pages: unknown[] = [];
    it.iam.onPage((page) => {
      pages.push(page);
      it.iam.deleteAccount(ADA);
      it.iam.onPage(null);
    });
    expect(await names('?startIndex=1&count=2')).toEqual(['ada', 'bob']);
    // One moved over the edge: whoever only counts on has lost it.
    expect(await names('?startIndex=3&count=2')).toEqual(['u1', 'u2']);
    expect(pages).toEqual([{ startIndex: 1, count: 2, totalResults: 5 }]);
  });

  test.each(['GET', 'DELETE'])('are not there for %s of an unknown id', async (method) => {
    const { status, body } = await it.call(method, `/scim/Users/${NOBODY}`);
    expect(status).toBe(404);
    expect(body).toEqual({
      status: '404',
      detail: `No user mapped to id '${NOBODY}'`,
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    });
  });

  test('are deleted once', async () => {
    expect(await it.call('DELETE', `/scim/Users/${ADA}`)).toMatchObject({ status: 204, body: null });
    expect(await it.call('DELETE', `/scim/Users/${ADA}`)).toMatchObject({ status: 404 });
    expect(it.iam.accounts().map(({ id }) => id)).toEqual([BOB]);
    expect(it.iam.writes(ADA)).toEqual([{ at: NOW, by: 'api', what: 'deleted', changed: true }]);
  });

  test.each(['/scim/Users', `/scim/Users/${ADA}`, '/iam/account/find/bylabel?name=a'])(
    'are given only to those who take SCIM: %s',
    async (path) => {
      expect(await it.call('GET', path, { accept: 'application/json' })).toMatchObject({ status: 406 });
      for (const accept of ['application/scim+json', 'application/json, application/*;q=0.5', '*/*']) {
        expect(await it.call('GET', path, { accept })).toMatchObject({ status: 200 });
      }
    },
  );
});

describe('find/bylabel of the INDIGO IAM double', () => {
  const find = async (query: string) => {
    const got = await it.call('GET', `/iam/account/find/bylabel?${query}`);
    return (got.body as ListBody).Resources.map(({ id }) => id);
  };

  test('finds labels without a prefix and with exactly the value, and so none under hr.cern', async () => {
    it.iam.setLabel(ADA, { prefix: 'hr.cern', name: 'cern_person_id', value: '900123' });
    it.iam.setLabel(BOB, { name: 'cern_person_id', value: '900123' });
    expect(await find('name=cern_person_id&value=900123')).toEqual([BOB]);
    expect(await find('name=cern_person_id&value=90012')).toEqual([]);
    expect(await find('name=cern_person_id')).toEqual([]);
    expect(await find('name=cern_person_id&value=900123&startIndex=2')).toEqual([]);
    expect(await it.call('GET', '/iam/account/find/bylabel')).toMatchObject({ status: 400 });
  });
});
