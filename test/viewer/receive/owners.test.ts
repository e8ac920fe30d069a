/** Spans that arrive hang below the process that sent them, whatever they carry as a parent. */
import { connect } from 'node:http2';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { hostname } from 'node:os';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startReceiver, type Receiver } from '../../../src/viewer/receive/receiver.ts';
import type { ConnectionEnds, Owner } from '../../../src/viewer/receive/owners.ts';
import type { LogRow, SpanRow } from '../../../src/analysis/model.ts';
import type { MetricPointRow } from '../../../src/viewer/receive/rows/index.ts';

const RUN = { traceId: 'a'.repeat(32), spanId: '1'.repeat(16) };
const PROCESS = { traceId: RUN.traceId, spanId: '2'.repeat(16) };
const OTHER_TRACE = 'b'.repeat(32);
const owner: Owner = { pid: 77, place: PROCESS, inherited: new Set([RUN.spanId]) };

let receiver: Receiver;
let spans: SpanRow[];
let points: MetricPointRow[];
let logs: LogRow[];
let asked: ConnectionEnds[];
afterEach(() => receiver.close());

async function start(
  ownerOf: (ends: ConnectionEnds) => Owner | undefined,
  processAt?: (pid: number, atMs: number) => Owner | 'stranger' | undefined,
): Promise<void> {
  [spans, points, logs] = [[], [], []];
  asked = [];
  receiver = await startReceiver({
    onTraces: (rows) => void spans.push(...rows.spans),
    onMetrics: (rows) => void points.push(...rows.points),
    onLogs: (rows) => void logs.push(...rows.logs),
    ownerOf(ends) {
      asked.push(ends);
      return Promise.resolve(ownerOf(ends));
    },
    ...(processAt === undefined ? {} : { processAt: (pid, atMs) => Promise.resolve(processAt(pid, atMs)) }),
  });
}

interface Sent {
  readonly spanId: string;
  readonly traceId?: string;
  readonly parentSpanId?: string;
  readonly resource?: Record<string, string>;
}

function bodyOf(...sent: readonly Sent[]): string {
  const attributes = (resource: Record<string, string>): unknown =>
    Object.entries(resource).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  return JSON.stringify({
    resourceSpans: sent.map(({ spanId, traceId = RUN.traceId, parentSpanId = '', resource = {} }) => ({
      resource: { attributes: attributes(resource) },
      scopeSpans: [
        {
          spans: [
            {
              traceId,
              spanId,
              parentSpanId,
              name: spanId,
              startTimeUnixNano: '1700000000000000000',
              endTimeUnixNano: '1700000001000000000',
            },
          ],
        },
      ],
    })),
  });
}

function send(body: string, agent?: Agent, signal = 'traces'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const sent = request(
      `${receiver.url}/v1/${signal}`,
      { method: 'POST', headers, ...(agent === undefined ? {} : { agent }) },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const id = (digit: string): string => digit.repeat(16);
const placeOf = ({ traceId, parentSpanId, parentTraceId, pid }: SpanRow): unknown => ({ traceId, parentSpanId, parentTraceId, pid });

test('a span without parent, or with one that it inherited, hangs below its process; ids and places inside of a program stay', async () => {
  await start(() => owner);
  await send(
    bodyOf(
      { spanId: id('3') },
      { spanId: id('4'), parentSpanId: RUN.spanId },
      { spanId: id('5'), parentSpanId: id('4') },
      { spanId: id('6'), traceId: OTHER_TRACE },
    ),
  );
  expect(spans.map(placeOf)).toEqual([
    { traceId: RUN.traceId, parentSpanId: PROCESS.spanId, parentTraceId: undefined, pid: 77 },
    { traceId: RUN.traceId, parentSpanId: PROCESS.spanId, parentTraceId: undefined, pid: 77 },
    { traceId: RUN.traceId, parentSpanId: id('4'), parentTraceId: undefined, pid: 77 },
    { traceId: OTHER_TRACE, parentSpanId: PROCESS.spanId, parentTraceId: RUN.traceId, pid: 77 },
  ]);
  expect(spans.map(({ spanId }) => spanId)).toEqual(['3', '4', '5', '6'].map(id));
  expect(receiver.unknownSpans()).toBe(0);
});

test('a connection is asked about once, with its two ends, over HTTP/1 and HTTP/2', async () => {
  await start(() => owner);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  await send(bodyOf({ spanId: id('3') }), agent);
  await send(bodyOf({ spanId: id('4') }), agent);
  agent.destroy();
  expect(asked).toEqual([{ localPort: receiver.port, remotePort: expect.any(Number) }]);
  const session = connect(receiver.url);
  for (const digit of ['5', '6']) {
    const stream = session.request({ ':method': 'POST', ':path': '/v1/traces', 'content-type': 'application/json' });
    stream.resume().end(bodyOf({ spanId: id(digit) }));
    await once(stream, 'close');
  }
  session.destroy();
  expect(asked).toHaveLength(2);
  expect(spans.map(({ pid }) => pid)).toEqual([77, 77, 77, 77]);
});

test('two processes with the same TRACEPARENT are told apart by their connections', async () => {
  let next = 0;
  await start(() => {
    next += 1;
    return { ...owner, pid: next, place: { ...PROCESS, spanId: id(String(next)) } };
  });
  for (const digit of ['8', '9']) await send(bodyOf({ spanId: id(digit), parentSpanId: RUN.spanId }), new Agent());
  expect(spans.map(({ pid, parentSpanId }) => [pid, parentSpanId])).toEqual([
    [1, id('1')],
    [2, id('2')],
  ]);
});

test('what a process of swarmscope sends has its place, and nobody is asked', async () => {
  await start(() => owner);
  const resource = { 'telemetry.distro.name': 'swarmscope', 'service.instance.id': '0af76519-16cd-43dd-8448-eb211c80319c' };
  await send(bodyOf({ spanId: id('3'), parentSpanId: RUN.spanId, resource }));
  expect([spans[0]?.parentSpanId, asked]).toEqual([RUN.spanId, []]);
});

test('a span whose process nobody knows stays where it is, and is counted', async () => {
  await start(() => undefined);
  await send(bodyOf({ spanId: id('3') }, { spanId: id('4'), parentSpanId: id('3') }));
  expect(spans.map(({ parentSpanId, pid }) => [parentSpanId, pid])).toEqual([
    [undefined, undefined],
    [id('3'), undefined],
  ]);
  expect(receiver.unknownSpans()).toBe(1);
});

const attributesOf = (resource: Record<string, string>): unknown => ({
  attributes: Object.entries(resource).map(([key, stringValue]) => ({ key, value: { stringValue } })),
});
const metricsOf = (resource: Record<string, string>): string => {
  const dataPoints = [{ timeUnixNano: '1700000000000000000', asInt: 3 }];
  const metrics = [{ name: 'tokens', sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints } }];
  return JSON.stringify({ resourceMetrics: [{ resource: attributesOf(resource), scopeMetrics: [{ metrics }] }] });
};
const logsOf = (resource: Record<string, string>): string => {
  const logRecords = [{ timeUnixNano: '1700000000000000000', eventName: 'said' }];
  return JSON.stringify({ resourceLogs: [{ resource: attributesOf(resource), scopeLogs: [{ logRecords }] }] });
};

test('points and log records have the process that sent them as owner', async () => {
  await start(() => owner);
  await send(metricsOf({}), undefined, 'metrics');
  await send(logsOf({}), undefined, 'logs');
  expect([points[0]?.owner, logs[0]?.owner]).toEqual([PROCESS, PROCESS]);
});

test('points and log records of ours have none, and nobody is asked; where nobody knows there is none either', async () => {
  await start(() => owner);
  const ours = { 'telemetry.distro.name': 'swarmscope' };
  await send(metricsOf(ours), undefined, 'metrics');
  await send(logsOf(ours), undefined, 'logs');
  expect([points[0]?.owner, logs[0]?.owner, asked]).toEqual([undefined, undefined, []]);
  await receiver.close();
  await start(() => undefined);
  await send(metricsOf({}), undefined, 'metrics');
  expect([points[0]?.owner, asked.length]).toEqual([undefined, 1]);
});

describe('what a reader in the kernel tells', () => {
  const reader = { 'otel.scope.name': 'go.opentelemetry.io/obi' };
  const of = (pid: number, host = hostname()): Record<string, string> => ({ ...reader, 'service.instance.id': `${host}:${pid}` });
  const call: Owner = { pid: 5, place: { ...PROCESS, spanId: id('5') }, inherited: new Set() };
  const processAt = (pid: number): Owner | 'stranger' => (pid === 5 ? call : 'stranger');

  test('is of the process that it names, and not of the one that sends it', async () => {
    await start(() => owner, processAt);
    await send(bodyOf({ spanId: id('3'), resource: of(5) }, { spanId: id('4') }));
    const placed = spans.map(({ spanId, parentSpanId, pid, attributes }) => [spanId, parentSpanId, pid, attributes['process.pid']]);
    expect(placed.sort()).toEqual([
      [id('3'), id('5'), 5, 5],
      [id('4'), PROCESS.spanId, 77, undefined],
    ]);
  });

  test('of a process that is not of the run is not kept, and counted', async () => {
    await start(() => owner, processAt);
    await send(bodyOf({ spanId: id('3'), resource: of(6) }));
    expect([spans, receiver.strangerSpans()]).toEqual([[], 1]);
  });

  test("without a process, or of one of another machine, stays where it is and is nobody's", async () => {
    await start(() => owner, processAt);
    await send(bodyOf({ spanId: id('3'), resource: reader }, { spanId: id('4'), resource: of(5, 'elsewhere') }));
    expect(spans.map(({ parentSpanId, pid }) => [parentSpanId, pid])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(receiver.strangerSpans()).toBe(0);
  });
});
