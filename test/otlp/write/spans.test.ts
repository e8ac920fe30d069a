/** Spans as bytes and as JSON, held against OpenTelemetry's own serializers. */
import { describe, expect, test } from '@jest/globals';
import { SpanKind, SpanStatusCode, TraceFlags, createTraceState, trace, ROOT_CONTEXT } from '@opentelemetry/api';
import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { jsonRequest, protobufRequest } from '../../../src/otlp/write/envelope.ts';
import { jsonSpan } from '../../../src/otlp/write/json.ts';
import { writeSpan } from '../../../src/otlp/write/spans.ts';
import { WireWriter } from '../../../src/otlp/write/wire-writer.ts';
import { readTree, traceRequest, withoutZeros } from './protobuf-tree.ts';

const RESOURCE = { 'service.name': 'swarm', 'process.pid': 4711, tags: ['a', 'b'] };

function record(make: (tracer: ReturnType<TracerProvider['getTracer']>) => void): ReadableSpan[] {
  const spans: ReadableSpan[] = [];
  const done = (): Promise<void> => Promise.resolve();
  const provider = new TracerProvider({
    resource: resourceFromAttributes(RESOURCE),
    spanProcessors: [{ onStart: () => undefined, onEnd: (span) => void spans.push(span), forceFlush: done, shutdown: done }],
  });
  make(provider.getTracer('scope', '1.2.3', { schemaUrl: 'https://example.com/schema' }));
  return spans;
}

function encode(spans: readonly ReadableSpan[]): Buffer {
  const writer = new WireWriter();
  for (const span of spans) {
    writeSpan(writer, span);
    writer.commit();
  }
  return protobufRequest(RESOURCE, [{ scope: spans[0]!.instrumentationScope, chunks: writer.takeChunks() }]);
}

const parent = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: createTraceState('vendor=1'),
};

const cases: Record<string, (tracer: ReturnType<TracerProvider['getTracer']>) => void> = {
  'with nothing but a name': (tracer) => tracer.startSpan('bare').end(),
  'with an empty name': (tracer) => tracer.startSpan('').end(),
  'with every type of attribute': (tracer) =>
    tracer
      .startSpan('types', {
        kind: SpanKind.CLIENT,
        attributes: {
          text: 'value',
          empty: '',
          yes: true,
          no: false,
          zero: 0,
          int: 42,
          negative: -7,
          'int.max.safe': Number.MAX_SAFE_INTEGER,
          'int.min.safe': Number.MIN_SAFE_INTEGER,
          'int.huge': 2 ** 62,
          'int.lowest': -(2 ** 63),
          'beyond.int64': 1e300,
          fraction: 0.1,
          'negative.fraction': -1.5,
          texts: ['a', '', 'ü'],
          numbers: [1, 2.5, -3],
          flags: [true, false],
          nothing: [],
        },
      })
      .end(),
  'with unicode': (tracer) =>
    tracer.startSpan('Größe 蜂群 🐝', { attributes: { 'schlüssel.🐝': 'wert 🐝'.repeat(30), lone: 'a\ud800b', mixed: 'ä' } }).end(),
  'with texts at every length where the encoding changes': (tracer) => {
    const attributes: Record<string, string> = {};
    for (const length of [31, 32, 42, 43, 63, 64, 65, 127, 128, 5461, 5462, 16_383, 16_384, 70_000]) {
      attributes[`ascii.${length}`] = 'x'.repeat(length);
      attributes[`wide.${length}`] = '蜂'.repeat(length);
    }
    tracer.startSpan('lengths', { attributes }).end();
  },
  // The last name whose number is written in one go, and the first that is not; what is written of a name is its length and two bytes.
  'with numbers under names of every length': (tracer) => {
    const attributes: Record<string, number> = {};
    for (const length of [1, 97, 98, 99, 100, 126, 127, 128, 129, 300])
      for (const [index, number] of [0, 127, 128, 2 ** 31, 2 ** 32, 2 ** 53, Number.MAX_SAFE_INTEGER, -1, 0.5, -0, 1e-300].entries())
        attributes[`${index}`.padEnd(length, 'k')] = number;
    tracer.startSpan('numbers', { attributes }).end();
  },
  'with a parent, links, events and a status': (tracer) => {
    const span = tracer.startSpan(
      'full',
      {
        kind: SpanKind.CONSUMER,
        startTime: [1_795_000_000, 999_999_999],
        links: [{ context: parent, attributes: { why: 'retry' } }, { context: { ...parent, isRemote: false, traceFlags: 0 } }],
      },
      trace.setSpanContext(ROOT_CONTEXT, parent),
    );
    span.addEvent('started', { attempt: 1 }, [1_795_000_001, 1]);
    span.addEvent('no attributes');
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'it broke' });
    span.end([1_795_000_002, 0]);
  },
  'with status ok': (tracer) => {
    const span = tracer.startSpan('ok');
    span.setStatus({ code: SpanStatusCode.OK });
    span.end();
  },
  'with dropped attributes': (tracer) => {
    const span = tracer.startSpan('many');
    for (let index = 0; index < 200; index++) span.setAttribute(`key.${index}`, index);
    span.end();
  },
  'by the hundred, over several segments': (tracer) => {
    for (let index = 0; index < 500; index++)
      tracer.startSpan(`span ${index}`, { attributes: { index, model: 'm', id: `id-${index}`, text: 'x'.repeat(index) } }).end();
  },
};

describe.each(Object.entries(cases))('a span %s', (_name, make) => {
  const spans = record(make);

  test('means in our protobuf what it means in the reference', () => {
    const reference = ProtobufTraceSerializer.serializeRequest(spans);
    const [ours, theirs] = [encode(spans), reference!].map((bytes) => withoutZeros(readTree(bytes, traceRequest), traceRequest));
    expect(ours).toEqual(theirs);
  });

  test('means in our JSON what it means in the reference', () => {
    const chunks = spans.map((span) => Buffer.from(`,${jsonSpan(span)}`));
    const ours = JSON.parse(jsonRequest('traces', RESOURCE, [{ scope: spans[0]!.instrumentationScope, chunks }]).toString('utf8'));
    const reference = JSON.parse(Buffer.from(JsonTraceSerializer.serializeRequest(spans)!).toString('utf8'));
    expect(normalize(ours)).toEqual(normalize(reference));
  });
});

/** int64 may be text or number in OTLP/JSON; zero counts and empty status messages may be left out. */
function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
    if (key === 'droppedAttributesCount' && item === 0) return [];
    // The reference spells integers beyond 64 bits as intValue.
    if (key === 'intValue') return [[Math.abs(Number(item)) > 2 ** 63 ? 'doubleValue' : key, Number(item)]];
    return [[key, normalize(item)]];
  });
  return Object.fromEntries(entries);
}
