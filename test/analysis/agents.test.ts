/** Each agent of a run: whose the calls, tools and prompts are, how it ended, and by whom that is known. */
import { describe, expect, it, test } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import type { LogRow, MetricSeries, SpanRow } from '../../src/analysis/model.ts';
import { renderReport } from '../../src/cli/report/text.ts';
import * as words from '../../src/semconv/index.ts';
import { agent, child, git, llm, run, span, T0, tokens, tool, type SpanSketch } from './hand-built.ts';

const named = (name: string, pid: number, more: Record<string, string | number> = {}) => ({
  ...agent(),
  [words.ATTR_GEN_AI_AGENT_NAME]: name,
  [words.ATTR_PROCESS_PID]: pid,
  ...more,
});
const priced = { [words.ATTR_SWARMSCOPE_COST_AMOUNT]: 0.25, [words.ATTR_SWARMSCOPE_COST_CURRENCY]: 'USD' };
const by = (dialect: string, sketch: Omit<SpanSketch, 'scope'>): SpanRow => {
  const row = span({ ...sketch, scope: dialect });
  return { ...row, pid: undefined, attributes: { ...row.attributes, [words.ATTR_SWARMSCOPE_DIALECT]: dialect } };
};
const prompt = (eventName: string, conversation: string): LogRow => ({
  timeMs: T0 + 1000,
  eventName,
  body: undefined,
  severity: 9,
  traceId: undefined,
  spanId: undefined,
  attributes: { [words.ATTR_GEN_AI_CONVERSATION_ID]: conversation },
  serviceName: 'agent',
});

const swarm: readonly SpanRow[] = [
  span({
    id: 'one',
    from: 0,
    to: 9,
    attributes: named('claude', 7, {
      [words.ATTR_PROCESS_EXIT_CODE]: 3,
      [words.ATTR_SWARMSCOPE_PROCESS_CPU_TIME]: 1.5,
      [words.ATTR_SWARMSCOPE_PROCESS_MEMORY_PEAK]: 300_000_000,
    }),
  }),
  by('claude_code', { id: 'turn', parent: 'one', from: 1, to: 8, name: 'claude_code.interaction', attributes: {} }),
  by('claude_code', { id: 'call1', parent: 'turn', from: 1, to: 2, attributes: llm({ ...tokens(10, 5), ...priced }) }),
  by('claude_code', { id: 'tool1', parent: 'turn', from: 2, to: 4, attributes: tool('Bash') }),
  by('claude_code', { id: 'asked', parent: 'tool1', from: 2, to: 3, name: 'claude_code.tool.blocked_on_user', attributes: {} }),
  span({ id: 'git1', parent: 'tool1', from: 3, to: 4, pid: 8, attributes: git('commit') }),
  // It started another agent, whose calls are its own.
  span({ id: 'two', parent: 'tool1', from: 3, to: 4, attributes: named('codex', 9) }),
  // Told from outside of the tree: only the process says whose it is.
  {
    ...by('codex', { id: 'call2', from: 3, to: 4, attributes: llm({ ...tokens(20, 6), [words.ATTR_GEN_AI_CONVERSATION_ID]: 'c' }) }),
    pid: 9,
  },
  span({ id: 'three', from: 0, to: 9, attributes: named('copilot', 11, { [words.ATTR_PROCESS_EXIT_CODE]: 0 }) }),
  by('copilot', { id: 'inner', parent: 'three', from: 1, to: 8, attributes: { ...agent(), [words.ATTR_GEN_AI_AGENT_NAME]: 'copilot' } }),
  by('copilot', { id: 'call3', parent: 'inner', from: 1, to: 2, attributes: llm({ ...tokens(30, 7), [words.ATTR_ERROR_TYPE]: '500' }) }),
  span({ id: 'four', from: 0, to: 9, attributes: named('aider', 12) }),
];

describe('an agent of the report', () => {
  const { agents } = analyse({
    ...run(10, swarm),
    logs: [prompt('codex.user_prompt', 'c'), prompt('codex.user_prompt', 'c'), prompt('x.user_prompt', 'd')],
  });
  const [one, three, four, two] = ['claude', 'copilot', 'aider', 'codex'].map((name) => agents.find((each) => each.name === name));

  it('is a process once, also where it tells of itself', () => {
    expect(agents.map(({ name }) => name).sort()).toEqual(['aider', 'claude', 'codex', 'copilot']);
  });

  it('has its calls, tokens, money, tools, git and exit code', () => {
    expect(one).toMatchObject({ pid: 7, exitCode: 3, calls: 1, tools: 1, gitCommands: 1, models: ['m-1'], knownBy: ['agent'] });
    expect([one?.cpuSeconds, one?.peakMemoryBytes, four?.cpuSeconds]).toEqual([1.5, 300_000_000, undefined]);
    expect(one).toMatchObject({
      tokens: { input: 10, output: 5 },
      cost: { amount: 0.25, currency: 'USD' },
      durationMs: 9_000,
      parent: undefined,
    });
  });

  it('has the calls of its process, wherever these hang', () => {
    expect(two).toMatchObject({ pid: 9, parent: 'claude', calls: 1, tokens: { input: 20, output: 6 }, exitCode: undefined });
  });

  it('has its prompts by its spans, else by its events, else unknown', () => {
    expect([one?.turns, two?.turns, three?.turns, four?.turns]).toEqual([1, 2, 1, undefined]);
  });

  it('was not blocked on a human when it says so, and that is unknown of one that says nothing', () => {
    expect([one?.blockedOnHumanMs, two?.blockedOnHumanMs]).toEqual([0, undefined]);
  });

  it('of which no call was seen is known by nobody', () => {
    expect(four).toMatchObject({ calls: 0, knownBy: [], tokens: { input: undefined } });
  });
});

test('an agent whose process failed has failed once', () => {
  const failed = { isError: true };
  const attributes = { [words.ATTR_ERROR_TYPE]: '3' };
  const own = span({ id: 'p', parent: 'a', from: 0, to: 2, attributes: { ...child('claude', 'agent'), ...attributes } });
  const report = analyse(
    run(3, [
      { ...span({ id: 'a', from: 0, to: 2, attributes: { ...agent(), ...attributes } }), ...failed },
      { ...own, ...failed },
    ]),
  );
  expect(report.trouble.errors).toEqual([{ type: '3', about: 'exit code 3', count: 1 }]);
});

test('an agent that is the command of the run is as long as the run, though its span was opened ahead', () => {
  const data = run(3, [{ ...span({ id: 'a', from: -2, to: 3, attributes: agent() }), scopeName: 'swarmscope', pid: 900 }]);
  expect(analyse({ ...data, run: { ...data.run, pid: 1 } }).agents).toMatchObject([{ durationMs: 3_000 }]);
  expect(analyse(data).agents).toMatchObject([{ durationMs: 5_000 }]);
});

test('the printed report has a row for each agent, and leaves out columns that do not fit', () => {
  const report = analyse(run(10, swarm));
  const rowsIn = (width: number): string[] => {
    const [, text = ''] = renderReport(report, { width, isColour: false, isUnicode: true }).split('\nAgents\n');
    return text.split('\n').slice(0, 5);
  };
  const [head, ...rows] = rowsIn(160);
  expect(head?.trim().split(/ +/)).toEqual('agent time calls in out cost tools git exit CPU memory'.split(' '));
  expect(rows.map((row) => row.trim().split(/ {2,}/))).toEqual(
    expect.arrayContaining([
      ['claude', '9.0 s', '1', '10', '5', '$0.2500', '1', '1', '3', '1.5 s', '286 MiB'],
      ['aider', '9.0 s', '-', '-', '-', '-', '-', '0', '-', '-', '-'],
    ]),
  );
  expect(rowsIn(40).every((row) => row.length <= 40)).toBe(true);
  expect(rowsIn(40)[0]).toMatch(/^ {2}agent +time +calls/);
});

test('an agent is what Claude Code tells of a prompt, where nobody saw its process', () => {
  const lone = swarm
    .filter(({ spanId }) => ['turn', 'call1', 'tool1'].includes(spanId))
    .map((row) => (row.spanId === 'turn' ? { ...row, parentSpanId: undefined } : row));
  const { agents, lanes } = analyse(run(10, lone));
  expect(agents).toMatchObject([{ name: 'claude', calls: 1, tools: 1, turns: undefined, pid: undefined }]);
  expect(lanes.kind).toBe('agent');
});

describe('an agent whose launcher starts the program of its package', () => {
  const ofProcess = (pid: number, more: Record<string, string | number> = {}) => ({
    [words.ATTR_PROCESS_EXECUTABLE_NAME]: 'copilot',
    [words.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: 'agent',
    [words.ATTR_PROCESS_PID]: pid,
    ...more,
  });
  const table = { [words.ATTR_SWARMSCOPE_PROCESS_OBSERVER]: 'process_table', [words.ATTR_SWARMSCOPE_PROCESS_CPU_TIME]: 0.5 };
  const spans = (sender: number): SpanRow[] => [
    span({
      id: 'shell',
      parent: 'root',
      from: 0,
      to: 9,
      attributes: { ...table, ...ofProcess(5), [words.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: 'shell' },
    }),
    span({ id: 'agent', parent: 'shell', from: 1, to: 9, attributes: { ...agent(), [words.ATTR_GEN_AI_AGENT_NAME]: 'copilot' } }),
    span({ id: 'launcher', parent: 'agent', from: 1, to: 9, attributes: ofProcess(7, table) }),
    // What its preload tells knows the place that the shell handed on.
    span({ id: 'program', parent: 'root', from: 2, to: 8, pid: sender, attributes: ofProcess(8, { [words.ATTR_PROCESS_EXIT_CODE]: 3 }) }),
    by('copilot', { id: 'own', parent: 'program', from: 3, to: 7, attributes: { ...agent(), [words.ATTR_GEN_AI_AGENT_NAME]: 'copilot' } }),
    by('copilot', { id: 'call', parent: 'own', from: 3, to: 5, attributes: llm(tokens(30, 7)) }),
  ];

  it('is one agent with the calls of the program', () => {
    expect(analyse(run(10, spans(7))).agents).toMatchObject([{ name: 'copilot', pid: 7, calls: 1, cpuSeconds: 0.5 }]);
  });

  it('another process of the shell is not put below it', () => {
    expect(analyse(run(10, spans(6))).agents.find(({ pid }) => pid === 7)).toMatchObject({ calls: 0 });
  });
});

describe('metrics of an agent', () => {
  const place = (spanId: string) => ({ traceId: 'a'.repeat(32), spanId });
  const meter = (name: string, attributes: Record<string, string>, value: number, spanId: string): MetricSeries => ({
    ...{ name, unit: '1', kind: 'sum', isMonotonic: true, attributes, instanceId: 'i' },
    ...{
      points: [
        { timeMs: T0, value: value - 1 },
        { timeMs: T0 + 1000, value },
      ],
      owner: place(spanId),
    },
  });
  const processSpan = (id: string, parent: string, pid: number, kind = 'agent'): SpanRow =>
    span({
      ...{ id, parent, from: 0, to: 9 },
      attributes: {
        [words.ATTR_PROCESS_EXECUTABLE_NAME]: 'claude',
        [words.ATTR_SWARMSCOPE_PROCESS_EXECUTABLE_KIND]: kind,
        [words.ATTR_SWARMSCOPE_PROCESS_OBSERVER]: 'process_table',
        [words.ATTR_PROCESS_PID]: pid,
      },
    });
  const spans = [
    span({ id: 'a', from: 0, to: 9, attributes: { ...agent(), [words.ATTR_GEN_AI_AGENT_NAME]: 'claude' } }),
    processSpan('p', 'a', 7),
    processSpan('python', 'p', 8, 'other'),
  ];
  const told = [
    meter('claude_code.token.usage', { type: 'input', model: 'm-1' }, 100, 'p'),
    meter('claude_code.token.usage', { type: 'cacheRead', model: 'm-1' }, 40, 'p'),
    meter('claude_code.token.usage', { type: 'output', model: 'm-1' }, 7, 'p'),
    meter('claude_code.cost.usage', { model: 'm-1' }, 0.5, 'p'),
  ];

  it('tell its tokens, cost and models where nothing tells of its calls, and those of what it started', () => {
    const worker: MetricSeries = {
      ...meter(words.METRIC_GEN_AI_CLIENT_INFERENCE_USAGE_OUTPUT_TOKENS.name, {}, 5, 'python'),
    };
    expect(analyse(run(10, spans, [...told, worker])).agents).toMatchObject([
      {
        calls: 0,
        tokens: { input: 140, output: 12, cacheRead: 40 },
        cost: { amount: 0.5, currency: 'USD' },
        models: ['m-1'],
        knownBy: ['metrics'],
      },
    ]);
  });

  it('of a histogram of tokens the sum counts', () => {
    const usage = meter('gen_ai.client.token.usage', { 'gen_ai.token.type': 'input' }, 2, 'p');
    const histogram: MetricSeries = { ...usage, kind: 'histogram', points: [{ timeMs: T0, value: 2, sum: 900 }] };
    expect(analyse(run(10, spans, [histogram])).agents).toMatchObject([{ tokens: { input: 900, output: undefined } }]);
  });

  it('say nothing beside calls, and nothing where their process is not known', () => {
    const call = span({ id: 'call', parent: 'p', from: 1, to: 2, attributes: llm(tokens(30, 3)) });
    expect(analyse(run(10, [...spans, call], told)).agents).toMatchObject([{ calls: 1, tokens: { input: 30 }, knownBy: ['wire'] }]);
    const nobodys = told.map((series) => ({ ...series, owner: undefined }));
    expect(analyse(run(10, spans, nobodys)).agents).toMatchObject([{ tokens: { input: undefined }, knownBy: [] }]);
  });

  it('prompts are those of the process that sent them', () => {
    const log = { ...prompt('claude_code.user_prompt', 'c'), owner: place('p') };
    expect(analyse({ ...run(10, spans), logs: [log, log] }).agents).toMatchObject([{ turns: 2 }]);
  });
});
