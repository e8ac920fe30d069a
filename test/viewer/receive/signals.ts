/** Bytes as the official SDK sends them, and what a test needs to send them. */
import { request } from 'node:http';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

export function readableSpan(spanId = 'b7ad6b7169203331'): ReadableSpan {
  const context = { traceId: TRACE_ID, spanId, traceFlags: 1 };
  return {
    name: 'run_task implement',
    kind: SpanKind.INTERNAL,
    spanContext: () => context,
    parentSpanContext: { ...context, spanId: '00f067aa0ba902b7' },
    startTime: [1_700_000_000, 250_000_000],
    endTime: [1_700_000_001, 500_000_000],
    status: { code: SpanStatusCode.ERROR, message: 'no' },
    attributes: { text: 'grün', count: 42, negative: -7, ratio: 0.25, yes: true, list: ['a', 'b'] },
    links: [{ context: { ...context, spanId: '1111111111111111' } }],
    events: [{ name: 'ignored', time: [1_700_000_000, 0] }],
    duration: [1, 250_000_000],
    ended: true,
    resource: resourceFromAttributes({ 'service.name': 'swarm', 'process.pid': 4711 }),
    instrumentationScope: { name: 'swarmscope' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  } as unknown as ReadableSpan;
}

export function traceBytes(encoding: 'protobuf' | 'json', spans: ReadableSpan[] = [readableSpan()]): Uint8Array {
  const bytes = (encoding === 'protobuf' ? ProtobufTraceSerializer : JsonTraceSerializer).serializeRequest(spans);
  if (bytes === undefined) throw new Error('the serializer gave nothing');
  return bytes;
}

export function post(
  url: string,
  options: { body?: Uint8Array | string; headers?: Record<string, string>; method?: string } = {},
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method: options.method ?? 'POST', agent: false, headers: { 'content-type': 'application/x-protobuf', ...options.headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
      },
    );
    sent.on('error', reject);
    sent.end(options.body);
  });
}
