/**
 * An hour of a busy swarm: is memory flat in the program, and in the receiver beside it? Fails on growth above the
 * stated bounds.
 * `node bench/soak.ts [minutes] [calls per second] [samples]`; default 60 minutes, 5.6 calls a second (20,000 calls),
 * 24 samples.
 */
import { execFileSync, fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const programs = join(import.meta.dirname, 'programs');

export interface SoakOptions {
  /** LLM calls in all. */
  readonly calls: number;
  /** 0: as fast as they go. */
  readonly callsPerSecond: number;
  /** Points in time at which memory is looked at, evenly spread over the calls. */
  readonly samples: number;
  /** The built `dist`. */
  readonly dist: string;
  readonly onSample?: (sample: Sample) => void;
}

/** What a process holds after a collection. */
export interface Held {
  readonly heapUsed: number;
  readonly rss: number;
  readonly external: number;
  /** V8's young generation, which grows in steps to a bound of its own and is the larger part of a receiver's RSS. */
  readonly youngBytes: number;
  readonly handles: number;
  readonly descriptors: number;
}

export interface Sample {
  readonly calls: number;
  readonly tasks: number;
  readonly children: number;
  readonly gits: number;
  readonly seconds: number;
  readonly program: Held;
  readonly receiver: Held;
  /** From the program's status file: what our runtime holds, by name. */
  readonly runtime: Readonly<Record<string, number>>;
  readonly dropped: number;
}

export interface Soak {
  readonly samples: readonly Sample[];
  readonly report: SoakReport;
  readonly code: number | null;
  readonly stderr: string;
}

interface SoakReport {
  readonly spanCount: number;
}

/**
 * Growth per 1,000 calls, from the second quarter to the end, above which the soak fails. A leaked span for each call
 * would be 1.2 MB. What may grow is
 * bounded: series of the first 32 queues, 1,024 claimed tool calls; in the receiver the ids of the last 100,000 ended
 * calls (about 100 bytes each).
 */
export const BOUNDS = {
  programHeapBytes: 120_000,
  receiverHeapBytes: 300_000,
  externalBytes: 60_000,
  handles: 0.5,
  descriptors: 0.5,
  runtimeEntries: 2,
} as const;

/** Runs the swarm under `swarmscope run` in a home folder of its own; rejects when it ends without a figure. */
export async function runSoak({ calls, callsPerSecond, samples, dist, onSample }: SoakOptions): Promise<Soak> {
  const folder = mkdtempSync(join(tmpdir(), 'swarmscope-soak-'));
  const provider = fork(join(programs, 'busy-provider.mjs'), { execArgv: [], env: { PATH: process.env['PATH'] } });
  try {
    // A copy: somebody may build meanwhile.
    cpSync(dist, join(folder, 'dist'), { recursive: true });
    const repository = join(folder, 'repository');
    execFileSync('git', ['init', '--quiet', repository], { env: { PATH: process.env['PATH'], HOME: folder } });
    const [url] = (await once(provider, 'message')) as [string];
    const environment = {
      PATH: process.env['PATH'],
      HOME: folder,
      XDG_STATE_HOME: join(folder, 'state'),
      XDG_DATA_HOME: join(folder, 'data'),
      XDG_CACHE_HOME: join(folder, 'cache'),
      SOAK_URL: url,
      SOAK_DOOR: pathToFileURL(join(folder, 'dist/index.mjs')).href,
      SOAK_REPOSITORY: repository,
      SOAK_CHILD: join(programs, 'busy-child.cjs'),
      SOAK_CALLS: String(calls),
      SOAK_CALLS_PER_SECOND: String(callsPerSecond),
      SOAK_SAMPLES: String(samples),
    };
    const command = [join(folder, 'dist/cli.mjs'), 'run', '--json', join(folder, 'report.json'), '--', process.execPath, '--expose-gc'];
    const receiver = spawn(
      process.execPath,
      ['--expose-gc', '--require', join(programs, 'tell-memory.cjs'), ...command, join(programs, 'busy-swarm.mjs')],
      { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], cwd: folder },
    );
    const stderr: string[] = [];
    receiver.stderr?.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
    const ended = once(receiver, 'close') as Promise<[number | null]>;
    const taken: Sample[] = [];
    if (receiver.stdout === null) throw new Error('no stdout');
    for await (const line of createInterface({ input: receiver.stdout })) {
      if (!line.startsWith('{"calls"')) continue;
      const sample = await complete(JSON.parse(line) as Told, receiver, join(folder, 'state/swarmscope/status'));
      taken.push(sample);
      onSample?.(sample);
    }
    const [code] = await ended;
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as SoakReport;
    return { samples: taken, report, code, stderr: stderr.join('') };
  } finally {
    provider.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Told extends Held {
  readonly calls: number;
  readonly tasks: number;
  readonly children: number;
  readonly gits: number;
  readonly seconds: number;
  readonly pid: number;
}

async function complete(told: Told, receiver: ChildProcess, statusFolder: string): Promise<Sample> {
  const answer = once(receiver, 'message') as Promise<[Held]>;
  receiver.send('memory');
  const [held] = await answer;
  const { calls, tasks, children, gits, seconds, heapUsed, rss, external, youngBytes, handles, descriptors, pid } = told;
  const program = { heapUsed, rss, external, youngBytes, handles, descriptors };
  return { calls, tasks, children, gits, seconds, program, receiver: held, ...readStatus(statusFolder, pid) };
}

interface Status {
  readonly held?: Readonly<Record<string, number>>;
  readonly signals: Readonly<Record<string, { readonly dropped?: Readonly<Record<string, number>> }>>;
}

function readStatus(folder: string, pid: number): { runtime: Readonly<Record<string, number>>; dropped: number } {
  const name = readdirSync(folder).find((file) => file.startsWith(`${pid}-`) && file.endsWith('.json'));
  if (name === undefined) return { runtime: {}, dropped: NaN };
  const status = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Status;
  const dropped = Object.values(status.signals).flatMap((signal) => Object.values(signal.dropped ?? {}));
  return { runtime: status.held ?? {}, dropped: dropped.reduce((sum, count) => sum + count, 0) };
}

export interface Growth {
  readonly what: string;
  readonly first: number;
  readonly last: number;
  /** Slope of a straight line through the samples after the first quarter, per 1,000 calls. */
  readonly per1000Calls: number;
  readonly bound: number;
}

/** Least squares over what is left when the first quarter, the warm-up, is cut off. */
export function growthOf(samples: readonly Sample[]): Growth[] {
  const warm = samples.slice(Math.floor(samples.length / 4));
  const row = (what: string, read: (sample: Sample) => number, bound: number): Growth => ({
    what,
    first: read(warm[0] as Sample),
    last: read(warm.at(-1) as Sample),
    per1000Calls: slope(warm.map((sample) => [sample.calls / 1000, read(sample)])),
    bound,
  });
  return [
    row('program heap bytes', (sample) => sample.program.heapUsed, BOUNDS.programHeapBytes),
    row('program external bytes', (sample) => sample.program.external, BOUNDS.externalBytes),
    row('program handles', (sample) => sample.program.handles, BOUNDS.handles),
    row('program descriptors', (sample) => sample.program.descriptors, BOUNDS.descriptors),
    row('program runtime entries', (sample) => entriesOf(sample.runtime), BOUNDS.runtimeEntries),
    row('receiver heap bytes', (sample) => sample.receiver.heapUsed, BOUNDS.receiverHeapBytes),
    row('receiver external bytes', (sample) => sample.receiver.external, Infinity),
    row('receiver handles', (sample) => sample.receiver.handles, BOUNDS.handles),
    row('receiver descriptors', (sample) => sample.receiver.descriptors, BOUNDS.descriptors),
    // Told, not held to a bound: an allocator gives pages back when it likes.
    row('program RSS bytes', (sample) => sample.program.rss, Infinity),
    row('receiver RSS bytes', (sample) => sample.receiver.rss, Infinity),
    row('receiver young generation bytes', (sample) => sample.receiver.youngBytes, Infinity),
  ];
}

/** What must fall back when the work is done; the rest has bounds of its own. */
const entriesOf = (runtime: Readonly<Record<string, number>>): number =>
  sum(['open', 'tasks-running', 'tasks-queued', 'pools', 'queues'].map((name) => runtime[`recording.${name}`] ?? 0));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function slope(points: readonly (readonly [number, number])[]): number {
  const meanX = sum(points.map(([x]) => x)) / points.length;
  const meanY = sum(points.map(([, y]) => y)) / points.length;
  const below = sum(points.map(([x]) => (x - meanX) ** 2));
  return below === 0 ? 0 : sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / below;
}

async function main(): Promise<void> {
  const [minutes = '60', rate = '5.6', samples = '24'] = process.argv.slice(2);
  const callsPerSecond = Number(rate);
  const { samples: taken, code } = await runSoak({
    calls: Math.round(Number(minutes) * 60 * callsPerSecond),
    callsPerSecond,
    samples: Number(samples),
    dist: join(import.meta.dirname, '../dist'),
    onSample: (sample) => console.log(JSON.stringify(sample)),
  });
  const growth = growthOf(taken);
  console.table(growth);
  const grown = growth.filter(({ per1000Calls, bound }) => per1000Calls > bound);
  console.log(
    `the swarm ended with ${code}; ${grown.length === 0 ? 'memory is flat' : `grown: ${grown.map(({ what }) => what).join(', ')}`}`,
  );
  process.exitCode = grown.length === 0 && code === 0 ? 0 : 1;
}

if (import.meta.main) void main();
