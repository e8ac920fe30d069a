/**
 * What the gateway costs a call: time to the first byte, time of a chunk, CPU, memory with many streams open. Calls are made in
 * turn directly, through a process that hands on bytes and reads nothing ("relay"), and through the gateway, so that load
 * meets all three alike. `node bench/gateway.ts [rounds] [dist]`
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { loadavg } from 'node:os';
import { join, resolve as absolute } from 'node:path';
import { startGateway, type Gateway } from '../src/gateway/index.ts';
import { builtFolder } from './built.ts';
import { median, pairedRounds, type Figure } from './rounds.ts';

const CALLS = 60;
const CHUNKS = 100;
const PACE_MS = 5;
const STREAMS = 200;
const WARM_UP_CALLS = 300;
const BODY = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'ping '.repeat(200) }] });
const OTHERS = ['OPENAI_API_BASE', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_API_URL', 'GOOGLE_GEMINI_BASE_URL', 'OLLAMA_HOST', 'OLLAMA_API_BASE'];
const NAMES = ['direct', 'relay', 'gateway'] as const;
type Contender = (typeof NAMES)[number];

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** Our own child that runs it. */
function gatewayPid(): number {
  const found = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('gateway.mjs') && statusOf(name, 'PPid') === process.pid;
    } catch {
      // It has ended.
      return false;
    }
  });
  if (found === undefined) throw new Error('the process of the gateway is not there');
  return Number(found);
}

function statusOf(pid: string | number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
}

/** CPU of all threads of a process so far: what it ran, not how long it waited for a core. */
function cpuUsOf(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const ns = threads.map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]));
  return ns.reduce((sum, each) => sum + each, 0) / 1_000;
}

interface Heard {
  /** Microseconds from the call to the first byte of the answer's body. */
  readonly firstByte: number;
  /** Microseconds from the provider's `write` to our `data`, for each chunk. */
  readonly late: readonly number[];
}

function call(agent: Agent, base: string, query = ''): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const startedAt = nowUs();
    let firstByte = 0;
    const late: number[] = [];
    const asked = request(`${base}/chat/completions${query}`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) },
    });
    asked.on('response', (answer) => {
      answer.on('data', (chunk: Buffer) => {
        const at = nowUs();
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

async function startServer(file: string, ...args: string[]): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const child = fork(join(import.meta.dirname, 'programs', file), args);
  process.once('exit', () => child.kill());
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return { child, port };
}

function openGateway(folder: string, direct: string): Promise<Gateway> {
  const recorded = { learn: () => undefined, learnHead: () => undefined, end: () => undefined, activity: { set: () => undefined } };
  return startGateway({
    programFile: join(folder, 'gateway.mjs'),
    environment: { PATH: process.env['PATH'], OPENAI_BASE_URL: direct },
    off: OTHERS,
    runId: 'bench',
    recorder: { startLlmCall: () => recorded },
    ownerOf: () => Promise.resolve(undefined),
    isContentCaptured: false,
    hashKey: undefined,
    llmServices: {},
    onWarning: (message) => console.error(message),
  });
}

export async function measureGateway(dist: string, rounds: number): Promise<Figure[]> {
  const provider = await startServer('paced-provider.mjs');
  const relay = await startServer('byte-relay.mjs', String(provider.port));
  const direct = `http://127.0.0.1:${provider.port}/v1`;
  const gateway = await openGateway(absolute(dist), direct);
  const pids = { relay: relay.child.pid as number, gateway: gatewayPid() };
  const bases: Readonly<Record<Contender, string>> = {
    direct,
    relay: `http://127.0.0.1:${relay.port}/v1`,
    gateway: gateway.variables['OPENAI_BASE_URL'] as string,
  };
  const agent = new Agent({ keepAlive: true, maxSockets: STREAMS });
  const many = async (name: Contender, count: number, query?: string): Promise<Heard[]> => {
    const heard: Heard[] = [];
    for (let at = 0; at < count; at++) heard.push(await call(agent, bases[name], query));
    return heard;
  };
  const cpuOf = async (name: 'relay' | 'gateway', count: number, query?: string): Promise<number> => {
    const before = cpuUsOf(pids[name]);
    await many(name, count, query);
    return (cpuUsOf(pids[name]) - before) / count;
  };

  for (const name of NAMES) await many(name, WARM_UP_CALLS);
  const first = await pairedRounds(NAMES, rounds, async (name) => median((await many(name, CALLS)).map(({ firstByte }) => firstByte)));
  const paced = `?chunks=${CHUNKS}&paceMs=${PACE_MS}`;
  const chunk = await pairedRounds(NAMES, rounds, async (name) => median((await many(name, 1, paced)).flatMap(({ late }) => late)));
  const cpuCall = await pairedRounds(['relay', 'gateway'], rounds, (name) => cpuOf(name, 4 * CALLS));
  const cpuChunk = await pairedRounds(['relay', 'gateway'], rounds, async (name) => (await cpuOf(name, 1, '?chunks=400&paceMs=2')) / 400);
  const idleKiB = statusOf(pids.gateway, 'VmRSS');
  let peakKiB = 0;
  const watch = setInterval(() => (peakKiB = Math.max(peakKiB, statusOf(pids.gateway, 'VmRSS'))), 50);
  const streams = await Promise.all(Array.from({ length: STREAMS }, () => call(agent, bases.gateway, '?chunks=50&paceMs=20')));
  clearInterval(watch);
  gateway.stop();
  relay.child.kill();
  provider.child.kill();
  agent.destroy();
  return [
    { name: 'gateway: first byte, us direct', value: first.direct.value },
    { name: 'gateway: first byte, us added by a relay that reads nothing', value: first.relay.added },
    { name: 'gateway: first byte, us added', value: first.gateway.added },
    { name: 'gateway: first byte, x direct', value: first.gateway.ratio },
    { name: 'gateway: chunk, us direct', value: chunk.direct.value },
    { name: 'gateway: chunk, us added by a relay that reads nothing', value: chunk.relay.added },
    { name: 'gateway: chunk, us added', value: chunk.gateway.added },
    { name: 'gateway: chunk, us added beyond the relay', value: chunk.gateway.added - chunk.relay.added },
    { name: 'gateway: chunk, x direct', value: chunk.gateway.ratio },
    { name: 'gateway: call, CPU us', value: cpuCall.gateway.value },
    { name: "gateway: call, CPU x the relay's", value: cpuCall.gateway.ratio },
    { name: 'gateway: chunk, CPU us', value: cpuChunk.gateway.value },
    { name: "gateway: chunk, CPU x the relay's", value: cpuChunk.gateway.ratio },
    { name: 'gateway: MiB idle', value: idleKiB / 1024 },
    { name: `gateway: MiB more with ${STREAMS} streams`, value: (peakKiB - idleKiB) / 1024 },
    { name: `gateway: of ${STREAMS} streams cut`, value: streams.filter(({ late }) => late.length !== 50).length },
  ];
}

if (import.meta.main) {
  const [rounds = '9', given] = process.argv.slice(2);
  const loadBefore = loadavg()[0] ?? 0;
  const figures = await measureGateway(await builtFolder(given), Number(rounds));
  console.log(`load ${loadBefore.toFixed(1)} to ${(loadavg()[0] ?? 0).toFixed(1)}, ${rounds} rounds, Node ${process.versions.node}`);
  for (const { name, value } of figures) console.log(`${name.padEnd(62)} ${value.toFixed(2)}`);
}
