/** Records of runs that are odd: what can be known is reported, and no finding comes without evidence. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { analyse, type RunReport } from '../../../src/analysis/index.ts';
import { findFiles, readRecords } from '../../../src/viewer/import/index.ts';
import { filesIn, request, spanJson, type TestSpan } from '../../cli/import/records.ts';

async function reportOf(spans: readonly object[]): Promise<RunReport> {
  const folder = filesIn({ 'run.jsonl': JSON.stringify(request(spans)) });
  const { data } = await readRecords(findFiles([join(folder, 'run.jsonl')]).sources);
  const report = analyse(data);
  const ids = new Set(data.spans.map(({ spanId }) => spanId));
  for (const { evidence } of report.findings) {
    expect(evidence.spanIds.length).toBeGreaterThan(0);
    expect(evidence.spanIds.filter((id) => !ids.has(id))).toEqual([]);
  }
  return report;
}

const task = (id: number, fromMs: number, toMs: number, parent?: number): TestSpan => ({
  id,
  name: 'run_task build',
  ...(parent === undefined ? {} : { parent }),
  fromMs,
  toMs,
  attributes: { 'swarmscope.operation.name': 'run_task', 'swarmscope.task.type': 'build', 'swarmscope.task.id': `part-${id}` },
});

const call = (id: number, parent: number, fromMs: number, toMs: number): TestSpan => ({
  id,
  name: 'chat m',
  parent,
  fromMs,
  toMs,
  attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.request.model': 'gpt-5.4-mini' },
});

test('500 lanes add up, as one lane does', async () => {
  for (const lanes of [500, 1]) {
    const spans = Array.from({ length: 500 }, (_, at) => task(at + 1, Math.floor(at / lanes) * 100, Math.floor(at / lanes) * 100 + 100));
    const { laneTime, parallelism, findings } = await reportOf(spans.map(spanJson));
    expect(parallelism.peak).toBe(lanes);
    expect(laneTime.check).toBeCloseTo(1, 3);
    expect(findings.map(({ kind }) => kind)).not.toContain('straggler');
  }
});

test('parents in a circle and parents that nobody knows keep their spans', async () => {
  const spans = [task(1, 0, 1_000, 2), task(2, 0, 900, 1), task(3, 100, 800, 99), call(4, 3, 200, 700)];
  expect(await reportOf(spans.map(spanJson))).toMatchObject({ spanCount: 4, usage: { calls: 1 }, losses: {} });
});

test('of a run of which three spans in ten are gone the rest is told', async () => {
  const spans = Array.from({ length: 40 }, (_, at) => [
    task(at * 2 + 1, at * 50, at * 50 + 400),
    call(at * 2 + 2, at * 2 + 1, at * 50 + 10, at * 50 + 300),
  ]).flat();
  const left = spans.filter((_, at) => at % 10 > 2);
  const report = await reportOf(left.map(spanJson));
  expect(report.spanCount).toBe(left.length);
  expect(report.laneTime.check).toBeCloseTo(1, 2);
});

test('calls without tasks are lanes, and that there are no tasks is said', async () => {
  const report = await reportOf([call(1, 50, 0, 300), call(2, 50, 100, 600), call(3, 50, 400, 900)].map(spanJson));
  expect(report).toMatchObject({ usage: { calls: 3 }, parallelism: { peak: 2 } });
  expect(report.imported?.unknown.map(({ what }) => what)).toEqual(expect.arrayContaining(['tasks', 'waits']));
});

test('clocks that differ by two seconds move no call to another task, and no more time than that', async () => {
  const skewed = [1, 2, 3, 4].flatMap((lane) => {
    const offMs = lane % 2 === 0 ? 2_000 : -2_000;
    return [task(lane, 0, 20_000), call(lane + 10, lane, 1_000 + offMs, 19_000 + offMs)];
  });
  const { taskTypes, laneTime, usage, findings, slowest } = await reportOf(skewed.map(spanJson));
  expect([taskTypes[0]?.count, usage.calls]).toEqual([4, 4]);
  expect(laneTime.check).toBeCloseTo(1, 2);
  const llmMs = laneTime.byCategory.find(({ category }) => category === 'llm')?.ms ?? 0;
  expect(Math.abs(llmMs - 4 * 18_000)).toBeLessThanOrEqual(4 * 2_000);
  expect(slowest.every(({ llmCalls }) => llmCalls === 1)).toBe(true);
  expect(findings).toEqual([]);
});

test('attributes of types that nobody expects are not read, and cost no other', async () => {
  const odd = (key: string, value: object): object => ({ key, value });
  const values = [
    { boolValue: true },
    { arrayValue: { values: [{ intValue: '7' }, { stringValue: 'x' }] } },
    { kvlistValue: { values: [{ key: 'inner', value: { doubleValue: 1.5 } }] } },
    { bytesValue: 'AAEC' },
    { doubleValue: 'NaN' },
    { intValue: 'many' },
    {},
  ];
  const names = [
    'swarmscope.task.type',
    'swarmscope.task.id',
    'swarmscope.task.queue.wait_time',
    'gen_ai.usage.input_tokens',
    'error.type',
  ];
  const spans = values.map((value, at) => {
    const span = spanJson(call(at + 1, 99, at * 100, at * 100 + 50)) as { attributes: object[] };
    return { ...span, attributes: [...span.attributes, ...names.map((name) => odd(name, value))] };
  });
  const report = await reportOf(spans);
  expect(report.usage.calls).toBe(values.length);
  expect(report.findings).toEqual([]);
});

test('of a run that was cut off what had ended is told, and of what has lost its task the calls', async () => {
  const spans = Array.from({ length: 8 }, (_, at) => [
    task(at + 1, 0, 1_000 + at * 1_000),
    call(at + 21, at + 1, 0, 900 + at * 1_000),
  ]).flat();
  const told = spans.filter(({ toMs }) => toMs <= 4_900);
  const report = await reportOf(told.map(spanJson));
  expect([report.taskTypes[0]?.count, report.usage.calls]).toEqual([4, 5]);
  expect(report.laneTime.check).toBeCloseTo(1, 2);
});
