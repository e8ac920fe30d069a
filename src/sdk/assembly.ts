/** Puts the SDK together for one process, privately: nothing here is registered globally. */
import { randomUUID } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { LogRecord } from '../semconv/telemetry.ts';
import type { MetricSnapshot } from '../root/types.ts';
import type { SnapshotMetric } from '../semconv/telemetry.ts';
import { ATTR_SERVICE_NAME } from '../semconv/index.ts';
import type { AssemblyOptions, MetricExportOptions, ProcessAssembly } from './assembly-types.ts';
import { armEndings, type Ending } from './exit.ts';
import type { Payload } from './backlog.ts';
import type { Budget } from './export-queue.ts';
import { createPipelines, flushPipelines, forEach, sendPipelinesBlocking, settlePipelines, SIGNALS } from './pipelines.ts';
import { LEDGER_METRICS, ledgerChanges, tellLedger, type Hop, type LeavingItems } from './ledger.ts';
import { SeriesLife } from './metrics/life.ts';
import { OVERFLOW_COUNTER, SyncMeter } from './metrics/meter.ts';
import { cancel, clock, later, type Timer } from '../config/originals.ts';
import { jsonLog, jsonMetric, writeLog, writeMetric, type Scope, type Window } from '../otlp/write/index.ts';
import { createResource } from './resource.ts';
import { createSampler } from './sampler.ts';
import { QueueSpanProcessor } from './span-processor.ts';
import { createStatusFile, scrubUrl, statusName, type ObserverStatus, type ProcessStatus } from './status-file.ts';

export type { AssemblyOptions, MetricExportOptions, MetricsSink, ProcessAssembly } from './assembly-types.ts';

const MAX_COUNTERS = 500;
/**
 * A young member tells its root sooner: after this long, then after twice as long, until the interval is reached. What a killed one takes with it is so at most
 * the last half of its life, or half a second, and never more than an interval.
 */
const FIRST_MEMBER_DELAY_MS = 500;

/** For a program that is observed: with endings and a status file. */
export function createAssembly(options: AssemblyOptions): ProcessAssembly {
  return assemble(options, true);
}

/** For our own process (`swarmscope run`): nothing is armed; call `flush` before the end, then `close`. */
export function createSupervisorAssembly(options: AssemblyOptions): ProcessAssembly {
  return assemble(options, false);
}

function assemble(options: AssemblyOptions, hasEndings: boolean): ProcessAssembly {
  const { settings, version, metricsSink } = options;
  const startTime = clock.now();
  const processKey = randomUUID();
  const resource = createResource(settings, version);
  const scope: Scope = { name: 'swarmscope', version };
  const counters: Record<string, number> = {};
  let readObservers = (): Readonly<Record<string, ObserverStatus>> => ({});
  const endingCallbacks: (() => void)[] = [];
  const closedCallbacks: (() => void)[] = [];
  const budget: Budget = { maxBytes: settings.queueMaxBytes, usedBytes: 0 };
  const statusFile = createStatusFile(settings, statusName(process.pid, startTime, threadId), readStatus);
  const pipelines = createPipelines({ settings, version, budget, resource, count, onChange: () => statusFile.touch() });
  const meter = new SyncMeter(
    () => count('metrics.callback-failed'),
    (name) => count(`${OVERFLOW_COUNTER}${name}`),
  );
  let sharedCounts: ReadonlyMap<string, number> = new Map();
  let sequence = 0;
  let recordsPublished = 0;
  let changesPublished = 0;
  /** Only what the ledger tells is exported: the rest was, a moment ago. */
  let isLedgerOnly = false;
  let metricTimer: Timer | undefined;
  let metricDelayMs = FIRST_MEMBER_DELAY_MS;
  const life = new SeriesLife();
  const hops = (): Iterable<Hop> => options.hops?.() ?? [];
  let disarm = (): void => undefined;

  function count(name: string, by = 1): void {
    const key = name in counters || Object.keys(counters).length < MAX_COUNTERS ? name : 'other';
    counters[key] = (counters[key] ?? 0) + by;
    statusFile.touch();
  }

  function emitLog(record: LogRecord): void {
    const { queue } = pipelines.logs;
    queue.add(scope, (writer) => (queue.isJson ? writer.raw(Buffer.from(`,${jsonLog(record)}`)) : writeLog(writer, record)));
  }

  function collectSnapshot(): MetricSnapshot {
    return { processKey, sequence: ++sequence, pid: process.pid, startTime, time: clock.now(), metrics: meter.collect() };
  }

  function exportMetrics(given: readonly SnapshotMetric[], whole: Window, { isLast = false, onTaken }: MetricExportOptions = {}): void {
    const { queue } = pipelines.metrics;
    queue.supersede();
    const next = life.next(isLedgerOnly ? given.filter(({ name }) => LEDGER_METRICS.has(name)) : given, whole, isLast);
    for (const { metrics, window } of next.exports)
      for (const metric of metrics)
        queue.add(scope, (writer) =>
          queue.isJson ? writer.raw(Buffer.from(`,${jsonMetric(metric, window)}`)) : writeMetric(writer, metric, window),
        );
    queue.watch({
      taken: () => onTaken?.(),
      gone: next.gone,
    });
  }

  let leaving: LeavingItems = { traces: 0, logs: 0 };
  const changes = (): number => ledgerChanges(pipelines, hops(), leaving);

  function publishMetrics(isFinal: boolean): void {
    recordsPublished = meter.records;
    changesPublished = changes();
    const snapshot = collectSnapshot();
    // With a sink also an empty one: the root's own turn is when its members' metrics leave.
    if (metricsSink?.(snapshot, isFinal) !== true && snapshot.metrics.length > 0)
      exportMetrics(snapshot.metrics, snapshot, { isLast: isFinal });
  }

  /** A quiet interval still exports: a series without points goes stale. */
  function scheduleMetrics(): void {
    const isYoung = options.isMember?.() === true && metricDelayMs < settings.metricIntervalMs;
    const delayMs = isYoung ? metricDelayMs : settings.metricIntervalMs;
    metricDelayMs *= 2;
    metricTimer = later(delayMs, () => {
      guard(() => publishMetrics(false));
      scheduleMetrics();
    });
  }

  function guard(run: () => void): void {
    try {
      run();
    } catch {
      // Whatever it was, it was ours: it is counted, the app goes on.
      count('sdk.fault');
    }
  }

  function publishLedger(): void {
    isLedgerOnly = meter.records === recordsPublished;
    guard(() => publishMetrics(true));
    isLedgerOnly = false;
  }

  /** What became of what was sent last: told once more, in the one way or the other, if it is not yet. */
  function amend(canSend: boolean): void {
    if (!hasFinished || changes() === changesPublished) return;
    if (options.isMember?.() === true) {
      changesPublished = changes();
      guard(() => options.amendFinal?.(collectSnapshot()));
    } else if (canSend && pipelines.metrics.queue.isEmpty) publishLedger();
  }

  async function flush(timeoutMs: number, beforeLastWord?: () => Promise<void>): Promise<void> {
    const deadline = clock.monotonic() + timeoutMs;
    await flushPipelines(pipelines, timeoutMs);
    await beforeLastWord?.();
    amend(true);
    await pipelines.metrics.queue.flush(deadline - clock.monotonic());
  }

  /** For the sender at exit. A member's final metrics are a file, written when all is known. */
  function finalMetrics(items: LeavingItems): Payload[] {
    if (!hasFinished || options.isMember?.() === true) return [];
    leaving = items;
    publishLedger();
    leaving = { traces: 0, logs: 0 };
    return pipelines.metrics.queue.drain();
  }

  const flushSync = (timeoutMs: number): void =>
    sendPipelinesBlocking(pipelines, { timeoutMs, environment: options.senderEnvironment ?? {}, finalMetrics });

  const hasPending = (): boolean => SIGNALS.some((signal) => !pipelines[signal].queue.isEmpty);
  let hasFinished = false;
  const ending: Ending = {
    finish() {
      for (const callback of endingCallbacks) guard(callback);
      // The second ending event repeats the metrics only if something was recorded in between.
      if (!hasFinished || meter.records !== recordsPublished) guard(() => publishMetrics(true));
      hasFinished = true;
    },
    hasPending,
    recorded: () => SIGNALS.reduce((sum, signal) => sum + pipelines[signal].tally.recorded, 0),
    flush: (timeoutMs) => flush(timeoutMs),
    flushSync: (timeoutMs) => guard(() => flushSync(timeoutMs)),
    close() {
      settlePipelines(pipelines);
      amend(false);
      for (const callback of closedCallbacks.splice(0)) guard(callback);
      statusFile.close();
    },
  };

  function readStatus(isEnded: boolean): ProcessStatus {
    return {
      version,
      pid: process.pid,
      threadId,
      startTime,
      time: clock.now(),
      isEnded,
      serviceName: String(resource[ATTR_SERVICE_NAME]),
      runId: settings.runId,
      node: process.versions.node,
      endpoints: forEach((signal) => (pipelines[signal].transport.target.isOff ? 'off' : scrubUrl(pipelines[signal].transport.target.url))),
      signals: forEach((signal) => pipelines[signal].tally),
      observers: readObservers(),
      counters: { ...Object.fromEntries(sharedCounts), ...counters },
      held: { ...options.held?.(), 'metrics.series': meter.series, 'export.bytes': budget.usedBytes },
      problems: settings.problems,
    };
  }

  const provider = new TracerProvider({
    resource: resourceFromAttributes(resource),
    sampler: createSampler(settings),
    spanProcessors: [
      new QueueSpanProcessor({
        queue: pipelines.traces.queue,
        emitStart: settings.spanStarts ? emitLog : undefined,
        onStartSkipped: () => count('span-starts.skipped'),
        onFirstSpan: () => statusFile.touch(),
      }),
    ],
  });
  tellLedger(meter, { pipelines, leaving: () => leaving, faults: () => options.faults?.() ?? [], hops });
  if (hasEndings) disarm = armEndings({ ending, timeoutMs: settings.exitTimeoutMs, onSyncChild: options.onSyncChild });
  scheduleMetrics();

  return {
    resource,
    tracer: provider.getTracer(scope.name, version),
    meter,
    tracerFor: (name, scopeVersion, schemaUrl) => provider.getTracer(name, scopeVersion, schemaUrl === undefined ? {} : { schemaUrl }),
    emitLog: (record) => guard(() => emitLog(record)),
    environment: () => options.childEnvironment?.() ?? {},
    collectSnapshot,
    exportMetrics: (metrics, window, exportOptions) => guard(() => exportMetrics(metrics, window, exportOptions)),
    onEnding: (callback) => void endingCallbacks.push(callback),
    onClosed: (callback) => void closedCallbacks.push(callback),
    count,
    shareCounts(shared) {
      sharedCounts = shared;
    },
    shareObservers(read) {
      readObservers = read;
    },
    status: () => readStatus(false),
    async flush(timeoutMs, beforeLastWord) {
      // Without endings this is the end.
      guard(() => publishMetrics(!hasEndings));
      hasFinished ||= !hasEndings;
      await flush(timeoutMs, beforeLastWord);
    },
    flushSync: (timeoutMs) => guard(() => flushSync(timeoutMs)),
    close() {
      disarm();
      cancel(metricTimer);
      for (const signal of SIGNALS) pipelines[signal].transport.close();
      if (!hasEndings) statusFile.close();
    },
  };
}
