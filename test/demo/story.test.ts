import { describe, expect, it } from 'vitest';
import { parseExpected } from '../../src/demo/check/expected.ts';
import { personIdOf } from '../../src/demo/story/character.ts';
import { LOCAL_USERS, withExperiment } from '../../src/demo/story/experiment.ts';
import { story as plainStory } from '../../src/demo/story/story.ts';
import { zurichInstant } from '../../src/demo/zurich-time.ts';
import { cern } from '../../src/policies/cern.ts';
import { indigoIam } from '../../src/policies/indigo-iam.ts';
import { milestoneDate } from '../../src/policy/moments.ts';

const story = withExperiment(plainStory);
const { characters } = story;
const people = characters.filter(({ instance }) => instance !== undefined);
const DAY_MS = 86_400_000;

describe('the story', () => {
  it('has some forty people or more, each once', () => {
    expect(characters.length).toBeGreaterThanOrEqual(40);
    expect(new Set(characters.map(({ nick }) => nick)).size).toBe(characters.length);
    expect(new Set(characters.map(personIdOf)).size).toBe(characters.length);
    const logins = characters.flatMap(({ accounts }) => (accounts ?? []).map(({ login }) => login));
    expect(new Set(logins).size).toBe(logins.length);
  });
  it.each(characters.map((character) => [character.nick, character] as const))(
    '%s has one record an id, and a list that says how it ends',
    (nick, character) => {
      const ids = character.hr.flatMap(({ record }) => (record === null ? [] : [record.id]));
      expect(new Set(ids).size).toBe(1);
      const expected = parseExpected(character.expected);
      // Whoever had left before the story begins gets no account at all.
      if (nick === 'pia') expect(expected).toEqual([]);
      else
        expect(expected.filter(({ what }) => what.startsWith('end ')).length).toBe(
          1 + (character.accounts ?? []).length + (character.instance ? 1 : 0) + (nick === 'alba' ? 1 : 0),
        );
    },
  );
  it('leaves what is late a week before it ends, and begins before anything is due', () => {
    const moments = characters
      .flatMap(({ expected }) => parseExpected(expected))
      .map(({ from }) => from)
      .filter(Number.isFinite);
    expect(Math.max(...moments)).toBeLessThan(zurichInstant(story.ends) - 6 * DAY_MS);
    expect(Math.min(...moments)).toBeGreaterThan(zurichInstant(story.begins) + 3 * DAY_MS);
  });
  it('tells HR’s chapters and commands within its days', () => {
    const days = characters.flatMap(({ hr, commands, instance }) => [
      ...hr.map(({ from }) => from).filter((from) => from !== 'start'),
      ...(commands ?? []).map(({ on }) => on),
      ...(instance?.acts ?? []).map(({ on }) => on),
    ]);
    for (const day of days) {
      expect(day > story.begins && day < story.ends).toBe(true);
    }
  });
  it('has people of an experiment only when asked for them', () => {
    expect(plainStory.characters.some(({ instance }) => instance !== undefined)).toBe(false);
    expect(people.length).toBeGreaterThanOrEqual(6);
    const userNames = people.map(({ instance }) => instance?.userName);
    const locals = LOCAL_USERS.map(({ userName }) => userName);
    expect(new Set([...userNames, ...locals]).size).toBe(userNames.length + locals.length);
  });
  it('agrees with the policy of the instance on the dates of who leaves the experiment', () => {
    const olaf = people.find(({ nick }) => nick === 'olaf');
    const dates = (olaf?.expected ?? '')
      .split('\n')
      .map((line) => /^\s*(\d{4}-\d\d-\d\d) olaf_cms: (leaving|block|delete) /.exec(line))
      .flatMap((match) => (match ? [`${match[1] ?? ''} ${match[2] ?? ''}`] : []));
    const planned = (indigoIam.policies.experiment?.milestones ?? []).map(
      (milestone) => `${milestoneDate(milestone, '2027-04-30')} ${milestone.action}`,
    );
    expect(planned).toHaveLength(3);
    expect(dates).toEqual(planned);
  });
  it('agrees with the policy on the person of the rules’ own example', () => {
    const ada = characters.find(({ nick }) => nick === 'ada');
    const dates = (ada?.expected ?? '')
      .split('\n')
      .map((line) => /^\s*(\d{4}-\d\d-\d\d) (notice -\d+|leaving|guest|block|delete)/.exec(line))
      .flatMap((match) => (match ? [`${match[1] ?? ''} ${match[2] ?? ''}`] : []));
    const planned = (cern.policies.primary?.milestones ?? []).map((milestone) => {
      const name = milestone.action === 'notice' ? `notice ${String(milestone.offset)}` : milestone.action;
      return `${milestoneDate(milestone, '2027-03-31')} ${name}`;
    });
    expect(planned).toHaveLength(7);
    expect(dates).toEqual(planned);
  });
});
