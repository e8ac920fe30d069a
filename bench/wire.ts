/**
 * CPU of reading and recording one LLM call, its client left out: what Node's undici publishes of a call is published by the
 * program itself, so that a change of some microseconds is told from noise on a busy machine. `node bench/wire.ts [rounds]
 * [dist] [older dist]`: with an older build (a folder) also the one against the other.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtFolder } from './built.ts';
import { median, pairedRounds } from './rounds.ts';

/** The compiler is done by then. */
const WARM_UP = 8_000;
/** Longer than our flush delay, so that what a batch exports is counted with it. */
const SETTLE_MS = 150;

interface Kind {
  /** As `programs/wire-caller.mjs` knows it. */
  readonly kind: string;
  readonly count: number;
  /** Pieces of the answer. */
  readonly chunks?: number;
  /** What the settings say besides. */
  readonly env?: Readonly<Record<string, string>>;
}

const CAPTURE = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };

const kinds: Readonly<Record<string, Kind>> = {
  call: { kind: 'plain', count: 1_500 },
  'call, content captured': { kind: 'plain', count: 1_000, env: CAPTURE },
  'history of 200 KB': { kind: 'history', count: 200 },
  'stream of 200 chunks': { kind: 'stream200', count: 200, chunks: 200 },
  'stream of 200 chunks, content captured': { kind: 'stream200', count: 200, chunks: 200, env: CAPTURE },
};

type Contender = 'none' | 'preload' | 'older' | 'bare';

async function startCaller(
  contender: Contender,
  { env, dist, url }: { env: Kind['env']; dist: string; url: string },
): Promise<ChildProcess> {
  const { PATH, HOME } = process.env;
  const isOurs = contender === 'preload' || contender === 'older';
  const child = fork(join(import.meta.dirname, 'programs/wire-caller.mjs'), {
    env: { PATH, HOME, BENCH_URL: url, SWARMSCOPE_ENDPOINT: url, BENCH_BARE: contender === 'bare' ? '1' : '', ...env },
    execArgv: isOurs ? ['--require', join(dist, 'register.cjs')] : [],
  });
  await once(child, 'message');
  return child;
}

async function cpuUs(child: ChildProcess, kind: string, count: number): Promise<number> {
  const answer = once(child, 'message') as Promise<[{ cpuUs: number }]>;
  child.send({ kind, count });
  return (await answer)[0].cpuUs;
}

const [rounds = '9', given, older] = process.argv.slice(2);
const dist = await builtFolder(given);
const provider = fork(join(import.meta.dirname, 'programs/provider.mjs'), { execArgv: [], env: { PATH: process.env['PATH'] } });
const [url] = (await once(provider, 'message')) as [string];
const names: Contender[] = ['none', ...(older === undefined ? [] : (['older'] as const)), 'preload', 'bare'];
const table: Record<string, Record<string, string>> = {};
for (const [name, { kind, count, chunks, env }] of Object.entries(kinds)) {
  const callers = new Map<Contender, ChildProcess>();
  for (const each of names) callers.set(each, await startCaller(each, { env, dist: (each === 'older' ? older : undefined) ?? dist, url }));
  for (const caller of callers.values()) await cpuUs(caller, kind, Math.ceil((WARM_UP * count) / 1_500));
  const values = new Map<Contender, number[]>(names.map((each) => [each, []]));
  const figures = await pairedRounds(names, Number(rounds), async (each) => {
    const caller = callers.get(each) as ChildProcess;
    const before = await cpuUs(caller, kind, 0);
    await cpuUs(caller, kind, count);
    await delay(SETTLE_MS);
    const value = ((await cpuUs(caller, kind, 0)) - before) / count;
    values.get(each)?.push(value);
    return value;
  });
  const added = (each: Contender): number => figures[each].added;
  const against = (other: Contender): string =>
    median((values.get('preload') ?? []).map((value, round) => value / (values.get(other)?.[round] ?? NaN))).toFixed(2);
  table[name] = {
    'us added': added('preload').toFixed(1),
    'of bare': added('bare').toFixed(1),
    'x bare': (added('preload') / added('bare')).toFixed(2),
    ...(older === undefined ? {} : { 'x older': against('older') }),
    ...(chunks === undefined ? {} : { 'us a chunk': (added('preload') / chunks).toFixed(2) }),
  };
  for (const caller of callers.values()) caller.kill();
}
provider.kill();
console.table(table);
