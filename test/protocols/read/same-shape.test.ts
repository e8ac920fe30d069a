/** Events that differ in one text alone. */
import { expect, test } from '@jest/globals';
import { SameShape } from '../../../src/protocols/read/same-shape.ts';

const event = (text: string, more = 'null'): string =>
  `data: {"id":"a","choices":[{"delta":{"content":"${text}"},"finish_reason":${more}}],"usage":null}`;

test('before one was learnt none is recognised', () => expect(new SameShape().has(event('a'))).toBe(false));

test.each([
  ['another text', event('two words'), true],
  ['no text', event(''), true],
  ['the same text', event('one'), true],
  ['a line end, as JSON writes it', event(String.raw`a\n`), true],
  ['a quote', event(String.raw`a \" b`), false],
  ['a quote at its end', event(String.raw`a\"`), false],
  ['a backslash at its end', event('a\\'), false],
  ['an end', event('one', '"stop"'), false],
  ['one more member behind it', event('one","refusal":"no'), false],
  ['another head', event('one').replace('"a"', '"b"'), false],
  ['half of it', event('one').slice(0, 60), false],
])('%s', (_, other, isSame) => {
  const shape = new SameShape();
  shape.learn(event('one'), ['"refusal":"', '"content":"']);
  expect(shape.has(other)).toBe(isSame);
  if (!isSame) expect(shape.textIn(other)).toBeUndefined();
});

test('an event without such a member is not learnt, nor one whose text has a quote, nor a long one', () => {
  for (const learnt of [event('a').replace('content', 'other'), event(String.raw`a\"b`), event('x'.repeat(5_000))]) {
    const shape = new SameShape();
    shape.learn(learnt, ['"content":"']);
    expect(shape.has(learnt)).toBe(false);
  }
});

test('the last one that was learnt counts', () => {
  const shape = new SameShape();
  shape.learn(event('a'), ['"content":"']);
  shape.learn(event('b', '0'), ['"content":"']);
  expect([shape.has(event('c')), shape.has(event('c', '0'))]).toEqual([false, true]);
});

test.each([
  ['words', 'two words', 'two words'],
  ['nothing', '', ''],
  ['an escape', String.raw`a\n`, undefined],
])('the text of an event with %s', (_, text, found) => {
  const shape = new SameShape();
  shape.learn(event('one'), ['"content":"']);
  expect(shape.textIn(event(text))).toBe(found);
});
