/** What each gauge shows, read through the real meter. */
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import type { ChildProcess } from 'node:child_process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { GaugeContext } from '../../src/gauges/gauge.ts';
import { startGpu } from '../../src/gauges/gpu.ts';
import * as gpus from '../../src/machine/gpu/index.ts';
import { mig, MIG_LIST, plain } from '../machine/gpu/captures.ts';
import { pools } from '../../src/gauges/pools.ts';
import { startGauges, type GaugeState, type PoolState, type QueueState, type UnfinishedTask } from '../../src/gauges/index.ts';
import type { BudgetState, CallUnderWay, RateLimitState } from '../../src/gauges/state.ts';
import { STALL_AFTER_MS } from '../../src/gauges/tasks.ts';
import { WorkerClock } from '../../src/recording/worker-clock.ts';
import { SyncMeter } from '../../src/sdk/metrics/meter.ts';

let poolList: PoolState[] = [];
let queueList: QueueState[] = [];
let taskList: UnfinishedTask[] = [];
let limitList: RateLimitState[] = [];
let callList: CallUnderWay[] = [];
let budgetList: BudgetState[] = [];
let nowMs = 0;
let counts: Record<string, number> = {};
let meter = new SyncMeter({ onFault: () => undefined });
const state: GaugeState = {
  pools: () => poolList,
  queues: () => queueList,
  tasks: () => taskList,
  rateLimits: () => limitList,
  callsUnderWay: () => callList,
  budgets: () => budgetList,
};

const context = (spawn: GaugeContext['spawn']): GaugeContext => ({
  meter,
  settings: { gpu: 'auto', gpuIntervalMs: 1_000, modelServers: [] },
  runId: 'run-1',
  loadGpus: () => gpus,
  state,
  now: () => nowMs,
  spawn,
  count: (name) => (counts[name] = (counts[name] ?? 0) + 1),
});

beforeEach(() => {
  [poolList, queueList, taskList, limitList, callList, budgetList, nowMs, counts] = [[], [], [], [], [], [], 0, {}];
  meter = new SyncMeter({ onFault: () => undefined });
});

/** `{metric: {label values: value}}` of one collection. */
function collect(): Record<string, Record<string, number>> {
  return Object.fromEntries(
    meter
      .collect()
      .map((metric) => [
        metric.name,
        Object.fromEntries(
          metric.kind === 'histogram' ? [] : metric.points.map(({ attributes, value }) => [Object.values(attributes).join(' '), value]),
        ),
      ]),
  );
}

function pool(name: string, clock: WorkerClock, limit: number | undefined): PoolState {
  return {
    name,
    active: () => clock.active,
    peakActive: () => clock.active,
    limit: () => limit,
    activeSeconds: (now) => clock.activeSeconds(now),
    idleSeconds: (now) => clock.idleSeconds(now),
  };
}

const noChild = (): never => {
  throw new Error('must not start a child');
};

describe('pools', () => {
  test('workers by state, limit, utilisation and time; same-named pools are one', () => {
    const clocks = [new WorkerClock(0), new WorkerClock(0)] as const;
    clocks[0].change({ active: 3, limit: 4 }, 0);
    clocks[1].change({ active: 1, limit: 4 }, 0);
    poolList = [pool('agents', clocks[0], 4), pool('agents', clocks[1], 4)];
    pools.start(context(noChild));
    nowMs = 2_000;
    expect(collect()).toEqual({
      'swarmscope.worker.count': { 'agents active': 4, 'agents idle': 4 },
      'swarmscope.worker.peak_count': { agents: 4 },
      'swarmscope.worker.limit': { agents: 8 },
      'swarmscope.worker.utilization': { agents: 0.5 },
      'swarmscope.worker.time': { 'agents active': 8, 'agents idle': 8 },
    });
  });

  test('the time of a pool that is gone stays counted, and a new one of its name adds to it', () => {
    const clock = new WorkerClock(0);
    clock.change({ active: 1, limit: 1 }, 0);
    poolList = [pool('agents', clock, 1)];
    startGauges('every-process', context(noChild));
    nowMs = 3_000;
    collect();
    poolList = [];
    expect(collect()['swarmscope.worker.time']).toEqual({ 'agents active': 3, 'agents idle': 0 });
    const next = new WorkerClock(3_000);
    next.change({ active: 1, limit: 1 }, 3_000);
    poolList = [pool('agents', next, 1)];
    nowMs = 4_000;
    expect(collect()['swarmscope.worker.time']).toEqual({ 'agents active': 4, 'agents idle': 0 });
  });

  test('a pool without a limit has no idle workers, no limit and no utilisation', () => {
    const clock = new WorkerClock(0);
    clock.change({ active: 2 }, 0);
    poolList = [pool('agents', clock, Infinity)];
    startGauges('every-process', context(noChild));
    const metrics = collect();
    expect(metrics['swarmscope.worker.count']).toEqual({ 'agents active': 2 });
    expect(metrics['swarmscope.worker.limit']).toBeUndefined();
    expect(metrics['swarmscope.worker.utilization']).toBeUndefined();
  });
});

test('queues show size, capacity where bounded, and the age of the oldest task', () => {
  queueList = [
    { name: 'open', size: () => 2, peak: () => 7, capacity: () => undefined },
    { name: 'tight', size: () => 1, peak: () => 0, capacity: () => 10 },
  ];
  taskList = [
    { type: 'review', state: 'queued', startedAt: 4_000, lastActivityAt: 4_000, pool: 'open' },
    { type: 'review', state: 'queued', startedAt: 1_000, lastActivityAt: 1_000, pool: 'open' },
  ];
  nowMs = 5_000;
  startGauges('every-process', context(noChild));
  expect(collect()).toMatchObject({
    'swarmscope.queue.size': { open: 2, tight: 1 },
    'swarmscope.queue.peak_size': { open: 7, tight: 1 },
    'swarmscope.queue.capacity': { tight: 10 },
    'swarmscope.queue.oldest.age': { open: 4 },
  });
});

test('tasks are counted by state; a running one without activity is stalled from the limit on', () => {
  const running = { type: 'review', state: 'running', startedAt: 0, lastActivityAt: 0 } as const;
  taskList = [running, { ...running, startedAt: 1_000, lastActivityAt: 1_000 }, { ...running, state: 'queued' }];
  startGauges('every-process', context(noChild));
  nowMs = STALL_AFTER_MS - 1;
  expect(collect()).toMatchObject({
    'swarmscope.task.count': { 'review running': 2, 'review queued': 1 },
    'swarmscope.task.stalled': { review: 0 },
  });
  nowMs = STALL_AFTER_MS;
  expect(collect()).toMatchObject({ 'swarmscope.task.stalled': { review: 1 }, 'swarmscope.task.oldest.age': { review: 300 } });
  taskList = [];
  const metrics = collect();
  expect(metrics['swarmscope.task.count']).toEqual({ 'review running': 0, 'review queued': 0 });
  expect(metrics['swarmscope.task.oldest.age']).toBeUndefined();
});

test('a rate limit shows what is left, and its share where there is a limit', () => {
  const limit = { provider: 'openai', model: 'gpt-5', kind: 'tokens', limit: 100, remaining: 25, toldAt: 0 };
  limitList = [limit, { ...limit, kind: 'requests', limit: 0, remaining: 0 }];
  startGauges('every-process', context(noChild));
  expect(collect()).toMatchObject({
    'swarmscope.rate_limit.remaining': { 'openai gpt-5 tokens': 25, 'openai gpt-5 requests': 0 },
    'swarmscope.rate_limit.utilization': { 'openai gpt-5 tokens': 0.75 },
  });
});

test('a limit is whole again when the time that the provider named is over, and a share of a subscription is nobody’s', () => {
  const at = { toldAt: 0, resetAt: 30_000 };
  const limit = { provider: 'openai', model: 'gpt-5', kind: 'tokens', window: 'minute', limit: 100, remaining: 0, ...at };
  const share = { provider: 'anthropic', model: undefined, kind: 'subscription', window: '5h', utilization: 0.4, ...at, resetAt: 60_000 };
  limitList = [limit, share, { ...limit, window: 'day', limit: undefined, remaining: 7, resetAt: undefined }];
  startGauges('every-process', context(noChild));
  nowMs = 29_000;
  expect(collect()).toMatchObject({
    'swarmscope.rate_limit.limit': { 'openai gpt-5 tokens minute': 100 },
    'swarmscope.rate_limit.remaining': { 'openai gpt-5 tokens minute': 0, 'openai gpt-5 tokens day': 7 },
    'swarmscope.rate_limit.utilization': { 'openai gpt-5 tokens minute': 1, 'anthropic subscription 5h': 0.4 },
    'swarmscope.rate_limit.time_to_reset': { 'openai gpt-5 tokens minute': 1, 'anthropic subscription 5h': 31 },
  });
  nowMs = 60_000;
  expect(collect()).toMatchObject({
    'swarmscope.rate_limit.remaining': { 'openai gpt-5 tokens minute': 100, 'openai gpt-5 tokens day': 7 },
    'swarmscope.rate_limit.utilization': { 'openai gpt-5 tokens minute': 0, 'anthropic subscription 5h': 0 },
    'swarmscope.rate_limit.time_to_reset': { 'openai gpt-5 tokens minute': 0, 'anthropic subscription 5h': 0 },
  });
});

describe('calls under way', () => {
  test('are counted by provider and model, and fall to 0', () => {
    const gpt = { provider: 'openai', model: 'gpt-5', isOpen: true };
    callList = [gpt, gpt, { provider: '_OTHER', model: undefined, isOpen: true }, { provider: 'groq', model: 'short', isOpen: false }];
    startGauges('every-process', context(noChild));
    expect(collect()['swarmscope.inference.active']).toEqual({ 'openai gpt-5': 2, _OTHER: 1, 'groq short': 0 });
    callList = [gpt];
    expect(collect()['swarmscope.inference.active']).toEqual({ 'openai gpt-5': 1, _OTHER: 0, 'groq short': 0 });
  });

  test('of many models only those with a call stay', () => {
    callList = Array.from({ length: 300 }, (_, index) => ({ provider: 'openai', model: `m${index}`, isOpen: true }));
    startGauges('every-process', context(noChild));
    expect(Object.keys(collect()['swarmscope.inference.active'] ?? {})).toHaveLength(300);
    callList = callList.slice(0, 1);
    collect();
    expect(Object.keys(collect()['swarmscope.inference.active'] ?? {}).length).toBeLessThanOrEqual(256);
  });
});

test('a budget is shown with its limit, its usage and their ratio, by kind', () => {
  startGauges('root', context(noChild));
  budgetList = [
    { name: 'run', kind: 'token', limit: 200, usage: 50 },
    { name: 'run', kind: 'cost', limit: 2, usage: 3 },
    { name: 'run', kind: 'time', limit: 60, usage: 0 },
  ];
  expect(collect()).toEqual({
    'swarmscope.budget.token.limit': { run: 200 },
    'swarmscope.budget.token.usage': { run: 50 },
    'swarmscope.budget.token.utilization': { run: 0.25 },
    'swarmscope.budget.cost.limit': { run: 2 },
    'swarmscope.budget.cost.usage': { run: 3 },
    'swarmscope.budget.cost.utilization': { run: 1.5 },
    'swarmscope.budget.time.limit': { run: 60 },
    'swarmscope.budget.time.usage': { run: 0 },
    'swarmscope.budget.time.utilization': { run: 0 },
  });
});

describe('GPU', () => {
  const MIB = 1_048_576;

  /** Stands in for nvidia-smi: none is here. */
  class Child extends EventEmitter {
    readonly stdout = new PassThrough();
    killed = 0;
    unref(): void {}
    kill(): void {
      this.killed++;
    }
  }

  test('without a driver nothing is started and nothing is shown', () => {
    startGpu(context(noChild), () => false)();
    expect(collect()).toEqual({});
  });

  test('one child gives all gauges and the peak, is stopped, and is not asked again', async () => {
    const children: Child[] = [];
    const stop = startGpu(
      context(() => children[children.push(new Child()) - 1] as unknown as ChildProcess),
      (path) => path === '/dev/nvidiactl',
    );
    const child = children[0] as Child;
    child.stdout.write(plain([{ id: 'GPU-a', usedMib: 1_024, totalMib: 4_096 }]));
    child.stdout.write(plain([{ id: 'GPU-a', usedMib: 512, totalMib: 4_096, util: 'N/A' }]));
    await new Promise(setImmediate);
    const id = 'GPU-a NVIDIA H100 80GB HBM3 nvidia 590.44.01';
    expect(collect()).toEqual({
      'hw.gpu.memory.usage': { [id]: 512 * MIB },
      'hw.gpu.memory.limit': { [id]: 4_096 * MIB },
      'hw.gpu.memory.utilization': { [id]: 0.125 },
      'hw.gpu.utilization': { [`${id} encoder`]: 0.05, [`${id} decoder`]: 0 },
      'hw.power': { [`${id} gpu`]: 310.5 },
      'hw.temperature': { [`${id} gpu`]: 61, [`${id} memory`]: 70 },
      'hw.errors': { [`${id} gpu corrected`]: 4, [`${id} gpu uncorrected`]: 2 },
    });
    nowMs = 60_000;
    expect(collect()).toEqual({});
    stop();
    child.emit('exit', null, 'SIGTERM');
    expect(children).toHaveLength(1);
    expect(child.killed).toBe(1);
    expect(counts).toEqual({ 'gpu.driver-silent': 1 });
  });

  test('slices stand under their GPU as soon as their list has told their names', async () => {
    const children: Child[] = [];
    startGpu(
      context(() => children[children.push(new Child()) - 1] as unknown as ChildProcess),
      (path) => path === '/dev/nvidiactl',
    );
    children[0]?.stdout.write(mig());
    await new Promise(setImmediate);
    expect(Object.keys(collect()['hw.gpu.memory.usage'] ?? {})).toHaveLength(1);
    children[1]?.stdout.write(MIG_LIST);
    await new Promise(setImmediate);
    children[1]?.emit('close', 0);
    await new Promise(setImmediate);
    children[0]?.stdout.write(mig());
    await new Promise(setImmediate);
    const name = 'NVIDIA A100-SXM4-80GB nvidia 535.54.03';
    expect(collect()['hw.gpu.memory.usage']).toEqual({
      [`GPU-513536b6 ${name}`]: 9_050 * MIB,
      [`MIG-listed-0 ${name} GPU-513536b6`]: 12 * MIB,
      [`MIG-listed-1 ${name} GPU-513536b6`]: 9_000 * MIB,
    });
    expect(children).toHaveLength(2);
  });

  test('a driver without nvidia-smi is counted once and not tried again', () => {
    const children: Child[] = [];
    startGpu(
      context(() => children[children.push(new Child()) - 1] as unknown as ChildProcess),
      () => true,
    );
    // First by setpriv, which is missing too, then alone.
    for (let at = 0; at < children.length; at++) {
      children[at]?.emit('error', Object.assign(new Error('spawn ENOENT'), { code: 'ENOENT' }));
      children[at]?.emit('exit', -2, null);
    }
    expect(children).toHaveLength(2);
    expect(counts).toEqual({ 'gpu.no-nvidia-smi': 1 });
  });
});
