/** A recorder on a clock of its own, with the official SDK behind it that keeps everything in memory. */
import { TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { readSettings } from '../../src/config/settings/index.ts';
import { createRecorder, type RecorderOptions, type RecorderState } from '../../src/recording/index.ts';
import type { Assembly, Recorder } from '../../src/recording/types.ts';

export interface Recording {
  readonly recorder: Recorder;
  readonly state: RecorderState;
  readonly counts: Map<string, number>;
  /** Moves the clock; it starts at 1,000,000 ms. */
  advance(ms: number): void;
  spans(): ReadableSpan[];
  /** The one span of this name. */
  span(name: string): ReadableSpan;
  /** Sum (counters), or number of values (histograms), over all attributes. */
  metric(name: string): Promise<number | undefined>;
}

export interface RecordingOptions extends Partial<RecorderOptions> {
  readonly env?: Record<string, string>;
  readonly change?: (assembly: Assembly) => Assembly;
}

export function startRecording({ env = {}, change = (same) => same, ...more }: RecordingOptions = {}): Recording {
  const ended: ReadableSpan[] = [];
  const done = (): Promise<void> => Promise.resolve();
  const provider = new TracerProvider({
    spanProcessors: [{ onStart: () => undefined, onEnd: (span) => void ended.push(span), forceFlush: done, shutdown: done }],
  });
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 3_600_000 });
  const meters = new MeterProvider({ readers: [reader] });
  const counts = new Map<string, number>();
  let now = 1_000_000;
  let state: RecorderState | undefined;
  const assembly: Assembly = {
    tracer: provider.getTracer('test'),
    tracerFor: (name, version) => provider.getTracer(name, version),
    meter: meters.getMeter('test'),
    environment: () => ({ SWARMSCOPE_RUN_ID: 'run-1' }),
  };
  const recorder = createRecorder({
    settings: readSettings(env),
    loadAssembly(given) {
      state = given;
      return change(assembly);
    },
    loadPricing: () => ({
      priceOf: ({ usage }) => ({ amount: usage.inputTokens / 1_000, tableVersion: 'test' }),
      contextWindowOf: () => 1_000,
    }),
    traceparent: undefined,
    tracestate: undefined,
    count: (name, by = 1) => counts.set(name, (counts.get(name) ?? 0) + by),
    now: () => now,
    ...more,
  });
  const spans = (): ReadableSpan[] => [...ended];
  return {
    recorder,
    counts,
    get state() {
      recorder.environment();
      if (state === undefined) throw new Error('the assembly was not loaded');
      return state;
    },
    advance(ms) {
      now += ms;
    },
    spans,
    span(name) {
      const [found, second] = spans().filter((span) => span.name === name);
      if (found === undefined || second !== undefined)
        throw new Error(
          `expected one span ${name}, found: ${spans()
            .map((span) => span.name)
            .join(', ')}`,
        );
      return found;
    },
    async metric(name) {
      await reader.forceFlush();
      const points = metrics
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics)
        .find((metric) => metric.descriptor.name === name)?.dataPoints;
      return points?.map(({ value }) => (typeof value === 'number' ? value : value.count)).reduce((sum, value) => sum + value, 0);
    },
  };
}

export function parentOf(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}
