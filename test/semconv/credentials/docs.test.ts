/** The list of credentials on the page of privacy is the table that the code uses. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import * as table from '../../../src/semconv/credentials/table.ts';

const list = (words: readonly string[] | string): string =>
  (typeof words === 'string' ? table.words(words) : words).map((word) => `\`${word}\``).join(', ');
const programs = Object.entries(table.PROGRAM_OPTIONS).flatMap(([program, { next = [], joined = [], stdin = [] }]) =>
  next.length + joined.length + stdin.length === 0 ? [] : [`\`${program} ${[...new Set([...next, ...joined, ...stdin])].join(' ')}\``],
);

const rows: readonly (readonly [what: string, which: string])[] = [
  ['names (of options, variables, headers, members) with one of these words', list(table.NAME_WORDS.secret)],
  ['these too; where one is the whole name, `name: value` has to look like a key', list(table.NAME_WORDS.short)],
  ['names written without a break that end in', list(table.NAME_WORDS.endings)],
  ['or that begin with', list(table.NAME_WORDS.beginnings)],
  ['`tokens` after', list(table.BEFORE_TOKENS)],
  ['but not', list(table.OTHER_WORDS)],
  ['nor `key` after', list(table.HARMLESS_BEFORE.key)],
  ['nor `token` after', list(table.HARMLESS_BEFORE.token)],
  ['nor names that end in', list(table.HARMLESS_AFTER)],
  [
    'values of `-H`, `--header` and other options for headers',
    `all; the name stays where it is one of the above or ${list(`${table.KNOWN_HEADERS} ${table.LINE_HEADERS}`)}`,
  ],
  ['credentials after a scheme', list(table.AUTH_SCHEMES)],
  ['`user:password` after', list(table.USER_OPTIONS)],
  ['options of programs', programs.join(', ')],
  ['a name and its value as two words after', list(table.SETTERS)],
  ...table.SHAPES.map(({ of, starts }) => [`keys of ${of}`, list(starts)] as const),
  ['addresses that are a credential', list(table.SECRET_PLACES)],
  ['by their form', 'JSON web tokens, private keys (`-----BEGIN … PRIVATE KEY-----`), user and password of a URL'],
];

test('docs/privacy.md lists what the table has', () => {
  const page = readFileSync('docs/privacy.md', 'utf8');
  const shown = /<!-- credentials: begin -->\n([^]*)<!-- credentials: end -->/.exec(page)?.[1];
  const expected = `\n| removed | which |\n|---|---|\n${rows.map((row) => `| ${row.join(' | ')} |\n`).join('')}\n`;
  expect(shown).toBe(expected);
});
