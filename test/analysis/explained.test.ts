/** The run explained: its path adds up, useful workers, and what is refused. */
import { describe, expect, test } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import { swarm } from './hand-built.ts';
import { randomRun } from './random-runs.ts';
import { swarmOf } from './findings/swarms.ts';

describe('the critical path', () => {
  test('adds up to the wall time in random runs of every shape', () => {
    for (let seed = 0; seed < 64; seed++) {
      const { explained, run } = analyse(randomRun(seed));
      if (explained.criticalPath === undefined) continue;
      const { byCause, check, steps } = explained.criticalPath;
      expect(check).toBeCloseTo(1, 6);
      expect(byCause.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(run.wallMs, 3);
      for (const [at, step] of steps.entries()) if (at > 0) expect(step.startMs).toBeCloseTo(steps[at - 1]?.endMs ?? NaN, 3);
    }
  });

  test('goes back over dependencies', () => {
    const { explained } = analyse(
      swarmOf(
        [
          { id: 'a', from: 0, to: 10, needs: [] },
          { id: 'b', from: 0, to: 4, needs: [] },
          { id: 'c', from: 10, to: 25, needs: ['a'] },
        ],
        { slots: 4 },
      ),
    );
    expect(explained.criticalPath?.steps.map(({ name, by }) => [name, by])).toEqual([
      ['implement a', undefined],
      ['implement c', 'dependency'],
    ]);
    expect(explained.workers).toEqual({ limit: 4, useful: 2, shortestWallMs: 25_000 });
  });
});

test('throughput by workers is refused where one limit was seen, with the reason', () => {
  expect(analyse(swarm()).explained.throughput).toEqual({
    isKnown: false,
    reason: '1 different limit was seen in this run, and a curve needs 4',
  });
});

test('stations keep the law of Little', () => {
  for (const { average, perSecond, meanMs } of analyse(swarm()).explained.stations) {
    expect(average).toBeCloseTo((perSecond * meanMs) / 1000, 9);
  }
});
