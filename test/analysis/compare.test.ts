/** Two reports side by side: what changed, what is chance, and what of it ends a build. */
import { describe, expect, test } from '@jest/globals';
import { compare, conditionsIn, judgeConditions, sideOf, type Side } from '../../src/analysis/index.ts';

interface Made {
  readonly wallMs?: number;
  readonly usd?: number | null;
  readonly tasksMs?: readonly number[];
  readonly kinds?: readonly string[];
  readonly lanes?: number;
}

function side({ wallMs = 10_000, usd = 1, tasksMs = [], kinds = [], lanes = 2 }: Made = {}): Side {
  const made = sideOf({
    run: { id: 'r', name: 'demo', startMs: 1, wallMs, isFinished: true },
    lanes: { count: lanes },
    laneTime: {
      totalMs: wallMs * lanes,
      byCategory: [
        { category: 'llm', ms: wallMs },
        { category: 'wait:lock', ms: wallMs / 2 },
      ],
    },
    usage: { calls: 3, cost: { ...(usd === null ? {} : { amount: usd }) }, tokens: { input: 100 } },
    taskTypes: [{ name: 'build', count: tasksMs.length, failed: 0, durationMs: { mean: mean(tasksMs) } }],
    tasks: tasksMs.map((ms, at) => ({ key: `build ${at}`, type: 'build', durationMs: ms, costUsd: ms / 1_000 })),
    findings: kinds.map((kind) => ({ kind, recoverableSeconds: { value: 2 }, action: `mend ${kind}` })),
  });
  if (made === undefined) throw new Error('no side');
  return made;
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? NaN : values.reduce((sum, each) => sum + each, 0) / values.length;
const even = Array.from({ length: 20 }, (_, at) => 1_000 + at * 10);
const figure = (before: Side, after: Side, name: string, historyMs?: readonly number[]) =>
  compare(before, after, { historyMs }).figures.find((each) => each.name === name);

test('every task twice as long is more, with an interval around it, and the same each time', () => {
  const [before, after] = [side({ tasksMs: even }), side({ wallMs: 20_000, usd: 2, tasksMs: even.map((ms) => ms * 2) })];
  const [first, second] = [compare(before, after), compare(before, after)];
  expect(first).toEqual(second);
  expect(figure(before, after, 'wall')).toMatchObject({ before: 10_000, after: 20_000, change: 1, verdict: 'more' });
  const interval = figure(before, after, 'cost')?.interval;
  expect(interval?.low).toBeCloseTo(1, 5);
  expect(interval?.high).toBeCloseTo(1, 5);
  expect(first.taskTypes).toMatchObject([{ name: 'build', verdict: 'more', before: { count: 20 }, after: { count: 20 } }]);
  expect(first.tasks).toMatchObject({ paired: 20, onlyBefore: [], onlyAfter: [] });
  expect(first.tasks.changes[0]).toEqual({ key: 'build 19', beforeMs: 1_190, afterMs: 2_380 });
});

test('tasks that are longer here and shorter there are noise, and said to be', () => {
  const shaken = even.map((ms, at) => ms * (at % 2 === 0 ? 1.4 : 0.7));
  const compared = compare(side({ tasksMs: even }), side({ wallMs: 10_500, tasksMs: shaken }));
  expect(compared.figures.find(({ name }) => name === 'wall')).toMatchObject({ verdict: 'noise' });
  expect(compared.taskTypes).toMatchObject([{ verdict: 'noise' }]);
});

test('earlier runs of the same name say how much the wall time differs by chance', () => {
  const [before, after] = [side(), side({ wallMs: 12_000 })];
  expect(figure(before, after, 'wall', [8_000, 12_500, 10_000, 14_000])).toMatchObject({ verdict: 'noise' });
  expect(figure(before, after, 'wall', [10_000, 10_010, 9_990, 10_005])).toMatchObject({ verdict: 'more' });
  expect(figure(before, after, 'wall', [10_000, 10_010])).toMatchObject({ verdict: 'more', interval: undefined });
});

test('findings are gone, new or still there; reports without any are not compared by them', () => {
  const compared = compare(side({ kinds: ['barrier', 'straggler'] }), side({ kinds: ['straggler', 'rate_limit'] }));
  expect(compared.findings).toMatchObject({ gone: [{ kind: 'barrier' }], new: [{ kind: 'rate_limit' }], kept: [{ kind: 'straggler' }] });
  const { findings, notes } = compare({ ...side(), findings: undefined }, side());
  expect(findings).toBeUndefined();
  expect(notes.join(' ')).toMatch(/Findings are not compared/);
});

test('what is unknown on one side is unknown, and never 0', () => {
  expect(figure(side({ usd: null }), side(), 'cost')).toMatchObject({ before: undefined, change: undefined, verdict: 'unknown' });
});

test('attempts of one task are one', () => {
  const twice = { ...side(), tasks: [1_000, 500].map((ms) => ({ key: 'build 0', type: 'build', ms, usd: undefined, tokens: undefined })) };
  expect(compare(twice, side({ tasksMs: [3_000] })).tasks.changes).toEqual([{ key: 'build 0', beforeMs: 1_500, afterMs: 3_000 }]);
});

describe('conditions', () => {
  const compared = compare(
    side({ tasksMs: even, kinds: ['barrier'] }),
    side({ wallMs: 11_000, usd: 1.05, tasksMs: even, kinds: ['lock_contention'] }),
  );
  const met = (text: string) => {
    const read = conditionsIn(text);
    if ('unreadable' in read) throw new Error(read.unreadable);
    return judgeConditions(read.conditions, compared).map(({ isMet }) => isMet);
  };

  test.each([
    ['wall>10%', false],
    ['wall>=9.9%', true],
    ['wall>9%', true],
    ['wall > 10.5s', true],
    ['wall>11s', false],
    ['wall>0.1m', true],
    ['wall<1h', true],
    ['cost>5%', false],
    ['cost>=5%', true],
    ['cost>$1.04', true],
    ['cost>2', false],
    ['cost>1usd', true],
    ['calls>3', false],
    ['calls>=3', true],
    ['lane:wait:lock>5s', true],
    ['lane:llm>20%', false],
    ['task:build>5%', false],
    ['task:build>1s', true],
    ['finding:lock_contention', true],
    ['finding:git_lock', true],
    ['finding:barrier', false],
    ['finding:new', true],
    ['refused>0', undefined],
    ['cost<-1%', false],
  ])('%s is %s', (text, isMet) => {
    expect(met(text)).toEqual([isMet]);
  });

  test.each([
    '',
    'wall',
    'wall>',
    'wall>>3',
    'wall>10',
    'cost>3s',
    'calls>3%%',
    'calls>3s',
    'nope>1%',
    'finding:',
    'finding',
    'lane>3s',
    'wall>10%,',
    'wall>$3',
    'cost>$5%',
    '>5%',
    'wall=5%',
  ])('"%s" cannot be read', (text) => {
    expect(conditionsIn(text)).toHaveProperty('unreadable');
  });
});

test.each([undefined, null, 1, 'x', [], {}, { run: {} }, { run: { wallMs: 'long', startMs: 1 }, laneTime: {} }])(
  '%j is no report',
  (value) => {
    expect(sideOf(value)).toBeUndefined();
  },
);
