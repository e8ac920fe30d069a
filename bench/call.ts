/**
 * CPU of one LLM call through the real SDK: alone, with the preload, and with the stock OpenTelemetry SDK and a
 * hand-written span ("bare").
 * The processes live through all rounds and take turns, so that code is warm and neighbours hit all alike. `node
 * bench/call.ts [rounds] [dist]`
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtFolder } from './built.ts';
import { pairedRounds, type Figure } from './rounds.ts';

/**
 * Of the first kind: the compiler is done with the paths of a call, the SDK's and ours, after some 10,000 of them, and
 * what it does is CPU of the process.
 */
const WARM_UP_ROUNDS = 30;
/** Of a further kind, most of whose paths are warm. */
const FURTHER_WARM_UP_ROUNDS = 5;
/** Longer than our flush delay, so that what a batch exports is counted with it. */
const SETTLE_MS = 250;

interface Kind {
  readonly name: string;
  /** As `programs/caller.mjs` knows it. */
  readonly kind: string;
  readonly count: number;
  readonly lanes: number;
  readonly chunks?: number;
  /** The characters that are parsed are of interest too. */
  readonly isCounted?: boolean;
}

const kinds = [
  { name: 'call, C=1', kind: 'plain', count: 400, lanes: 1 },
  { name: 'call, C=32', kind: 'plain', count: 480, lanes: 32 },
  { name: 'stream of 200 chunks', kind: 'stream200', count: 40, lanes: 1, chunks: 200 },
  { name: 'stream of 2,000 chunks', kind: 'stream2000', count: 6, lanes: 1, chunks: 2_000 },
  { name: 'history of 200 KB', kind: 'history', count: 100, lanes: 1, isCounted: true },
  { name: 'answer of 20 MB', kind: 'large', count: 3, lanes: 1, isCounted: true },
] as const satisfies readonly Kind[];

const contenders = ['none', 'preload', 'bare'] as const;
type Contender = (typeof contenders)[number];

class Caller {
  readonly #child: ChildProcess;

  constructor(url: string, contender: Contender, { dist, isCounted = false }: { dist: string; isCounted?: boolean }) {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      BENCH_URL: url,
      SWARMSCOPE_ENDPOINT: url,
      BENCH_BARE: contender === 'bare' ? '1' : '',
    };
    const counter = isCounted ? ['--require', join(import.meta.dirname, 'programs/count-parse.cjs')] : [];
    const execArgv = [...counter, ...(contender === 'preload' ? ['--require', join(dist, 'register.cjs')] : [])];
    this.#child = fork(join(import.meta.dirname, 'programs/caller.mjs'), { env, execArgv });
  }

  async ready(): Promise<void> {
    await once(this.#child, 'message');
  }

  /** CPU microseconds since the last time it was asked, its exports included; then makes the calls. */
  async run(work: Kind): Promise<number> {
    const before = await this.#ask({ ...work, count: 0 });
    await this.#ask(work);
    await delay(SETTLE_MS);
    return (await this.#ask({ ...work, count: 0 })) - before;
  }

  /** Characters that go into `JSON.parse` during the second of two calls: the first loads prices, and is where a history is new. */
  async parsed({ kind }: Kind): Promise<number> {
    await this.#tell({ kind, isCounted: true });
    return (await this.#tell<{ parsed: number }>({ kind, isCounted: true })).parsed;
  }

  stop(): void {
    this.#child.kill();
  }

  async #ask(work: object): Promise<number> {
    return (await this.#tell<{ cpuUs: number }>(work)).cpuUs;
  }

  async #tell<Answer>(work: object): Promise<Answer> {
    const answer = once(this.#child, 'message') as Promise<[Answer]>;
    this.#child.send(work);
    return (await answer)[0];
  }
}

export async function measureCalls(dist: string, rounds: number): Promise<Figure[]> {
  const provider = fork(join(import.meta.dirname, 'programs/provider.mjs'), { execArgv: [], env: { PATH: process.env['PATH'] } });
  const [url] = (await once(provider, 'message')) as [string];
  const callers = Object.fromEntries(contenders.map((name) => [name, new Caller(url, name, { dist })])) as Record<Contender, Caller>;
  const figures: Figure[] = [];
  const parsedBy = async (name: Contender, work: Kind): Promise<number> => {
    const caller = new Caller(url, name, { dist, isCounted: true });
    try {
      await caller.ready();
      return await caller.parsed(work);
    } finally {
      caller.stop();
    }
  };
  let plainUs: number | undefined;
  try {
    for (const name of contenders) await callers[name].ready();
    for (const work of kinds as readonly Kind[]) {
      const measure = async (name: Contender): Promise<number> => (await callers[name].run(work)) / work.count;
      await pairedRounds(contenders, work.name === kinds[0].name ? WARM_UP_ROUNDS : FURTHER_WARM_UP_ROUNDS, measure);
      const { none, preload, bare } = await pairedRounds(contenders, rounds, measure);
      plainUs ??= preload.added;
      figures.push({ name: `${work.name}, CPU us alone`, value: none.value });
      figures.push({ name: `${work.name}, CPU x none`, value: preload.ratio });
      figures.push({ name: `${work.name}, bare, CPU x none`, value: bare.ratio });
      figures.push({ name: `${work.name}, CPU us added`, value: preload.added });
      figures.push({ name: `${work.name}, bare, CPU us added`, value: bare.added });
      figures.push({ name: `${work.name}, CPU added x bare's`, value: preload.added / bare.added });
      if (work.chunks !== undefined)
        figures.push({ name: `streamed chunk of ${work.chunks}, CPU us added`, value: (preload.added - plainUs) / work.chunks });
      if (work.isCounted === true)
        figures.push({
          name: `${work.name}, KB parsed more`,
          value: ((await parsedBy('preload', work)) - (await parsedBy('none', work))) / 1024,
        });
    }
  } finally {
    for (const caller of Object.values(callers)) caller.stop();
    provider.kill();
  }
  return figures;
}

if (import.meta.main) {
  const [rounds = '9', dist] = process.argv.slice(2);
  console.table(await measureCalls(await builtFolder(dist), Number(rounds)));
}
