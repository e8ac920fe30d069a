/** What it costs that the receiver answers only what is in the file: requests a second, and how long an answer takes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startReceiver } from '../src/viewer/receive/receiver.ts';
import type { TraceRows } from '../src/viewer/receive/rows/index.ts';
import { openStore } from '../src/viewer/store/index.ts';

const [rounds = 9, requests = 3_000] = process.argv.slice(2).map(Number);
const SENDERS = 8;
const SPANS = 20;
const MODES = ['answered first', 'kept first'] as const;

interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** The receiver, in a process of its own: `answered first` is how it was before. */
async function serve(mode: string, folder: string): Promise<void> {
  const store = openStore(join(folder, 'runs', 'r', 'run.sqlite'));
  const receiver = await startReceiver({
    onTraces: (rows: TraceRows) => (mode === 'kept first' ? store.keepTraces(rows) : (store.addTraces(rows), undefined)),
    onMetrics: () => undefined,
    onLogs: () => undefined,
  });
  process.stdout.write(`${receiver.url}\n`);
  process.stdin.resume().on('end', () => process.exit());
}

function body(number: number): Buffer {
  const spans = Array.from({ length: SPANS }, (_, index) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: (number * SPANS + index + 1).toString(16).padStart(16, 'b'),
    name: 'chat gpt-x',
    startTimeUnixNano: '1700000000250000000',
    endTimeUnixNano: '1700000001000000000',
    attributes: Array.from({ length: 15 }, (__, at) => ({ key: `attribute.${at}`, value: { stringValue: `value ${at}` } })),
  }));
  return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
}

async function measure(mode: string): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-bench-'));
  const child: ChildProcess = spawn(process.execPath, [import.meta.filename, '--serve', mode, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  const url = `${String(line).trim()}/v1/traces`;
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS });
  const times: number[] = [];
  let next = 0;
  const sender = async (): Promise<void> => {
    for (let number = next++; number < requests; number = next++) {
      const bytes = body(number);
      const start = performance.now();
      await new Promise<void>((resolve, reject) => {
        const sent = request(
          url,
          { method: 'POST', agent, headers: { 'content-type': 'application/json', 'content-length': bytes.length } },
          (response) => response.resume().on('end', resolve),
        );
        sent.on('error', reject);
        sent.end(bytes);
      });
      times.push(performance.now() - start);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: SENDERS }, sender));
  const perSecond = requests / ((performance.now() - begin) / 1_000);
  agent.destroy();
  child.stdin?.end();
  await once(child, 'exit');
  rmSync(folder, { recursive: true, force: true });
  times.sort((a, b) => a - b);
  return { perSecond, p50: times[Math.floor(times.length / 2)] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

async function compare(): Promise<void> {
  const ratios: Round[] = [];
  const found: Record<string, Round[]> = {};
  for (let round = 0; round < rounds; round++) {
    const pair: Record<string, Round> = {};
    for (const mode of round % 2 === 0 ? MODES : MODES.toReversed()) (found[mode] ??= []).push((pair[mode] = await measure(mode)));
    const [before, after] = MODES.map((mode) => pair[mode] as Round) as [Round, Round];
    ratios.push({ perSecond: after.perSecond / before.perSecond, p50: after.p50 / before.p50, p99: after.p99 / before.p99 });
  }
  console.log(`${requests} requests of ${SPANS} spans, ${SENDERS} senders, ${rounds} rounds, medians\n`);
  console.log('| | requests a second | answer p50 ms | answer p99 ms |\n|---|---|---|---|');
  for (const [title, list] of [...Object.entries(found), ['ratio within a round', ratios] as const]) {
    const of = (key: keyof Round): string => median(list.map((each) => each[key])).toFixed(2);
    console.log(`| ${title} | ${of('perSecond')} | ${of('p50')} | ${of('p99')} |`);
  }
}

if (process.argv[2] === '--serve') await serve(process.argv[3] ?? '', process.argv[4] ?? '');
else await compare();
