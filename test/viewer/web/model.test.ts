// How the page keeps a run: from a snapshot, by frames, and back to what the snapshot at the end says.
import { describe, expect, test } from '@jest/globals';
import { seeded } from '../../analysis/random-runs.ts';
import { applyFrame, modelOf, segmentAt, timeOf, taskAt, MAX_SEGMENTS, type RunModel } from '../../../src/viewer/web/model.ts';
import type { Frame, Snapshot, Strip } from '../../../src/viewer/wire.ts';
import { snapshotOf } from '../../web/made-runs.ts';

/** Segments of every lane as rows: start, end, category, task. */
function rowsOf({ rows }: RunModel): number[][][] {
  return rows.map(({ start, end, category, task }) => start.map((ms, at) => [ms, end[at] ?? 0, category[at] ?? 0, task[at] ?? 0]));
}

const one = snapshotOf([
  {
    tasks: [
      {
        label: 'a',
        parts: [
          ['llm', 1_000],
          ['tool', 500],
        ],
      },
      { label: 'b', parts: [['git', 700]] },
    ],
  },
  { tasks: [] },
  { tasks: [{ label: 'c', parts: [['wait:lock', 300]] }] },
]);
const [LLM, GIT, TOOL] = ['llm', 'git', 'tool'].map((name) => one.categories.indexOf(name as 'llm')) as [number, number, number];

type Told = Partial<Omit<Frame, 'seq'>> & { readonly seq?: number };
const frame = (told: Told): Frame => ({ seq: 2, now: one.now, ...told });

describe('a snapshot', () => {
  test('becomes segments by lane, with the lanes between that are empty', () => {
    expect(rowsOf(modelOf(one))).toEqual([
      [
        [0, 1_000, LLM, 0],
        [1_000, 1_500, TOOL, 0],
        [1_500, 2_200, GIT, 1],
      ],
      [],
      [[0, 300, one.categories.indexOf('wait:lock'), 2]],
    ]);
  });

  test('is not changed by what comes later', () => {
    const before = JSON.stringify(one);
    const model = modelOf(one);
    const tasks = {
      i: [0],
      id: ['x'],
      trace: ['y'],
      label: ['z'],
      type: ['t'],
      lane: [1],
      start: [5],
      end: [null],
      state: ['running' as const],
    };
    applyFrame(model, frame({ w: { l: [0], f: [0], k: [0], c: [], s: [], d: [], t: [] }, tasks }));
    expect(JSON.stringify(one)).toBe(before);
    expect(taskAt(model, 0)).toMatchObject({ id: 'x', label: 'z', end: null, state: 'running' });
  });
});

describe('a frame', () => {
  test.each<[string, Frame['w'], number[][]]>([
    [
      'adds at the end',
      { l: [0], f: [2_200], k: [1], c: [LLM], s: [10], d: [90], t: [1] },
      [
        [0, 1_000, LLM, 0],
        [1_000, 1_500, TOOL, 0],
        [1_500, 2_200, GIT, 1],
        [2_210, 2_300, LLM, 1],
      ],
    ],
    [
      'cuts what reaches over its beginning',
      { l: [0], f: [1_200], k: [1], c: [GIT], s: [0], d: [50], t: [0] },
      [
        [0, 1_000, LLM, 0],
        [1_000, 1_200, TOOL, 0],
        [1_200, 1_250, GIT, 0],
      ],
    ],
    ['replaces all of a lane', { l: [0], f: [0], k: [1], c: [TOOL], s: [0], d: [7], t: [0] }, [[0, 7, TOOL, 0]]],
    [
      'is one with the segment before where nothing changes',
      { l: [0], f: [2_200], k: [1], c: [GIT], s: [0], d: [100], t: [1] },
      [
        [0, 1_000, LLM, 0],
        [1_000, 1_500, TOOL, 0],
        [1_500, 2_300, GIT, 1],
      ],
    ],
    ['forgets without adding', { l: [0], f: [1_000], k: [0], c: [], s: [], d: [], t: [] }, [[0, 1_000, LLM, 0]]],
  ])('%s', (_title, w, expected) => {
    const model = modelOf(one);
    expect(applyFrame(model, frame({ w }))).toBe(true);
    expect(rowsOf(model)[0]).toEqual(expected);
    expect(rowsOf(model)[2]).toHaveLength(1);
  });

  test('that was seen already changes nothing, and one that resets asks for the snapshot', () => {
    const model = modelOf(one);
    expect(applyFrame(model, frame({ seq: 1, w: { l: [0], f: [0], k: [0], c: [], s: [], d: [], t: [] } }))).toBe(true);
    expect(rowsOf(model)[0]).toHaveLength(3);
    expect(applyFrame(model, frame({ reset: true }))).toBe(false);
  });

  test('of a lane that is new makes it, and a lane that grows without end lets its older half go', () => {
    const model = modelOf(one);
    const count = MAX_SEGMENTS + 2;
    const many = {
      c: Array.from({ length: count }, (_, at) => (at % 2 === 0 ? LLM : TOOL)),
      s: Array<number>(count).fill(0),
      d: Array<number>(count).fill(1),
      t: Array<number>(count).fill(-1),
    };
    applyFrame(model, frame({ w: { l: [5], f: [0], k: [count], ...many } }));
    expect(model.rows).toHaveLength(6);
    expect(model.rows[5]?.start).toHaveLength(count / 2);
    expect(model.rows[5]?.start[0]).toBe(count / 2);
    expect(model.forgotten).toBe(count / 2);
  });

  test('replaces points of a strip that are there, adds others, and a strip that is new comes whole', () => {
    const strip: Strip = { id: 'cpu', label: 'CPU', order: 4, unit: '%', t: [0, 10, 20], v: [1, 2, 3], limit: 100 };
    const model = modelOf({ ...one, strips: [strip] });
    applyFrame(
      model,
      frame({
        strips: [
          { ...strip, t: [10, 30], v: [9, 4] },
          { ...strip, id: 'gpu', order: 6, t: [5], v: [6] },
          { ...strip, id: 'slots', order: 0, t: [7], v: [8] },
        ],
      }),
    );
    // Where they stand in the stored run, in whatever order they came.
    expect(model.strips.map(({ id, t, v }) => [id, t, v])).toEqual([
      ['slots', [7], [8]],
      ['cpu', [0, 10, 20, 30], [1, 9, 3, 4]],
      ['gpu', [5], [6]],
    ]);
  });
});

test('random frames, told anew from any moment on, end as the snapshot of the end', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const upTo = (most: number): number => Math.floor(random() * most);
    const final = snapshotOf(
      Array.from({ length: 4 }, (_, lane) => ({
        tasks: Array.from({ length: 3 }, (_task, task) => ({
          label: `${lane} ${task}`,
          parts: Array.from({ length: 6 }, () => [final0(upTo(5)), 1 + upTo(400)] as const),
        })),
      })),
    );
    const wanted = rowsOf(modelOf(final));
    const model = modelOf({ ...final, g: { l: [], c: [], s: [], d: [], t: [] } });
    let seq = 2;
    const tell = (lane: number, from: number, to: number): void => {
      const parts = (wanted[lane] ?? [])
        .map(([s = 0, e = 0, c = 0, t = 0]) => ({ s: Math.max(s, from), e: Math.min(e, to), c, t }))
        .filter(({ s, e }) => s < e);
      let end = from;
      const w = { l: [lane], f: [from], k: [parts.length], c: [] as number[], s: [] as number[], d: [] as number[], t: [] as number[] };
      for (const part of parts) {
        w.c.push(part.c);
        w.s.push(part.s - end);
        w.d.push(part.e - part.s);
        w.t.push(part.t);
        end = part.e;
      }
      applyFrame(model, { seq: seq++, now: final.now, w });
    };
    // Some of what is told is told too early, too late or twice; each lane is told up to its end at last.
    for (let times = 0; times < 30; times++) tell(upTo(4), upTo(3_000), upTo(8_000));
    for (let lane = 0; lane < 4; lane++) tell(lane, 0, Infinity);
    expect(rowsOf(model)).toEqual(wanted);
  }
});

const final0 = (at: number): 'llm' | 'git' | 'tool' | 'other' | 'wait:lock' =>
  (['llm', 'git', 'tool', 'other', 'wait:lock'] as const)[at] ?? 'llm';

test('the segment at a moment, and the time of a task by category', () => {
  const model = modelOf(one);
  const [lane] = model.rows;
  if (lane === undefined) throw new Error('no lane');
  expect([-1, 0, 999, 1_000, 2_199, 2_200].map((ms) => segmentAt(lane, ms))).toEqual([-1, 0, 0, 1, 2, -1]);
  const task = taskAt(model, 0);
  expect(task === undefined ? [] : timeOf(model, task)).toEqual([
    { category: LLM, ms: 1_000 },
    { category: TOOL, ms: 500 },
  ]);
});

test('a snapshot of another form of the same version is read as far as it is known', () => {
  const more = { ...one, unknown: { member: 1 } } as Snapshot;
  expect(rowsOf(modelOf(more))).toEqual(rowsOf(modelOf(one)));
});
