import { expect, test } from 'vitest';
import { compileText } from '../../src/notices/compile-text.ts';

test('a value that is not there is an error and never a gap', () => {
  expect(() => compileText('until {{until}}').text({})).toThrow('until');
  expect(() => compileText('until {{until}}').html({})).toThrow('until');
});

test.each(['{{#if a}}', '{{a', '<b>{{a}}</b>', 'this & that', '{{> partial'])(
  'a text with a mistake in it fails when loaded: %s',
  (source) => expect(() => compileText(source)).toThrow(),
);
