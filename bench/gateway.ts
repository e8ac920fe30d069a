/**
 * What the gateway costs a call: time to the first byte, time of a chunk, CPU, memory with many streams open. Calls take turns,
 * direct and through it, within one run. `node bench/gateway.ts [rounds] [dist]`
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { join, resolve as absolute } from 'node:path';
import { startGateway } from '../src/gateway/index.ts';
import { builtFolder } from './built.ts';
import { median, pairedRounds } from './rounds.ts';

const CALLS = 60;
const CHUNKS = 100;
const PACE_MS = 5;
const STREAMS = 200;
const BODY = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'ping '.repeat(200) }] });

const [roundsText = '9', dist] = process.argv.slice(2);
const rounds = Number(roundsText);
const folder = absolute(await builtFolder(dist));
const loadBefore = loadavg()[0] ?? 0;
const now = (): number => Number(process.hrtime.bigint() / 1000n);

const provider = fork(join(import.meta.dirname, 'programs/paced-provider.mjs'));
process.once('exit', () => provider.kill());
const [{ port }] = (await once(provider, 'message')) as [{ port: number }];
const direct = `http://127.0.0.1:${port}/v1`;
let recorded = 0;
const gateway = await startGateway({
  programFile: join(folder, 'gateway.mjs'),
  environment: { PATH: process.env['PATH'], OPENAI_BASE_URL: direct },
  off: ['OPENAI_API_BASE', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_API_URL', 'GOOGLE_GEMINI_BASE_URL', 'OLLAMA_HOST', 'OLLAMA_API_BASE'],
  runId: 'bench',
  recorder: {
    startLlmCall: () => ({
      learn: () => undefined,
      learnHead: () => undefined,
      end: () => void (recorded += 1),
      activity: { set: () => undefined },
    }),
  },
  ownerOf: () => Promise.resolve(undefined),
  isContentCaptured: false,
  hashKey: undefined,
  llmServices: {},
  onWarning: (message) => console.error(message),
});
const through = gateway.variables['OPENAI_BASE_URL'] as string;
const pid = gatewayPid();
const agent = new Agent({ keepAlive: true, maxSockets: STREAMS });
const contenders = { direct, gateway: through } as const;
type Contender = keyof typeof contenders;
const names = ['direct', 'gateway'] as const satisfies readonly Contender[];

/** Our own child that runs it. */
function gatewayPid(): string {
  return readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('gateway.mjs') && statusOf(name, 'PPid') === process.pid;
    } catch {
      return false;
    }
  }) as string;
}

function statusOf(name: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${name}/status`, 'latin1'))?.[1]);
}

/** CPU of the gateway so far, in microseconds. */
function cpuOf(): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

interface Heard {
  /** Microseconds from the call to the first byte of the answer's body. */
  readonly firstByte: number;
  /** Microseconds from the provider's `write` to our `data`, for each chunk. */
  readonly late: readonly number[];
}

function call(base: string, query = ''): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const startedAt = now();
    let firstByte = 0;
    const late: number[] = [];
    const asked = request(`${base}/chat/completions${query}`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) },
    });
    asked.on('response', (answer) => {
      answer.on('data', (chunk: Buffer) => {
        const at = now();
        if (firstByte === 0) firstByte = at - startedAt;
        for (const [, written] of chunk.toString('latin1').matchAll(/"at":(\d+)/g)) late.push(at - Number(written));
      });
      answer.on('end', () => resolve({ firstByte, late }));
      answer.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(BODY);
  });
}

async function many(base: string, count: number, query?: string): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (let at = 0; at < count; at++) heard.push(await call(base, query));
  return heard;
}

for (const name of names) await many(contenders[name], 300);
const first = await pairedRounds(names, rounds, async (name) =>
  median((await many(contenders[name], CALLS)).map(({ firstByte }) => firstByte)),
);
const paced = `?chunks=${CHUNKS}&paceMs=${PACE_MS}`;
const chunk = await pairedRounds(names, rounds, async (name) =>
  median((await many(contenders[name], 1, paced)).flatMap(({ late }) => late)),
);
const cpuPer = async (count: number, query?: string): Promise<number> => {
  const before = cpuOf();
  await many(through, count, query);
  return (cpuOf() - before) / count;
};
const cpuPerCall = await cpuPer(1_000);
const cpuPerStream = await cpuPer(5, `?chunks=2000&paceMs=1`);
const idleKiB = statusOf(pid, 'VmRSS');
let peakKiB = 0;
const watch = setInterval(() => (peakKiB = Math.max(peakKiB, statusOf(pid, 'VmRSS'))), 50);
const streams = await Promise.all(Array.from({ length: STREAMS }, () => call(through, '?chunks=50&paceMs=20')));
clearInterval(watch);
const whole = streams.filter(({ late }) => late.length === 50).length;

const us = (value: number): string => `${value.toFixed(0)} us`;
console.log(`load ${loadBefore.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}, ${rounds} rounds, Node ${process.versions.node}`);
console.log(
  `first byte        direct ${us(first.direct.value)}, gateway x ${first.gateway.ratio.toFixed(2)}, added ${us(first.gateway.added)} (at most 1,000)`,
);
console.log(
  `chunk             direct ${us(chunk.direct.value)}, gateway x ${chunk.gateway.ratio.toFixed(2)}, added ${us(chunk.gateway.added)} (at most 50)`,
);
console.log(`CPU of the gateway: ${us(cpuPerCall)} a call, ${us(cpuPerStream / 2000)} a chunk`);
console.log(
  `memory: ${(idleKiB / 1024).toFixed(0)} MiB idle, ${(peakKiB / 1024).toFixed(0)} MiB with ${STREAMS} streams at once, ${whole} of them whole`,
);
console.log(`${recorded} calls recorded, ${JSON.stringify(gateway.counts())}`);
gateway.stop();
provider.kill();
agent.destroy();
