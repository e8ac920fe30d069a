/**
 * CPU of one LLM call through the real SDK: alone, with each preload, and with the stock OpenTelemetry SDK and a
 * hand-written span.
 * The processes live through all rounds and take turns, so that code is warm and neighbours hit all alike. `node
 * bench/call.ts [rounds] [dist]`
 */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtFolder } from './built.ts';
import { BARE, gather, NONE, OURS, whoWorks, type Contender, type Field } from './contenders.ts';
import { forkProgram, nextMessage } from './processes.ts';
import { pairedRounds, spreadOf, timesAdded, type Comparison, type Figure, type Measured } from './rounds.ts';
import { removeFolders } from './temporary.ts';

/**
 * Of the first kind: the compiler is done with the paths of a call, the SDK's and ours, after some 10,000 of them, and
 * what it does is CPU of the process.
 */
const WARM_UP_ROUNDS = 30;
/** The compiler is not done by then: what comes out is rough. */
const QUICK_WARM_UP_ROUNDS = 4;
/** Of a further kind, most of whose paths are warm. */
const FURTHER_WARM_UP_ROUNDS = 5;
/** Longer than our flush delay, and the peers', so that what a batch exports is counted with it. */
const SETTLE_MS = 250;
/** After this long everybody has sent what was recorded of a call. */
const SEEN_MS = 5_000;

interface Kind {
  readonly name: string;
  /** As `programs/caller.mjs` knows it. */
  readonly kind: string;
  readonly count: number;
  readonly lanes: number;
  readonly chunks?: number;
  /** The peers make such calls too. */
  readonly isForAll?: boolean;
  /** The characters that are parsed are of interest too. */
  readonly isCounted?: boolean;
}

const kinds: readonly Kind[] = [
  { name: 'call, C=1', kind: 'plain', count: 400, lanes: 1, isForAll: true },
  { name: 'call, C=32', kind: 'plain', count: 480, lanes: 32, isForAll: true },
  { name: 'stream of 200 chunks', kind: 'stream200', count: 40, lanes: 1, chunks: 200, isForAll: true },
  { name: 'stream of 2,000 chunks', kind: 'stream2000', count: 6, lanes: 1, chunks: 2_000 },
  { name: 'history of 200 KB', kind: 'history', count: 100, lanes: 1, isCounted: true },
  { name: 'answer of 20 MB', kind: 'large', count: 3, lanes: 1, isCounted: true },
];

class Caller {
  readonly #child: ChildProcess;
  /** Resolves when it takes calls; rejects when it ends before. */
  readonly ready: Promise<unknown>;

  constructor(url: string, contender: Contender, { isCounted = false } = {}) {
    const { PATH, HOME } = process.env;
    const counter = isCounted ? ['--require', join(import.meta.dirname, 'programs/count-parse.cjs')] : [];
    this.#child = forkProgram('caller.mjs', {
      env: { PATH, HOME, BENCH_URL: url, ...contender.env(url) },
      execArgv: [...counter, ...contender.execArgv],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.ready = nextMessage(this.#child);
    // It is awaited when its turn comes.
    this.ready.catch(() => undefined);
  }

  /** CPU microseconds of the calls, their export included. */
  async run(work: Kind): Promise<number> {
    const before = await this.call(work, 0);
    await this.call(work, work.count);
    await delay(SETTLE_MS);
    return (await this.call(work, 0)) - before;
  }

  /** Makes calls; returns the CPU microseconds of the process so far. */
  async call(work: Kind, count: number): Promise<number> {
    return (await this.#tell<{ cpuUs: number }>({ ...work, count })).cpuUs;
  }

  /** Characters that go into `JSON.parse` during the second of two calls: the first loads prices, and is where a history is new. */
  async parsed({ kind }: Kind): Promise<number> {
    await this.#tell({ kind, isCounted: true });
    return (await this.#tell<{ parsed: number }>({ kind, isCounted: true })).parsed;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #tell<Answer>(work: object): Promise<Answer> {
    const answer = nextMessage<Answer>(this.#child);
    this.#child.send(work);
    return answer;
  }
}

export interface CallOptions {
  readonly rounds: number;
  /** Fewer kinds, and less to warm up. */
  readonly isQuick?: boolean;
  readonly tell: (line: string) => void;
}

export async function measureCalls(field: Field, { rounds, isQuick = false, tell }: CallOptions): Promise<Measured> {
  const provider = forkProgram('provider.mjs', { execArgv: [], env: { PATH: process.env['PATH'] } });
  const url = await nextMessage<string>(provider);
  const asked = kinds.filter(({ isForAll = false }) => isForAll || !isQuick);
  const callers = new Map<string, Caller>();
  const figures: Figure[] = [];
  const comparisons: Comparison[] = [];
  try {
    await whoWorks(
      field.contenders,
      async (contender) => {
        const caller = new Caller(url, contender);
        await caller.ready;
        await caller.call(kinds[0] as Kind, 1);
        callers.set(contender.name, caller);
        if (contender.name !== NONE && !(await isSeen(provider))) tell(`${contender.name} sees nothing of the calls`);
      },
      tell,
    );
    let plainUs: number | undefined;
    for (const work of asked) {
      const names = [...callers.keys()].filter((name) => work.isForAll === true || [NONE, OURS, BARE].includes(name));
      const first = isQuick ? QUICK_WARM_UP_ROUNDS : WARM_UP_ROUNDS;
      const warmUp = work.count * (work === asked[0] ? first : Math.min(first, FURTHER_WARM_UP_ROUNDS));
      for (const name of names) await callers.get(name)?.call(work, warmUp);
      const by = await pairedRounds(names, rounds, async (name) => (await (callers.get(name) as Caller).run(work)) / work.count);
      comparisons.push({ what: work.name, alone: `${by[NONE]?.value.toFixed(0)} us`, by });
      const { [OURS]: ours, [BARE]: bare } = by;
      if (ours === undefined) continue;
      plainUs ??= ours.added;
      figures.push({ name: `${work.name}, CPU x none`, value: ours.ratio, ...spreadOf(ours) });
      figures.push({ name: `${work.name}, CPU us added`, value: ours.added });
      figures.push({ name: `${work.name}, bare, CPU us added`, value: bare?.added ?? NaN });
      figures.push({ name: `${work.name}, CPU added x bare's`, value: timesAdded(ours.added, bare?.added ?? NaN) });
      if (work.chunks !== undefined)
        figures.push({ name: `streamed chunk of ${work.chunks}, CPU us added`, value: (ours.added - plainUs) / work.chunks });
      if (work.isCounted === true) figures.push({ name: `${work.name}, KB parsed more`, value: await parsedMore(work, url, field) });
    }
  } finally {
    for (const caller of callers.values()) caller.stop();
    provider.kill();
  }
  return { figures, comparisons };
}

/** Whether what was sent to it names the model: now, or soon. */
async function isSeen(provider: ChildProcess): Promise<boolean> {
  for (let passedMs = 0; passedMs < SEEN_MS; passedMs += SETTLE_MS) {
    await delay(SETTLE_MS);
    const answer = nextMessage<{ isSeen: boolean }>(provider);
    provider.send('?');
    if ((await answer).isSeen) return true;
  }
  return false;
}

/** KB that go into `JSON.parse` during a call of ours, without those of the call alone. */
async function parsedMore(work: Kind, url: string, { contenders }: Field): Promise<number> {
  const parsed: Record<string, number> = {};
  for (const contender of contenders.filter(({ name }) => name === NONE || name === OURS)) {
    const caller = new Caller(url, contender, { isCounted: true });
    try {
      await caller.ready;
      parsed[contender.name] = await caller.parsed(work);
    } finally {
      caller.stop();
    }
  }
  return ((parsed[OURS] ?? NaN) - (parsed[NONE] ?? NaN)) / 1024;
}

if (import.meta.main) {
  const [rounds = '9', dist] = process.argv.slice(2);
  const own = await gather(await builtFolder(dist), { withPeers: false });
  console.table((await measureCalls(own, { rounds: Number(rounds), tell: (line) => console.log(line) })).figures);
  removeFolders();
}
