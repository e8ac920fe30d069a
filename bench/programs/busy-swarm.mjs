// A busy swarm for the soak: every kind of work and of ending an hour brings, at a set rate. Prints one line of figures
// after each part.
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { getHeapSpaceStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';

const { SOAK_URL: url, SOAK_DOOR: door, SOAK_REPOSITORY: repository, SOAK_CHILD: child } = process.env;
const totalCalls = Number(process.env.SOAK_CALLS);
const callsPerSecond = Number(process.env.SOAK_CALLS_PER_SECOND);
const samples = Number(process.env.SOAK_SAMPLES);
const { withAgent, withBatch, withPhase, withRun, withTask, withTool, wait, trackPool, trackQueue } = await import(door);
const run = promisify(execFile);
const TASKS_PER_ROUND = 20;
const CALLS_PER_TASK = 10;

let calls = 0;
let tasks = 0;
let children = 0;
let gits = 0;
const startedMs = performance.now();

/** The rate of the hour: a call waits for its turn. */
async function turn() {
  calls += 1;
  if (callsPerSecond > 0) {
    const waitMs = startedMs + (calls / callsPerSecond) * 1000 - performance.now();
    if (waitMs > 1) await delay(waitMs);
  }
}

const bodyOf = (more) =>
  JSON.stringify({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'How do swarms divide their work? '.repeat(10 + (calls % 40)) }, ...(more.messages ?? [])],
    tools: [{ type: 'function', function: { name: 'read_file', parameters: {} } }],
    stream: more.stream === true,
  });

async function post(kind, { signal, path = '/v1/chat/completions', ...more } = {}) {
  await turn();
  return fetch(`${url}/${kind}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: bodyOf(more), signal });
}

const ways = [
  async () => (await post('plain')).json(),
  async () => (await post('stream', { stream: true })).text(),
  async () => (await post('claude', { path: '/v1/messages' })).json(),
  // Left early: the reader is cancelled in the middle.
  async () => {
    for await (const chunk of (await post('endless', { stream: true })).body) if (chunk.length > 0) break;
  },
  // Aborted before an answer.
  async () => {
    const controller = new AbortController();
    const answer = post('hang', { signal: controller.signal });
    setTimeout(() => controller.abort(), 15);
    await answer.catch(() => undefined);
  },
  async () => (await post('limited')).text(),
  async () => (await post('broken')).text(),
  async () => (await post('cut', { stream: true })).text().catch(() => undefined),
  // A tool call and its result.
  async () => {
    const answer = await (await post('tool')).json();
    const [call] = answer.choices[0].message.tool_calls;
    if (calls % 3 === 0) await withTool({ name: 'read_file', callId: call.id }, () => delay(1));
    if (calls % 2 === 0) await (await post('plain', { messages: [{ role: 'tool', tool_call_id: call.id, content: 'text' }] })).json();
  },
  viaNodeHttp,
];

async function viaNodeHttp() {
  await turn();
  const isLeft = calls % 4 === 0;
  await new Promise((resolve) => {
    const request = httpRequest(`${url}/${isLeft ? 'hang' : 'stream'}/v1/chat/completions`, { method: 'POST' }, (response) => {
      response.resume();
      response.on('close', resolve);
    });
    request.on('error', resolve);
    request.end(bodyOf({ stream: true }));
    if (isLeft) setTimeout(() => request.destroy(), 15);
  });
}

async function review() {
  tasks += 1;
  const number = tasks;
  await withAgent(`agent-${number % 7}`, async () => {
    for (let at = 0; at < CALLS_PER_TASK; at++) await ways[(number + at) % ways.length]();
    await withTool('shell', () => delay(1));
    await wait('lock', () => delay(1));
  });
  if (number % 9 === 0) throw new Error(`task ${number} failed`);
}

const settled = (promises) => Promise.allSettled(promises);
const named = (index) => Object.defineProperty(() => review(), 'name', { value: ['review', 'plan', 'write'][index % 3] });
const many = (count) => Array.from({ length: count }, (_, index) => named(index));

const rounds = [
  (queue) => settled(many(TASKS_PER_ROUND).map((task) => queue.add(task))),
  (queue) => queue.addAll(many(TASKS_PER_ROUND).map((task) => () => task().catch(() => undefined))),
  () => withBatch({ scheduler: 'own', size: TASKS_PER_ROUND }, () => settled(many(TASKS_PER_ROUND).map((task) => withTask('hand', task)))),
  // A queue of its own that is dropped, with limits, aborts and a clear.
  async () => {
    const own = new PQueue({ concurrency: 6, timeout: 5_000 });
    const controller = new AbortController();
    const all = many(TASKS_PER_ROUND).map((task) => own.add(task));
    for (let at = 0; at < 30; at++) own.add(() => delay(1), { signal: controller.signal }).catch(() => undefined);
    setTimeout(() => controller.abort(), 5);
    await settled(all);
    for (let at = 0; at < 50; at++) void own.add(() => delay(50)).catch(() => undefined);
    own.clear();
    await own.onIdle();
  },
];

const extras = [
  async () => {
    children += 1;
    await run(process.execPath, [child]);
  },
  async () => {
    gits += 1;
    await run('git', ['-C', repository, 'status', '--porcelain']);
  },
  async () => {
    gits += 1;
    spawnSync('git', ['-C', repository, 'rev-parse', 'no-such-branch']);
  },
  async () => {
    await new Promise((resolve) => new Worker('setTimeout(() => {}, 5)', { eval: true }).once('exit', resolve));
  },
  async () => {
    const pool = trackPool({ name: 'own', active: () => 1, limit: () => 4 });
    const line = trackQueue({ name: 'own', size: () => 3 });
    await delay(5);
    pool.stop();
    line.stop();
  },
  // Left for the collector: a task that nobody ever settles keeps its place until the process ends, and that is its
  // truth; it is not made here.
  async () => void (await run(process.execPath, ['-e', 'process.exit(3)']).catch(() => undefined)),
];

function tell() {
  for (let at = 0; at < 3; at++) globalThis.gc();
  const { heapUsed, rss, external } = process.memoryUsage();
  const youngBytes = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').physical_space_size;
  const handles = process.getActiveResourcesInfo().length;
  const descriptors = readdirSync('/proc/self/fd').length;
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(
    JSON.stringify({ calls, tasks, children, gits, seconds, heapUsed, rss, external, youngBytes, handles, descriptors, pid: process.pid }),
  );
}

await withRun('soak', async () => {
  const queue = new PQueue({ concurrency: 8 });
  let round = 0;
  for (let sample = 1; sample <= samples; sample++) {
    await withPhase(`part-${sample % 4}`, async () => {
      while (calls < (totalCalls * sample) / samples) {
        await rounds[round % rounds.length](queue);
        await extras[round % extras.length]();
        round += 1;
      }
    });
    // What was left in the air settles: sockets of aborted calls, the last export, the status file of this second.
    await delay(1_300);
    tell();
  }
});
