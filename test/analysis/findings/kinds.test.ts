/** Each kind at its threshold: it is named with the seconds and the money that a hand computes, and just below it is silent. */
import { describe, expect, test } from '@jest/globals';
import { FINDING_KINDS, type FindingKind, type RunData } from '../../../src/analysis/index.ts';
import { queued } from '../hand-built.ts';
import * as runs from './runs.ts';
import { findingOf, kindsIn } from './swarms.ts';

interface Row {
  readonly kind: FindingKind;
  readonly what: string;
  readonly named: RunData;
  /** Computed by hand from the run. */
  readonly seconds: number;
  readonly usd?: number;
  /** Ids that are cited, the first one first. */
  readonly evidence: readonly string[];
  /** Why it is silent, and the run. */
  readonly silent: Readonly<Record<string, RunData>>;
}

const rows: readonly Row[] = [
  {
    kind: 'serial_orchestrator',
    what: 'the program asks a model before each start while slots are free',
    // Of 23.7 s.
    named: runs.serialOrchestrator(0.9),
    seconds: 2.7,
    evidence: ['ask0', 'ask1', 'ask2', 't3'],
    silent: {
      'less than 8 % of the wall time': runs.serialOrchestrator(0.6),
      'starts that come late, and nobody knows why': runs.serialOrchestrator(5, { isSeen: false }),
    },
  },
  {
    kind: 'dependency_chain',
    what: 'a task needs another one though slots are free',
    named: runs.dependencyChain(3),
    seconds: 3,
    evidence: ['b', 'a'],
    silent: { 'less than 8 % of the wall time': runs.dependencyChain(2.5) },
  },
  {
    kind: 'too_few_workers',
    what: 'ready tasks queue for a worker',
    named: runs.tooFewWorkers(1),
    seconds: 1,
    evidence: ['c', 'd'],
    silent: { 'less than 8 % of the wall time': runs.tooFewWorkers(0.8) },
  },
  {
    kind: 'too_many_workers',
    what: 'refusals cost more than half of the workers bring',
    named: runs.tooManyWorkers(5.5),
    // Of 22.5 s: with four workers the provider refuses nothing.
    seconds: 2,
    evidence: ['c.0', 'd.0', 'e.0', 'f.0'],
    silent: { 'less than 8 % of the wall time': runs.tooManyWorkers(5.35) },
  },
  {
    kind: 'process_startup',
    what: 'worker processes take long until their first call',
    named: runs.processStartup(1.7),
    seconds: 1.7,
    evidence: ['t0.node', 't1.node'],
    silent: { 'less than 8 % of the wall time': runs.processStartup(1.5) },
  },
  {
    kind: 'workspace_setup',
    what: 'each task makes a worktree first',
    named: runs.workspaceSetup(1.7),
    seconds: 1.7,
    evidence: ['t0.0', 't1.0', 't2.0', 't3.0'],
    silent: { 'less than 8 % of the wall time': runs.workspaceSetup(1.5) },
  },
  {
    kind: 'tool_loop',
    what: 'four rounds with the same call and the same result',
    named: runs.toolLoop(4),
    seconds: 8,
    evidence: ['stuck.0'],
    silent: { 'three rounds': runs.toolLoop(3), 'six rounds whose results differ': runs.toolLoop(6, false) },
  },
  {
    kind: 'hung_agent',
    what: 'a tool takes ten times what its like take and 30 s more',
    named: runs.hungAgent(33),
    seconds: 30,
    evidence: ['held.1'],
    silent: { 'a second less': runs.hungAgent(32) },
  },
  {
    kind: 'rework',
    what: 'an attempt fails and is made again',
    named: runs.rework(0.9),
    seconds: 0.9,
    usd: 0.25,
    evidence: ['a#1'],
    silent: { 'less than 8 % of the wall time and of the money': runs.rework(0.8) },
  },
  {
    kind: 'merge_conflict',
    what: 'a merge leaves a conflict',
    named: runs.mergeConflict(1.1),
    seconds: 1.1,
    evidence: ['held.1'],
    silent: { 'less than 8 % of the wall time': runs.mergeConflict(1) },
  },
  {
    kind: 'gpu_queue',
    what: 'first chunks of a local model come late',
    named: runs.gpuQueue(0.9),
    seconds: 0.9,
    evidence: ['t2.0', 't3.0'],
    silent: { 'less than 8 % of the wall time': runs.gpuQueue(0.8), 'not twice as late as the quick ones': runs.gpuQueue(0.4) },
  },
  {
    kind: 'slow_llm',
    what: 'calls of a while take a multiple per token',
    named: runs.slowLlm(1.75),
    seconds: 3,
    evidence: ['t0.2', 't0.3'],
    silent: { '1.7 times as long': runs.slowLlm(1.7) },
  },
  {
    kind: 'cpu_contention',
    what: 'builds take twice as long beside others while the processors are full',
    named: runs.cpuContention(0.9),
    seconds: 4,
    evidence: ['t0.0', 't1.0'],
    silent: { 'processors that are not full': runs.cpuContention(0.89), 'no readings of the processors': runs.cpuContention(undefined) },
  },
  {
    kind: 'context_bloat',
    what: 'a result of a tool of more than 8,000 tokens is sent with each call',
    named: runs.contextBloat(8_001),
    seconds: 0,
    // 6,001 tokens too many, twice.
    usd: (2 * 6_001 * 2.5) / 1e6,
    evidence: ['c1', 'c2'],
    silent: { '8,000 tokens': runs.contextBloat(8_000) },
  },
  {
    kind: 'cache_miss',
    what: 'a call pays full price for what the call before it had sent',
    named: runs.cacheMiss(10_000, 299.9),
    seconds: 0,
    usd: (10_000 * 1.25) / 1e6,
    evidence: ['c1'],
    silent: { 'five minutes later': runs.cacheMiss(10_000, 300), 'a beginning of less than 1,024 tokens': runs.cacheMiss(1_023, 1) },
  },
];

describe.each(rows)('$kind', ({ kind, what, named, seconds, usd = 0, evidence, silent }) => {
  test(`${what}: seconds, money and spans`, () => {
    const found = findingOf(named, kind);
    expect(found.recoverableSeconds.value).toBeCloseTo(seconds, 2);
    expect(found.recoverableSeconds.low).toBeLessThanOrEqual(seconds);
    expect(found.recoverableSeconds.high).toBeGreaterThanOrEqual(seconds);
    expect(found.recoverableUsd).toBeCloseTo(usd, 5);
    const { spanIds } = found.evidence;
    expect(spanIds[0]).toBe(evidence[0]);
    expect(spanIds).toEqual(expect.arrayContaining([...evidence]));
    const known = new Set(named.spans.map(({ spanId }) => spanId));
    expect(spanIds.filter((id) => !known.has(id))).toEqual([]);
    expect(found.assumptions.length).toBeGreaterThan(0);
    expect(found.action).toMatch(/\d/);
  });

  test.each(Object.entries(silent))('silent: %s', (_why, data) => {
    expect(kindsIn(data)).not.toContain(kind);
  });
});

test('tasks that are told to need none, and start after others have ended, waited for who handed them in', () => {
  const more = { needs: [], attributes: queued(0) };
  // Each takes 20 s: the last one starts as the first one has ended.
  const found = findingOf(runs.serialOrchestrator(8, { more }), 'serial_orchestrator');
  expect(found.recoverableSeconds.value).toBeCloseTo(24, 1);
});

describe('where spans were lost', () => {
  const lossy = (data: RunData): RunData => {
    // The second round has lost its call, the fourth one its tool, and a call its parent.
    const spans = data.spans.filter(({ spanId }) => spanId !== 'stuck.2' && spanId !== 'stuck.7');
    return { ...data, spans: [...spans, ...data.spans.slice(-1).map((each) => ({ ...each, spanId: 'orphan', parentSpanId: 'lost' }))] };
  };

  test('a loop is a loop without some of its rounds', () => {
    expect(kindsIn(lossy(runs.toolLoop(7)))).toContain('tool_loop');
  });

  test('rounds whose results differ are none there either', () => {
    expect(kindsIn(lossy(runs.toolLoop(7, false)))).not.toContain('tool_loop');
  });
});

test('every kind has a test here, or one of its own', () => {
  const own: readonly FindingKind[] = ['barrier', 'straggler', 'rate_limit', 'lock_contention', 'human_wait'];
  expect([...own, ...rows.map(({ kind }) => kind)].sort()).toEqual([...FINDING_KINDS].sort());
});
