/** Reports of runs whose right answers are known, and of bad input. */
import { describe, expect, it } from '@jest/globals';
import { ATTR_HTTP_REQUEST_METHOD } from '../../src/semconv/index.ts';
import type { RunData, SpanRow } from '../../src/analysis/model.ts';
import { analyse } from '../../src/analysis/index.ts';
import * as words from '../../src/semconv/index.ts';
import { expectAgreement } from './agreement.ts';
import { seconds, wall } from './report-of.ts';
import {
  agent,
  batch,
  child,
  cost,
  git,
  limit,
  llm,
  queued,
  refused,
  resend,
  run,
  span,
  swarm,
  task,
  tokens,
  tool,
  wait,
} from './hand-built.ts';

describe('lane time', () => {
  it('of two supersteps on three lanes is divided as the run was built', () => {
    const report = analyse(swarm());
    expect(report.lanes).toEqual({ count: 3, kind: 'task', occupants: 4 });
    expect(seconds(report)).toEqual({
      'wait:orchestrator': 9, // 3 s without any task, on 3 lanes
      shutdown: 6, // 2 s after the last act, on 3 lanes
      llm: 7.5,
      git: 6.5,
      'wait:barrier': 22, // one lane 15 s, a second one 4 s in the first batch and 3 s in the second
      agent: 4,
      tool: 2,
      'wait:lock': 1,
      'wait:rate_limit': 1,
      startup: 0.5, // the worker before its first attempt
      other: 0.5, // its task before it was launched
    });
    expectAgreement(report);
    expect(report.laneTime.check).toBeCloseTo(1, 9);
  });

  it('gives nested tasks to the lane of the outer one', () => {
    const report = analyse(
      run(10, [
        span({ id: 'o', from: 0, to: 10, attributes: task('o') }),
        span({ id: 'i', parent: 'o', from: 2, to: 8, attributes: task('i') }),
        span({ id: 'l', parent: 'i', from: 3, to: 4, attributes: llm() }),
      ]),
    );
    expect(report.lanes.count).toBe(1);
    expect(seconds(report)).toEqual({ other: 9, llm: 1 });
  });

  it('prefers llm over git over tool over wait where several leaves are under way', () => {
    const inTask = (id: string, from: number, to: number, attributes: SpanRow['attributes']): SpanRow =>
      span({ id, parent: 't', from, to, attributes });
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        inTask('w', 0, 10, wait('human')),
        inTask('x', 1, 9, tool('x')),
        inTask('g', 2, 8, git('fetch')),
        inTask('l', 3, 7, llm()),
      ]),
    );
    expect(seconds(report)).toEqual({ llm: 4, git: 2, tool: 2, 'wait:human': 2 });
  });

  it('gives the innermost span the time of what surrounds it, through spans that explain nothing', () => {
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        span({ id: 'x', parent: 't', from: 0, to: 10, attributes: tool('bash') }),
        span({ id: 'h', parent: 'x', from: 1, to: 6, name: 'GET', attributes: {} }),
        span({ id: 'g', parent: 'h', from: 2, to: 5, attributes: git('clone') }),
      ]),
    );
    expect(seconds(report)).toEqual({ tool: 7, git: 3 });
  });

  it('calls a child process without deeper spans a tool, a worker start-up before its first call', () => {
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        span({ id: 'npm', parent: 't', from: 0, to: 4, attributes: child('npm', 'package_manager') }),
        span({ id: 'node', parent: 't', from: 4, to: 10, attributes: child('node', 'node') }),
        span({ id: 'l', parent: 'node', from: 5, to: 10, attributes: llm() }),
      ]),
    );
    expect(seconds(report)).toEqual({ llm: 5, tool: 4, startup: 1 });
  });

  it.each([
    ['a queued task that is not dispatched waits for the orchestrator', { second: queued(3) }, 'wait:orchestrator', 3],
    ['a lane empty while the next task is not ready waits for a dependency', { second: {} }, 'wait:dependency', 4],
  ])('%s', (_title, { second }, category, expected) => {
    const spans = [
      span({ id: 'a', from: 0, to: 10, attributes: task('a') }),
      span({ id: 'b', from: 4, to: 10, attributes: task('b', second) }),
    ];
    expect(seconds(analyse(run(10, spans)))[category]).toBe(expected);
  });

  it('a lane without more work to come is idle', () => {
    const spans = [span({ id: 'a', from: 0, to: 10, attributes: task('a') }), span({ id: 'b', from: 0, to: 4, attributes: task('b') })];
    expect(seconds(analyse(run(10, spans)))).toEqual({ other: 14, idle: 6 });
  });

  it('counts the limit of the pools that ran tasks only', () => {
    const spans = [span({ id: 'a', from: 0, to: 10, attributes: task('a', { [words.ATTR_SWARMSCOPE_POOL_NAME]: 'p' }) })];
    expect(analyse(run(10, spans, [limit('p', 4), limit('unused', 50)])).lanes.count).toBe(4);
    expect(analyse(run(10, spans, [limit('p', Infinity)])).parallelism.limit).toBeUndefined();
  });

  it.each([
    [
      'agents',
      [span({ id: 'a', from: 0, to: 4, attributes: agent() }), span({ id: 'l', parent: 'a', from: 0, to: 3, attributes: llm() })],
      'agent',
      { llm: 3, other: 1 },
    ],
    ['agent processes', [span({ id: 'a', from: 0, to: 4, attributes: child('claude', 'agent') })], 'process', { agent: 4 }],
    ['leaf calls', [span({ id: 'a', from: 0, to: 4, attributes: llm() })], 'call', { llm: 4 }],
  ])('without tasks the lanes are %s', (_title, spans, kind, expected) => {
    const report = analyse(run(4, spans));
    expect(report.lanes.kind).toBe(kind);
    expect(seconds(report)).toEqual(expected);
  });

  it('extends open spans to the end and clips skewed ones to the run', () => {
    const report = analyse(
      run(10, [
        span({ id: 'a', from: -5, attributes: task('a') }),
        span({ id: 'l', parent: 'a', from: 4, attributes: llm() }),
        span({ id: 'g', parent: 'a', from: 1, to: 99, attributes: git('gc') }),
      ]),
    );
    expect(seconds(report)).toEqual({ llm: 6, git: 3, other: 1 });
    expect(report.trouble.open.map(({ name, ageMs }) => [name, ageMs])).toEqual([
      ['a', 10_000],
      ['l', 6_000],
    ]);
  });

  it('sees the wait between a 429 and its repetition', () => {
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        span({ id: 'l0', parent: 't', from: 0, to: 1, attributes: llm(refused(0)) }),
        span({ id: 'l1', parent: 't', from: 3, to: 4, attributes: llm(refused(1)) }),
        span({ id: 'l2', parent: 't', from: 8, to: 10, attributes: llm(resend(2)) }),
      ]),
    );
    expect(seconds(report)).toEqual({ 'wait:rate_limit': 6, llm: 4 });
    expect(report.trouble.rateLimited).toMatchObject({ count: 2, lostMs: 8000 });
  });

  it('sees that wait also where the attempts are HTTP children of a library’s own span of the call', () => {
    const post = { [ATTR_HTTP_REQUEST_METHOD]: 'POST' };
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        span({ id: 'l', parent: 't', from: 0, to: 10, attributes: llm() }),
        span({ id: 'p0', parent: 'l', from: 0, to: 1, attributes: { ...post, ...refused(0) } }),
        span({ id: 'p1', parent: 'l', from: 5, to: 10, attributes: { ...post, ...resend(1) } }),
      ]),
    );
    expect(seconds(report)).toEqual({ 'wait:rate_limit': 4, llm: 6 });
    expect(report.trouble.rateLimited).toMatchObject({ count: 1, lostMs: 5000 });
  });

  it('sees that wait also where the program repeats such a call', () => {
    const post = { [ATTR_HTTP_REQUEST_METHOD]: 'POST' };
    const report = analyse(
      run(10, [
        span({ id: 't', from: 0, to: 10, attributes: task('t') }),
        span({ id: 'l0', parent: 't', from: 0, to: 1, attributes: llm() }),
        span({ id: 'p0', parent: 'l0', from: 0, to: 1, attributes: { ...post, ...refused(0) } }),
        span({ id: 'l1', parent: 't', from: 4, to: 10, attributes: llm() }),
        span({ id: 'p1', parent: 'l1', from: 4, to: 10, attributes: post }),
      ]),
    );
    expect(seconds(report)).toEqual({ 'wait:rate_limit': 3, llm: 7 });
    expect(report.trouble.rateLimited).toMatchObject({ count: 1, lostMs: 4000 });
  });
});

describe('the wall path', () => {
  it('follows the last finishers through the supersteps', () => {
    expect(wall(analyse(swarm()))).toEqual({ llm: 8, git: 6, shutdown: 2, tool: 2, 'wait:orchestrator': 1, 'wait:lock': 1 });
  });

  it('follows what is under way where nothing had just finished', () => {
    const report = analyse(
      run(12, [
        span({ id: 'a', from: 0, to: 11, attributes: task('a') }),
        span({ id: 'l', parent: 'a', from: 0, to: 11, attributes: llm() }),
        span({ id: 'b', from: 10, to: 12, attributes: task('b') }),
        span({ id: 'g', parent: 'b', from: 10, to: 12, attributes: git('push') }),
      ]),
    );
    expect(wall(report)).toEqual({ llm: 10, git: 2 });
  });
});

describe('usage', () => {
  it('sums each leaf call once, and counts calls without a price apart', () => {
    const { usage } = analyse(swarm());
    expect(usage.tokens).toMatchObject({ input: 6000, output: 600, cacheRead: undefined });
    expect(usage.cost).toEqual({
      amount: 0.03,
      currency: 'USD',
      pricedCalls: 2,
      unpricedCalls: 1,
      isLowerBound: true,
      priceTableVersions: ['2026-11-01'],
    });
    expect(usage.cacheShare).toBeUndefined();
  });

  it('counts a call once that both the wire and the CLI record', () => {
    const wire = span({ id: 'w', parent: 'a', from: 0, to: 4, attributes: llm({ ...tokens(10, 5), ...cost(1) }) });
    const own = span({ id: 'o', parent: 'a', from: 0, to: 4, scope: 'claude_code', attributes: llm(tokens(10, 5)) });
    const { usage } = analyse(run(4, [span({ id: 'a', from: 0, to: 4, attributes: agent() }), own, wire]));
    expect([usage.calls, usage.duplicates, usage.tokens.input, usage.cost.amount]).toEqual([1, 1, 10, 1]);
  });

  it('counts a call once by its response id, and only the inner of two nested ones', () => {
    const id = { [words.ATTR_GEN_AI_RESPONSE_ID]: 'resp' };
    const spans = [
      span({ id: 'a', from: 0, to: 4, attributes: llm({ ...tokens(10, 5), ...id }) }),
      span({ id: 'b', from: 0, to: 4, scope: 'x', attributes: llm({ ...tokens(10, 5), ...id }) }),
      span({ id: 'c', from: 0, to: 4, attributes: llm(tokens(7, 7)) }),
      span({ id: 'd', parent: 'c', from: 0, to: 4, attributes: llm(tokens(7, 7)) }),
    ];
    expect(analyse(run(4, spans)).usage).toMatchObject({ calls: 2, duplicates: 1, tokens: { input: 17 } });
  });

  it('tells which tools were offered and never called', () => {
    const offered = { [words.ATTR_SWARMSCOPE_TOOL_OFFERED_NAMES]: ['a', 'b', 'c', 'd'], [words.ATTR_SWARMSCOPE_TOOL_CALLED_NAMES]: ['a'] };
    expect(analyse(run(4, [span({ id: 'l', from: 0, to: 4, attributes: llm(offered) })])).usage.tools).toEqual({
      offered: 4,
      called: 1,
      requests: 1,
      executions: 0,
      inferredExecutions: 0,
      byName: [{ name: 'a', requests: 1, executions: 0, durationMs: 0 }],
      neverCalled: ['b', 'c', 'd'],
      neverCalledShare: 0.75,
    });
  });
});

it('describes batches with their straggler', () => {
  const [first, second] = analyse(swarm()).batches;
  expect(first).toMatchObject({
    size: 2,
    durationMs: 8000,
    parallelism: 1.5,
    barrierWaitMs: 4000,
    straggler: { spanId: 't2', delayMs: 2000 },
  });
  expect(second).toMatchObject({ index: 1, straggler: { spanId: 't4' } });
});

it('counts git conflicts and errors', () => {
  const report = analyse(swarm());
  expect(report.git).toMatchObject({ count: 2, conflicts: 1, conflictFiles: 2, lockFailures: 0 });
  expect(report.trouble.errors).toEqual(
    expect.arrayContaining([
      { type: '429', about: 'HTTP 429', count: 1 },
      { type: 'merge_conflict', about: 'merge_conflict', count: 1 },
    ]),
  );
});

describe('bad input', () => {
  it.each<[string, RunData]>([
    ['an empty run', run(0, [])],
    ['a run without spans', run(5, [])],
    ['one span', run(5, [span({ id: 'a', from: 1, to: 2, attributes: task('a') })])],
    [
      'a circle of parents',
      run(5, [
        span({ id: 'a', parent: 'b', from: 1, to: 2, attributes: task('a') }),
        span({ id: 'b', parent: 'a', from: 0, to: 3, attributes: llm() }),
      ]),
    ],
    [
      'an end before the start, and NaN',
      run(5, [span({ id: 'a', from: 3, to: 1, attributes: task('a') }), span({ id: 'b', from: NaN, to: 3, attributes: llm() })]),
    ],
    [
      'a span reported twice',
      run(5, [span({ id: 'a', from: 1, attributes: task('a') }), span({ id: 'a', from: 1, to: 2, attributes: task('a') })]),
    ],
    [
      'a run that has not ended',
      { ...run(5, [span({ id: 'a', from: 1, attributes: task('a') })]), run: { ...run(5, []).run, endMs: undefined } },
    ],
    ['a batch without tasks', run(5, [span({ id: 'b', from: 1, to: 2, attributes: batch(0) })])],
  ])('%s has a report', (_title, data) => {
    expectAgreement(analyse(data));
    expect(() => JSON.stringify(analyse(data))).not.toThrow();
  });
});
