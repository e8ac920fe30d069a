/** What a thread keeps for the main thread: read at any moment, it is what was recorded and neither sent nor told. */
import { ValueType } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { MetricSnapshot } from '../../src/root/index.ts';
import { Journal } from '../../src/sdk/journal/journal.ts';
import { itemsLeft, metricsLeft, spansLeft } from '../../src/sdk/journal/left.ts';
import { readLog, SharedLog } from '../../src/sdk/journal/shared-log.ts';
import { SyncMeter } from '../../src/sdk/metrics/meter.ts';
import { newTally } from '../../src/sdk/tally.ts';

let memories: SharedArrayBuffer[] = [];
const share = (memory: SharedArrayBuffer): void => void memories.push(memory);
beforeEach(() => void (memories = []));

const none = new Uint8Array(0);

describe('a log', () => {
  const texts = (log: number): string[] => readLog(log, memories).map(String);

  test('gives its entries in order, over any number of pieces, until they are forgotten', () => {
    const [one, other] = [new SharedLog(1, share), new SharedLog(2, share)];
    const entry = (at: number): string => `${at} `.padEnd(1_000 + (at % 7), 'x');
    let [from, to] = [0, 0];
    // More is appended than forgotten at first, then less, so that pieces are used again.
    for (let round = 0; round < 300; round++) {
      const [more, less] = round < 150 ? [5, 3] : [3, 5];
      for (let count = 0; count < more; count++) one.appendText(entry(to++));
      other.appendText(`other ${round}`);
      one.forget(less);
      from = Math.min(to, from + less);
      expect(texts(1)).toEqual(Array.from({ length: to - from }, (_, at) => entry(from + at)));
      expect(one.count).toBe(to - from);
    }
    expect(texts(2)).toHaveLength(300);
    expect(memories.length).toBeLessThan(12);
  });

  test('keeps an entry of any size whole, in parts or not', () => {
    const log = new SharedLog(1, share);
    // A piece has 65,536 bytes, 16 of which are its head, and an entry begins with 4.
    for (const size of [65_516, 65_517, 1, 0, 3_000_000]) log.append(Buffer.alloc(size, 'a'), Buffer.from('b'.repeat(size % 2)));
    expect(readLog(1, memories).map(({ length }) => length)).toEqual([65_516, 65_518, 2, 0, 3_000_000]);
    log.forget(4);
    expect(readLog(1, memories).map(({ length }) => length)).toEqual([3_000_000]);
  });

  test('has a bound, beyond which the newest are not kept and the oldest are forgotten in step', () => {
    const log = new SharedLog(1, share);
    log.append(Buffer.alloc(33_554_432 - 65_536 - 20), none);
    log.append(Buffer.alloc(65_516), none);
    log.appendText('too much');
    expect(readLog(1, memories).map(({ length }) => length)).toEqual([33_554_432 - 65_536 - 20, 65_516]);
    log.forget(3);
    log.appendText('again');
    expect(texts(1)).toEqual(['again']);
  });
});

const never = (): MetricSnapshot => {
  throw new Error('not asked for here');
};

describe('items', () => {
  const scope = { name: 'a library', version: '1' };
  const settled = { traces: { tally: newTally(), disk: newTally() }, logs: { tally: newTally(), disk: newTally() } };

  test('are left until they are settled, with their scope, each signal for itself', () => {
    const journal = new Journal({ share, snapshot: never });
    for (const text of ['a', 'b', 'c']) journal.keep('traces', { scope, isJson: text === 'c', bytes: Buffer.from(text) });
    journal.keep('logs', { scope, isJson: false, bytes: Buffer.from('log') });
    journal.settle('traces', 2, settled);
    expect(itemsLeft('traces', memories)).toEqual([{ scope, isJson: true, bytes: Buffer.from('c') }]);
    expect(itemsLeft('logs', memories)).toEqual([{ scope, isJson: false, bytes: Buffer.from('log') }]);
    journal.end();
    expect([itemsLeft('traces', memories), itemsLeft('logs', memories)]).toEqual([[], []]);
  });
});

describe('spans', () => {
  const journal = (): Journal => new Journal({ share, snapshot: never });
  const tracerOf = (told: Journal) =>
    new TracerProvider({
      spanProcessors: [
        {
          onStart: (span) => told.opened(span),
          onEnd: (span) => told.closed(span),
          forceFlush: () => Promise.resolve(),
          shutdown: () => Promise.resolve(),
        },
      ],
    }).getTracer('ours', '2');

  test('that are open are ended, with all that was known, when their thread ended', () => {
    const told = journal();
    const tracer = tracerOf(told);
    const [first, second] = [tracer.startSpan('first', { startTime: 2e12, attributes: { a: 1 } }), tracer.startSpan('second')];
    first.setAttributes({ a: 2, b: ['x', 'y'] });
    told.changed(first as never);
    second.end();
    told.changed(second as never);
    const [{ scope, span } = { scope: undefined, span: undefined }, ...more] = spansLeft(memories, 2e12 + 5_000.5);
    expect(more).toEqual([]);
    expect(scope).toEqual({ name: 'ours', version: '2' });
    expect(span).toMatchObject({
      name: 'first',
      startTime: [2e9, 0],
      endTime: [2e9 + 5, 500_000],
      attributes: { a: 2, b: ['x', 'y'], 'error.type': 'process_exit' },
      status: { code: 2 },
    });
    expect(span?.spanContext()).toMatchObject({ spanId: first.spanContext().spanId, traceId: first.spanContext().traceId });
    first.end();
    expect(spansLeft(memories, 5_000)).toEqual([]);
  });

  test('that began after the moment of the end end where they began', () => {
    tracerOf(journal()).startSpan('late', { startTime: 2e12 + 9_000 });
    expect(spansLeft(memories, 2e12)[0]?.span.endTime).toEqual([2e9 + 9, 0]);
  });

  test('of a thread that never has none open need no more memory than those that are', () => {
    const told = journal();
    const tracer = tracerOf(told);
    tracer.startSpan('open');
    for (let at = 0; at < 20_000; at++) tracer.startSpan(`short ${at}`).end();
    expect(spansLeft(memories, 0).map(({ span: { name } }) => name)).toEqual(['open']);
    expect(memories.length).toBeLessThan(60);
  });
});

describe('metrics', () => {
  const head = { processKey: 'thread', pid: 1, startTime: 0, time: 1 };
  const create = () => {
    let sequence = 0;
    const meter: SyncMeter = new SyncMeter({ onFault: () => undefined, onValue: (...value) => journal.measured(...value) });
    const snapshot = (): MetricSnapshot => ({ ...head, sequence: ++sequence, metrics: meter.collect() });
    const journal = new Journal({ share, snapshot });
    journal.base({ ...head, sequence: 0, metrics: [] });
    return { meter, journal, snapshot };
  };

  test('are at any moment what the thread would have told', () => {
    const { meter, journal, snapshot } = create();
    const counter = meter.createCounter('counter', { unit: 's', valueType: ValueType.INT });
    const histogram = meter.createHistogram('histogram', { advice: { explicitBucketBoundaries: [1, 10] } });
    const frozen = Object.freeze({ kind: 'kept' });
    for (let at = 0; at < 3 * 4_000; at++) {
      counter.add(1, at % 2 === 0 ? frozen : { kind: 'ünusual\n"value"', is: true });
      histogram.record(at % 13, { part: String(at % 3) });
      if (at % 5_000 === 0) journal.base(snapshot());
      if (at % 1_111 === 0) expect(sorted(metricsLeft(memories)?.metrics)).toEqual(sorted(meter.collect()));
    }
    expect(metricsLeft(memories)).toMatchObject({ processKey: 'thread', pid: 1, startTime: 0 });
    // Newer than what is on its way.
    expect(metricsLeft(memories)?.sequence).toBeGreaterThan(snapshot().sequence);
    journal.end();
    expect(metricsLeft(memories)).toBeUndefined();
  });

  test('tell what became of what was sent, and leave the rest to whoever sends it', () => {
    const { journal } = create();
    const traces = { tally: { ...newTally(), recorded: 9, sent: 4, dropped: { queue_full: 1 } }, disk: newTally() };
    journal.settle('traces', 5, { traces, logs: { tally: newTally(), disk: newTally() } });
    const values = Object.fromEntries(
      (metricsLeft(memories)?.metrics ?? []).map(({ name, points }) => [name, points.map((point) => 'value' in point && point.value)]),
    );
    expect(values).toEqual({
      'swarmscope.telemetry.recorded': [5],
      'swarmscope.telemetry.exported': [4],
      'swarmscope.telemetry.dropped': [1],
    });
  });

  test('of a thread that exports its own are left to nobody', () => {
    const { meter, journal, snapshot } = create();
    journal.base(undefined);
    const counter = meter.createCounter('counter');
    for (let at = 0; at < 5_000; at++) counter.add(1);
    journal.base(snapshot());
    expect(metricsLeft(memories)).toBeUndefined();
  });
});

function sorted(metrics: MetricSnapshot['metrics'] | undefined): unknown {
  const byKey = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return metrics
    ?.map(({ points, ...metric }) => ({
      ...metric,
      points: points.map((point) => ({ ...point })).sort((a, b) => byKey(a.attributes, b.attributes)),
    }))
    .sort(byKey);
}
