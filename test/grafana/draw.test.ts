/** The renderer of the pictures in the documentation, and that the committed picture is of the board as it is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { boards } from '../../src/grafana/index.ts';
import type { Asked } from '../../tools/draw/ask.ts';
import { chart } from '../../tools/draw/chart.ts';
import { clipped, picture, text } from '../../tools/draw/svg.ts';
import { clock, inUnit, ticksTo } from '../../tools/draw/values.ts';
import { repository } from '../harness/paths.ts';

test.each([
  [0, 's', '0 s'],
  [0.0004, 's', '400 µs'],
  [0.95, 's', '950 ms'],
  [59.94, 's', '59.9 s'],
  [90, 's', '1.5 min'],
  [0.0949, 'percentunit', '9.49 %'],
  [0.147, 'currencyUSD', '$0.147'],
  [62, 'short', '62'],
  [1_006, 'short', '1.01 K'],
  [3 * 2 ** 20, 'bytes', '3 MiB'],
  [0, 'bytes', '0 B'],
])('%d in %s is written %s', (value, unit, written) => {
  expect(inUnit(value, unit)).toBe(written);
});

test.each([
  [4, [0, 1, 2, 3, 4]],
  [1, [0, 0.25, 0.5, 0.75, 1]],
  [41, [0, 20, 40, 60]],
  [0.3, [0, 0.1, 0.2, 0.3]],
])('an axis to %d has round numbers and space for it', (max, ticks) => {
  expect(ticksTo(max, 4)).toEqual(ticks);
});

test('times are in UTC, and text is escaped and cut', () => {
  expect(clock(1_795_288_545)).toBe('19:15:45');
  expect(text(1, 2, 'a<b & "c"')).toBe('<text class="text" x="1" y="2">a&lt;b &amp; &quot;c&quot;</text>');
  expect(clipped('one that is too long', 64)).toBe('one that …');
  expect(picture(10, 20, 'a "title"', [])).toContain('aria-label="a &quot;title&quot;"');
});

test('a stacked line is drawn on those below it, a limit is not stacked, and a gap in the data ends a line', () => {
  const asked: Asked = { prometheus: '', tempo: '', from: 0, to: 100 };
  const series = (name: string, values: readonly (readonly [number, number])[], isLimit = false) => ({
    query: { expr: '', legend: name, isLimit },
    name,
    labels: {},
    points: values,
  });
  const drawn = chart(
    { kind: 'timeseries', title: '', description: '', width: 12, height: 8, unit: 'short', queries: [], isStacked: true },
    { series: [series('a', [[0, 1], [1, 1], [90, 1]]), series('b', [[0, 1], [1, 1]]), series('limit', [[0, 2], [1, 2]], true)], dots: [[50, 1]] },
    asked,
    { x: 0, y: 0, width: 172, height: 184 },
  ).join('\n');
  // Half-way, top, top: the plot is 100 wide and as high as is left by its three names.
  expect([...drawn.matchAll(/class="line"[^>]*points="([^"]+)"/g)].map(([, points]) => points)).toEqual(['58,78 59,78', '148,78', '58,30 59,30']);
  expect(drawn).toContain('class="limit" points="58,30 59,30"');
  expect([...drawn.matchAll(/<circle/g)]).toHaveLength(1);
});

test('the committed picture shows every panel of the overview', () => {
  const drawn = readFileSync(join(repository, 'docs/pictures/overview.svg'), 'utf8');
  const titles = boards[0]?.rows.flatMap(({ panels }) => panels.map(({ title }) => title)) ?? [];
  expect(titles.length).toBeGreaterThan(10);
  expect(titles.filter((title) => !drawn.includes(`>${title}</text>`))).toEqual([]);
  expect(drawn).toContain('@media (prefers-color-scheme: dark)');
});
