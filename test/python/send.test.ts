// OpenTelemetry's own Python exporters, by gRPC and by HTTP, against the embedded receiver.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startReceiver, type Receiver } from '../../src/viewer/receive/receiver.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import { readRun } from '../../src/viewer/index.ts';
import { commandFile, ensureBuilt, runProgram, startProgram } from '../harness/index.ts';
import { installPython } from './install.ts';

let python: string;
let receiver: Receiver;
const received: SpanRow[] = [];
const told = { points: 0, logs: 0 };

beforeAll(async () => {
  python = installPython();
  receiver = await startReceiver({
    onTraces: (rows) => void received.push(...rows.spans),
    onMetrics: (rows) => void (told.points += rows.points.length),
    onLogs: (rows) => void (told.logs += rows.logs.length),
  });
});
afterAll(() => receiver.close());

test.each([
  ['grpc', 'none', ''],
  ['grpc', 'gzip', ''],
  ['http', 'gzip', ''],
  ['http', 'none', 'the key in the path'],
])('by %s, compression %s %s', async (protocol, compression, withKey) => {
  received.length = 0;
  Object.assign(told, { points: 0, logs: 0 });
  const result = await runProgram({
    command: python,
    args: [`${import.meta.dirname}/programs/send.py`, protocol, 'a'],
    preload: 'none',
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: withKey === '' ? receiver.url : receiver.endpoint,
      // The gRPC exporter knows no word for none.
      OTEL_EXPORTER_OTLP_COMPRESSION: compression === 'none' ? undefined : compression,
    },
  });
  expect(result).toMatchObject({ code: 0, stdout: 'done\n', stderr: expect.not.stringContaining('Failed to export') });
  expect(received.map(({ name }) => name).sort()).toEqual(['step a', 'work a']);
  expect(told).toEqual({ points: 1, logs: 1 });
});

test('two that one shell starts under `swarmscope run`, by gRPC and by HTTP, stand below their own processes', async () => {
  ensureBuilt();
  const program = `${import.meta.dirname}/programs/send.py`;
  const running = startProgram({
    preload: 'none',
    file: commandFile,
    args: ['run', '--quiet', '--', 'sh', '-c', `"${python}" "${program}" grpc one & "${python}" "${program}" http two & wait`],
  });
  expect(await running.finished).toMatchObject({ code: 0, stdout: 'done\ndone\n' });
  const { spans } = readRun(join(running.home, '.local/share/swarmscope'), 'latest');
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const above = (name: string): SpanRow | undefined => byId.get(spans.find((span) => span.name === name)?.parentSpanId ?? '');
  expect(above('step one')?.name).toBe('work one');
  const [one, two] = [above('work one'), above('work two')];
  expect([one?.attributes['process.executable.name'], two?.attributes['process.executable.name']]).toEqual([
    expect.stringMatching(/^python/),
    expect.stringMatching(/^python/),
  ]);
  expect(one?.spanId).not.toBe(two?.spanId);
  expect(spans.find(({ name }) => name === 'work one')?.pid).toBe(one?.attributes['process.pid']);
});

test('a gRPC exporter that is refused says why', async () => {
  const result = await runProgram({
    command: python,
    args: [`${import.meta.dirname}/programs/send.py`, 'grpc', 'a'],
    preload: 'none',
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_EXPORTER_OTLP_HEADERS: 'origin=http://localhost:3000' },
  });
  expect(result.stderr).toContain('PERMISSION_DENIED');
});
