/** The table of docs/scale.md is what the formula computes from the figures of bench/scale.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readFigures, sizeOf, tableOf, type Fleet } from '../../tools/sizing.ts';
import { repository } from '../harness/paths.ts';

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');
const fleet: Fleet = { agents: 10_000, secondsPerCall: 5, nodes: 200, spansPerRequest: 50 };
/** Cells as prettier may have padded them. */
const cells = (table: string): string[][] =>
  table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()));

test('the sizes of docs/scale.md are computed from the last figures of bench/scale.md', () => {
  const [, section = ''] = read('docs/scale.md').split('\n## Sizes\n');
  const [sizes = ''] = section.split('\n## ');
  expect(cells(sizes).filter(([, what]) => what !== '---')).toEqual(
    cells(tableOf(sizeOf(readFigures(read('bench/scale.md')), fleet))).filter(([, what]) => what !== '---'),
  );
});

const FIGURES = `
## 2026-01-01 00:00: an older run

| bytes a span on the wire | 1 |

## 2026-01-02 00:00: the last one

| CPU s per million spans | spans | agents | gateways | Tempo |
| --- | --- | --- | --- | --- |
| shards and keep, 400 spans a request | 66000 | 22.7 | 20.0 | 25.0 | 1.0 % |
| shards and keep, 2 spans a request | 6600 | 420.7 | 30.0 | 25.0 | 1.0 % |
| bytes a span on the wire | 350 |
| bytes a span in blocks of Tempo | 100 |
| series of each further run, as they come | 400.0 |
| series of each further run, folded | 40.0 |
| series of a service on a node, folded | 300.0 |
`;

test('what a request costs is told from what a span costs by requests of two sizes', () => {
  const figures = readFigures(FIGURES);
  // 398 s of a million spans are half a million requests more, less the 2,500 of the other row.
  expect(figures.agentRequestSeconds * 1e6).toBeCloseTo(800, 6);
  expect(figures.agentSpanSeconds * 1e6).toBeCloseTo(20.7, 6);
  const rows = new Map(sizeOf(figures, fleet).map(([what, howMuch]) => [what, howMuch]));
  expect(Object.fromEntries(rows)).toMatchObject({
    'spans a second, S': '10,000',
    'requests a second, R': '200',
    'on the wire': '3.5 MB a second',
    'agents together': '0.37 cores, 1.8 millicores a node',
    'gateways together': '0.20 cores',
    'stored a day': '86 GB',
    'series in memory, folded': '371,500',
    'series in memory, as they come': '1,571,500',
  });
});

test('a row that is not there is named', () => {
  expect(() => readFigures(FIGURES.replace('400 spans', '300 spans'))).toThrow('no row "shards and keep, 400 spans a request"');
});
