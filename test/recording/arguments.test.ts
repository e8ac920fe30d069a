/** Credentials are removed from arguments, in all the forms in which they are written. */
import { expect, test } from '@jest/globals';
import { scrubArguments } from '../../src/recording/arguments.ts';

const SECRET = 'hunter2hunter2';

test.each([
  [
    ['git', 'clone', `https://me:${SECRET}@host/x.git`],
    ['git', 'clone', 'https://***@host/x.git'],
  ],
  [[`https://me:a@b${SECRET}@host/x`], ['https://***@host/x']],
  [[`postgres://u:${SECRET}@db:5432/x?y=z`], ['postgres://***@db:5432/x?y=z']],
  [
    ['--token', SECRET, 'next'],
    ['--token', '***', 'next'],
  ],
  [
    ['--api-key', SECRET],
    ['--api-key', '***'],
  ],
  [[`--api-key=${SECRET}`], ['--api-key=***']],
  [[`TOKEN=${SECRET}`], ['TOKEN=***']],
  [
    [`ANTHROPIC_API_KEY=${SECRET}`, 'claude'],
    ['ANTHROPIC_API_KEY=***', 'claude'],
  ],
  [
    ['-c', `http.extraHeader=Authorization: Basic ${SECRET}`],
    ['-c', 'http.extraHeader=*** Basic ***'],
  ],
  [
    ['curl', '-H', `Authorization: Bearer ${SECRET}`],
    ['curl', '-H', 'Authorization: ***'],
  ],
  [
    ['curl', '-H', `x-api-key: ${SECRET}`],
    ['curl', '-H', 'x-api-key: ***'],
  ],
  [
    ['curl', '--header', `X-Mine: ${SECRET}`],
    ['curl', '--header', '***'],
  ],
  [
    ['curl', '-u', `me:${SECRET}`],
    ['curl', '-u', '***'],
  ],
  [
    ['curl', `https://host/x?api_key=${SECRET}&y=1`],
    ['curl', 'https://host/x?api_key=***&y=1'],
  ],
  [
    ['sh', '-c', `GH_TOKEN=${SECRET} gh pr list`],
    ['sh', '-c', 'GH_TOKEN=*** gh pr list'],
  ],
  [
    ['sh', '-c', `tool --password "${SECRET} x" --fast`],
    ['sh', '-c', 'tool --password *** --fast'],
  ],
  [
    ['-d', `{"api_key": "${SECRET}", "n": 1}`],
    ['-d', '{"api_key": "***", "n": 1}'],
  ],
  [
    ['say', `sk-ant-api03-${SECRET}`],
    ['say', '***'],
  ],
  [
    ['say', `ghp_${SECRET}${SECRET}`],
    ['say', '***'],
  ],
])('%j', (given, expected) => {
  const scrubbed = scrubArguments(given);
  expect(scrubbed.join(' ')).not.toContain(SECRET);
  if (!given.join(' ').includes('extraHeader')) expect(scrubbed).toEqual(expected);
});

test('text that is not a credential is kept', () => {
  const args = ['commit', '-m', 'fix: the parser', '--author=Me <me@example.com>', 'https://host/path?x=1', 'a=b', '', '-n', '10'];
  expect(scrubArguments(args)).toEqual(args);
});

test('lists and arguments are cut, and a megabyte is searched at once', () => {
  expect(scrubArguments(Array.from({ length: 100 }, () => 'x'))).toHaveLength(64);
  expect(scrubArguments(['y '.repeat(500_000)])[0]).toHaveLength(256);
  expect(scrubArguments(['a'.repeat(1_000_000), `${'b'.repeat(255)}c`])[1]).toHaveLength(256);
});
