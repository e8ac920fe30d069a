/** Spans of our own tracer, held against those of OpenTelemetry's SDK: what goes to the wire is the same. */
import { describe, expect, test } from '@jest/globals';
import { createTraceState, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context, type Span } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { jsonSpan } from '../../../src/otlp/write/json.ts';
import { writeSpan, type FinishedSpan } from '../../../src/otlp/write/spans.ts';
import { WireWriter } from '../../../src/otlp/write/wire-writer.ts';
import type { SpanStarter } from '../../../src/recording/types.ts';
import { createSampler } from '../../../src/sdk/sampler.ts';
import { newId } from '../../../src/sdk/spans/ids.ts';
import { OwnTracer } from '../../../src/sdk/spans/tracer.ts';

type Settings = Parameters<typeof createSampler>[0];
type Program = (tracer: SpanStarter) => Span | undefined;

const ALL: Settings = { sampler: 'parentbased_always_on', samplerArgument: '' };
const START = 1_700_000_000_000.25;
const below = (traceFlags: TraceFlags): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags,
    isRemote: true,
    traceState: createTraceState('vendor=1'),
  });
const start = (tracer: SpanStarter, context: Context = ROOT_CONTEXT): Span =>
  tracer.startSpan('span', { kind: SpanKind.CLIENT, startTime: START }, context);
const many = (count: number): Record<string, number> => Object.fromEntries(Array.from({ length: count }, (_, at) => [`key.${at}`, at]));

function scoped(settings: Settings): { own: SpanStarter; theirs: SpanStarter; ended: Record<'own' | 'theirs', FinishedSpan[]> } {
  const ended = { own: [] as FinishedSpan[], theirs: [] as FinishedSpan[] };
  const sampler = createSampler(settings);
  const done = (): Promise<void> => Promise.resolve();
  const provider = new TracerProvider({
    sampler,
    spanProcessors: [{ onStart: () => undefined, onEnd: (span) => void ended.theirs.push(span), forceFlush: done, shutdown: done }],
  });
  const processor = { onStart: () => undefined, onEnd: (span: FinishedSpan) => void ended.own.push(span) };
  return { own: new OwnTracer({ scope: { name: 'scope' }, sampler, processor }), theirs: provider.getTracer('scope'), ended };
}

/** As JSON, with the ids that were drawn left out; and the length of its bytes. */
function told(spans: readonly FinishedSpan[], drawn: readonly string[]): unknown[] {
  return spans.map((span) => {
    const writer = new WireWriter();
    writeSpan(writer, span);
    const json = drawn.reduce((text, id, at) => text.replaceAll(id, `id ${at}`), jsonSpan(span));
    return { json: JSON.parse(json) as unknown, bytes: writer.commit() };
  });
}

const programs: Readonly<Record<string, Program>> = {
  'nothing but a name': (tracer) => start(tracer),
  'attributes of every type': (tracer) =>
    tracer
      .startSpan('span', { startTime: START, attributes: { text: 'a', empty: '', yes: true, no: false, zero: 0, list: ['a', 'b'] } })
      .setAttribute('half', 0.5)
      .setAttribute('huge', 2 ** 60)
      .setAttribute('none', Number.NaN),
  'an attribute that is set again keeps its place': (tracer) =>
    start(tracer).setAttributes({ first: 1, second: 2 }).setAttribute('first', 3),
  'as many attributes as there may be': (tracer) => start(tracer).setAttributes(many(128)),
  'one attribute too many, of which one was set before': (tracer) =>
    start(tracer).setAttributes(many(129)).setAttribute('key.0', 'new').setAttribute('late', 1),
  'a name and a status that change': (tracer) =>
    start(tracer).updateName('other').setStatus({ code: SpanStatusCode.ERROR, message: 'words' }),
  'a status that was found right': (tracer) =>
    start(tracer).setStatus({ code: SpanStatusCode.OK, message: 'none' }).setStatus({ code: SpanStatusCode.ERROR }),
  'a status that says nothing': (tracer) =>
    start(tracer).setStatus({ code: SpanStatusCode.ERROR }).setStatus({ code: SpanStatusCode.UNSET }),
  'events and links': (tracer) =>
    start(tracer)
      .addEvent('event', { count: 1 }, START + 1)
      .addEvent('timed', START + 2)
      .addLink({ context: trace.getSpanContext(below(TraceFlags.SAMPLED))!, attributes: { why: 'retry' } }),
  'too many events and links': (tracer) => {
    const span = start(tracer);
    const context = trace.getSpanContext(below(TraceFlags.SAMPLED))!;
    for (let at = 0; at < 130; at += 1) span.addEvent(`event ${at}`, many(130), START).addLink({ context, attributes: { at } });
    return span;
  },
  'a parent in another process, and its vendor state': (tracer) => start(tracer, below(TraceFlags.SAMPLED)),
  'a parent that is none': (tracer) =>
    start(tracer, trace.setSpanContext(ROOT_CONTEXT, { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 1 })),
};

describe('a span with', () => {
  test.each(Object.keys(programs))('%s', (name) => {
    const { own, theirs, ended } = scoped(ALL);
    for (const tracer of [own, theirs]) {
      const span = programs[name]?.(tracer);
      span?.end(START + 1_500.5);
      // After its end nothing changes.
      span?.setAttribute('late', true).updateName('late').setStatus({ code: SpanStatusCode.OK }).addEvent('late');
      span?.end(START + 9_000);
    }
    const [mine, reference] = [ended.own, ended.theirs].map((spans) =>
      told(
        spans,
        spans.flatMap((span) => [span.spanContext().traceId, span.spanContext().spanId]),
      ),
    );
    expect(ended.own).toHaveLength(1);
    expect(mine).toEqual(reference);
  });

  test('an end before its start takes no time', () => {
    const { own, theirs, ended } = scoped(ALL);
    for (const tracer of [own, theirs]) start(tracer).end(START - 10);
    expect(ended.own[0]?.endTime).toEqual(ended.theirs[0]?.endTime);
    expect(ended.own[0]?.endTime).toEqual(ended.own[0]?.startTime);
  });
});

describe('what the sampler leaves out is recorded by nobody, and keeps its ids', () => {
  const rows: readonly (readonly [Settings['sampler'], string, Context, boolean])[] = [
    ['always_off', '', ROOT_CONTEXT, false],
    ['always_on', '', below(TraceFlags.NONE), true],
    ['parentbased_always_on', '', below(TraceFlags.NONE), false],
    ['parentbased_always_off', '', below(TraceFlags.SAMPLED), true],
    ['traceidratio', '0', ROOT_CONTEXT, false],
    ['parentbased_traceidratio', '1', ROOT_CONTEXT, true],
  ];
  test.each(rows)('%s %s', (sampler, samplerArgument, context, isRecorded) => {
    const { own, theirs, ended } = scoped({ sampler, samplerArgument });
    const spans = [own, theirs].map((tracer) => start(tracer, context));
    for (const span of spans) span.end();
    expect(spans.map((span) => span.isRecording())).toEqual([false, false]);
    expect(spans.map((span) => span.spanContext().traceFlags)).toEqual(isRecorded ? [1, 1] : [0, 0]);
    expect([ended.own.length, ended.theirs.length]).toEqual(isRecorded ? [1, 1] : [0, 0]);
    const parent = trace.getSpanContext(context);
    if (parent !== undefined) expect(spans.map((span) => span.spanContext().traceId)).toEqual([parent.traceId, parent.traceId]);
  });
});

test('ids are hexadecimal, of the length that is asked for, and none comes twice', () => {
  const ids = Array.from({ length: 10_000 }, (_, at) => newId(at % 3 === 0 ? 32 : 16));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id, at) => new RegExp(`^[0-9a-f]{${at % 3 === 0 ? 32 : 16}}$`).test(id))).toBe(true);
});
