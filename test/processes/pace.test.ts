/** How often the process table is scanned, by what a scan costs. */
import { expect, test } from '@jest/globals';
import { Pace } from '../../src/processes/pace.ts';

const WARM_UP = 10;
const after = (costs: readonly number[]): Pace => {
  const pace = new Pace(50);
  for (const cost of [...Array<number>(WARM_UP).fill(60), ...costs]) pace.took(cost);
  return pace;
};

test.each<[title: string, costs: readonly number[], waitMs: number, told: number | undefined]>([
  ['as often as wanted while nothing is known', [], 50, undefined],
  ['as often as wanted while a scan is cheap', [0.2, 0.4, 0.3], 50, undefined],
  ['less often where scans take more than a hundredth of a core', [2, 2, 3], 200, undefined],
  ['as before after one slow scan', [0.3, 0.3, 40], 50, undefined],
  ['at least once a second, which is told', [30, 40, 50], 1_000, 1_000],
])('%s', (_title, costs, waitMs, told) => {
  const pace = after(costs);
  expect([pace.waitMs, pace.thinnedMs]).toEqual([waitMs, told]);
});
