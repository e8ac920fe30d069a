// OpenTelemetry's own Python exporters, by gRPC and by HTTP, against the embedded receiver.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startReceiver, type Receiver } from '../../src/viewer/receive/receiver.ts';
import type { SpanRow } from '../../src/analysis/model.ts';
import { runProgram } from '../harness/index.ts';
import { installPython } from './install.ts';

let python: string;
let receiver: Receiver;
const spans: SpanRow[] = [];
const told = { points: 0, logs: 0 };

beforeAll(async () => {
  python = installPython();
  receiver = await startReceiver({
    onTraces: (rows) => void spans.push(...rows.spans),
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
  spans.length = 0;
  Object.assign(told, { points: 0, logs: 0 });
  const result = await runProgram({
    command: python,
    args: [`${import.meta.dirname}/programs/send.py`, protocol, 'a'],
    preload: 'none',
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: withKey === '' ? receiver.url : receiver.endpoint,
      OTEL_EXPORTER_OTLP_COMPRESSION: compression,
    },
  });
  expect(result).toMatchObject({ code: 0, stdout: 'done\n', stderr: expect.not.stringContaining('Failed to export') });
  expect(spans.map(({ name }) => name).sort()).toEqual(['step a', 'work a']);
  expect(told).toEqual({ points: 1, logs: 1 });
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
