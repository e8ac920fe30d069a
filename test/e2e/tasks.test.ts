/**
 * The API door: every verb, sync and async, good and bad, with and without a preload; and what a lazy promise of an SDK
 * keeps.
 */
import { describe, expect, test } from '@jest/globals';
import { expectTrace, runProgram, startModels } from '../harness/index.ts';
import type { ExpectedSpan } from '../harness/expect-trace.ts';
import { api, apiModule, observe } from './programs.ts';

const verbs: { call: string; span: string }[] = [
  { call: `withRun('nightly', fn)`, span: 'invoke_workflow nightly' },
  { call: `withPhase('plan', fn)`, span: 'run_phase plan' },
  { call: `withTask('review', fn)`, span: 'run_task review' },
  { call: `withTask({}, fn)`, span: 'run_task fn' },
  { call: `withBatch('superstep', fn)`, span: 'run_batch superstep' },
  { call: `withAgent('writer', fn)`, span: 'invoke_agent writer' },
  { call: `withTool('search', fn)`, span: 'execute_tool search' },
  { call: `withTool({ name: 'search', callId: 'c1', type: 'function' }, fn)`, span: 'execute_tool search' },
  { call: `wait('lock', fn)`, span: 'wait lock' },
];

/**
 * Each verb around a value, a promise, a throw and a rejection; prints what came of it, sync part and async part apart.
 */
const program = (call: string): string => `
const { withRun, withPhase, withTask, withBatch, withAgent, withTool, wait } = require(${api});
const bad = new RangeError('on purpose');
const kinds = {
  value: () => 42,
  promise: async () => 42,
  throw: () => { throw bad; },
  reject: async () => { throw bad; },
};
const say = (...words) => console.log(...words);
(async () => {
  for (const [kind, fn] of Object.entries(kinds)) {
    Object.defineProperty(fn, 'name', { value: 'fn' });
    try {
      const result = ${call};
      say(kind, typeof result, result instanceof Promise);
      say(await result);
    } catch (error) {
      say(kind, error === bad);
    }
  }
})();
`;

describe.each(verbs)('$call', ({ call, span }) => {
  test('returns and throws what the function does, with a preload and without, and records each with its end', async () => {
    const files = { 'app.cjs': program(call) };
    const [bare, seen] = await Promise.all([runProgram({ files, preload: 'none' }), observe('with the preload alone', { files })]);
    expect(bare.stdout).toBe('value number false\n42\npromise object true\n42\nthrow true\nreject object true\nreject true\n');
    expect({ stdout: seen.stdout, stderr: seen.stderr, code: seen.code }).toEqual({ stdout: bare.stdout, stderr: '', code: 0 });
    const result = (value: string) => (span.startsWith('run_task') ? { 'swarmscope.task.result': value } : {});
    const good = { name: span, isError: false, attributes: { 'error.type': undefined, ...result('success') } };
    const bad = { name: span, isError: true, attributes: { 'error.type': 'RangeError', ...result('error') } };
    expectTrace(seen.spans, good, good, bad, bad);
  });
});

test('nested verbs make one tree, also through awaits and timers, from an ES module', async () => {
  const nested = `
    import { withRun, withPhase, withBatch, withTask, withAgent, withTool, wait } from ${apiModule};
    import { setTimeout as sleep } from 'node:timers/promises';
    await withRun('swarm', () => withPhase('build', async () => {
      await sleep(1);
      await withBatch({ scheduler: 'mine', index: 3, size: 2, strategy: 'barrier' }, () => Promise.all(['a', 'b'].map((id) =>
        withTask({ type: 'implement', id, attempt: 2, priority: 7, dependencies: ['x', 'y'], worker: 'w1', pool: 'pool' }, async () => {
          await wait('gpu', () => sleep(5));
          await withAgent('coder', () => withTool('edit', () => sleep(1)));
        }))));
    }));
  `;
  const { spans } = await observe('with the preload alone', { files: { 'app.mjs': nested } });
  const task = (id: string) => ({
    name: 'run_task implement',
    attributes: {
      'swarmscope.task.id': id,
      'swarmscope.task.attempt.number': 2,
      'swarmscope.task.priority': 7,
      'swarmscope.task.dependency.ids': ['x', 'y'],
      'swarmscope.worker.id': 'w1',
      'swarmscope.task.wait.time': (value: unknown) => Number(value) > 0.003,
    },
    children: [
      { name: 'wait gpu', attributes: { 'swarmscope.wait.reason': 'gpu' } },
      { name: 'invoke_agent coder', children: [{ name: 'execute_tool edit' }] },
    ],
  });
  expectTrace(spans, {
    name: 'invoke_workflow swarm',
    children: [
      {
        name: 'run_phase build',
        children: [
          {
            name: 'run_batch mine',
            attributes: { 'swarmscope.batch.index': 3, 'swarmscope.batch.size': 2 },
            children: [task('a'), task('b')],
          },
        ],
      },
    ],
  });
});

test("a thenable is handed back as it is: its own methods stay, it starts when awaited, and its end is the task's", async () => {
  const lazy = `
    const { withTask } = require(${api});
    let started = 0;
    class Lazy { constructor() { this.extra = 'kept'; } then(resolve, reject) { started++; return Promise.resolve('answer').then(resolve, reject); } }
    (async () => {
      const made = new Lazy();
      const back = withTask('lazy', () => made);
      const before = started;
      console.log(back === made, back.extra, before, await back, started);
    })();
  `;
  const { stdout, spans } = await observe('with the preload alone', { files: { 'app.cjs': lazy } });
  expect(stdout).toBe('true kept 0 answer 1\n');
  expectTrace(spans, { name: 'run_task lazy', isError: false });
});

test("a rejection that nobody handles stays unhandled, and is the task's failure", async () => {
  const files = { 'app.cjs': `require(${api}).withTask('lost', async () => { throw new RangeError('on purpose'); });` };
  const [bare, seen] = await Promise.all([runProgram({ files, preload: 'none' }), observe('with the preload alone', { files })]);
  expect({ code: seen.code, signal: seen.signal }).toEqual({ code: bare.code, signal: bare.signal });
  expect(seen.stderr).toContain('RangeError: on purpose');
  expectTrace(seen.spans, { name: 'run_task lost', isError: true, attributes: { 'error.type': 'RangeError' } });
});

test("pools and queues of a scheduler of the user's own are gauges until they are stopped", async () => {
  const files = {
    'app.cjs': `
      const { trackPool, trackQueue } = require(${api});
      const pool = trackPool({ name: 'mine', active: () => 3, limit: () => 4 });
      const queue = trackQueue({ name: 'mine', size: () => 5, capacity: () => 10 });
      setTimeout(() => { pool.stop(); queue.stop(); }, 600);
      setTimeout(() => {}, 700);
    `,
  };
  const { points, code, stderr } = await observe('with the preload alone', { files, env: { OTEL_METRIC_EXPORT_INTERVAL: '100' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const values = (name: string): number[] => points.filter((point) => point.name === name).map(({ value }) => value);
  for (const [name, value] of Object.entries({ limit: 4, utilization: 0.75 })) expect(values(`swarmscope.worker.${name}`)).toContain(value);
  for (const [name, value] of Object.entries({ size: 5, capacity: 10 })) expect(values(`swarmscope.queue.${name}`)).toContain(value);
  // What is stopped leaves nothing behind that looks like a worker.
  expect(values('swarmscope.worker.limit').at(-1)).toBe(0);
  expect(new Set(values('swarmscope.worker.limit'))).toEqual(new Set([4, 0]));
});

test('the sums of a task are what its trace shows, and left out where another process or a thread worked in it', async () => {
  const models = await startModels();
  const ask = `
const ask = async () => (await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'ping' }] }),
})).text();
`;
  const files = {
    'app.cjs': `${ask}
const { withTask } = require(${api});
const { execFileSync, fork } = require('node:child_process');
const { once } = require('node:events');
const { Worker } = require('node:worker_threads');
const worker = require.resolve('./worker.cjs');
(async () => {
  await withTask('own', ask);
  withTask('git', () => { execFileSync('git', ['--version']); });
  await withTask('outer', () => withTask('forked', () => once(fork(worker), 'exit')));
  let left;
  await withTask('left', () => { left = ask(); });
  await left;
  await withTask('threaded', () => once(new Worker(worker), 'exit'));
})();
`,
    'worker.cjs': `${ask} ask();`,
  };
  const seen = await observe('with the preload alone', { files, env: models.env });
  await models.close();
  expect(seen).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const call = { name: 'chat gpt-4o' };
  const task = (name: string, calls: number | undefined, children: readonly ExpectedSpan[]): ExpectedSpan => ({
    name: `run_task ${name}`,
    attributes: { 'swarmscope.task.llm.calls': calls, 'swarmscope.task.input_tokens': calls },
    children,
  });
  expectTrace(
    seen.spans,
    task('own', 1, [call]),
    // It has reported itself to the root, which reads that when the event loop turns: after the end of the task.
    { name: 'run_task git', attributes: { 'swarmscope.task.git.time': undefined }, children: [{ name: 'git version' }] },
    task('outer', undefined, [task('forked', undefined, [{ name: 'node', children: [call] }])]),
    task('left', undefined, [call]),
    task('threaded', undefined, [call]),
  );
});
