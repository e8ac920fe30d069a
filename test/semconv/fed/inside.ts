/** What no small program can bring about: a GPU, telemetry that is lost in every way, a check of a stack. The product's own code records it here. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ChildProcess } from 'node:child_process';
import { createMarks } from '../../../src/viewer/receive/marks.ts';
import { startGpu } from '../../../src/gauges/gpu.ts';
import { tellLedger } from '../../../src/sdk/ledger.ts';
import { SyncMeter } from '../../../src/sdk/metrics/meter.ts';
import { readMetrics } from '../../../src/viewer/receive/rows/index.ts';
import { attributesIn, readBodies, type Recorded } from './recorded.ts';

export async function recordedInside(): Promise<readonly Recorded[]> {
  return [await gpu(), ledger(), marks()];
}

/** One line of `nvidia-smi`, which no machine of the tests has. */
async function gpu(): Promise<Recorded> {
  const meter = new SyncMeter({ onFault: rethrow });
  const child = Object.assign(new EventEmitter(), { stdout: new PassThrough(), unref: () => undefined, kill: () => true });
  const spawn = (): ChildProcess => child as unknown as ChildProcess;
  const state = { pools: () => [], queues: () => [], tasks: () => [], rateLimits: () => [], callsUnderWay: () => [], budgets: () => [] };
  const stop = startGpu({ meter, settings: { gpuIntervalMs: 1_000 }, state, now: () => 0, spawn, count: () => undefined }, () => true);
  child.stdout.write('0, GPU-a, NVIDIA H100, 550.54.15, 1024, 4096, 50\n');
  await new Promise(setImmediate);
  const recorded = pointsOf(meter);
  stop();
  return recorded;
}

/** Every word for a loss that the queue, the forwarder and the spool have; test/sdk/ledger.test.ts says what each means. */
function ledger(): Recorded {
  const meter = new SyncMeter({ onFault: rethrow });
  const words = ['queue_full', 'ECONNREFUSED', 'timeout', 'rejected', 'http_413', 'exit_timeout', 'encoding', 'spool.expired'];
  const dropped = Object.fromEntries(words.map((word) => [word, 1]));
  const pipeline = { tally: { recorded: 9, sent: 1, dropped }, disk: { sent: 0, dropped: {} } };
  const hop = { received: 9, sent: 1, dropped };
  tellLedger(meter, {
    pipelines: { traces: pipeline, logs: pipeline, metrics: pipeline },
    faults: () => ['git'],
    hops: () => [
      { signal: 'traces', ...hop },
      { signal: 'logs', ...hop },
    ],
  });
  return pointsOf(meter);
}

function marks(): Recorded {
  const { requests } = createMarks({ nowMs: Date.now(), host: 'h', version: '1' });
  const [traces, metrics, logs] = [requests.traces, requests.metrics, requests.logs].map((text) => Buffer.from(text)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  return readBodies({ traces: [traces], metrics: [metrics], logs: [logs] }, readMetrics(metrics, 'json').points);
}

function pointsOf(meter: SyncMeter): Recorded {
  const points = meter
    .collect()
    .flatMap(({ name, points: all }) => all.map(({ attributes }) => ({ name, attributes: attributesIn(attributes) })));
  return { resources: [], spans: [], spanEvents: [], events: [], points };
}

function rethrow(error: unknown): never {
  throw error;
}
