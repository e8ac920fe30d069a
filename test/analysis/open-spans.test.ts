/** What did not end in the run: what ended is counted with its real duration, what did not is shown as open. */
import { expect, it } from '@jest/globals';
import { analyse } from '../../src/analysis/index.ts';
import { renderReport } from '../../src/cli/report/text.ts';
import * as words from '../../src/semconv/index.ts';
import { expectAgreement } from './agreement.ts';
import { batch, child, llm, run, span, T0, task, tokens, tool } from './hand-built.ts';
import { row } from './report-of.ts';

it('a call that ends after the run, or before or after it altogether, counts as long as it took', () => {
  const report = analyse(
    run(10, [
      span({ id: 'a', from: 1, to: 3, attributes: llm(tokens(1, 1)) }),
      span({ id: 'b', from: 9, to: 11, attributes: llm(tokens(1, 1)) }),
      span({ id: 'c', from: 12, to: 14, attributes: llm(tokens(1, 1)) }),
      span({ id: 'd', from: -4, to: -2, attributes: llm(tokens(1, 1)) }),
    ]),
  );
  expect(report.usage).toMatchObject({ calls: 4, tokens: { input: 4 } });
  expect(row(report, 'llm')).toMatchObject({ count: 4, open: 0, durationMs: { count: 4, p50: 2000, max: 2000 } });
  expectAgreement(report);
});

it('a call, a task and a tool that never ended are open, and in no percentile', () => {
  const report = analyse(
    run(100, [
      span({ id: 't', from: 0, attributes: task('build') }),
      span({ id: 'u', from: 0, to: 10, attributes: task('build') }),
      span({ id: 'a', parent: 't', from: 1, to: 3, attributes: llm() }),
      span({ id: 'b', parent: 't', from: 3, attributes: llm() }),
      span({ id: 'x', parent: 't', from: 3, attributes: tool('read') }),
    ]),
  );
  expect(row(report, 'llm')).toMatchObject({ count: 2, open: 1, durationMs: { count: 1, max: 2000 } });
  expect(row(report, 'tool')).toMatchObject({ count: 1, open: 1, durationMs: undefined });
  expect(report.taskTypes).toMatchObject([{ name: 'build', count: 2, open: 1, durationMs: { max: 10_000 } }]);
  expect(report.usage.tools.byName).toEqual([{ name: 'read', requests: 0, executions: 1, durationMs: 0, untimed: 1 }]);
  expect(report.slowest[0]).toMatchObject({ isOpen: true, typicalMs: undefined });
  expect(report.trouble.openCount).toBe(3);
  const text = renderReport(report);
  expect(text).toMatch(/LLM +2 +- +1 +2\.0 s/);
  expect(text).toMatch(/tool +1 +- +1 +- +- +-/);
});

it('what a killed process had open went on until that process ended, and is open nevertheless', () => {
  const killed = child('node', 'node', { [words.ATTR_PROCESS_PID]: 7, [words.ATTR_SWARMSCOPE_PROCESS_SIGNAL]: 'SIGKILL' });
  const of = (spans: Parameters<typeof run>[1]) => analyse(run(100, spans));
  const report = of([
    span({ id: 'p', from: 1, to: 20, isError: true, attributes: killed }),
    // The id was given to another process later, of which no end is known.
    span({ id: 'a', parent: 'p', from: 2, pid: 7, attributes: llm() }),
    span({ id: 'b', from: 90, pid: 7, attributes: llm() }),
    span({ id: 'c', from: 90, to: 91, pid: 7, attributes: llm() }),
  ]);
  expect(row(report, 'llm')).toMatchObject({ count: 3, open: 2, durationMs: { count: 1, max: 1000 } });
  expect(report.trouble.open.map(({ ageMs }) => ageMs)).toEqual([18_000, 10_000]);
  // 18 s of the killed one, 10 and 1 of the later one, whose calls at once take a lane each.
  expect(report.laneTime.byCategory.find(({ category }) => category === 'llm')?.ms).toBe(29_000);
  expectAgreement(report);
});

it('a child process whose parent ended first has no known duration, and has not failed', () => {
  const cut = { [words.ATTR_ERROR_TYPE]: words.ERROR_TYPE_VALUE_PROCESS_EXIT };
  const report = analyse(
    run(10, [
      span({ id: 'p', from: 0, to: 1, isError: true, attributes: child('claude-helper', 'other', cut) }),
      span({ id: 'q', from: 0, to: 5, attributes: child('npm', 'package_manager') }),
    ]),
  );
  expect(row(report, 'process')).toMatchObject({ count: 2, failed: 0, open: 1, durationMs: { count: 1, p50: 5000 } });
  expect(report.children).toMatchObject({ count: 2, failed: 0 });
  expect(report.trouble.errors).toMatchObject([{ about: 'cut off by the end of the process', count: 1 }]);
});

it('a run that was cut off lasts until the last thing that was heard of it, also where that was a metric', () => {
  const data = run(0, [span({ id: 'l', from: 1, attributes: llm() })]);
  const series = {
    name: 'swarmscope.task.active',
    unit: '1',
    kind: 'gauge' as const,
    isMonotonic: false,
    attributes: {},
    instanceId: 'i',
    points: [{ timeMs: T0 + 60_000, value: 1 }],
  };
  const cut = { ...data, series: [series], run: { ...data.run, endMs: undefined, exitCode: undefined } };
  expect(analyse(cut).trouble.open).toMatchObject([{ ageMs: 59_000 }]);
});

it('a batch that never ended says so', () => {
  const report = analyse(
    run(10, [
      span({ id: 'b', from: 0, attributes: batch(0) }),
      span({ id: 't', parent: 'b', from: 0, to: 4, attributes: task('a') }),
      span({ id: 'u', parent: 'b', from: 0, attributes: task('a') }),
    ]),
  );
  expect(report.batches).toMatchObject([{ isOpen: true, straggler: { spanId: 'u' } }]);
  expect(renderReport(report)).toMatch(/p-queue 0 +2 +open 10\.0 s/);
});
