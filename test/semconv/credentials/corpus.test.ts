/** Every line of the corpus: credentials go in each form in which they are written, and what only looks like one stays. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { scrubArgumentList, scrubStart, scrubText } from '../../../src/semconv/credentials/index.ts';

const SECRET = 'hunter2hunter2';

interface Case {
  readonly line: string;
  readonly given: string;
  readonly expected: string;
}

const casesIn = (file: string): Case[] =>
  readFileSync(join(import.meta.dirname, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => {
      const [given = '', expected = given] = line.split(' ⇒ ');
      return { line, given: given.replaceAll('§', SECRET), expected };
    });

const texts = casesIn('texts.txt');
const lists = casesIn('arguments.txt');

test('the corpus has its cases, and each of them with a secret loses it', () => {
  expect(texts.length + lists.length).toBeGreaterThan(300);
  for (const { given, expected } of [...texts, ...lists])
    expect([given.includes(SECRET), expected.includes('***')]).not.toEqual([true, false]);
});

test.each(texts)('$line', ({ given, expected }) => {
  expect(scrubText(given)).toBe(expected);
});

test.each(lists)('$line', ({ given, expected }) => {
  expect(scrubArgumentList(JSON.parse(given) as string[])).toEqual(JSON.parse(expected));
});

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
const doubled = (text: string): string => `"${text.replaceAll(/["\\$`]/g, String.raw`\$&`)}"`;

/** Ways in which a command comes within another text. */
const wrappings: Readonly<Record<string, (text: string) => string>> = {
  'a shell, in single quotes': (text) => `sh -c ${quoted(text)}`,
  'a shell, in double quotes': (text) => `bash -lc ${doubled(text)}`,
  'two shells, in single quotes': (text) => `sh -c ${quoted(`sh -c ${quoted(text)}`)}`,
  'two shells, in double quotes': (text) => `sh -c ${doubled(`sh -c ${doubled(text)}`)}`,
  'two shells, in both': (text) => `sh -c ${quoted(`sh -c ${doubled(text)}`)}`,
  JSON: (text) => JSON.stringify({ command: text }),
  'JSON in JSON': (text) => JSON.stringify({ arguments: JSON.stringify({ command: text, n: 1 }) }),
  'a shell, in JSON': (text) => JSON.stringify({ command: `sh -c ${quoted(text)}` }),
  'a shell with double quotes, in JSON': (text) => JSON.stringify({ command: `sh -c ${doubled(text)}` }),
  'a substitution': (text) => `echo $(${text}) | cat`,
  'a pipe': (text) => `cat a | ${text} && b`,
  'the message of an error': (text) => `Error: Command failed: ${text}\nexit 1`,
};

describe.each(Object.keys(wrappings))('inside of %s', (name) => {
  test.each(texts.filter(({ given }) => given.includes(SECRET)))('$line', ({ given }) => {
    expect(scrubText(wrappings[name]?.(given) ?? '')).not.toContain(SECRET);
  });
});

test('as the last argument of a shell', () => {
  for (const { given } of texts) expect(scrubArgumentList(['sh', '-c', given]).join(' ')).not.toContain(SECRET);
});

test('scrubbed once more, nothing changes', () => {
  for (const { given } of texts) expect(scrubText(scrubText(given))).toBe(scrubText(given));
});

test('a credential across the place where a text is cut does not show', () => {
  for (let before = 90; before <= 100; before += 1) {
    const cut = scrubStart(`${' '.repeat(before)}https://me:${SECRET}@host and more${' x'.repeat(1_000)}`, 110);
    expect(cut).not.toContain('hunt');
    expect(cut.length).toBeLessThanOrEqual(110);
  }
  for (const length of [100, 101, 150, 1_000]) expect(scrubStart('x'.repeat(length), 100)).toHaveLength(100);
});
