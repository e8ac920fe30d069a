// The pure half of the picture: pixels, layout, axis, colours.
import { describe, expect, test } from '@jest/globals';
import { CATEGORIES } from '../../../src/analysis/categories.ts';
import { BACKGROUND, COLOURS, contrast, inkOn } from '../../../src/viewer/web/colours.ts';
import type { Lane } from '../../../src/viewer/web/model.ts';
import { clock, growingEdge, moved, ticksOf, zoomed } from '../../../src/viewer/web/timeline/axis.ts';
import { hit, layoutOf, placeOf } from '../../../src/viewer/web/timeline/layout.ts';
import { dominantPixels, middlePixels, NOTHING, pixelsFor, runsOf } from '../../../src/viewer/web/timeline/pixels.ts';
import { seeded } from '../../analysis/random-runs.ts';

function laneOf(parts: readonly (readonly [start: number, end: number, category: number])[]): Lane {
  return {
    start: parts.map(([start]) => start),
    end: parts.map(([, end]) => end),
    category: parts.map(([, , own]) => own),
    task: parts.map(() => 0),
  };
}

describe('pixels of a lane', () => {
  test('have the category that took most of them, and nothing where there is none', () => {
    const pixels = pixelsFor(4);
    // 25 ms a pixel: the second holds 10 ms of 1 and 15 ms of 2, the third 12 ms of 2 and 8 ms of 3, the last is empty.
    dominantPixels(
      laneOf([
        [0, 35, 1],
        [35, 62, 2],
        [62, 70, 3],
      ]),
      { from: 0, to: 100 },
      undefined,
      pixels,
    );
    expect([...pixels.category]).toEqual([1, 2, 2, NOTHING]);
    expect(runsOf(pixels)).toEqual([
      { x: 0, width: 1, category: 1, task: 0 },
      { x: 1, width: 2, category: 2, task: 0 },
    ]);
  });

  test('go on to now where the last segment is open', () => {
    const pixels = pixelsFor(4);
    dominantPixels(laneOf([[0, 10, 1]]), { from: 0, to: 100 }, 80, pixels);
    expect([...pixels.category]).toEqual([1, 1, 1, 1]);
    dominantPixels(laneOf([[0, 10, 1]]), { from: 0, to: 100 }, undefined, pixels);
    expect([...pixels.category]).toEqual([1, NOTHING, NOTHING, NOTHING]);
  });

  test('are those of a slow way of counting, for random lanes and ranges', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seeded(seed);
      const parts: (readonly [number, number, number])[] = [];
      for (let ms = 0; ms < 1_000;) {
        const length = 1 + Math.floor(random() * (seed % 2 === 0 ? 9 : 90));
        if (random() < 0.9) parts.push([ms, ms + length, Math.floor(random() * 5)]);
        ms += length;
      }
      const from = Math.floor(random() * 400);
      const range = { from, to: from + 100 + Math.floor(random() * 500) };
      const px = 40;
      const pixels = pixelsFor(px);
      dominantPixels(laneOf(parts), range, undefined, pixels);
      const step = (range.to - range.from) / px;
      for (let x = 0; x < px; x++) {
        const sums = new Map<number, number>();
        for (const [start, end, own] of parts) {
          const ms = Math.min(end, range.from + (x + 1) * step) - Math.max(start, range.from + x * step);
          if (ms > 1e-6) sums.set(own, (sums.get(own) ?? 0) + ms);
        }
        const most = Math.max(0, ...sums.values());
        const own = pixels.category[x] ?? NOTHING;
        // Of two that took the same time either is right.
        if (most === 0) expect(own).toBe(NOTHING);
        else expect(sums.get(own) ?? 0).toBeCloseTo(most, 6);
      }
    }
  });
});

test('the middle of a pixel is in the segment that is under way then, and in none between two', () => {
  const pixels = pixelsFor(4);
  const lane = laneOf([
    [10, 20, 1],
    [20, 30, 2],
    [50, 80, 3],
  ]);
  middlePixels(lane, { from: 0, to: 80 }, undefined, pixels);
  expect([...pixels.category]).toEqual([1, NOTHING, 3, 3]);
  middlePixels(lane, { from: 0, to: 160 }, 200, pixels);
  expect([...pixels.category]).toEqual([2, 3, 3, 3]);
});

describe('the layout', () => {
  const lanes = (count: number): number[] => Array.from({ length: count }, (_, lane) => lane);
  const plain = { pinned: [], needy: [], groups: 3, mode: 'auto', height: 500 } as const;

  test.each([
    [1, 28],
    [8, 28],
    [20, 25],
    [45, 11],
    [46, 10],
    [100, 5],
  ])('%d lanes fit into 500 pixels by %d each', (count, height) => {
    const { bands } = layoutOf({ ...plain, lanes: lanes(count) });
    expect(bands.map(({ kind, itemHeight }) => [kind, itemHeight])).toEqual([['lanes', height]]);
  });

  test('above a hundred lanes those that need someone come first, then groups, then all', () => {
    const { bands, height } = layoutOf({ ...plain, lanes: lanes(500), needy: [499, 3] });
    expect(bands.map(({ kind, items, itemHeight }) => [kind, items.length, itemHeight])).toEqual([
      ['lanes', 2, 20],
      ['groups', 3, 20],
      ['lanes', 500, 3],
    ]);
    expect(bands[0]?.items).toEqual([499, 3]);
    expect(height).toBe((bands[2]?.y ?? 0) + 1_500);
  });

  test('what is hit is where it was laid', () => {
    const layout = layoutOf({ ...plain, lanes: lanes(300), pinned: [7], needy: [9] });
    for (const lane of [7, 9, 0, 8, 299]) {
      const place = placeOf(layout, lane);
      expect(hit(layout, (place?.y ?? -1) + 1)?.item).toBe(lane);
    }
    expect(hit(layout, layout.height)).toBeUndefined();
    expect(hit(layout, 1)).toBeUndefined();
  });

  test('rows can be read however many there are', () => {
    expect(layoutOf({ ...plain, lanes: lanes(90), mode: 'rows' }).bands[0]?.itemHeight).toBe(20);
  });
});

describe('the axis', () => {
  test.each([
    [{ from: 0, to: 60_000 }, 800, ['0:00', '0:10', '0:20', '0:30', '0:40', '0:50', '1:00']],
    [{ from: 0, to: 400 }, 400, ['0:00.0', '0:00.1', '0:00.2', '0:00.3', '0:00.4']],
    [{ from: 3_590_000, to: 3_720_000 }, 240, ['1:00:00', '1:01:00', '1:02:00']],
  ])('of %j in %d pixels has its ticks at round times', (range, px, labels) => {
    expect(ticksOf(range, px).map(({ label }) => label)).toEqual(labels);
  });

  test('of a run of a month has a few ticks, and of no width none too many', () => {
    expect(ticksOf({ from: 0, to: 30 * 86_400_000 }, 1_000).length).toBeLessThan(14);
    expect(ticksOf({ from: 0, to: 1 }, 0).length).toBeLessThan(3);
  });

  test('writes parts of a second where the step is shorter than one', () => {
    expect([clock(65_250, 1), clock(65_250, 100), clock(65_250), clock(7_384_000)]).toEqual(['1:05.250', '1:05.2', '1:05', '2:03:04']);
  });

  test('grows by steps of 12 %, and stands still between them', () => {
    expect([0, 5_000, 9_999].map(growingEdge)).toEqual([10_000, 10_000, 10_000]);
    for (let ms = 10_000; ms < 10_000_000; ms = Math.ceil(ms * 1.03)) {
      const edge = growingEdge(ms);
      expect(edge).toBeGreaterThan(ms);
      expect(edge).toBeLessThanOrEqual(ms * 1.12 * 1.0001);
    }
  });

  test('zooms around the pointer and stays inside the run', () => {
    const whole = { from: 0, to: 1_000 };
    expect(zoomed(whole, 500, 0.5, whole)).toEqual({ from: 250, to: 750 });
    expect(zoomed({ from: 0, to: 100 }, 0, 20, whole)).toEqual(whole);
    expect(moved({ from: 0, to: 100 }, 5_000, whole)).toEqual({ from: 900, to: 1_000 });
    expect(moved({ from: 0, to: 100 }, -5_000, whole)).toEqual({ from: 0, to: 100 });
  });
});

describe('the colours', () => {
  const strong = CATEGORIES.filter((category) => COLOURS[category].form !== 'low');

  test.each(['light', 'dark'] as const)('stand out from the background: %s', (theme) => {
    for (const category of strong) expect([category, contrast(COLOURS[category][theme], BACKGROUND[theme]) >= 3]).toEqual([category, true]);
  });

  test.each(['light', 'dark'] as const)('carry a letter that can be read: %s', (theme) => {
    for (const category of CATEGORIES) {
      const colour = COLOURS[category][theme];
      expect([category, contrast(colour, inkOn(colour)) >= 4.5]).toEqual([category, true]);
    }
  });
});
