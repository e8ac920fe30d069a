/** The table of docs/reliability.md names tests that exist, so a promise cannot outlive its proof. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const HEAD = '| promise | fault | what happens | test |';

/** Rows of all tables of the page, without their heads. A pipe in a cell is written `\|`. */
function rowsOf(page: string): string[][] {
  return page
    .split('\n')
    .filter((line) => line.startsWith('|') && line !== HEAD && !/^\|[-|\s]+$/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** What is wrong with a row: empty cells, no test, a file that is not there, or a title that is not in one of its files. */
function faultsOf(row: readonly string[]): string[] {
  const [promise = '', , , proof = ''] = row;
  const files = [...proof.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file);
  const titles = [...proof.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title.replaceAll('\\|', '|'));
  const missing = files.filter((file) => !/^test\/.+\.test\.ts$/.test(file) || !existsSync(join(root, file)));
  const texts = files.filter((file) => !missing.includes(file)).map((file) => readFileSync(join(root, file), 'utf8'));
  return [
    ...(row.length === 4 && row.every((cell) => cell !== '') ? [] : [`${promise}: four cells, none of them empty`]),
    ...(files.length > 0 ? [] : [`${promise}: names no test`]),
    ...missing.map((file) => `${promise}: ${file} is no test file`),
    ...titles.filter((title) => !texts.some((text) => text.includes(title))).map((title) => `${promise}: no test "${title}"`),
  ];
}

const page = readFileSync(join(root, 'docs', 'reliability.md'), 'utf8');

/** Tables whose first line is not the head: a row after an empty line is shown as text. */
const headless = (text: string): string[] => text.split(/\n{2,}/).filter((block) => /^\|/m.test(block) && !block.startsWith(HEAD));

test('every row of the table names tests that exist', () => {
  const rows = rowsOf(page);
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.flatMap(faultsOf)).toEqual([]);
});

test('every row stands in a table', () => {
  expect(headless(page)).toEqual([]);
});

describe('the check sees a fault', () => {
  const here = '`test/house/reliability.test.ts`';
  test.each([
    ['a file that is not there', `| a | b | c | \`test/house/nowhere.test.ts\` |`],
    ['a title that is not there', `| a | b | c | ${here}, "${'no such'.toUpperCase()} title" |`],
    ['a row without a figure', `| a | b | | ${here} |`],
    ['a row without a test', '| a | b | c | by hand |'],
  ])('%s', (_what, line) => {
    expect(rowsOf(`${HEAD}\n|---|---|---|---|\n${line}\n`).flatMap(faultsOf)).toHaveLength(1);
  });
  test('a row that stands alone', () => {
    expect(headless(`${HEAD}\n|---|---|---|---|\n| a | b | c | d |\n\n| e | f | g | h |\n`)).toHaveLength(1);
  });
  test('and none in a row with a title that is there', () => {
    expect(rowsOf(`| a | b \\| c | d | ${here}, "every row of the table" |`).flatMap(faultsOf)).toEqual([]);
  });
});
