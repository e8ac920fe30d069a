/** How long the processes of a run lived, by what they told their root. */
import { expect, test } from '@jest/globals';
import { Lives } from '../../src/root/lives.ts';
import { readSnapshot } from '../../src/root/snapshot.ts';
import { snapshot } from './snapshots.ts';

const told = (pid: number, bornTime: number | undefined, time: number) => ({ ...snapshot('a', 1), pid, bornTime, time });

test('a process lives from its start to the last that it told, or to the end of its connection', () => {
  const lives = new Lives();
  lives.told(told(7, 100, 2_000));
  lives.told(told(7, 100, 3_000));
  lives.gone(7, 3_500);
  lives.gone(8, 9_000);
  expect(lives.all()).toEqual([{ pid: 7, startMs: 100, endMs: 3_500 }]);
});

test('the threads of a process are one life, and one without a start began with what it tells of', () => {
  const lives = new Lives();
  lives.told(told(7, 500, 2_000));
  lives.told(told(7, 100, 1_000));
  lives.told(told(8, undefined, 2_000));
  expect(lives.all()).toEqual([
    { pid: 7, startMs: 100, endMs: 2_000 },
    { pid: 8, startMs: 1_000, endMs: 2_000 },
  ]);
});

test('at most 20,000 processes are remembered', () => {
  const lives = new Lives();
  for (let pid = 1; pid <= 20_001; pid++) lives.told(told(pid, 0, 1));
  expect(lives.all()).toHaveLength(20_000);
});

test.each([
  ['as it was', 123.5, 123.5],
  ['not where it is no time', 'yesterday', undefined],
  ['not where it is before the epoch', -1, undefined],
])('the start of a process crosses the channel %s', (_how, bornTime, expected) => {
  expect(readSnapshot({ ...snapshot('a', 1), bornTime })?.bornTime).toBe(expected);
});
