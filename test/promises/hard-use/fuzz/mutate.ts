// Damages recorded inputs: as bytes, and as JSON whose shape lies.
import { inspect, isDeepStrictEqual } from 'node:util';
import type { Random } from './random.ts';

type Mutation = (bytes: Buffer, random: Random) => Buffer;

const piece = (bytes: Buffer, random: Random): Buffer => {
  const from = random.below(bytes.length + 1);
  return bytes.subarray(from, from + random.below(Math.min(400, bytes.length - from + 1)));
};
const insert = (bytes: Buffer, at: number, more: Buffer): Buffer => Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);

/**
 * Bytes that parsers stumble over: broken UTF-8, a BOM, line ends, separators, JSON's quotes, protobuf's longest
 * numbers.
 */
const awkward: readonly Buffer[] = [
  ['ff'],
  ['c3'],
  ['ed', 'a0', '80'],
  ['f0', '9f'],
  ['ef', 'bb', 'bf'],
  ['00'],
  ['0a'],
  ['0d'],
  ['0d', '0a', '0d', '0a'],
  ['0a', '0a'],
  ['22'],
  ['5c', '75', '64', '38', '30', '30'],
  ['e2', '80', 'a8'],
  ['ff', 'ff', 'ff', 'ff', 'ff', 'ff', 'ff', 'ff', 'ff', '01'],
  ['ff', 'ff', 'ff', 'ff', '7f'],
].map((hex) => Buffer.from(hex.join(''), 'hex'));

const mutations: readonly Mutation[] = [
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.subarray(random.below(bytes.length + 1)),
  (bytes, random) => insert(bytes, random.below(bytes.length + 1), piece(bytes, random)),
  (bytes, random) => insert(bytes, random.below(bytes.length + 1), random.pick(awkward)),
  (bytes, random) => {
    const from = random.below(bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random.below(64))]);
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    for (let left = 1 + random.below(6); left > 0 && copy.length > 0; left -= 1) {
      const at = random.below(copy.length);
      copy[at] = (copy[at] as number) ^ (1 << random.below(8));
    }
    return copy;
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy.fill(random.below(256), random.below(copy.length), random.below(copy.length));
    return copy;
  },
];

/** One to four byte mutations, one after the other. */
export function damage(bytes: Buffer, random: Random): Buffer {
  let damaged = bytes;
  for (let left = 1 + random.below(4); left > 0; left -= 1) damaged = random.pick(mutations)(damaged, random);
  return damaged;
}

type Json = unknown;

/** Too deep for `JSON.stringify`: put into the finished text. */
const deep: Readonly<Record<string, () => string>> = {
  '@deep-list': () => '['.repeat(20_000) + ']'.repeat(20_000),
  '@deep-object': () => `${'{"content":['.repeat(20_000)}${']}'.repeat(20_000)}`,
  '@deep-result': () => `${'{"type":"tool_result","content":['.repeat(12_000)}${']}'.repeat(12_000)}`,
  '@deep-value': () => `${'{"arrayValue":{"values":['.repeat(5_000)}${']}}'.repeat(5_000)}`,
};

/** Values in the place of any other. `JSON.parse` makes the keys own ones, `__proto__` too. */
const hostileValues: readonly (() => Json)[] = [
  () => null,
  () => true,
  () => -1,
  () => 0.5,
  () => 1e308,
  () => -1e308,
  () => 2 ** 53 + 2,
  () => '',
  () => 'NaN',
  () => '-5',
  () => '99999999999999999999',
  () => 'x'.repeat(70_000),
  () => '\ud800',
  () => [],
  () => ({}),
  () => [[], [null], {}],
  () => JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}') as Json,
  () => JSON.parse('{"toString":null,"valueOf":1,"toJSON":2,"then":3,"length":-1,"hasOwnProperty":0}') as Json,
  () => JSON.parse('['.repeat(60) + ']'.repeat(60)) as Json,
  ...Object.keys(deep).map((name) => () => name),
  () => Array.from({ length: 3_000 }, (_, index) => ({ index, id: `i${index}`, type: 'tool_use', name: `n${index}` })),
];

/** Replaces, adds or removes one to three values anywhere in the value; answers its JSON. */
export function damageJson(value: Json, random: Random): string {
  let changed = structuredClone(value);
  for (let left = 1 + random.below(3); left > 0; left -= 1) changed = damageOnce(changed, random);
  return JSON.stringify(changed).replaceAll(/"(@deep-\w+)"/g, (text, name: string) => deep[name]?.() ?? text);
}

function damageOnce(value: Json, random: Random): Json {
  if (typeof value !== 'object' || value === null || random.chance(0.12)) return random.pick(hostileValues)();
  const keys = Object.keys(value);
  if (keys.length === 0) return random.pick(hostileValues)();
  const owner = value as Record<string, Json>;
  const key = random.pick(keys);
  if (random.chance(0.1)) {
    if (Array.isArray(value)) value.push(...(value as Json[]).slice(0, 50));
    else delete owner[key];
  } else Object.defineProperty(owner, key, { value: damageOnce(owner[key], random), enumerable: true, configurable: true, writable: true });
  return value;
}

/** `bytes` in pieces of random lengths, down to single bytes. */
export function cutUp(bytes: Buffer, random: Random): Buffer[] {
  const pieces: Buffer[] = [];
  const longest = random.pick([1, 3, 17, 200, 4_096]);
  // Ten thousand pieces say as much as a million.
  const shortest = Math.ceil(bytes.length / 10_000);
  for (let at = 0; at < bytes.length;) {
    const next = at + Math.max(shortest, 1 + random.below(longest));
    pieces.push(bytes.subarray(at, next));
    at = next;
  }
  return pieces;
}

/** As jest's `toEqual`, in microseconds. */
export function expectEqual(received: unknown, expected: unknown): void {
  if (isDeepStrictEqual(received, expected)) return;
  const [got, wanted] = [inspect(received, { depth: 8 }), inspect(expected, { depth: 8 })];
  let at = 0;
  while (got[at] === wanted[at] && at < got.length) at += 1;
  const around = (text: string): string => text.slice(Math.max(0, at - 200), at + 200);
  throw new Error(`not the same from here: ${around(got)}\n\nbut expected: ${around(wanted)}`);
}

/**
 * Deeper than any stack of calls: walks without recursion. Throws for NaN and infinite numbers, and where `isBad` says
 * so.
 */
export function walk(value: unknown, visit: (leaf: unknown, path: string) => void): void {
  const waiting: { value: unknown; path: string }[] = [{ value, path: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value: here, path } = next;
    if (typeof here === 'object' && here !== null)
      for (const [key, inner] of Object.entries(here)) waiting.push({ value: inner, path: `${path}.${key}` });
    else visit(here, path);
  }
}

/** Every number is one, and no count, cost or time is below zero. */
export function expectSane(value: unknown): void {
  if (Object.hasOwn(Object.prototype, 'polluted')) throw new Error('Object.prototype was changed');
  walk(value, (leaf, path) => {
    if (typeof leaf === 'string' && leaf.length > 70_100) throw new Error(`${path} has ${leaf.length} characters`);
    if (typeof leaf !== 'number') return;
    if (!Number.isFinite(leaf)) throw new Error(`${path} is ${leaf}`);
    if (leaf < 0 && /token|cost|count|usage|util|seconds|Bytes|used|total/i.test(path)) throw new Error(`${path} is ${leaf}`);
  });
}
