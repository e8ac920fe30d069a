/** Scrubbing takes time in proportion to the text, whatever the text is. */
import { expect, test } from '@jest/globals';
import { scrubArgumentList, scrubText } from '../../../src/semconv/credentials/index.ts';

const SHORT = 62_500;
const LONG = 500_000;
/** The long text is eight times the short one; a quadratic search would take sixty-four times as long. */
const MOST = 24;
/** Below it the clock and the collector of garbage decide. */
const LEAST_MS = 8;

/** What is repeated, after what comes once. */
const hostile: readonly (readonly [once: string, repeated: string])[] = [
  ...[
    ...['a', 'aA', 'A', '_', 'a.', 'a-', ' ', '\n', 'token', 'token=', 'token=a ', 'token:', 'token%3D', '"token":"', '"token", "'],
    ...['key: "', 'key: [', 'key:"a', 'key=1 ', 'pwd=/', '--token ', '--token (', '--token "', '-H (', '-H "a:', '-u (:', '-u "', '-p'],
    ...['mysql -p(', 'http://', 'https://a:b/', 'a://x@', 'x@', '//', 'sk-', 'eyJ', 'eyJ.', '-----BEGIN PRIVATE KEY-----', '----- BEGIN '],
    ...['\\', '\\"', '"', "'", String.raw`'\''`, '$(', '{', 'headers: {', 'authorization: ', 'authorization: ="', 'cookie: a ', 'bearer '],
    ...['basic x', 'echo x | login --password-stdin ', 'login --password-stdin <<< ', '<password>', '<password', 'set token ', '%3D'],
    ...[String.raw`-h\u0022`, String.raw`\\"token\\":\\"`],
  ].map((repeated) => ['', repeated] as const),
  ...['\\', 'a\\', '\\$', 'a`', 'a$(', "'", "a'", String.raw`'\''`, String.raw`\'`].flatMap((repeated) =>
    ['token=', 'token="', "key='", 'token: bearer '].map((once) => [once, repeated] as const),
  ),
];

/** Of the processor, so that a busy machine does not count. */
function timeMs(text: string): number {
  const before = process.cpuUsage();
  scrubText(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

test.each(hostile)('%j, then half a megabyte of %j', (once, repeated) => {
  const textOf = (length: number): string => (once + repeated.repeat(Math.ceil(length / repeated.length))).slice(0, length);
  const [short, long] = [textOf(SHORT), textOf(LONG)];
  timeMs(short);
  const shortMs = Math.min(timeMs(short), timeMs(short), timeMs(short));
  const longMs = Math.min(timeMs(long), timeMs(long));
  expect(longMs / Math.max(shortMs, LEAST_MS)).toBeLessThan(MOST);
});

test('an argument list of a megabyte is read, and nothing throws on any two characters', () => {
  expect(scrubArgumentList(Array.from({ length: 1_000 }, () => '--token='.repeat(125)))).toHaveLength(1_000);
  const characters = [...'"\'`\\$(){}[]<>=:;|&@/-% \naT0'];
  for (const first of characters)
    for (const second of characters)
      for (const text of [`token${first}${second}`, `--token ${first}${second}`, `-H ${first}${second}token: x`])
        expect(typeof scrubText(text)).toBe('string');
});
