import { describe, expect, it } from 'vitest';
import type { Actual } from '../../../src/demo/check/actual.ts';
import { checkStory, type Verdict } from '../../../src/demo/check/check-story.ts';
import { excusedLines } from '../../../src/demo/check/summary.ts';
import type { Character } from '../../../src/demo/story/character.ts';
import { zurichInstant } from '../../../src/demo/zurich-time.ts';

const at = (date: string, time = '12:00') => zurichInstant(date, time);
const ada = (expected: string): Character => ({ nick: 'ada', about: '', hr: [], expected });
const did = (what: string, when: number | null, nick = 'ada'): Actual => ({
  nick,
  what,
  at: when,
  kind: 'x',
});

const LIST = `
  2027-03-24 notice -7 for 2027-03-31
  2027-04-01 leaving 2027-03-31
  2027-05-31 block 2027-03-31, 2 groups
  end blocked, Inactive, access off, 0 groups
`;
const NOTICE = did('notice -7 for 2027-03-31', at('2027-03-24'));
const LEAVING = did('leaving 2027-03-31', at('2027-04-01'));
const BLOCK = did('block 2027-03-31, 2 groups', at('2027-06-09'));
const END = did('end blocked, Inactive, access off, 0 groups', null);

interface Input {
  list?: string;
  outages?: [string, string][];
}

function verdictOn(actual: readonly Actual[], input: Input = {}): Verdict {
  return checkStory({
    characters: [ada(input.list ?? LIST)],
    actual,
    outages: (input.outages ?? []).map(([from, until]) => ({
      from: at(from, '00:00'),
      until: at(until, '00:00'),
    })),
    end: at('2027-11-10'),
  });
}

function differences(actual: readonly Actual[], input: Input = {}) {
  return verdictOn(actual, input).differences.map(({ type, words }) => `${type} ${words}`);
}

describe('the check of the story', () => {
  it('is content when the set is right, in any order and however late', () => {
    expect(differences([END, BLOCK, LEAVING, NOTICE])).toEqual([]);
  });
  it('finds what is missing', () => {
    expect(differences([NOTICE, LEAVING, END])).toEqual(['missing block 2027-03-31, 2 groups']);
    expect(differences([])).toHaveLength(4);
  });
  it('finds what was done twice, also when both times are right', () => {
    expect(differences([NOTICE, LEAVING, BLOCK, { ...BLOCK, at: at('2027-06-10') }, END])).toEqual([
      'twice block 2027-03-31, 2 groups (2027-06-10 12:00)',
    ]);
  });
  it('finds what came early, by a minute too', () => {
    const early = did('block 2027-03-31, 2 groups', at('2027-05-31', '00:00') - 60_000);
    expect(differences([NOTICE, LEAVING, early, END])).toEqual([
      'early block 2027-03-31, 2 groups: 2027-05-30 23:59, not before 2027-05-31 00:00',
    ]);
    const beforeNoticeTime = did('notice -7 for 2027-03-31', at('2027-03-24', '07:59'));
    expect(differences([beforeNoticeTime, LEAVING, BLOCK, END])).toHaveLength(1);
  });
  it('finds what was not on the list: another date, another number of groups, another end', () => {
    const other = did('block 2027-04-30, 2 groups', at('2027-06-30'));
    expect(differences([NOTICE, LEAVING, BLOCK, other, END])).toEqual([
      'extra block 2027-04-30, 2 groups (2027-06-30 12:00)',
    ]);
    const fewer = did('block 2027-03-31, 1 groups', at('2027-06-09'));
    expect(differences([NOTICE, LEAVING, fewer, END])).toEqual([
      'missing block 2027-03-31, 2 groups',
      'extra block 2027-03-31, 1 groups (2027-06-09 12:00)',
    ]);
    expect(differences([NOTICE, LEAVING, BLOCK, did('end active', null)])).toHaveLength(2);
  });
  it('finds what happened to somebody who is not in the story', () => {
    expect(differences([NOTICE, LEAVING, BLOCK, END, did('activate', at('2027-03-01'), 'person 9')])).toEqual(
      ['extra activate'],
    );
  });
  it('finds nothing in what came after the end and belongs to no list, but takes what is late', () => {
    const afterwards = did('delete 2027-03-31', at('2027-11-28'));
    expect(differences([NOTICE, LEAVING, { ...BLOCK, at: at('2027-11-12') }, END, afterwards])).toEqual([]);
  });

  describe('lines for a worker that was down', () => {
    const weekend = `
      2027-04-10 leaving 2027-04-09 [unless down 2027-04-10 to 2027-04-12]
      2027-04-12 all-clear open [if down 2027-04-10 to 2027-04-12]
    `;
    const leaving = did('leaving 2027-04-09', at('2027-04-10'));
    const allClear = did('all-clear open', at('2027-04-12'));
    it('excuse only who was down all the time', () => {
      expect(differences([], { list: weekend, outages: [['2027-04-09', '2027-04-13']] })).toEqual([]);
      expect(differences([], { list: weekend })).toHaveLength(1);
      expect(differences([], { list: weekend, outages: [['2027-04-09', '2027-04-11']] })).toHaveLength(1);
      expect(differences([], { list: weekend, outages: [['2027-04-11', '2027-04-13']] })).toHaveLength(1);
    });
    it('allow what is done in its place only then', () => {
      expect(differences([allClear], { list: weekend, outages: [['2027-04-09', '2027-04-13']] })).toEqual([]);
      expect(differences([leaving, allClear], { list: weekend })).toEqual([
        'extra all-clear open, although the worker was not down',
      ]);
    });
    it('need only a part of the stretch where they say within', () => {
      const list = '2027-05-01 notice -7 for 2027-05-06 [unless down within 2027-05-01 to 2027-05-08]';
      expect(differences([], { list, outages: [['2027-05-07', '2027-05-09']] })).toEqual([]);
      expect(differences([], { list, outages: [['2027-05-08', '2027-05-09']] })).toHaveLength(1);
      expect(differences([], { list })).toHaveLength(1);
    });
    it('are named in the summary when they excused something, with the reason, and only then', () => {
      const outages: [string, string][] = [['2027-04-09', '2027-04-13']];
      expect(excusedLines(verdictOn([allClear], { list: weekend, outages }))).toEqual([
        'excused: ada: leaving 2027-04-09 (the worker was down)',
      ]);
      expect(excusedLines(verdictOn([], { list: weekend, outages }))).toHaveLength(2);
      expect(excusedLines(verdictOn([leaving], { list: weekend }))).toEqual([]);
      const perhaps = '2027-04-10 leaving 2027-04-09 [perhaps]';
      expect(excusedLines(verdictOn([], { list: perhaps }))).toEqual([
        'excused: ada: leaving 2027-04-09 (it may happen or not)',
      ]);
      expect(excusedLines(verdictOn([leaving], { list: perhaps }))).toEqual([]);
    });
    it('count as planned only where they apply: what is done in place of something is not, if that was done', () => {
      expect(verdictOn([leaving], { list: weekend }).checked).toHaveLength(1);
    });
  });
  it('takes any date for a star, and nothing else', () => {
    const list = '2027-04-09 leaving *';
    expect(differences([did('leaving 2027-04-08', at('2027-04-09'))], { list })).toEqual([]);
    expect(differences([did('delete 2027-04-08', at('2027-04-09'))], { list })).toHaveLength(2);
  });
  it('tells how late each was, and does not judge it', () => {
    const { checked } = checkStory({
      characters: [ada('2027-04-01 leaving 2027-03-31')],
      actual: [did('leaving 2027-03-31', at('2027-04-11', '00:00'))],
      outages: [],
      end: at('2027-11-10'),
    });
    expect(checked).toMatchObject([{ done: true, lateDays: 10 }]);
  });
});
