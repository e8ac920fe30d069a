/**
 * What the local view costs while a run goes on: CPU of the server per 1,000 spans with a tab, from the receipt of a row to its frame,
 * memory, and how long the event loop is held. `node bench/view.ts [seconds] [spans a second] [rounds]`
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import type { Attributes, SpanRow } from '../src/analysis/model.ts';
import * as words from '../src/semconv/index.ts';
import { createLive, LiveRun, LiveSource, openStore, startReader, startViewServer, StoredSource } from '../src/viewer/index.ts';
import type { Frame, Snapshot } from '../src/viewer/wire.ts';
import { median } from './rounds.ts';

const [seconds = 20, perSecond = 5_000, rounds = 3] = process.argv.slice(2).map(Number);
const LANES = 200;
/** Of one task, itself among them. */
const SPANS = 25;
/** How often a sender sends. */
const BATCH_MS = 20;
const MODES = ['without', 'served, no tab', 'one tab', 'four tabs'] as const;
type Mode = (typeof MODES)[number];
const TABS: Readonly<Record<Mode, number>> = { without: 0, 'served, no tab': 0, 'one tab': 1, 'four tabs': 4 };

interface Told {
  readonly cpuMs: number;
  readonly spans: number;
  readonly rssMb: number;
  readonly loopP99Ms: number;
}

const task: Attributes = {
  [words.ATTR_SWARMSCOPE_OPERATION_NAME]: words.SWARMSCOPE_OPERATION_NAME_VALUE_RUN_TASK,
  [words.ATTR_SWARMSCOPE_TASK_TYPE]: 'implement',
};
const kinds: readonly Attributes[] = [
  { [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_CHAT, [words.ATTR_GEN_AI_REQUEST_MODEL]: 'm' },
  { [words.ATTR_GEN_AI_OPERATION_NAME]: words.GEN_AI_OPERATION_NAME_VALUE_EXECUTE_TOOL, [words.ATTR_GEN_AI_TOOL_NAME]: 'read' },
  { [words.ATTR_SWARMSCOPE_GIT_OPERATION_NAME]: 'commit', [words.ATTR_PROCESS_EXECUTABLE_NAME]: 'git' },
  { [words.ATTR_SWARMSCOPE_WAIT_REASON]: 'lock' },
];
const epoch = (): number => performance.timeOrigin + performance.now();

/** Rows as they come from a receiver: starts and ends, and at each task's start its moment in the id. */
function swarm(): () => { starts: SpanRow[]; ends: SpanRow[] } {
  const lanes = Array.from({ length: LANES }, () => ({
    root: undefined as SpanRow | undefined,
    open: undefined as SpanRow | undefined,
    done: 0,
  }));
  let number = 0;
  let at = 0;
  const made = (parent: SpanRow | undefined, attributes: Attributes, name: string): SpanRow => {
    const startMs = epoch();
    number += 1;
    const moment = Math.round(startMs * 10).toString(16);
    return {
      traceId: 'a'.repeat(32),
      spanId: `${moment.padStart(12, '0').slice(-12)}${(number % 65_536).toString(16).padStart(4, '0')}`,
      parentSpanId: parent?.spanId,
      name,
      kind: 1,
      startMs,
      endMs: undefined,
      isError: false,
      attributes,
      links: [],
      scopeName: 'swarmscope',
      serviceName: 'bench',
      pid: 1,
    };
  };
  return () => {
    const starts: SpanRow[] = [];
    const ends: SpanRow[] = [];
    const wanted = (perSecond * BATCH_MS) / 1_000;
    while (ends.length < wanted) {
      const lane = lanes[at++ % LANES] as (typeof lanes)[number];
      if (lane.open !== undefined) ends.push({ ...lane.open, endMs: epoch() });
      lane.open = undefined;
      if (lane.root !== undefined && ++lane.done === SPANS) {
        ends.push({ ...lane.root, endMs: epoch() });
        lane.root = undefined;
      }
      if (lane.root === undefined) {
        lane.done = 1;
        starts.push((lane.root = made(undefined, { ...task, [words.ATTR_SWARMSCOPE_TASK_ID]: `t${number}` }, 'run_task implement')));
      }
      starts.push((lane.open = made(lane.root, kinds[number % kinds.length] ?? {}, 'work')));
    }
    return { starts, ends };
  };
}

/** In a process of its own. Prints where it listens, waits for a line, then what it took. */
async function serve(mode: string, folder: string): Promise<void> {
  const run = { id: 'bench', name: 'bench', command: 'node', startMs: epoch(), endMs: undefined, exitCode: undefined, signal: undefined };
  const store = openStore(join(folder, 'runs', 'bench', 'run.sqlite'));
  store.startRun(run);
  const live = createLive();
  const view = mode === 'without' ? undefined : new LiveRun({ run, version: '0', live, now: epoch });
  if (view !== undefined) {
    const nowhere = pathToFileURL(join(folder, 'none'));
    const reader = startReader(nowhere);
    const stored = new StoredSource({ dataFolder: folder, version: '0', reader });
    const source = new LiveSource({ id: run.id, live: view, stored, flush: () => store.flush() });
    process.stdout.write(`${(await startViewServer({ pageFile: nowhere, source })).address}\n`);
  } else process.stdout.write('none\n');
  await once(process.stdin, 'data');
  const loop = monitorEventLoopDelay({ resolution: 5 });
  loop.enable();
  const before = process.cpuUsage();
  const next = swarm();
  let spans = 0;
  const beginMs = performance.now();
  for (let batch = 0; performance.now() - beginMs < seconds * 1_000; batch++) {
    const { starts, ends } = next();
    const logs = { openSpans: starts, spans: [], logs: [], losses: {} };
    const traces = { spans: ends, losses: {} };
    void store.keepLogs(logs);
    live.addLogs(logs);
    view?.addLogs(logs);
    void store.keepTraces(traces);
    live.addTraces(traces);
    view?.addTraces(traces);
    spans += ends.length;
    const aheadMs = beginMs + (batch + 1) * BATCH_MS - performance.now();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, aheadMs)));
  }
  const { user, system } = process.cpuUsage(before);
  const told: Told = {
    cpuMs: (user + system) / 1_000,
    spans,
    rssMb: process.memoryUsage.rss() / 1024 ** 2,
    loopP99Ms: loop.percentile(99) / 1e6,
  };
  process.stdout.write(`${JSON.stringify(told)}\n`, () => process.exit());
}

/** A tab: reads what it is sent, and tells how late the frame of each new task was. */
async function tab(address: string, late: number[]): Promise<void> {
  const { port, hash } = new URL(address);
  const headers = { authorization: `Bearer ${hash.slice(3)}` };
  const ask = async (path: string, onText: (text: string) => void): Promise<void> =>
    new Promise((resolve) => {
      request({ host: '127.0.0.1', port, path, headers }, (response) => {
        response.setEncoding('utf8').on('data', onText).on('close', resolve);
      })
        .on('error', () => resolve())
        .end();
    });
  let text = '';
  await ask('/api/runs/bench/snapshot', (piece) => (text += piece));
  let rest = '';
  void ask(`/api/runs/bench/stream?from=${(JSON.parse(text) as Snapshot).seq}`, (piece) => {
    const atMs = epoch();
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const frame = line === '' ? undefined : (JSON.parse(line) as Frame);
      frame?.tasks?.id.forEach((id, index) => {
        if (frame.tasks?.state[index] === 'running') late.push(atMs - Number.parseInt(id.slice(0, 12), 16) / 10);
      });
    }
  });
}

async function measure(mode: Mode): Promise<Told & { readonly p50: number; readonly p99: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
  const args = [import.meta.filename, String(seconds), String(perSecond), String(rounds), '--serve', mode, folder];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  while (!said.includes('\n')) await once(child.stdout as NodeJS.ReadableStream, 'data');
  const late: number[] = [];
  for (let count = 0; count < TABS[mode]; count++) await tab(said.trim(), late);
  child.stdin?.write('go\n');
  await once(child, 'close');
  rmSync(folder, { recursive: true, force: true });
  const told = JSON.parse(said.trim().split('\n').at(-1) ?? '') as Told;
  const sorted = late.sort((a, b) => a - b);
  return { ...told, p50: sorted[Math.floor(sorted.length / 2)] ?? NaN, p99: sorted[Math.floor(sorted.length * 0.99)] ?? NaN };
}

async function compare(): Promise<void> {
  const found: Record<Mode, Awaited<ReturnType<typeof measure>>[]> = { without: [], 'served, no tab': [], 'one tab': [], 'four tabs': [] };
  for (let round = 0; round < rounds; round++)
    for (const mode of round % 2 === 0 ? MODES : MODES.toReversed()) found[mode].push(await measure(mode));
  console.log(
    `${perSecond} spans a second for ${seconds} s in ${LANES} lanes, ${rounds} rounds, medians, load ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
  );
  console.log(
    '| | CPU ms per 1,000 spans | added | receipt to frame p50 ms | p99 ms | event loop p99 ms | RSS MB |\n|---|---|---|---|---|---|---|',
  );
  const cpuOf = ({ cpuMs, spans }: Told): number => (cpuMs / spans) * 1_000;
  for (const mode of MODES) {
    const of = (value: (one: (typeof found)[Mode][number], index: number) => number): string => median(found[mode].map(value)).toFixed(1);
    const added = of((one, index) => cpuOf(one) - cpuOf(found.without[index] as Told));
    console.log(
      `| ${mode} | ${of(cpuOf)} | ${added} | ${of(({ p50 }) => p50)} | ${of(({ p99 }) => p99)} | ${of(({ loopP99Ms }) => loopP99Ms)} | ${of(({ rssMb }) => rssMb)} |`,
    );
  }
}

const serving = process.argv.indexOf('--serve');
if (serving > 0) await serve(process.argv[serving + 1] ?? '', process.argv[serving + 2] ?? '');
else await compare();
