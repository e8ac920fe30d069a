/** The preload alone makes of one program one trace, with one root: what no parent has hangs below its run. */
import { describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../src/analysis/model.ts';
import { expectTrace, runProgram, startModels, startSink, type ProgramOptions, type ProgramResult } from '../harness/index.ts';
import { allSpansOf } from '../harness/received.ts';
import { api, endpointOf, patient } from './programs.ts';

async function seenOf(options: ProgramOptions): Promise<{ spans: SpanRow[]; result: ProgramResult }> {
  const sink = await startSink();
  const result = await runProgram({ ...options, env: { ...endpointOf(sink), ...patient, ...options.env } });
  await sink.close();
  return { spans: allSpansOf(sink), result };
}

const rootsOf = (spans: readonly SpanRow[]): SpanRow[] => spans.filter(({ parentSpanId }) => parentSpanId === undefined);
const task = (text: string): string => `require(${api}).withTask('${text}', () => 1);`;

const CALLS = `
const ask = () => fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST',
  headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
  body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'ping' }] }) }).then((answer) => answer.text());
Promise.all(Array.from({ length: 6 }, ask));
`;

test('six parallel calls are one trace below a run named after the program', async () => {
  const models = await startModels();
  const { spans, result } = await seenOf({ files: { 'swarm.cjs': CALLS }, env: models.env });
  expect(result).toMatchObject({ code: 0, stdout: '', stderr: '' });
  const calls = Array.from({ length: 6 }, () => ({ name: 'chat gpt-4o', children: [] }));
  expectTrace(spans, {
    name: 'invoke_workflow swarm',
    kind: 1,
    isError: false,
    attributes: { 'gen_ai.operation.name': 'invoke_workflow', 'gen_ai.workflow.name': 'swarm', 'swarmscope.run.inferred': true },
    children: calls,
  });
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
});

test('forks, other Nodes, shells and an environment built by hand hang below what started them', async () => {
  const files = {
    'swarm.cjs': `
const { fork, spawn, execSync } = require('node:child_process');
const { once } = require('node:events');
const child = require('node:path').join(__dirname, 'child.cjs');
(async () => {
  await once(fork(child, ['fork']), 'exit');
  await once(spawn(process.execPath, [child, 'hand'], { env: { PATH: process.env.PATH } }), 'exit');
  execSync(JSON.stringify(process.execPath) + ' ' + JSON.stringify(child) + ' shell');
})();`,
    'child.cjs': `require(${api}).withTask('in ' + process.argv[2], () => 1);`,
  };
  const { spans } = await seenOf({ files });
  const [run, ...others] = rootsOf(spans);
  expect(others).toEqual([]);
  const parents = new Map(spans.map((span) => [span.spanId, span]));
  const above = (name: string): string[] => {
    const names: string[] = [];
    for (let at = spans.find((span) => span.name === name); at !== undefined; at = parents.get(at.parentSpanId ?? '')) names.push(at.name);
    return names.slice(1);
  };
  for (const how of ['fork', 'hand', 'shell']) expect(above(`run_task in ${how}`)).toEqual([expect.any(String), run?.name]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
});

test('a thread hangs below the task that made it, else below the run, whoever records first', async () => {
  const wait = `const over = (worker) => new Promise((resolve) => worker.on('exit', resolve));`;
  const early = {
    'early.cjs': `const { Worker } = require('node:worker_threads'); ${wait}
    const code = ${JSON.stringify(task('in thread'))};
    Promise.all([over(new Worker(code, { eval: true })), over(new Worker(code, { eval: true }))]);`,
  };
  const late = {
    'late.cjs': `const { Worker } = require('node:worker_threads'); ${wait}
    require(${api}).withTask('maker', () => over(new Worker(${JSON.stringify(task('in thread'))}, { eval: true })));`,
  };
  const [first, second] = await Promise.all([seenOf({ files: early }), seenOf({ files: late })]);
  const inThread = { name: 'run_task in thread', children: [] };
  expectTrace(first.spans, { name: 'invoke_workflow early', children: [inThread, inThread] });
  expect(first.spans).toHaveLength(3);
  expectTrace(second.spans, { name: 'invoke_workflow late', children: [{ name: 'run_task maker', children: [inThread] }] });
  expect(second.spans).toHaveLength(3);
});

describe('there is no run of ours', () => {
  test('below a TRACEPARENT from outside', async () => {
    const TRACEPARENT = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { spans } = await seenOf({ files: { 'a.cjs': task('alone') }, env: { TRACEPARENT } });
    expect(spans).toMatchObject([{ name: 'run_task alone', traceId: TRACEPARENT.slice(3, 35), parentSpanId: TRACEPARENT.slice(36, 52) }]);
  });

  test('above one that the program declares', async () => {
    const { spans } = await seenOf({
      files: { 'a.cjs': `const { withRun, withTask } = require(${api}); withRun('mine', () => withTask('alone', () => 1));` },
    });
    expectTrace(spans, {
      name: 'invoke_workflow mine',
      attributes: { 'swarmscope.run.inferred': undefined },
      children: [{ name: 'run_task alone', children: [] }],
    });
    expect(spans).toHaveLength(2);
  });

  test('where nothing is recorded', async () => {
    const { spans } = await seenOf({ files: { 'a.cjs': `console.log('nothing');` } });
    expect(spans).toEqual([]);
  });
});

test.each([
  ['comes to its end', '', undefined],
  ['exits with a code', 'process.exit(3);', 'process_exit'],
  ['throws', 'setTimeout(() => { throw new Error(); });', 'process_exit'],
  ['is ended by a signal', "process.kill(process.pid, 'SIGTERM');", 'process_exit'],
])('the run of a program that %s ends once', async (_title, code, errorType) => {
  const { spans } = await seenOf({ files: { 'a.cjs': `${task('alone')} ${code}` } });
  expectTrace(spans, {
    name: 'invoke_workflow a',
    isError: errorType !== undefined,
    attributes: { 'error.type': errorType },
    children: [{ name: 'run_task alone', children: [] }],
  });
  expect(spans).toHaveLength(2);
});

test.each([
  ['code on the command line', {}, { nodeArgs: ['-e', task('alone')] }, 'run'],
  ['a name that it was given', { OTEL_SERVICE_NAME: 'nightly' }, { files: { 'a.cjs': task('alone') } }, 'nightly'],
])('the run of %s', async (_title, env, options, name) => {
  const { spans } = await seenOf({ ...options, env });
  expect(rootsOf(spans).map((span) => span.name)).toEqual([`invoke_workflow ${name}`]);
});

test('tasks that are to have traces of their own are linked to the run', async () => {
  const { spans } = await seenOf({ files: { 'a.cjs': `${task('one')} ${task('two')}` }, env: { SWARMSCOPE_TRACE_SCOPE: 'task' } });
  const run = spans.find(({ name }) => name === 'invoke_workflow a');
  const tasks = spans.filter((span) => span !== run);
  expect(tasks.map(({ name, parentSpanId }) => [name, parentSpanId])).toEqual([
    ['run_task one', undefined],
    ['run_task two', undefined],
  ]);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(3);
});

test('ten thousand spans below the run are its trace, and after them each top-level piece of work begins a trace of its own, with what is in it', async () => {
  const program = `const { withTask } = require(${api});
    for (let n = 0; n < 10_000; n++) withTask('early', () => 1);
    withTask('late', () => withTask('inner', () => 1)); withTask('later', () => 1);`;
  const [auto, run] = await Promise.all(
    ['auto', 'run'].map((scope) => seenOf({ files: { 'a.cjs': program }, env: { SWARMSCOPE_TRACE_SCOPE: scope } })),
  );
  const tracesOf = (spans: readonly SpanRow[] = []): unknown[] =>
    [...new Set(spans.map(({ traceId }) => traceId))].map(
      (id) => new Set(spans.filter(({ traceId }) => traceId === id).map(({ name }) => name)),
    );
  expect(tracesOf(auto?.spans)).toEqual(
    expect.arrayContaining([
      new Set(['run_task early', 'invoke_workflow a']),
      new Set(['run_task late', 'run_task inner']),
      new Set(['run_task later']),
    ]),
  );
  expect(tracesOf(auto?.spans)).toHaveLength(3);
  expect(tracesOf(run?.spans)).toHaveLength(1);
});
