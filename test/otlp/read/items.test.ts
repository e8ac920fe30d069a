/** Requests are read item by item, and are counted before a value of them is built. */
import { describe, expect, test } from '@jest/globals';
import { itemsOf } from '../../../src/otlp/read/index.ts';

const json = (text: string) => [...itemsOf(Buffer.from(text), 'json', 'TracesRequest')];
const protobuf = (bytes: Buffer) => [...itemsOf(bytes, 'protobuf', 'TracesRequest')];
const request = (spans: string): string => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}`;
const code = (read: () => unknown): string | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('JSON', () => {
  test('the owner is known although it stands behind its items, and is one object for all of them', () => {
    const items = json(
      `{"resourceSpans": [ {"scopeSpans":[{"spans":[{"name":"a"},{"name":"b"}],"scope":{"name":"s"}}],\n"resource":{"attributes":[{"key":"k"}]}} ] } \n`,
    );
    expect(items).toEqual(
      ['a', 'b'].map((name) => ({
        owner: { resource: { attributes: [{ key: 'k' }] } },
        group: { scope: { name: 's' } },
        item: { name },
      })),
    );
    expect(items[0]?.owner).toBe(items[1]?.owner);
  });

  test('brackets, commas, quotes and backslashes within texts are text', () => {
    const name = '[{"\\,:}]\\\\"';
    expect(json(request(JSON.stringify({ name }))).map(({ item }) => item['name'])).toEqual([name]);
  });

  test.each([
    ['nothing but an object', '{}', []],
    [
      'null in the place of lists and owners',
      '{"resourceSpans":[{"resource":null,"scopeSpans":null},{"scopeSpans":[{"scope":null,"spans":null}]}]}',
      [],
    ],
    ['a name that is there twice: the last one counts', `{"resourceSpans":[{}],${request('{"name":"last"}').slice(1)}`, ['last']],
    ['names that every object has', `{"toString":1,"constructor":{},"__proto__":[],${request('{"name":"a"}').slice(1)}`, ['a']],
    [
      'names and values of other versions of OTLP',
      `{"x":[{"y":[1,-2.5e+3,true,null,"t"]}],${request('{"name":"a","z":[[]]}').slice(1)}`,
      ['a'],
    ],
  ])('%s', (_title, text, names) => {
    expect(json(text).map(({ item }) => item['name'])).toEqual(names);
  });

  test.each([
    '',
    ' ',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{a:1}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":[1}}',
    '{"a":]}',
    '{"a":,}',
    '{} {}',
    '{"a":"',
  ])('%s is malformed', (text) => expect(code(() => json(text))).toBe('malformed'));

  test('128 brackets within each other are read, and 129 are too deep', () => {
    const nested = (depth: number): string => `{"x":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    expect(code(() => json(nested(128)))).toBeUndefined();
    expect(code(() => json(nested(129)))).toBe('too_deep');
  });

  test('262,144 values in one part are read, and one more is too many', () => {
    const values = (count: number): string => `{"x":[${'1,'.repeat(count - 2)}1]}`;
    expect(code(() => json(values(262_144)))).toBeUndefined();
    expect(code(() => json(values(262_145)))).toBe('too_many');
  });
});

test('a histogram of 262,000 buckets is read, and one of two million has too many values', () => {
  const histogram = (count: number): Buffer =>
    [6, 1, 9, 2, 2, 1].reduce<Buffer>((bytes, number) => field(number, bytes), Buffer.alloc(count * 8));
  const read = (count: number): unknown => [...itemsOf(histogram(count), 'protobuf', 'MetricsRequest')];
  expect(code(() => read(262_000))).toBeUndefined();
  expect(code(() => read(2_000_000))).toBe('too_many');
});

describe.each(['json', 'protobuf'] as const)('in %s', (encoding) => {
  test('100,000 groups and items are read, and one more is too many', () => {
    const items = (count: number): unknown =>
      encoding === 'json'
        ? json(request(`${'{},'.repeat(count - 1)}{}`))
        : protobuf(field(1, field(2, Buffer.from('1200'.repeat(count), 'hex'))));
    // The resource and the scope count as well.
    expect(code(() => items(99_998))).toBeUndefined();
    expect(code(() => items(99_999))).toBe('too_many');
  });
});

function field(number: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length(payload.length)]), payload]);
}

function length(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 0x80, ...length(Math.floor(value / 128))];
}
