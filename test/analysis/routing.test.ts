/** The report where a program routed between models, made contexts smaller, and went from phase to phase. */
import { expect, test } from '@jest/globals';
import { analyse, type LogRow, type RunData, type SpanRow } from '../../src/analysis/index.ts';
import { renderReport } from '../../src/cli/report/index.ts';

const span = (spanId: string, parentSpanId: string | undefined, startMs: number, attributes: SpanRow['attributes']): SpanRow => ({
  traceId: 't',
  spanId,
  parentSpanId,
  name: spanId,
  kind: 1,
  startMs,
  endMs: startMs + 100,
  isError: false,
  attributes,
  links: [],
  scopeName: 'swarmscope',
  serviceName: 's',
  pid: 1,
});
const call = (spanId: string, parent: string, startMs: number, model: string, usd: number): SpanRow =>
  span(spanId, parent, startMs, {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': model,
    'gen_ai.usage.input_tokens': 1_000_000,
    'gen_ai.usage.output_tokens': 0,
    'swarmscope.cost.amount': usd,
    'swarmscope.cost.currency': 'USD',
  });
const phase = (spanId: string, startMs: number): SpanRow =>
  span(spanId, undefined, startMs, { 'swarmscope.operation.name': 'run_phase', 'swarmscope.phase.name': spanId });
const log = (eventName: string, attributes: LogRow['attributes']): LogRow => ({
  timeMs: 1,
  eventName,
  body: undefined,
  severity: 9,
  traceId: undefined,
  spanId: undefined,
  attributes,
  serviceName: 's',
});
const choice = (tier: string, model: string, outcome: string, more: LogRow['attributes'] = {}): LogRow =>
  log('swarmscope.routing.decision.made', {
    'swarmscope.routing.tier': tier,
    'gen_ai.request.model': model,
    'swarmscope.routing.outcome': outcome,
    ...more,
  });

const data: RunData = {
  run: { id: 'r', name: 'r', command: '', startMs: 0, endMs: 1_000, exitCode: 0, signal: undefined },
  spans: [phase('scout', 0), phase('build', 100), call('a', 'scout', 0, 'gpt-4o-mini', 0.15), call('b', 'build', 100, 'gpt-4o', 2.5)],
  series: [],
  logs: [
    choice('small', 'gpt-4o-mini', 'selected', { 'swarmscope.routing.complexity': 0.2, 'swarmscope.routing.reason': 'short' }),
    choice('small', 'gpt-4o-mini', 'selected', { 'swarmscope.routing.complexity': 0.4, 'swarmscope.routing.reason': 'short' }),
    choice('frontier', 'gpt-4o', 'fallback', { 'swarmscope.routing.reason': 'context_overflow' }),
    log('swarmscope.context.optimized', {
      'swarmscope.context.optimizer.name': 'trim-history',
      'swarmscope.context.optimization.tokens.before': 120_000,
      'swarmscope.context.optimization.tokens.after': 30_000,
    }),
  ],
  losses: {},
};

test('tiers, reasons, complexity, fallbacks, and the cost beside the dearest model for all', () => {
  const { routing } = analyse(data);
  expect(routing).toMatchObject({
    decisions: 3,
    tiers: [
      { tier: 'small', models: ['gpt-4o-mini'], decisions: 2, fallbacks: 0, rejected: 0 },
      { tier: 'frontier', models: ['gpt-4o'], decisions: 1, fallbacks: 1, rejected: 0, meanComplexity: undefined },
    ],
    reasons: [
      { reason: 'short', count: 2 },
      { reason: 'context_overflow', count: 1 },
    ],
    cost: { calls: 2, baselineModel: 'gpt-4o' },
  });
  expect(routing?.tiers[0]?.meanComplexity).toBeCloseTo(0.3);
  expect(routing?.cost?.amount).toBeCloseTo(2.65);
  // By the published price of a million tokens of input, twice.
  expect(routing?.cost?.baselineAmount).toBeCloseTo(5);
});

test('without a second model there is no baseline, and without a choice no routing', () => {
  const [first] = data.logs;
  if (first === undefined) throw new Error('no log');
  expect(analyse({ ...data, logs: [first] }).routing?.cost).toBeUndefined();
  const none = analyse({ ...data, logs: [] });
  expect([none.routing, none.optimization]).toEqual([undefined, []]);
  expect(renderReport(none)).not.toContain('Routing and context');
});

test('contexts before and after, and phases with what their calls used', () => {
  const report = analyse(data);
  expect(report.optimization).toEqual([{ optimizer: 'trim-history', times: 1, tokensBefore: 120_000, tokensAfter: 30_000 }]);
  expect(report.phases).toMatchObject([
    { name: 'scout', times: 1, durationMs: 100, failed: 0, calls: 1, tokens: { input: 1_000_000 }, cost: { amount: 0.15 } },
    { name: 'build', calls: 1, cost: { amount: 2.5 } },
  ]);
  const text = renderReport(report).replaceAll(/\s+/g, ' ');
  expect(text).toContain('3 choices of a model: small 2 (complexity 0.30 on average), frontier 1 (1 fallback)');
  expect(text).toContain('because of: short 2, context_overflow 1');
  expect(text).toContain('2 calls of these models cost $2.65; all with gpt-4o, token by token: $5.00');
  expect(text).toContain('context made smaller by trim-history 1 time: 120.0k tokens before, 30.0k after (75% less)');
  expect(text).toMatch(/Phases scout .*build/);
});
