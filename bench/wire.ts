/**
 * CPU of reading and recording one LLM call, its client left out: what Node's undici publishes of a call is published by the
 * program itself, so that a change of some microseconds is told from noise on a busy machine. `node bench/wire.ts [rounds]
 * [dist] [older dist] [kinds, by semicolons]`: with an older build (a folder) also the one against the other.
 */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { builtFolder } from './built.ts';
import { forkProgram, nextMessage } from './processes.ts';
import { median, pairedRounds, timesAdded, type Figure } from './rounds.ts';
import { removeFolders } from './temporary.ts';

/** Rounds of calls by which the compiler is done with a kind. */
const WARM_UP_ROUNDS = 6;
/** Longer than our flush delay, so that what a batch exports is counted with it. */
const SETTLE_MS = 150;

interface Kind {
  /** As `programs/wire-caller.mjs` knows it. */
  readonly kind: string;
  readonly count: number;
  /** The pieces of the answer, and the kind that differs from this one in having fewer: what one piece costs. */
  readonly pieces?: { readonly more: number; readonly than: string };
  readonly isCaptured?: boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  call: { kind: 'plain', count: 2_500 },
  'call by node:http': { kind: 'nodeHttp', count: 2_500 },
  'call, content captured': { kind: 'plain', count: 800, isCaptured: true },
  'history of 200 KB': { kind: 'history', count: 200 },
  'history of 200 KB that grows': { kind: 'growing', count: 200 },
  'stream of 200': { kind: 'stream200', count: 150 },
  'stream of 2,000': { kind: 'stream2000', count: 20, pieces: { more: 1_800, than: 'stream of 200' } },
  'stream of 200, content captured': { kind: 'stream200', count: 80, isCaptured: true },
  'stream of 2,000, content captured': {
    kind: 'stream2000',
    count: 10,
    isCaptured: true,
    pieces: { more: 1_800, than: 'stream of 200, content captured' },
  },
  'WebSocket of 200': { kind: 'frames200', count: 150 },
  'WebSocket of 2,000': { kind: 'frames2000', count: 20, pieces: { more: 1_800, than: 'WebSocket of 200' } },
};

type Contender = 'none' | 'preload' | 'older' | 'bare';

interface Start {
  readonly dist: string;
  readonly url: string;
  readonly isCaptured: boolean;
}

async function startCaller(contender: Contender, { dist, url, isCaptured }: Start): Promise<ChildProcess> {
  const { PATH, HOME } = process.env;
  const ours = join(dist, 'register.cjs');
  const preload = { none: undefined, preload: ours, older: ours, bare: join(import.meta.dirname, 'programs/peers/bare.cjs') }[contender];
  const child = forkProgram('wire-caller.mjs', {
    env: {
      ...{ PATH, HOME, BENCH_URL: url, SWARMSCOPE_ENDPOINT: url },
      BENCH_BARE: contender === 'bare' ? '1' : '',
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: isCaptured ? 'true' : '',
    },
    execArgv: preload === undefined ? [] : ['--require', preload],
  });
  await nextMessage(child);
  return child;
}

async function cpuUs(child: ChildProcess, kind: string, count: number): Promise<number> {
  const answer = nextMessage<{ cpuUs: number }>(child);
  child.send({ kind, count });
  return (await answer).cpuUs;
}

interface Measured {
  readonly added: number;
  readonly bare: number;
  /** Against an older build, where there is one. */
  readonly byOlder: number;
  readonly perPiece: number | undefined;
}

async function measureKinds(dist: string, rounds: number, older?: string, only?: readonly string[]): Promise<Map<string, Measured>> {
  const provider = forkProgram('provider.mjs', { execArgv: [], env: { PATH: process.env['PATH'] } });
  const url = await nextMessage<string>(provider);
  const names: Contender[] = ['none', ...(older === undefined ? [] : (['older'] as const)), 'preload', 'bare'];
  const measured = new Map<string, Measured>();
  for (const [name, { kind, count, pieces, isCaptured = false }] of Object.entries(kinds)) {
    if (only?.includes(name) === false) continue;
    const callers = new Map<Contender, ChildProcess>();
    for (const each of names)
      callers.set(each, await startCaller(each, { dist: (each === 'older' ? older : undefined) ?? dist, url, isCaptured }));
    for (const caller of callers.values()) await cpuUs(caller, kind, WARM_UP_ROUNDS * count);
    const values = new Map<Contender, number[]>(names.map((each) => [each, []]));
    const { preload, bare } = await pairedRounds(names, rounds, async (each) => {
      const caller = callers.get(each) as ChildProcess;
      const before = await cpuUs(caller, kind, 0);
      await cpuUs(caller, kind, count);
      await delay(SETTLE_MS);
      const value = ((await cpuUs(caller, kind, 0)) - before) / count;
      values.get(each)?.push(value);
      return value;
    });
    for (const caller of callers.values()) caller.kill();
    const fewer = pieces === undefined ? undefined : measured.get(pieces.than);
    measured.set(name, {
      added: preload.added,
      bare: bare.added,
      byOlder: median((values.get('preload') ?? []).map((value, round) => value / (values.get('older')?.[round] ?? NaN))),
      perPiece: pieces === undefined || fewer === undefined ? undefined : (preload.added - fewer.added) / pieces.more,
    });
  }
  provider.kill();
  return measured;
}

export async function measureWire(dist: string, rounds: number): Promise<Figure[]> {
  const measured = await measureKinds(dist, rounds);
  const of = (name: string): Measured => measured.get(name) ?? { added: NaN, bare: NaN, byOlder: NaN, perPiece: undefined };
  const call = of('call');
  return [
    { name: 'without a client: call, CPU us added', value: call.added },
    { name: "without a client: call, CPU added x bare's", value: timesAdded(call.added, call.bare) },
    { name: 'without a client: call with content captured, CPU added x without', value: of('call, content captured').added / call.added },
    { name: 'without a client: streamed chunk, CPU us', value: of('stream of 2,000').perPiece ?? NaN },
    {
      name: 'without a client: streamed chunk with content captured, CPU us',
      value: of('stream of 2,000, content captured').perPiece ?? NaN,
    },
    { name: 'without a client: WebSocket frame, CPU us', value: of('WebSocket of 2,000').perPiece ?? NaN },
  ];
}

if (import.meta.main) {
  const [rounds = '9', given, older, only] = process.argv.slice(2);
  const measured = await measureKinds(await builtFolder(given), Number(rounds), older, only?.split(';'));
  console.table(
    Object.fromEntries(
      [...measured].map(([name, { added, bare, byOlder, perPiece }]) => [
        name,
        {
          'us added': added.toFixed(1),
          'bare, us added': bare.toFixed(1),
          'x bare': (added / bare).toFixed(2),
          'x older': older === undefined ? '' : byOlder.toFixed(2),
          'us a piece': perPiece?.toFixed(2) ?? '',
        },
      ]),
    ),
  );
  removeFolders();
}
