/** What no small program can bring about: a GPU, telemetry that is lost in every way, a check of a stack. The product's own code records it here. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import { spawn as start, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createMarks } from '../../../src/viewer/receive/marks.ts';
import { startGpu } from '../../../src/gauges/gpu.ts';
import { modelServers as gauge } from '../../../src/gauges/model-servers.ts';
import * as gpus from '../../../src/machine/gpu/index.ts';
import { tellLedger } from '../../../src/sdk/ledger.ts';
import { SyncMeter } from '../../../src/sdk/metrics/meter.ts';
import { readMetrics } from '../../../src/viewer/receive/rows/index.ts';
import { mig, plain } from '../../machine/gpu/captures.ts';
import { LLAMA_CPP, LM_STUDIO, OLLAMA, SGLANG, VLLM } from '../../machine/model-servers/answers.ts';
import { attributesIn, readBodies, type Recorded } from './recorded.ts';

export async function recordedInside(): Promise<readonly Recorded[]> {
  return [await gpu(), await modelServers(), ledger(), marks()];
}

/** Two documents of `nvidia-smi`, which no machine of the tests has. */
async function gpu(): Promise<Recorded> {
  const meter = new SyncMeter({ onFault: rethrow });
  const child = Object.assign(new EventEmitter(), { stdout: new PassThrough(), unref: () => undefined, kill: () => true });
  const spawn = (): ChildProcess => child as unknown as ChildProcess;
  const state = { pools: () => [], queues: () => [], tasks: () => [], rateLimits: () => [], callsUnderWay: () => [], budgets: () => [] };
  const settings = { gpu: 'auto', gpuIntervalMs: 1_000, modelServers: [] } as const;
  const own = { meter, settings, state, runId: 'fed', loadGpus: () => gpus, now: () => 0, spawn, count: () => undefined };
  const stop = startGpu(own, () => true);
  const environment = { ...process.env, SWARMSCOPE_RUN_ID: 'fed', SWARMSCOPE_WORK: 'worker=w-1,task=train,agent=coder' };
  const worker = start(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1000)'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(worker.stdout, 'data');
  child.stdout.write(plain([{ id: 'GPU-a', processes: [{ pid: worker.pid ?? 0, mib: 5 }] }]));
  await new Promise(setImmediate);
  const whole = pointsOf(meter);
  worker.kill();
  child.stdout.write(mig([], true));
  await new Promise(setImmediate);
  const sliced = pointsOf(meter);
  stop();
  return { ...whole, points: [...whole.points, ...sliced.points] };
}

/** One of each kind, as a small server that answers what the real one would. */
async function modelServers(): Promise<Recorded> {
  const answers = [
    { '/metrics': VLLM },
    { '/metrics': SGLANG },
    { '/metrics': LLAMA_CPP },
    { '/api/ps': OLLAMA },
    { '/api/v1/models': LM_STUDIO },
  ] as Readonly<Record<string, string>>[];
  const servers = answers.map((texts) =>
    createServer(({ url = '' }, response) => {
      if (texts[url] === undefined) response.writeHead(404);
      response.end(texts[url]);
    }).listen(0, '127.0.0.1'),
  );
  await Promise.all(servers.map(async (server) => once(server, 'listening')));
  const urls = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const meter = new SyncMeter({ onFault: rethrow });
  const none = (): never => {
    throw new Error('nothing is started');
  };
  const state = { pools: () => [], queues: () => [], tasks: () => [], rateLimits: () => [], callsUnderWay: () => [], budgets: () => [] };
  const settings = { gpu: 'off', gpuIntervalMs: 200, modelServers: urls } as const;
  const stop = gauge.start({
    meter,
    settings,
    state,
    runId: '',
    loadGpus: none,
    now: () => Date.now(),
    spawn: none,
    count: () => undefined,
  });
  const told = (): number => meter.collect().find(({ name }) => name === 'swarmscope.model_server.model.count')?.points.length ?? 0;
  while (told() < urls.length) await new Promise((resolve) => setTimeout(resolve, 20));
  const recorded = pointsOf(meter);
  stop();
  for (const server of servers) server.close();
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
