/** The kinds of live findings that count: raised at their threshold and not before, withdrawn when over. */
import { describe, expect, test } from '@jest/globals';
import { readThresholds, watchFindings, type LeftProcess, type LiveFindings } from '../../../src/analysis/live/index.ts';
import type { Attributes, SpanRow } from '../../../src/analysis/model.ts';
import * as names from '../../../src/semconv/index.ts';
import { around, chat, refused, said, span, T0, tool } from './rows.ts';

describe.each([
  ['rate_limit', 429],
  ['overload', 529],
] as const)('%s', (kind, status) => {
  test('ten refusals within a minute are a storm, which is over when two are left', () => {
    const findings = watchFindings();
    for (let at = 1; at <= 9; at += 1) findings.add({ spans: [refused(status, at)] });
    expect(said(findings, 10)).toEqual([]);
    findings.add({ spans: [refused(status, 10)] });
    expect(said(findings, 10)).toEqual([`+${kind}`]);
    expect(findings.now()).toMatchObject([{ id: `${kind}:openai`, value: 10, where: { provider: 'openai', model: 'm' } }]);
    expect(findings.now()[0]?.evidence).toHaveLength(10);
    // At 67 those of the seconds 8, 9 and 10 are left.
    expect(said(findings, 67)).toEqual([]);
    expect(said(findings, 68)).toEqual([`-${kind}`]);
  });

  test('ten among more than fifty calls are none, nor ten over two minutes', () => {
    const many = watchFindings();
    for (let at = 1; at <= 41; at += 1) many.add({ spans: [span(chat, at, at + 0.5)] });
    for (let at = 1; at <= 10; at += 1) many.add({ spans: [refused(status, at)] });
    expect(said(many, 42)).toEqual([]);
    const slow = watchFindings();
    for (let at = 1; at <= 20; at += 1) {
      slow.add({ spans: [refused(status, at * 7)] });
      expect(said(slow, at * 7)).toEqual([]);
    }
  });
});

describe('tool_loop', () => {
  const inAgent = (rounds: readonly Attributes[]): LiveFindings => {
    const findings = watchFindings(readThresholds({ tool_loop: '4', hung_agent: 'off' }).thresholds);
    const agent = span({ [names.ATTR_GEN_AI_OPERATION_NAME]: 'invoke_agent', [names.ATTR_GEN_AI_AGENT_NAME]: 'coder' }, 0, undefined, {
      name: 'invoke_agent coder',
    });
    findings.add({ starts: [agent] });
    for (const [at, attributes] of rounds.entries())
      findings.add({ spans: [span(attributes, at + 1, at + 1.5, { parentSpanId: agent.spanId })] });
    return findings;
  };
  const same = tool('grep', 'a', 'r');
  const other = tool('read', 'b', 'r2');

  test('the fourth equal call with an equal result is a loop, and the next other call ends it', () => {
    expect(said(inAgent([same, same, same]), 10)).toEqual([]);
    const findings = inAgent([same, same, same, same]);
    expect(said(findings, 10)).toEqual(['+tool_loop']);
    expect(findings.now()).toMatchObject([
      {
        text: 'invoke_agent coder calls grep with the same arguments and gets the same result, 4 times in a row',
        where: { agent: 'coder', tool: 'grep' },
      },
    ]);
    findings.add({ spans: [span(tool('read', 'c', 'd'), 11, 12, { parentSpanId: 's-none' })] });
    expect(said(findings, 13)).toEqual([]);
    // Nothing more for five minutes: it goes round no more.
    expect(said(findings, 305)).toEqual(['-tool_loop']);
    expect(said(inAgent([same, same, same, same, other]), 10)).toEqual([]);
  });

  test('two that alternate are one as well', () => {
    expect(said(inAgent([same, other, same, other, same, other, same]), 10)).toEqual([]);
    expect(said(inAgent([same, other, same, other, same, other, same, other]), 10)).toEqual(['+tool_loop']);
  });

  test('polling with changing results, reading many files, tests between edits, and calls without hashes are none', () => {
    const times = Array.from({ length: 12 }, (_, at) => at);
    expect(said(inAgent(times.map((at) => tool('poll', 'a', `r${at}`))), 20)).toEqual([]);
    expect(said(inAgent(times.map((at) => tool('read', `f${at}`, 'r'))), 20)).toEqual([]);
    expect(said(inAgent(times.map((at) => (at % 2 === 0 ? tool('edit', `e${at}`, 'ok') : tool('test', 'a', 'failed')))), 20)).toEqual([]);
    expect(said(inAgent(times.map(() => tool('grep'))), 20)).toEqual([]);
    expect(said(inAgent(times.map(() => tool('grep', 'a'))), 20)).toEqual([]);
  });
});

describe('budget_burn', () => {
  const reached = (percent: number, atS: number) => ({
    timeMs: T0 + atS * 1_000,
    eventName: names.EVENT_SWARMSCOPE_BUDGET_THRESHOLD_REACHED,
    body: undefined,
    severity: 13,
    traceId: 't',
    spanId: 's',
    serviceName: 'swarm',
    attributes: {
      [names.ATTR_SWARMSCOPE_BUDGET_NAME]: 'night',
      [names.ATTR_SWARMSCOPE_BUDGET_KIND]: 'token',
      [names.ATTR_SWARMSCOPE_BUDGET_THRESHOLD]: percent,
      [names.ATTR_SWARMSCOPE_BUDGET_LIMIT]: 1_000,
      [names.ATTR_SWARMSCOPE_BUDGET_AMOUNT]: percent * 10,
    },
  });
  const used = (value: number, atS: number) => ({
    name: names.METRIC_SWARMSCOPE_BUDGET_TOKEN_USAGE.name,
    value,
    timeMs: T0 + atS * 1_000,
    attributes: { [names.ATTR_SWARMSCOPE_BUDGET_NAME]: 'night' },
  });

  test('told when it is used up; withdrawn when nothing more was spent for five minutes', () => {
    const findings = watchFindings();
    findings.add({ logs: [reached(50, 1), reached(80, 2)] });
    expect(said(findings, 3)).toEqual([]);
    findings.add({ logs: [reached(100, 4)] });
    expect(said(findings, 5)).toEqual(['+budget_burn']);
    expect(findings.now()).toMatchObject([{ text: 'the budget night is used up: 1000 tokens of 1000 tokens', where: { budget: 'night' } }]);
    findings.addPoints([used(1_200, 200)]);
    expect(said(findings, 499)).toEqual([]);
    expect(findings.now()[0]?.value).toBe(120);
    findings.addPoints([used(1_200, 499)]);
    expect(said(findings, 500)).toEqual(['-budget_burn']);
  });

  test('sooner where the user says so', () => {
    const findings = watchFindings(readThresholds({ budget_burn: '80' }).thresholds);
    findings.add({ logs: [reached(50, 1), reached(80, 2)] });
    expect(said(findings, 3)).toEqual(['+budget_burn']);
    expect(findings.now()[0]?.text).toBe('the budget night is used to 80 %: 800 tokens of 1000 tokens');
  });
});

test('merge_conflict: three conflicts among at most as many good merges; withdrawn when good ones prevail, or after ten minutes', () => {
  const merge = (atS: number, result: string): SpanRow =>
    span(
      {
        [names.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'merge',
        [names.ATTR_SWARMSCOPE_GIT_MERGE_RESULT]: result,
        [names.ATTR_VCS_REPOSITORY_NAME]: 'shop',
      },
      atS - 0.1,
      atS,
    );
  const findings = watchFindings();
  findings.add({ spans: [merge(1, 'conflict'), merge(2, 'conflict'), merge(3, 'merged')] });
  expect(said(findings, 4)).toEqual([]);
  findings.add({ spans: [merge(5, 'conflict')] });
  expect(said(findings, 6)).toEqual(['+merge_conflict']);
  expect(findings.now()).toMatchObject([
    { text: '3 of 4 merges in shop left conflicts in the last ten minutes', where: { repository: 'shop' }, value: 3 },
  ]);
  findings.add({ spans: [merge(7, 'merged'), merge(8, 'fast_forward')] });
  expect(said(findings, 9)).toEqual([]);
  findings.add({ spans: [merge(10, 'merged')] });
  expect(said(findings, 11)).toEqual(['-merge_conflict']);
  findings.add({ spans: [merge(20, 'conflict'), merge(21, 'conflict')] });
  expect(said(findings, 22)).toEqual(['+merge_conflict']);
  expect(said(findings, 700)).toEqual(['-merge_conflict']);
});

test('orphan: an agent whose starter has ended, and what an agent left, but for programs that stay on purpose', () => {
  const left = (more: Partial<LeftProcess>): LeftProcess => ({
    pid: 20,
    startMs: T0,
    executable: 'vite',
    starter: 'claude',
    isStarterAgent: true,
    starterEndMs: T0 + 10_000,
    ...more,
  });
  const findings = watchFindings();
  expect(said(findings, 69, around({ left: [left({})] }))).toEqual([]);
  expect(said(findings, 70, around({ left: [left({})] }))).toEqual(['+orphan']);
  expect(findings.now()).toMatchObject([{ text: 'vite (process 20) goes on 1m 00s after claude, which started it, has ended' }]);
  expect(said(findings, 71, around({ left: [] }))).toEqual(['-orphan']);
  expect(said(findings, 99, around({ left: [left({ executable: 'gpg-agent' })] }))).toEqual([]);
  expect(said(findings, 99, around({ left: [left({ starter: 'node', isStarterAgent: false })] }))).toEqual([]);
  expect(said(findings, 99, around({ left: [left({ agentName: 'codex', starter: 'node', isStarterAgent: false })] }))).toEqual(['+orphan']);
});
