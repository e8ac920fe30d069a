/** What is missing is what processes recorded, less what is stored; nothing is said where nothing is missing. */
import { expect, test } from '@jest/globals';
import type { RunData, SenderLedger, SignalLedger } from '../../src/analysis/model.ts';
import { analyse } from '../../src/analysis/index.ts';
import { renderReport } from '../../src/cli/report/index.ts';
import * as words from '../../src/semconv/index.ts';
import { run, span, T0 } from './hand-built.ts';

const nothing: SignalLedger = { recorded: 0, sent: 0, left: 0, takenOver: 0, dropped: {} };
const ledger = (traces: Partial<SignalLedger>, more: Partial<SenderLedger> = {}): SenderLedger => ({
  sender: 'a1a1a1a1a1a1',
  process: '7',
  isEnded: true,
  traces: { ...nothing, ...traces },
  logs: nothing,
  storedSpans: 0,
  ...more,
});

function task(id: string, from: number) {
  const attributes = { [words.ATTR_SWARMSCOPE_OPERATION_NAME]: words.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK };
  return span({ id, from, to: from + 1, attributes });
}

const call = span({
  id: 'call',
  parent: 'task',
  from: 0.1,
  to: 0.9,
  attributes: {
    [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_CHAT,
    [words.ATTR_GEN_AI_REQUEST_MODEL]: 'gpt-5.5',
    [words.ATTR_GEN_AI_USAGE_INPUT_TOKENS]: 1_000,
    [words.ATTR_GEN_AI_USAGE_OUTPUT_TOKENS]: 100,
    [words.ATTR_SWARMSCOPE_COST_AMOUNT]: 0.5,
    [words.ATTR_SWARMSCOPE_COST_CURRENCY]: 'USD',
  },
});

const withLedgers = (ledgers: readonly SenderLedger[], more: Partial<RunData> = {}): RunData => ({
  ...run(2, [task('task', 0), call]),
  ledgers,
  ...more,
});

const missingOf = (ledgers: readonly SenderLedger[], more: Partial<RunData> = {}) => {
  const { missing, losses } = analyse(withLedgers(ledgers, more));
  return { missing, losses };
};

test('what a full queue dropped is counted, by signal and reason', () => {
  const logs = { ...nothing, recorded: 500, sent: 74, dropped: { queue_full: 426 } };
  expect(missingOf([ledger({ recorded: 5_000, sent: 76, dropped: { queue_full: 4_924 } }, { logs, storedSpans: 76 })])).toEqual({
    missing: {
      spans: 4_924,
      byReason: { queue_full: 4_924 },
      spanStarts: { queue_full: 426 },
      processes: 1,
      isAtLeast: false,
      isIncomplete: true,
    },
    losses: { 'span.queue-full': 4_924, 'span-start.queue-full': 426 },
  });
});

test('what was given up and arrived all the same is not missing', () => {
  const late = ledger({ recorded: 50, sent: 0, dropped: { timeout: 50 } }, { storedSpans: 50 });
  const partly = ledger({ recorded: 50, sent: 0, dropped: { timeout: 50 } }, { sender: 'b2b2b2b2b2b2', process: '8', storedSpans: 30 });
  expect(missingOf([late])).toEqual({ missing: undefined, losses: {} });
  expect(missingOf([late, partly])).toMatchObject({ missing: { spans: 20, processes: 1 }, losses: { 'span.timeout': 20 } });
});

test('one process that has more than it told makes good no loss of another', () => {
  const more = ledger({ recorded: 10, sent: 0 }, { isEnded: false, storedSpans: 25 });
  const less = ledger({ recorded: 10, sent: 0 }, { sender: 'b2b2b2b2b2b2', process: '8', isEnded: false, storedSpans: 4 });
  expect(missingOf([more, less])).toMatchObject({ missing: { spans: 6, isAtLeast: true }, losses: { 'span.process-killed': 6 } });
});

test('what a thread left and its process took over is counted once', () => {
  const main = ledger({ recorded: 40, sent: 40, takenOver: 30 }, { storedSpans: 40 });
  const thread = ledger({ recorded: 80, sent: 50 }, { sender: 'b2b2b2b2b2b2', isEnded: false, storedSpans: 50 });
  expect(missingOf([main, thread])).toEqual({ missing: undefined, losses: {} });
});

test('what the receiver rejected or the store has no room for is told by them alone', () => {
  const losses = { 'span.bad-time': 3, 'span.store-full': 5 };
  const told = missingOf([ledger({ recorded: 20, sent: 17, dropped: { rejected: 3 } }, { storedSpans: 12 })], { losses });
  expect(told).toMatchObject({ missing: { spans: 0, isIncomplete: true }, losses });
});

test('what a process without a ledger dropped is told by its metrics', () => {
  const dropped = (reason: string, value: number, instanceId: string) => ({
    name: words.METRIC_SWARMSCOPE_TELEMETRY_DROPPED.name,
    unit: '{item}',
    kind: 'sum' as const,
    isMonotonic: true,
    attributes: {
      [words.ATTR_SWARMSCOPE_TELEMETRY_SIGNAL]: words.SWARMSCOPE_TELEMETRY_SIGNAL_VALUE_SPAN,
      [words.ATTR_SWARMSCOPE_DROP_REASON]: reason,
    },
    instanceId,
    points: [
      { timeMs: T0, value: 1 },
      { timeMs: T0 + 1, value },
    ],
  });
  const series = [dropped('queue_full', 30, 'i'), dropped('queue_full', 5, 'j'), dropped('rejected', 9, 'i')];
  const told = ledger({ recorded: 40, sent: 10, dropped: { queue_full: 30 } }, { storedSpans: 10 });
  expect(missingOf([told], { series })).toMatchObject({ missing: { spans: 35, isAtLeast: true }, losses: { 'span.queue-full': 35 } });
});

test('sums say that they are lower bounds, and lanes, parallelism and percentiles that spans are missing', () => {
  const report = analyse(withLedgers([ledger({ recorded: 12, sent: 2, dropped: { exit: 10 } }, { storedSpans: 2 })]));
  expect(report.usage).toMatchObject({ isLowerBound: true, cost: { amount: 0.5, isLowerBound: true } });
  expect(report.usage.models).toMatchObject([{ cost: { isLowerBound: true } }]);
  const text = renderReport(report);
  expect(text).toMatch(/^swarmscope {2}demo {2}2\.0 s, exit code 0, 2 spans, 10 more were lost$/m);
  expect(text).toMatch(/gpt-5\.5 +1\+ +1\.0k\+ +- +100\+ +\$0\.5000\+/);
  expect(text).toContain('+ at least: spans are missing');
  for (const title of ['Lanes', 'How long things take', 'Parallelism'])
    expect(text).toMatch(new RegExp(`^${title}\\n(?: .*\\n)+? {2}Spans are missing in this section`, 'm'));
  expect(text.replaceAll(/\s+/g, ' ')).toContain('10 spans of 1 process did not arrive. Calls, tokens and money are at least');
});

test('spans that were stored and could not be read are missing, too', () => {
  const report = analyse(withLedgers([], { unread: [{ what: 'span', read: 2, of: 9, neededBytes: 1 }] }));
  expect(report).toMatchObject({ missing: { spans: 0, isIncomplete: true }, usage: { isLowerBound: true } });
  expect(renderReport(report)).toContain('Spans are missing in this section: see "Not read".');
});

test('nothing is said where nothing is missing', () => {
  const report = analyse(withLedgers([ledger({ recorded: 2, sent: 1, left: 1 }, { storedSpans: 2 })]));
  expect(report).toMatchObject({ missing: undefined, losses: {}, usage: { isLowerBound: false, cost: { isLowerBound: false } } });
  expect(renderReport(report)).not.toMatch(/missing|at least|lost|\d\+/i);
});
