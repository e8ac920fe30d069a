/** The lanes of a run that goes on: however its rows arrive, a reader of the changes ends with the lanes of the report. */
import { describe, expect, test } from '@jest/globals';
import { findFacts } from '../../src/analysis/index.ts';
import { LaneModel, type LaneUpdate } from '../../src/analysis/lane-model.ts';
import { lanePicture, type LaneSegment } from '../../src/analysis/lane-picture.ts';
import type { RunData, SpanRow } from '../../src/analysis/model.ts';
import { llm, refused, resend, run, span, T0, task, tool, wait } from './hand-built.ts';
import { randomRun, seeded, shapeOf } from './random-runs.ts';

/** Follows the changes as a page does: forgets what begins at or after, cuts what reaches over it, takes the rest. */
class Reader {
  readonly lanes: LaneSegment[][] = [];

  take({ changes }: LaneUpdate): void {
    for (const { lane, fromMs, segments } of changes) {
      while (this.lanes.length <= lane) this.lanes.push([]);
      const kept = (this.lanes[lane] ?? [])
        .filter(({ startMs }) => startMs < fromMs)
        .map((each) => ({ ...each, endMs: Math.min(each.endMs, fromMs) }));
      this.lanes[lane] = [...kept, ...segments];
    }
  }
}

/** Starts of some spans, ends of all, some twice, in an order that is as bad as the seed says. */
function arrivals({ spans }: RunData, seed: number): SpanRow[] {
  const random = seeded(seed * 7 + 3);
  const disorder = [0, 200, 5_000, 500_000][seed % 4] ?? 0;
  const rows = spans.flatMap((row) => {
    const start = random() < 0.7 || row.endMs === undefined ? [{ row: { ...row, endMs: undefined }, at: row.startMs }] : [];
    const end = row.endMs === undefined ? [] : [{ row, at: row.endMs }];
    const twice = random() < 0.2 ? [...start, ...end] : [];
    return [...start, ...end, ...twice];
  });
  return rows
    .map((each) => ({ ...each, at: each.at + random() * disorder }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}

function follow(data: RunData, seed: number, correctEvery: number): { model: LaneModel; reader: Reader } {
  const model = new LaneModel(data.run.startMs);
  const reader = new Reader();
  let nowMs = data.run.startMs;
  for (const [index, row] of arrivals(data, seed).entries()) {
    nowMs = Math.max(nowMs, row.startMs, row.endMs ?? 0);
    model.add(row);
    if (index % 3 === 0) reader.take(model.take(nowMs));
    if (index % 5 === 0) model.explainEmpty(nowMs);
    if (index % correctEvery === correctEvery - 1) {
      model.correct(findFacts({ ...data, run: { ...data.run, endMs: undefined }, spans: model.tree.rows() }), false);
      reader.take(model.take(nowMs));
    }
  }
  reader.take(model.take(nowMs));
  return { model, reader };
}

function timeBy(segments: readonly LaneSegment[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { category, startMs, endMs } of segments) sums[category] = (sums[category] ?? 0) + endMs - startMs;
  return sums;
}

const SEEDS = Array.from({ length: 192 }, (_, seed) => seed);

describe.each([3, 7, 1_000])('corrected after every %d rows', (correctEvery) => {
  test('late, double and out-of-order rows end as the lanes of the report', () => {
    for (const seed of SEEDS) {
      const data = randomRun(seed);
      const { model, reader } = follow(data, seed, correctEvery);
      const facts = findFacts(data);
      model.correct(facts, true);
      reader.take(model.take(facts.tree.endMs));
      const picture = lanePicture(facts);
      expect([seed, reader.lanes.filter(({ length }) => length > 0).length]).toEqual([seed, picture.count]);
      const rowOf = new Map(model.occupants.filter(({ place }) => place.lane >= 0).map(({ key, row }) => [key, row]));
      const seen = reader.lanes.flat();
      for (const { node, segments, lane } of picture.occupants) {
        const row = rowOf.get(`${node.row.traceId}/${node.row.spanId}`) ?? -2;
        const own = seen.filter(({ of }) => of === row).map(({ of: _, ...segment }) => segment);
        expect([seed, own]).toEqual([seed, lane < 0 ? [] : segments]);
      }
      for (const lane of reader.lanes) {
        let endMs = facts.tree.startMs;
        for (const each of lane) {
          expect([seed, each.startMs]).toEqual([seed, endMs]);
          endMs = each.endMs;
        }
        if (lane.length > 0) expect([seed, endMs]).toEqual([seed, facts.tree.endMs]);
      }
      const [told, stored] = [timeBy(seen), timeBy(picture.lanes.flat())];
      expect([seed, Object.keys(told).sort()]).toEqual([seed, Object.keys(stored).sort()]);
      for (const [category, ms] of Object.entries(stored)) expect(told[category]).toBeCloseTo(ms, 3);
    }
  });
});

test('what is below tasks is divided as the report does it, before any look at the whole run', () => {
  let same = 0;
  let all = 0;
  for (const seed of SEEDS.filter((each) => shapeOf(each).hasTasks && !shapeOf(each).isRagged)) {
    const data = randomRun(seed);
    const { model } = follow(data, seed, Infinity);
    const told = model.told(data.run.endMs ?? 0).flat();
    const rowOf = new Map(model.occupants.filter(({ place }) => place.lane >= 0).map(({ key, row }) => [key, row]));
    for (const { node, segments } of lanePicture(findFacts(data)).occupants) {
      const row = rowOf.get(`${node.row.traceId}/${node.row.spanId}`);
      const own = told.filter(({ of }) => of === row).map(({ of: _, ...segment }) => segment);
      all += 1;
      if (JSON.stringify(own) === JSON.stringify(segments)) same += 1;
    }
  }
  expect(all).toBeGreaterThan(100);
  expect(same).toBe(all);
});

describe('one task', () => {
  const model = (): LaneModel => new LaneModel(T0);
  const of = (rows: readonly SpanRow[], now = 100): string[] => {
    const made = model();
    for (const row of rows) made.add(row);
    made.take(T0 + now * 1_000);
    return made
      .told(T0 + now * 1_000)
      .flatMap((lane) =>
        lane
          .filter(({ of: own }) => own >= 0)
          .map(({ category, startMs, endMs }) => `${category} ${(startMs - T0) / 1_000}-${(endMs - T0) / 1_000}`),
      );
  };
  const root = span({ id: 't', from: 0, attributes: task('a') });

  test('a start without an end goes on until now', () => {
    expect(of([root, span({ id: 'c', parent: 't', from: 10, attributes: llm() })])).toEqual(['other 0-10', 'llm 10-100']);
  });

  test('the wait after a refused call is told with its repetition', () => {
    const first = span({ id: 'c', parent: 't', from: 10, to: 20, isError: true, attributes: llm(refused(0)) });
    expect(of([root, first])).toEqual(['other 0-10', 'llm 10-20', 'other 20-100']);
    const again = span({ id: 'd', parent: 't', from: 40, attributes: llm(resend(1)) });
    expect(of([root, first, again])).toEqual(['other 0-10', 'llm 10-20', 'wait:rate_limit 20-40', 'llm 40-100']);
  });

  test('a parent that comes after its children takes them in', () => {
    const child = span({ id: 'c', parent: 't', from: 10, to: 20, attributes: tool('read') });
    const lock = span({ id: 'w', parent: 't', from: 30, to: 50, attributes: wait('lock') });
    expect(of([child, lock, { ...root, endMs: T0 + 60_000 }])).toEqual([
      'other 0-10',
      'tool 10-20',
      'other 20-30',
      'wait:lock 30-50',
      'other 50-60',
    ]);
  });

  test('a task that turns out to be inside another one leaves its lane', () => {
    const made = model();
    made.add(span({ id: 'inner', parent: 't', from: 5, attributes: task('b') }));
    made.take(T0 + 10_000);
    expect(made.running().map(({ key }) => key.slice(-5))).toEqual(['inner']);
    made.add(root);
    made.take(T0 + 11_000);
    expect(made.running().map(({ key }) => key.slice(-2))).toEqual(['/t']);
    expect(
      made
        .told(T0 + 11_000)
        .flat()
        .filter(({ of: own }) => own === 0),
    ).toEqual([]);
  });

  test('a lane that goes on unchanged is told once', () => {
    const made = model();
    made.add(root);
    expect(made.take(T0 + 1_000).changes).toHaveLength(1);
    expect(made.take(T0 + 2_000).changes).toEqual([]);
    made.add({ ...root, endMs: T0 + 3_000 });
    expect(made.take(T0 + 3_000).changes.map(({ fromMs }) => fromMs - T0)).toEqual([0]);
  });

  test('a parent that is its own child ends nothing', () => {
    const [a, b] = [
      span({ id: 'a', parent: 'b', from: 0, attributes: task('x') }),
      span({ id: 'b', parent: 'a', from: 1, attributes: tool('y') }),
    ];
    expect(of([a, b]).length).toBeGreaterThan(0);
    expect(run(1, [a, b]).spans).toHaveLength(2);
  });
});
