/** Equal contents have equal hashes, whatever they look like, and what an app hands over is read without running its code. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { keyedHash, MAX_HASHED_CHARACTERS } from '../../src/config/keyed-hash.ts';
import { plainCopy } from '../../src/recording/plain-copy.ts';

const key = randomBytes(32);
const hash = (content: unknown): string | undefined => keyedHash(key, content);

describe('a keyed hash', () => {
  test('does not depend on the order of members, on spaces, or on whether JSON came as text', () => {
    const one = hash('{"path":"a.ts","lines":[1,2],"deep":{"x":1,"y":null}}');
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(hash('{ "deep": {"y":null, "x":1.0},\n "lines": [1, 2], "path": "a.ts" }')).toBe(one);
    expect(hash({ lines: [1, 2], deep: { y: null, x: 1 }, path: 'a.ts' })).toBe(one);
  });

  test('tells other contents apart, also by the order of a list', () => {
    const all = ['{"a":1}', '{"a":"1"}', '{"a":[1,2]}', '{"a":[2,1]}', '{"a":{}}', '[]', 'a', '{"a":1', true, 0].map(hash);
    expect(new Set(all).size).toBe(all.length);
  });

  test('of a result is that of its text, however the provider wraps it', () => {
    const one = hash('42 files');
    expect(hash([{ type: 'text', text: '42 files' }])).toBe(one);
    expect(hash([{ text: '42 files' }])).toBe(one);
    expect(hash({ content: [{ type: 'text', text: '42 files' }] })).toBe(one);
    expect(hash([{ json: { n: 1 } }])).toBe(hash({ n: 1 }));
  });

  test('is that of another key under another key, and none of nothing', () => {
    expect(keyedHash(randomBytes(32), 'a')).not.toBe(hash('a'));
    for (const nothing of [undefined, null, '']) expect(hash(nothing)).toBeUndefined();
  });

  test('is of the beginning of a long content, with its length where that is known', () => {
    const long = 'a'.repeat(MAX_HASHED_CHARACTERS);
    expect(hash(`${long}b`)).toBe(hash(`${long}c`));
    expect(hash(`${long}b`)).not.toBe(hash(`${long}bb`));
    expect(hash(long)).not.toBe(hash(`${long}b`));
  });

  test('is made of any depth', () => {
    const depth = 20_000;
    expect(hash('['.repeat(depth) + ']'.repeat(depth))).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('what an app hands over', () => {
  test('is copied as far as it is plain data', () => {
    class Own {
      secret = 1;
    }
    const value = { a: 'x', b: [1, undefined, new Own()], c: new Map(), d: 10n, e: { f: null }, g: () => 1 };
    expect(JSON.stringify(plainCopy(value))).toBe('{"a":"x","b":[1,null,null],"d":"10","e":{"f":null}}');
  });

  test('is read without a call of its getters, and not through a proxy', () => {
    let calls = 0;
    const value = Object.defineProperty({ a: 1 }, 'b', { enumerable: true, get: () => (calls += 1) });
    const proxy = new Proxy({}, { ownKeys: () => [String((calls += 1))], getPrototypeOf: () => ((calls += 1), null) });
    expect(plainCopy({ value, proxy })).toEqual({ value: { a: 1 }, proxy: undefined });
    expect(calls).toBe(0);
  });

  test('is bounded, also where it holds itself', () => {
    const ring: unknown[] = [];
    ring.push(ring, ring);
    expect(JSON.stringify(plainCopy(ring)).length).toBeLessThan(200_000);
    expect(JSON.stringify(plainCopy(Array.from({ length: 100_000 }, () => 'x'))).length).toBeLessThan(100_000);
  });
});
