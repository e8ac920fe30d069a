/** A call that is refused twice and repeated, by every client: lanes, path and trouble tell the same waits. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { analyse, type RunReport } from '../../../../src/analysis/index.ts';
import type { RunData, SpanRow } from '../../../../src/analysis/model.ts';
import { ATTR_HTTP_RESPONSE_STATUS_CODE } from '../../../../src/semconv/index.ts';
import { dist, startProgram, startSink } from '../../../harness/index.ts';
import { spansOf } from '../../../harness/received.ts';
import { programFolder } from './compare.ts';
import { startScriptedServer, type ScriptedServer } from './server.ts';

const WIRE = ['openai4', 'openai5', 'openai6', 'openai7', 'anthropic0', 'ai', 'axios', 'got', 'ky', 'fetch', 'fallback'];
/** They record the call themselves: it is one call with three attempts below. */
const NATIVE = ['anthropic0-latest', 'anthropic1'];

let server: ScriptedServer;
let spans: readonly SpanRow[];
beforeAll(async () => {
  const sink = await startSink();
  server = await startScriptedServer();
  const { finished } = startProgram({
    file: join(programFolder(), 'refusals.mjs'),
    preload: 'require',
    env: {
      SCRIPTED_URL: server.url,
      API: join(dist, 'index.mjs'),
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      SWARMSCOPE_EXIT_TIMEOUT: '10000',
    },
  });
  expect(await finished).toMatchObject({ stderr: '', code: 0 });
  spans = spansOf(sink);
}, 10 * 60_000);
afterAll(() => server.close());

test.each([...WIRE, ...NATIVE])('%s', (client) => {
  const { task, below } = taskOf(client);
  const attempts = below
    .filter(({ name }) => (NATIVE.includes(client) ? name === 'POST' : name.startsWith('chat ')))
    .sort((a, b) => a.startMs - b.startMs);
  expect(attempts.map(({ attributes }) => attributes[ATTR_HTTP_RESPONSE_STATUS_CODE])).toEqual([503, 529, 200]);
  const [first, second, third] = attempts as [SpanRow, SpanRow, SpanRow];
  const waitMs = second.startMs - endOf(first) + third.startMs - endOf(second);
  const refusedMs = endOf(first) - first.startMs + endOf(second) - second.startMs;
  const report = analyse(runOf(task, below));
  expect(waitMs).toBeGreaterThan(0);
  expect(msOf(report.laneTime)).toBeCloseTo(waitMs, 2);
  expect(msOf(report.wallPath)).toBeCloseTo(waitMs, 2);
  expect(report.trouble.rateLimited).toMatchObject({ count: 2, lostMs: expect.closeTo(waitMs + refusedMs, 2) });
  expect(report.usage.calls).toBe(NATIVE.includes(client) ? 1 : 3);
});

const endOf = ({ endMs }: SpanRow): number => endMs ?? NaN;

function taskOf(client: string): { task: SpanRow; below: SpanRow[] } {
  const task = spans.find(({ name }) => name === `run_task ${client}`);
  if (task === undefined) throw new Error(`no task ${client}`);
  const ids = new Set([task.spanId]);
  // A parent is exported after what is below it.
  for (let known = 0; known !== ids.size;) {
    known = ids.size;
    for (const { parentSpanId, spanId } of spans) if (ids.has(parentSpanId ?? '')) ids.add(spanId);
  }
  return { task, below: spans.filter((span) => span !== task && ids.has(span.spanId)) };
}

function runOf(task: SpanRow, below: readonly SpanRow[]): RunData {
  const { startMs, endMs } = task;
  const run = { id: 'r', name: 'r', command: 'node', startMs, endMs, exitCode: 0, signal: undefined };
  return { run, spans: [task, ...below], series: [], logs: [], losses: {} };
}

function msOf({ byCategory }: RunReport['laneTime'] | RunReport['wallPath']): number | undefined {
  return byCategory.find(({ category }) => category === 'wait:rate_limit')?.ms;
}
