/**
 * What one core of the collector takes with this repository's configuration: CPU time per million items by kind, and
 * whether a steady rate leaves nothing refused
 * and nothing waiting. `node bench/collector.ts [seconds per row] [share of a core for the steady rate]`; default 20
 * seconds, 0.7.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { makeLoad, type LoadRequest, type Signal } from '../test/harness/stack/load.ts';
import { sendLoad } from '../test/harness/stack/send-load.ts';
import { startStack, type Stack } from '../test/harness/stack/stack.ts';

/** USER_HZ, in which /proc counts CPU time on every Linux. */
const TICKS_PER_SECOND = 100;
/** What waits at the end of a row must be gone by then. */
const DRAIN_LIMIT_MS = 120_000;

interface Row {
  readonly name: string;
  /** Which requests of the load; each is sent in turn, again and again. */
  readonly signals: readonly Signal[];
  readonly itemsPerRequest: number;
}

/**
 * A burst sends hundreds of items at once, a run that is passed on tens, a quiet process two: what a request costs by
 * itself is seen by comparing.
 */
const ROWS: readonly Row[] = [
  { name: 'spans, 400 a request', signals: ['traces'], itemsPerRequest: 400 },
  { name: 'spans, 50 a request', signals: ['traces'], itemsPerRequest: 50 },
  { name: 'spans, 2 a request', signals: ['traces'], itemsPerRequest: 2 },
  { name: 'metric points, 38 a request', signals: ['metrics'], itemsPerRequest: 400 },
  { name: 'starts of spans (log records), 400 a request', signals: ['logs'], itemsPerRequest: 400 },
  { name: 'starts of spans, 2 a request', signals: ['logs'], itemsPerRequest: 2 },
  { name: 'a swarm, all three, 50 a request', signals: ['traces', 'logs', 'metrics'], itemsPerRequest: 50 },
];

interface Measured {
  readonly name: string;
  readonly items: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly refused: number;
  readonly peakQueueBytes: number;
  readonly rssMb: number;
  readonly wireBytesPerItem: number;
}

const [secondsText = '20', shareText = '0.7'] = process.argv.slice(2);
const seconds = Number(secondsText);

async function main(): Promise<void> {
  const sink = fork(join(import.meta.dirname, 'programs/ack-sink.mjs'), { execArgv: [] });
  const [ports] = (await once(sink, 'message')) as [{ grpc: number; http: number }];
  const loadBefore = loadavg()[0] ?? 0;
  const stack = await startStack({
    parts: ['collector'],
    collector: {
      env: { GOMAXPROCS: '1', TEMPO_ENDPOINT: `127.0.0.1:${ports.grpc}`, PROMETHEUS_OTLP: `http://127.0.0.1:${ports.http}` },
      // As it is shipped; the harness makes it shorter for tests.
      config: (text) => text.replace('metrics_flush_interval: 1s', 'metrics_flush_interval: 15s'),
    },
  });
  try {
    const burst: Measured[] = [];
    const steady: Measured[] = [];
    for (const row of ROWS) {
      const most = await measure(stack, row, Infinity);
      burst.push(most);
      steady.push(await measure(stack, row, (Number(shareText) * most.items) / most.cpuSeconds));
    }
    const text = report(burst, steady, loadBefore);
    console.log(text);
    appendFileSync(join(import.meta.dirname, 'collector.md'), text);
  } finally {
    await stack.stop();
    await end(sink);
  }
}

async function end(child: ChildProcess): Promise<void> {
  child.disconnect();
  await once(child, 'exit');
}

/**
 * Sends for `seconds`, at most `perSecond` items a second, then waits until nothing waits. The CPU time is all of it,
 * the delivery included.
 */
async function measure(stack: Stack, { name, signals, itemsPerRequest }: Row, perSecond: number): Promise<Measured> {
  const { requests } = makeLoad({ service: 'bench', swarms: 10, tasks: 50, itemsPerRequest });
  const pool = interleaved(requests, signals);
  const watch = watchQueue(stack);
  const pid = stack.pidOf('collector') ?? 0;
  const before = cpuSecondsOf(pid);
  const startMs = performance.now();
  let items = 0;
  let refused = 0;
  for (let at = 0; performance.now() - startMs < seconds * 1_000;) {
    const part = pool.slice(at, at + PART);
    at = at + PART >= pool.length ? 0 : at + PART;
    const sent = await sendLoad({ requests: part }, { endpoint: stack.endpoint, concurrency: 4 });
    items += sent.taken.traces + sent.taken.metrics + sent.taken.logs;
    refused += sent.refused.length;
    const aheadMs = (items / perSecond) * 1_000 - (performance.now() - startMs);
    if (aheadMs > 0) await wait(aheadMs);
  }
  const wallSeconds = (performance.now() - startMs) / 1_000;
  const peakQueueBytes = await watch.drained();
  const bytes = pool.reduce((sum, { body }) => sum + body.length, 0);
  return {
    name,
    items,
    cpuSeconds: cpuSecondsOf(pid) - before,
    wallSeconds,
    refused,
    peakQueueBytes,
    rssMb: rssMbOf(pid),
    wireBytesPerItem: bytes / pool.reduce((sum, one) => sum + one.items, 0),
  };
}

/** Requests that are sent between two looks at the clock. */
const PART = 40;

/** The signals in turn, as a swarm mixes them. */
function interleaved(requests: readonly LoadRequest[], signals: readonly Signal[]): LoadRequest[] {
  const lanes = signals.map((signal) => requests.filter((request) => request.signal === signal));
  const longest = Math.max(...lanes.map(({ length }) => length));
  return Array.from({ length: longest }, (_, index) =>
    lanes.flatMap((lane) =>
      (index * lane.length) % longest < lane.length ? [lane[Math.floor((index * lane.length) / longest)] as LoadRequest] : [],
    ),
  ).flat();
}

/** Looks at the queues each second; `drained` resolves with the most that waited, when nothing does. */
function watchQueue(stack: Stack): { drained: () => Promise<number> } {
  let peak = 0;
  const look = async (): Promise<number> => {
    const text = await (await fetch(`${stack.urls.collectorTelemetry}/metrics`)).text();
    const sizes = text.split('\n').filter((line) => line.startsWith('otelcol_exporter_queue_size{'));
    const now = sizes.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    peak = Math.max(peak, now);
    return now;
  };
  const timer = setInterval(() => void look().catch(() => undefined), 1_000);
  return {
    async drained() {
      const limit = performance.now() + DRAIN_LIMIT_MS;
      while ((await look()) > 0) {
        if (performance.now() > limit) throw new Error('the queue of the collector does not empty');
        await wait(200);
      }
      clearInterval(timer);
      return peak;
    },
  };
}

function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The program's name may hold blanks; utime and stime are the 14th and 15th field.
  const [, , , , , , , , , , , user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

function rssMbOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

function report(burst: readonly Measured[], steady: readonly Measured[], loadBefore: number): string {
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, load ${loadBefore.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}, ${seconds} s a row`;
  const table = [
    ['what', 'CPU s per million', 'a core takes, per s', 'bytes each', 'steady rate, per s', 'refused', 'most that waited', 'memory'],
    ['---', '---', '---', '---', '---', '---', '---', '---'],
    ...burst.map((most, index) => {
      const even = steady[index] as Measured;
      return [
        most.name,
        (most.cpuSeconds / (most.items / 1e6)).toFixed(1),
        Math.round(most.items / most.cpuSeconds).toLocaleString('en'),
        Math.round(most.wireBytesPerItem),
        Math.round(even.items / even.wallSeconds).toLocaleString('en'),
        most.refused + even.refused,
        `${(even.peakQueueBytes / 2 ** 20).toFixed(1)} MiB`,
        `${Math.round(Math.max(most.rssMb, even.rssMb))} MB`,
      ];
    }),
  ];
  return `\n## ${new Date().toISOString().slice(0, 16).replace('T', ' ')}: ${machine}\n\n${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}

await main();
