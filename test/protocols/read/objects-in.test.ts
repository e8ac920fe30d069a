// Texts that are no JSON by themselves, and the objects that are in them.
import { expect, test } from '@jest/globals';
import { objectsIn } from '../../../src/protocols/read/objects-in.ts';

test.each([
  ['two in a row', '{"a":1}{"b":2}', [{ a: 1 }, { b: 2 }]],
  ['lines', '{"a":1}\n{"b":"}{"}\r\n', [{ a: 1 }, { b: '}{' }]],
  ['a list', '[{"a":1},{"b":2}]', [{ a: 1 }, { b: 2 }]],
  ['a list of other things', '[1,"{",null,[]]', []],
  ['more behind one', '{"a":1} trailing " garbage }', [{ a: 1 }]],
  ['brackets that close nothing', ')]}\',\n{"a":1}', [{ a: 1 }]],
  ['one without its end', '{"a":1,"b":{"c":[1,2', [{ a: 1 }]],
  ['one whose last member is whole', '{"a":1,"b":{"c":[1,2]}', [{ a: 1, b: { c: [1, 2] } }]],
  ['a list without its end', '[{"a":1},{"b":{}},{"c":1', [{ a: 1 }, { b: {} }]],
  ['one cut within a number', '{"a":12,"b":34', [{ a: 12 }]],
  ['one cut behind a name', '{"a":"x\\"y","b"', [{ a: 'x"y' }]],
  ['one cut within a text', '{"a":{"b":1},"c":"\\', [{ a: { b: 1 } }]],
  ['a damaged one before a whole one', '{"a":}{"b":2}', [{ b: 2 }]],
  ['brackets that do not match', '{"a":[}{"b":2}', []],
  ['nothing', '', []],
  ['text', 'upstream connect error', []],
])('%s', (_, text, objects) => expect(objectsIn(text).objects).toEqual(objects));

test('one that is cut anywhere says nothing that the whole one does not say', () => {
  const whole = { id: 'a"b\\', usage: { input_tokens: 90_123, cached: { read: 5_000, more: 'é' } }, last: true };
  const text = JSON.stringify(whole);
  for (let at = 1; at < text.length; at += 1) {
    const {
      objects: [read, ...others],
      isCut,
    } = objectsIn(text.slice(0, at));
    expect([others, isCut]).toEqual([[], true]);
    expect(whole).toMatchObject(read as Partial<typeof whole>);
  }
});

test('a text of a million brackets or quotes takes no stack', () => {
  expect(objectsIn('['.repeat(1_000_000)).objects).toEqual([]);
  expect(objectsIn(`{"a":"${'\\"'.repeat(1_000_000)}`).objects).toEqual([{}]);
});
