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

const CHUNKS = 200;
/**
 * Of the first kind: the compiler is done with the paths of a call, the SDK's and ours, after some 10,000 of them, and
 * what it does is CPU of the process.
 */
const WARM_UP_ROUNDS = 30;
/** Of a further kind, most of whose paths are warm. */
const FURTHER_WARM_UP_ROUNDS = 5;
/** Longer than our flush delay, so that what a batch exports is counted with it. */
const SETTLE_MS = 250;

const kinds = [
  { name: 'call, C=1', kind: 'plain', count: 400, lanes: 1 },
  { name: 'call, C=32', kind: 'plain', count: 480, lanes: 32 },
  { name: 'stream of 200 chunks', kind: 'stream', count: 40, lanes: 1 },
] as const;

const contenders = ['none', 'preload', 'bare'] as const;
type Contender = (typeof contenders)[number];

class Caller {
  readonly #child: ChildProcess;
  #usedUs = 0;

  constructor(url: string, contender: Contender, dist: string) {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      BENCH_URL: url,
      SWARMSCOPE_ENDPOINT: url,
      BENCH_BARE: contender === 'bare' ? '1' : '',
    };
    const execArgv = contender === 'preload' ? ['--require', join(dist, 'register.cjs')] : [];
    this.#child = fork(join(import.meta.dirname, 'programs/caller.mjs'), { env, execArgv });
  }

  async ready(): Promise<void> {
    await once(this.#child, 'message');
  }

  /** CPU microseconds since the last time it was asked, its exports included; then makes the calls. */
  async run(work: (typeof kinds)[number]): Promise<number> {
    const before = await this.#ask({ ...work, count: 0 });
    await this.#ask(work);
    await delay(SETTLE_MS);
    return (await this.#ask({ ...work, count: 0 })) - before;
  }

  stop(): void {
    this.#child.kill();
  }

  async #ask(work: object): Promise<number> {
    const answer = once(this.#child, 'message') as Promise<[{ cpuUs: number }]>;
    this.#child.send(work);
    this.#usedUs = (await answer)[0].cpuUs;
    return this.#usedUs;
  }
}

export async function measureCalls(dist: string, rounds: number): Promise<Figure[]> {
  const provider = fork(join(import.meta.dirname, 'programs/provider.mjs'), { execArgv: [], env: { PATH: process.env['PATH'] } });
  const [url] = (await once(provider, 'message')) as [string];
  const callers = Object.fromEntries(contenders.map((name) => [name, new Caller(url, name, dist)])) as Record<Contender, Caller>;
  const figures: Figure[] = [];
  const addedUs: number[] = [];
  try {
    for (const name of contenders) await callers[name].ready();
    for (const work of kinds) {
      const measure = async (name: Contender): Promise<number> => (await callers[name].run(work)) / work.count;
      await pairedRounds(contenders, work === kinds[0] ? WARM_UP_ROUNDS : FURTHER_WARM_UP_ROUNDS, measure);
      const { none, preload, bare } = await pairedRounds(contenders, rounds, measure);
      addedUs.push(preload.added);
      figures.push({ name: `${work.name}, CPU us alone`, value: none.value });
      figures.push({ name: `${work.name}, CPU x none`, value: preload.ratio });
      figures.push({ name: `${work.name}, bare, CPU x none`, value: bare.ratio });
      figures.push({ name: `${work.name}, CPU us added`, value: preload.added });
      figures.push({ name: `${work.name}, bare, CPU us added`, value: bare.added });
      figures.push({ name: `${work.name}, CPU added x bare's`, value: preload.added / bare.added });
    }
  } finally {
    for (const caller of Object.values(callers)) caller.stop();
    provider.kill();
  }
  const [plain = NaN, , stream = NaN] = addedUs;
  return [...figures, { name: 'streamed chunk, CPU us added', value: (stream - plain) / CHUNKS }];
}

if (import.meta.main) {
  const [rounds = '9', dist] = process.argv.slice(2);
  console.table(await measureCalls(await builtFolder(dist), Number(rounds)));
}
