/** The replay of a schedule: order, slots, delays, and the bounds that hold for any schedule. */
import { describe, expect, test } from '@jest/globals';
import { replay, type ReplayUnit } from '../../../src/analysis/schedule/replay.ts';
import { seeded } from '../random-runs.ts';

const unit = (durationMs: number, more: Partial<ReplayUnit> = {}): ReplayUnit => {
  return { needs: [], durationMs, delayMs: 0, pool: 0, releaseMs: 0, ...more };
};

describe('replay', () => {
  test('units take slots in their order', () => {
    const { startMs, makespanMs } = replay([unit(4), unit(2), unit(3)], [2]);
    expect(startMs).toEqual([0, 0, 2]);
    expect(makespanMs).toBe(5);
  });

  test('a ready unit does not wait for one before it that is not', () => {
    const { startMs } = replay([unit(4), unit(1, { needs: [0] }), unit(2)], [2]);
    expect(startMs).toEqual([0, 4, 0]);
  });

  test('a delay holds the slot, a release does not', () => {
    expect(replay([unit(1, { delayMs: 5 }), unit(1)], [1]).startMs).toEqual([5, 6]);
    expect(replay([unit(1, { releaseMs: 5 }), unit(1)], [1]).startMs).toEqual([5, 0]);
  });

  test('what has no pool takes no slot', () => {
    expect(replay([unit(3), unit(0, { pool: undefined, needs: [0] }), unit(1, { needs: [1] })], [1]).makespanMs).toBe(4);
  });

  test('units that need each other have no end', () => {
    expect(replay([unit(1, { needs: [1] }), unit(1, { needs: [0] })], [1]).makespanMs).toBeNaN();
  });

  test('no schedule is shorter than its work over its slots, nor longer than twice the best (Graham)', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = seeded(seed);
      const slots = 1 + Math.floor(random() * 6);
      const units = Array.from({ length: 40 }, (_each, index) =>
        unit(1 + random() * 9, { needs: index > 3 && random() < 0.4 ? [Math.floor(random() * index)] : [] }),
      );
      const longest: number[] = [];
      units.forEach(
        ({ needs, durationMs }, index) => (longest[index] = durationMs + Math.max(0, ...needs.map((need) => longest[need] ?? 0))),
      );
      const bound = Math.max(units.reduce((sum, { durationMs }) => sum + durationMs, 0) / slots, ...longest);
      const { makespanMs } = replay(units, [slots]);
      expect(makespanMs).toBeGreaterThanOrEqual(bound - 1e-9);
      expect(makespanMs).toBeLessThanOrEqual(bound * 2);
    }
  });
});
