/** Puts the SDK together for one process, privately: nothing here is registered globally. */
import { isMainThread, threadId } from 'node:worker_threads';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { runClock } from '../config/run-clock.ts';
import { putLog, type Scope } from '../otlp/write/index.ts';
import { ATTR_SERVICE_INSTANCE_ID } from '../semconv/index.ts';
import type { LogRecord } from '../semconv/telemetry.ts';
import type { AssemblyOptions, ProcessAssembly, SupervisorAssembly } from './assembly-types.ts';
import { Counts } from './counts.ts';
import { Ending } from './ending.ts';
import { armEndings } from './exit.ts';
import type { Budget } from './export-queue.ts';
import { ThreadsLeft } from './journal/adopt.ts';
import { Journal } from './journal/journal.ts';
import { createLeftBehind, type LeftBehindOptions } from './left-behind.ts';
import { ledgerChanges, tellLedger } from './ledger.ts';
import { OVERFLOW_COUNTER } from './metrics/meter.ts';
import { Meters } from './metrics/meters.ts';
import { MetricsPublisher } from './metrics/publisher.ts';
import { createPipelines, SIGNALS, type Pipelines } from './pipelines.ts';
import { createResource } from './resource.ts';
import { createSampler } from './sampler.ts';
import { QueueSpanProcessor } from './span-processor.ts';
import type { ProcessedSpan } from './spans/processed-span.ts';
import { OwnTracer } from './spans/tracer.ts';
import { statusOf, type StatusParts } from './status.ts';
import { createStatusFile, statusName } from './status-file.ts';

/** For a program that is observed: what was recorded is sent however it ends. */
export function createAssembly(options: AssemblyOptions): ProcessAssembly {
  const { ending, mayLeave, ...parts } = assemble(options, true);
  const { exitTimeoutMs } = options.settings;
  // What is not sent then is left in the run's folder, which takes a part of the time, too.
  const timeoutMs = mayLeave ? exitTimeoutMs / 2 : exitTimeoutMs;
  const leave = armEndings({ ending, timeoutMs, onSyncChild: options.onSyncChild });
  return { ...parts, leave };
}

/** For our own process (`swarmscope run`): nothing is armed; call `flush` before the end, then `close`. */
export function createSupervisorAssembly(options: AssemblyOptions): SupervisorAssembly {
  const { ending, mayLeave: _, ...parts } = assemble(options, false);
  return {
    ...parts,
    async flush(timeoutMs, beforeLedger) {
      ending.publishFinal();
      await ending.flush(timeoutMs, beforeLedger);
    },
  };
}

/** `isObserved`: the program of somebody else, and not the process that reads what others leave. */
function assemble(
  options: AssemblyOptions,
  isObserved: boolean,
): ProcessAssembly & { readonly ending: Ending; readonly mayLeave: boolean } {
  const { settings, version, counts = new Counts(), run } = options;
  const startTime = runClock.now();
  const resource = createResource(settings, version);
  const scope: Scope = { name: 'swarmscope', version };
  const budget: Budget = { maxBytes: settings.queueMaxBytes, usedBytes: 0 };
  const statusFile = createStatusFile(settings, statusName(process.pid, startTime, threadId), (isEnded) => statusOf(status, isEnded));
  counts.onChange = () => statusFile.touch();
  options.policies?.onChange(() => statusFile.touch());
  const journal =
    options.share === undefined || isMainThread ? undefined : new Journal({ share: options.share, snapshot: () => metrics.snapshot() });
  const onChange = (): void => statusFile.touch();
  const instanceId = String(resource[ATTR_SERVICE_INSTANCE_ID]);
  const tallies: LeftBehindOptions['tallies'] = () => ({ traces: pipelines.traces.tally, logs: pipelines.logs.tally });
  const left = isObserved ? createLeftBehind({ settings, instanceId, tallies }) : undefined;
  const pipelines: Pipelines = createPipelines({ settings, version, budget, resource, count: counts.add, onChange, journal, left });
  const meters = new Meters({
    onFault: () => counts.add('metrics.callback-failed'),
    onOverflow: (name) => counts.add(`${OVERFLOW_COUNTER}${name}`),
    onValue: journal && ((instrument, value, attributes) => journal.measured(instrument, value, attributes)),
  });
  const status: StatusParts = { ...options, startTime, resource, pipelines, budget, meters, counts };
  const hops = () => options.hops?.() ?? [];
  tellLedger(meters.own, { pipelines, faults: () => options.faults?.() ?? [], hops });
  const metrics: MetricsPublisher = new MetricsPublisher({
    meters,
    temporality: settings.metricTemporality,
    journal,
    queue: pipelines.metrics.queue,
    scope,
    startTime,
    intervalMs: settings.metricIntervalMs,
    run,
    counts,
    ledgerChanges: (leaving) => ledgerChanges(pipelines, hops(), leaving),
  });
  const ending = new Ending({
    pipelines,
    metrics,
    counts,
    sender: options.sender,
    onEnding: (isKilled) => options.onEnding?.(isKilled),
    onEnded: () => options.onEnded?.(),
    onClosed() {
      journal?.end();
      statusFile.close();
      left?.close();
    },
  });
  const emitLog = (record: LogRecord): void => {
    const { queue } = pipelines.logs;
    queue.add(scope, (writer) => putLog(writer, record, queue.isJson));
  };
  const processor = new QueueSpanProcessor({
    queue: pipelines.traces.queue,
    emitStart: settings.spanStarts ? emitLog : undefined,
    onStartSkipped: () => counts.add('span-starts.skipped'),
    onFirstSpan: () => statusFile.touch(),
    journal,
  });
  const sampler = createSampler(settings);
  const provider = new TracerProvider({ resource: resourceFromAttributes(resource), sampler, spanProcessors: [processor] });
  metrics.start();

  return {
    resource,
    tracer: new OwnTracer({ scope, sampler, processor }),
    meter: meters.own,
    meterFor: (metricScope) => (pipelines.metrics.transport.target.isOff ? undefined : meters.of(metricScope)),
    tracerFor: (name, scopeVersion, schemaUrl) => provider.getTracer(name, scopeVersion, schemaUrl === undefined ? {} : { schemaUrl }),
    environment: () => options.childEnvironment?.() ?? {},
    hashKey: () => options.hashKey?.(),
    leads: options.leads,
    askPolicies: options.askPolicies,
    changed: journal && ((span) => journal.changed(span as unknown as ProcessedSpan)),
    threads: new ThreadsLeft({ pipelines, scope, run, count: counts.add }),
    emitLog,
    count: counts.add,
    status: () => statusOf(status, false),
    close() {
      metrics.stop();
      for (const signal of SIGNALS) pipelines[signal].transport.close();
      statusFile.close();
    },
    ending,
    mayLeave: left?.mayLeave === true,
  };
}
