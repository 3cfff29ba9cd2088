import { describe, expect, test } from 'vitest';
import type { Notice, NoticeTemplate } from '../../src/notices/notice-facts.ts';
import { renderNotice } from '../../src/notices/render-notice.ts';
import type { RenderNoticeInput } from '../../src/notices/render-notice.ts';

const SITE = { organisation: 'CERN', contact: 'service-desk@cern.ch' };
const ADA = { givenName: 'Ada', familyName: 'Rossi' };
const MAX = { givenName: 'Max', familyName: 'Müller' };
const ONE = { person: ADA, viaSupervisor: null, logins: ['arossi'] };
const TWO = { person: ADA, viaSupervisor: MAX, logins: ['arossi', 'arossi2'] };
const DATES = { lastDay: '2027-03-31', blockOn: '2027-05-31', deleteOn: '2027-09-28' };
const NO_DATES = { lastDay: '2027-03-31', blockOn: null, deleteOn: null };

const NOTHING_OWNED = { stillOwned: [], otherResources: [], proposals: [] };
const ONE_OWNED = { ...NOTHING_OWNED, stillOwned: ['svc-a'] };
const SITE_OF_ADA = { type: 'website', name: 'ada-lab' };
const LINK_A = { login: 'svc-a', link: 'https://accounts.example.org/links/proposals/a-1/token' };
const OWNED = { stillOwned: ['svc-a', 'svc-b'], otherResources: [SITE_OF_ADA], proposals: [LINK_A] };

const ASKED = { requestId: 'r-1', lapsesAt: 0, timeZone: 'Europe/Zurich' };

/** Every template with everything there is, and with as little as there can be. */
const NOTICES: { [T in NoticeTemplate]: Extract<Notice, { template: T }>['facts'][] } = {
  'leaving-soon': [
    { ...TWO, ...DATES, ...OWNED },
    { ...ONE, ...NO_DATES, ...NOTHING_OWNED },
    { ...ONE, ...DATES, ...ONE_OWNED },
  ],
  'has-left': [
    { ...TWO, ...DATES, ...OWNED },
    { ...ONE, ...NO_DATES, ...NOTHING_OWNED },
    { ...ONE, ...DATES, ...ONE_OWNED },
  ],
  'all-clear': [
    { ...TWO, announcedLastDay: '2027-03-31', lastDay: '2028-01-01' },
    { ...ONE, announcedLastDay: null, lastDay: null },
  ],
  returned: [
    { ...TWO, lastDay: '2028-01-01' },
    { ...ONE, lastDay: null },
  ],
  'hold-ends': [
    { ...TWO, audience: 'person', until: '2027-03-31' },
    { ...ONE, audience: 'actor', until: '2027-03-31' },
  ],
  'admin-date-ends': [
    { ...TWO, audience: 'person', until: '2027-03-31' },
    { ...ONE, audience: 'actor', until: '2027-03-31' },
  ],
  'supervisor-resources': [
    { supervisor: MAX, person: ADA, hasLeft: false, lastDay: '2027-03-31', ...OWNED },
    { supervisor: MAX, person: ADA, hasLeft: true, lastDay: '2027-03-31', ...ONE_OWNED },
    {
      ...{ supervisor: MAX, person: ADA, hasLeft: false, lastDay: '2027-03-31' },
      ...{ stillOwned: [], otherResources: null },
    },
  ],
  'service-account-received': [
    { ...TWO, previousOwner: MAX },
    { ...ONE, previousOwner: null },
  ],
  'reassignment-asked': [
    { ...TWO, ...ASKED, owner: MAX, isReminder: true, link: 'https://accounts.example.org/links/r-1/token' },
    { ...ONE, ...ASKED, owner: null, isReminder: false, link: null },
  ],
  'reassignment-owner-changed': [
    { ...TWO, owner: MAX },
    { ...ONE, owner: null },
  ],
  'reassignment-outcome': [
    { ...TWO, newOwner: MAX, outcome: 'impossible', why: 'they have left', toProposed: false },
    { ...ONE, newOwner: null, outcome: 'approved', why: null, toProposed: false },
    { ...ONE, newOwner: MAX, outcome: 'rejected', why: null, toProposed: false },
    { ...ONE, newOwner: MAX, outcome: 'withdrawn', why: null, toProposed: true },
    { ...ONE, newOwner: MAX, outcome: 'lapsed', why: null, toProposed: false },
  ],
  'service-desk-case': [
    { cause: 'fallback-owner', personId: '900123', logins: ['svc-a'] },
    { cause: 'no-address', personId: '900123', logins: [] },
    { cause: 'no-guest-address', personId: '900123', logins: ['arossi'] },
  ],
  'held-plan': [
    {
      planId: 'p-1',
      held: 40,
      because: ['40 losses among 100 persons with an account (40.0 %): more than 3 and more than 5 %'],
      rows: ['101: loss, last day open → 2027-01-01'],
      more: 39,
      lapsesAt: 0,
      timeZone: 'Europe/Zurich',
    },
    { planId: 'p-2', held: 1, because: [], rows: [], more: 0, lapsesAt: 0, timeZone: 'Europe/Zurich' },
  ],
  alarm: [{ key: 'hr-unavailable', message: 'HR gave no answer.', firstSeen: 0, timeZone: 'Europe/Zurich' }],
};

function inputs(): RenderNoticeInput[] {
  return Object.entries(NOTICES).flatMap(([template, variants]) =>
    variants.flatMap((facts) =>
      ['en', 'fr'].map(
        (language) => ({ template, facts, language, defaultLanguage: 'en', site: SITE }) as RenderNoticeInput,
      ),
    ),
  );
}

function render(template: NoticeTemplate, change: object = {}, language = 'en', variant = 0) {
  const facts = { ...NOTICES[template][variant], ...change };
  return renderNotice({ template, facts, language, defaultLanguage: 'en', site: SITE } as RenderNoticeInput);
}

describe('every notice, with all and with the least facts, in both languages', () => {
  test.each(inputs().map((input) => [input.template, input.language, input] as const))(
    '%s in %s says everything and nothing more',
    (_template, language, input) => {
      const rendered = renderNotice(input);
      expect(rendered.language).toBe(language);
      for (const part of [rendered.subject, rendered.text, rendered.html]) {
        expect(part).not.toMatch(/undefined|null|NaN|\[object|\{\{|\}\}|\{count|Invalid/);
        // A gap where a value should have been.
        expect(part).not.toMatch(/ {2}(?!- )| [.,]| <\/|\(\)/);
      }
      expect(rendered.subject).toMatch(/^\P{Cc}{8,200}$/u);
      expect(rendered.text).not.toMatch(/<|&/);
      for (const login of 'logins' in input.facts ? input.facts.logins : []) {
        expect(rendered.text).toContain(`  - ${login}\n`);
        expect(rendered.html).toContain(`<li>${login}</li>`);
      }
      for (const owned of 'stillOwned' in input.facts ? input.facts.stillOwned : []) {
        expect(rendered.text).toContain(`  - ${owned}\n`);
      }
    },
  );

  test('the two languages differ in every notice', () => {
    for (const template of Object.keys(NOTICES) as NoticeTemplate[]) {
      expect(render(template, {}, 'fr').subject).not.toBe(render(template, {}, 'en').subject);
    }
  });
});

describe('what a notice says', () => {
  test('a question about an account names the link that it was given, or another way and the request', () => {
    const link = 'https://accounts.example.org/links/r-1/token';
    expect(render('reassignment-asked').text).toContain(link);
    expect(render('reassignment-asked').html).toContain(link);
    for (const language of ['en', 'fr']) {
      const without = render('reassignment-asked', {}, language, 1).text;
      expect(without).not.toContain('http');
      expect(without).toContain('r-1');
    }
  });

  test('the dates of leaving, written out', () => {
    const english = render('leaving-soon', {}, 'en', 2);
    expect(english.subject).toBe('Your CERN account: your last day is 31 March 2027');
    for (const date of ['Wednesday 31 March 2027', 'Monday 31 May 2027', 'Tuesday 28 September 2027']) {
      expect(english.text).toContain(`  - ${date}: `);
    }
    const french = render('leaving-soon', {}, 'fr', 2);
    expect(french.subject).toContain('le 31 mars 2027');
    for (const date of ['mercredi 31 mars 2027', 'lundi 31 mai 2027', 'mardi 28 septembre 2027']) {
      expect(french.text).toContain(`  - Le ${date}\u00a0: `);
    }
  });

  test('the first of a month is an ordinal in French', () => {
    expect(render('leaving-soon', { lastDay: '2027-04-01' }, 'fr').text).toContain('jeudi 1er avril 2027');
  });

  test('milestones that a policy does not have are not promised', () => {
    expect(render('leaving-soon', {}, 'en', 1).text).not.toMatch(/sign in|deletion/);
    expect(render('has-left', {}, 'en', 1).text).not.toMatch(/What comes next|deletion/);
  });

  test('one thing and several things', () => {
    expect(render('leaving-soon', {}, 'en', 2).text).toContain('You still own this official resource.');
    expect(render('leaving-soon', {}, 'en', 0).text).toContain('You still own these 3 official resources.');
    expect(render('leaving-soon', {}, 'en', 1).text).not.toContain('own');
    expect(render('has-left', {}, 'fr', 2).text).toContain("S'il s'agit d'un compte de service");
    expect(render('has-left', {}, 'fr', 0).text).toContain('Ces 3 ressources officielles');
    expect(render('service-account-received', {}, 'fr').subject).toContain('2 comptes de service vous ont');
  });

  test('other official resources stand in the same list, with what they are', () => {
    expect(render('leaving-soon').text).toContain('  - svc-a\n  - svc-b\n  - website: ada-lab\n');
    expect(render('has-left').text).toContain('  - website: ada-lab\n');
    expect(render('supervisor-resources').text).toContain('still owns these 3 official resources:');
    const only = render('supervisor-resources', { stillOwned: [] });
    expect(only.subject).toBe('Ada Rossi still owns official resources');
    expect(only.text).toContain('still owns this official resource:\n\n  - website: ada-lab\n');
  });

  test('a long list is cut, says so, and leaves out no service account', () => {
    const otherResources = Array.from({ length: 60 }, (_, index) => ({ type: 'share', name: `s${index}` }));
    const { text } = render('leaving-soon', { otherResources });
    expect(text).toContain('You still own these 62 official resources.');
    expect(text).toContain('  - share: s47\n\n… and 12 more.');
    const stillOwned = Array.from({ length: 55 }, (_, index) => `svc-${index}`);
    const many = render('supervisor-resources', { stillOwned, otherResources }, 'fr').text;
    expect(many).toContain('  - svc-54\n\n… et 60 de plus.');
  });

  test('what could not be listed is said, and nothing of the kind where everything was', () => {
    for (const template of ['leaving-soon', 'has-left', 'supervisor-resources'] as const) {
      for (const [language, words] of [
        ['en', 'could not be listed'],
        ['fr', 'être listé'],
      ] as const) {
        expect(render(template, {}, language).text).not.toContain(words);
        const { text } = render(template, { otherResources: null }, language);
        expect(text).toContain(words);
        expect(text).toContain('  - svc-b\n');
      }
    }
    const asked = render('supervisor-resources', {}, 'en', 2);
    expect(asked.subject).toBe('Official resources of Ada Rossi: please ask');
    expect(asked.text).not.toContain('still owns');
  });

  test('the link by which an owner proposes the next one stands beside the account', () => {
    for (const language of ['en', 'fr']) {
      const address = '  - svc-a: https://accounts.example.org/links/proposals/a-1/token\n';
      expect(render('leaving-soon', {}, language).text).toContain(address);
      const without = render('leaving-soon', {}, language, 2).text;
      expect(without).not.toMatch(/https:|propose who|nouveau propriétaire/);
    }
  });

  test('an all-clear names the date that no longer holds and the new one, or none', () => {
    expect(render('all-clear').text).toContain('31 March 2027');
    expect(render('all-clear').text).toContain('Your last day is now Saturday 1 January 2028.');
    expect(render('all-clear', {}, 'en', 1).text).toContain('No last day is set for you.');
  });

  test('a returner hears what does not come back', () => {
    expect(render('returned').text).toMatch(/Group memberships .* service accounts .* do not come back/);
    expect(render('returned', {}, 'fr').text).toMatch(/groupes .* comptes de service .* ne reviennent pas/);
    expect(render('returned', {}, 'en').text).toContain('Guest access by an identity elsewhere has ended');
    expect(render('returned', {}, 'fr').text).toContain('accès invité par une identité externe a pris fin');
  });

  test('who set a hold or a date and the person read different words', () => {
    for (const template of ['hold-ends', 'admin-date-ends'] as const) {
      expect(render(template, {}, 'en', 1).text).toMatch(/^Hello,\n\nYou .* the account of Ada Rossi/);
      expect(render(template).text).not.toMatch(/of Ada Rossi/);
    }
  });

  test('a supervisor who reads it for somebody without an address is asked to pass it on', () => {
    expect(render('leaving-soon').text).toMatch(
      /^Dear Max Müller,\n\nWe have no mail address for Ada Rossi\./,
    );
    expect(render('leaving-soon', {}, 'en', 2).text).toMatch(/^Dear Ada Rossi,\n\nYour last day/);
  });

  test('a contact is named where there is one', () => {
    const facts = { ...ONE, lastDay: null };
    const input = { template: 'returned', facts, language: 'en', defaultLanguage: 'en' } as const;
    expect(renderNotice({ ...input, site: SITE }).text).toContain('service-desk@cern.ch');
    expect(renderNotice({ ...input, site: { ...SITE, contact: null } }).text).not.toContain('Questions');
  });

  test('an alarm says since when, in the zone given', () => {
    expect(render('alarm').text).toContain('Thursday 1 January 1970 at 01:00');
  });
});

describe('values from outside', () => {
  const nasty = { givenName: '<script>"Ada"</script>', familyName: "O'Neil & {{person}}" };

  test('are escaped in HTML and as they are in text', () => {
    const { html, text } = render('leaving-soon', { person: nasty, viaSupervisor: null, logins: ['<b>'] });
    expect(html).toContain('&lt;script&gt;&quot;Ada&quot;&lt;/script&gt; O&#x27;Neil &amp; {{person}}');
    expect(html).toContain('<li>&lt;b&gt;</li>');
    const other = render('leaving-soon', { otherResources: [{ type: '<b>', name: '"\n&{{person}}' }] });
    expect(other.html).toContain('<li>&lt;b&gt;: &quot; &amp;{{person}}</li>');
    expect(other.text).toContain('  - <b>: " &{{person}}\n');
    expect(text).toContain(`Dear <script>"Ada"</script> O'Neil & {{person}},`);
  });

  test('cannot begin a new line, nor a header', () => {
    const { subject, text } = render('supervisor-resources', {
      person: { givenName: 'Ada\r\nBcc: eve@example.org', familyName: 'Rossi\u0000' },
    });
    expect(subject).toBe('Ada Bcc: eve@example.org Rossi still owns official resources');
    expect(text).not.toMatch(/^Bcc/m);
  });

  test('are in no attribute of the HTML', () => {
    expect(render('leaving-soon').html.match(/<[a-z]+ [^>]*>/g)).toEqual([
      '<html lang="en">',
      '<meta charset="utf-8">',
    ]);
  });
});

describe('the language', () => {
  test.each([
    ['fr', 'en', 'fr'],
    ['de', 'fr', 'fr'],
    [null, 'fr', 'fr'],
    ['de', 'it', 'en'],
    ['toString', 'en', 'en'],
  ])('%s with %s as default is %s', (language, defaultLanguage, expected) => {
    const facts = { ...ONE, lastDay: null };
    const input = { template: 'returned', facts, language, defaultLanguage, site: SITE } as const;
    expect(renderNotice(input).language).toBe(expected);
  });
});
