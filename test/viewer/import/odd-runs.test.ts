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
