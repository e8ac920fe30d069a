/** Tasks: their place, their roll-ups, their counts, their batches and their traces. */
import { describe, expect, test } from '@jest/globals';
import type { Recorder } from '../../src/recording/types.ts';
import { parentOf, startRecording, type Recording } from './recorder.ts';

const usage = { inputTokens: 500, outputTokens: 50 };
const call = { operation: 'chat', provider: 'openai', requestModel: 'm' } as const;

test('what happens inside an inner task counts for every task around it', () => {
  const { recorder, advance, span } = startRecording();
  const outer = recorder.startTask({ type: 'outer' }, 'task');
  const inner = recorder.within(outer.frame, () => recorder.startTask({ type: 'inner' }, 'task'));
  recorder.within(inner.frame, () => {
    const llm = recorder.startLlmCall({ ...call, toolsOffered: ['a', 'b'] });
    advance(2_000);
    llm.end({ usage, toolsCalled: ['a'] });
    const wait = recorder.startWait('lock');
    advance(1_000);
    wait.end();
  });
  inner.end();
  recorder.within(outer.frame, () => recorder.startLlmCall(call).end({ usage }));
  outer.end();
  expect(span('run_task inner').attributes).toMatchObject({
    'swarmscope.task.llm.calls': 1,
    'swarmscope.task.llm.time': 2,
    'swarmscope.task.wait.time': 1,
    'swarmscope.task.input_tokens': 500,
    'swarmscope.task.cost': 0.5,
    'swarmscope.task.context.peak_utilization': 0.5,
    'swarmscope.task.tools.offered.count': 2,
    'swarmscope.task.tools.used.count': 1,
  });
  expect(span('run_task outer').attributes).toMatchObject({
    'swarmscope.task.llm.calls': 2,
    'swarmscope.task.input_tokens': 1_000,
    'swarmscope.task.cost': 1,
  });
});

test('a tool call inside a tool call is no second tool time', () => {
  const { recorder, advance, span } = startRecording();
  const task = recorder.startTask({ type: 'work' }, 'task');
  recorder.within(task.frame, () => {
    const tool = recorder.startTool({ name: 'bash' });
    const inner = recorder.within(tool.frame, () => recorder.startTool({ name: 'grep' }));
    advance(1_000);
    inner.end();
    tool.end();
  });
  task.end();
  expect(span('run_task work').attributes['swarmscope.task.tool.time']).toBe(1);
});

describe('the sums of a task are left out', () => {
  const sums = (recording: Recording, name = 'run_task work'): string[] =>
    Object.keys(recording.span(name).attributes).filter((each) => /\.(?:llm|tool|git|wait)\.|tokens|cost|tools/.test(each));

  test.each<[string, number, (recorder: Recorder) => void]>([
    ['not for what this process saw to its end', 9, (recorder) => recorder.startTool({ name: 'bash' }).end()],
    ['where a child process worked in it', 0, (recorder) => recorder.startChildProcess({ executable: 'npm' }).end()],
    [
      'where an agent of its own process worked in it',
      0,
      (recorder) => recorder.startChildProcess({ executable: 'claude', agentName: 'claude' }).end(),
    ],
    ['where something is still under way', 0, (recorder) => void recorder.startLlmCall(call)],
    ['as to git, which has not told yet', 8, (recorder) => recorder.expectGit()],
  ])('%s', (_title, expected, work) => {
    const recording = startRecording();
    const { recorder } = recording;
    const outer = recorder.startTask({ type: 'outer' }, 'task');
    const task = recorder.within(outer.frame, () => recorder.startTask({ type: 'work' }, 'task'));
    recorder.within(task.frame, () => work(recorder));
    task.end();
    outer.end();
    expect([sums(recording).length, sums(recording, 'run_task outer').length]).toEqual([expected, expected]);
  });

  test('once this process has threads', () => {
    let hasThreads = false;
    const recording = startRecording({ hasThreads: () => hasThreads });
    recording.recorder.startTask({ type: 'work' }, 'task').end();
    hasThreads = true;
    recording.recorder.startTask({ type: 'later' }, 'task').end();
    expect([sums(recording).length, sums(recording, 'run_task later').length]).toEqual([9, 0]);
  });

  test('as to tokens that no call reported, and not without a call', () => {
    const recording = startRecording();
    const { recorder, span } = recording;
    const task = recorder.startTask({ type: 'work' }, 'task');
    recorder.within(task.frame, () => recorder.startLlmCall(call).end({}));
    task.end();
    recorder.startTask({ type: 'idle' }, 'task').end();
    const tokensOf = (name: string) => span(name).attributes['swarmscope.task.input_tokens'];
    expect([tokensOf('run_task work'), tokensOf('run_task idle')]).toEqual([undefined, 0]);
  });
});

test('attempts below the own span of a library are one call, and their tokens are all counted', () => {
  const { recorder, span } = startRecording();
  const task = recorder.startTask({ type: 'work' }, 'task');
  recorder.within(task.frame, () => {
    const native = recorder.startLibrarySpan({ scope: { name: 'sdk' }, name: 'chat', attributes: { 'gen_ai.operation.name': 'chat' } });
    recorder.startLlmCall({ ...call, frame: native?.frame }).end({ statusCode: 429, errorType: '429' });
    recorder.startLlmCall({ ...call, frame: native?.frame, resendCount: 1 }).end({ usage });
    native?.span.end();
  });
  task.end();
  expect(span('run_task work').attributes).toMatchObject({ 'swarmscope.task.llm.calls': 1, 'swarmscope.task.input_tokens': 500 });
});

test('git that has told of all its commands before the end of the task is summed', () => {
  const { recorder, span } = startRecording();
  const task = recorder.startTask({ type: 'work' }, 'task');
  const traceparent = recorder.carrier(task.frame)['TRACEPARENT'];
  recorder.within(task.frame, () => recorder.expectGit());
  recorder.recordGit({ operation: 'commit', startTime: 1_000, endTime: 3_000, traceparent, attributes: {} });
  task.end();
  expect(span('run_task work').attributes['swarmscope.task.git.time']).toBe(2);
});

test('turns are counted of agents in this process, and not of those in a process of their own', async () => {
  const { recorder, metric } = startRecording();
  const turns = async () => [
    await metric('gen_ai.invoke_agent.duration'),
    await metric('gen_ai.invoke_agent.inference_calls'),
    await metric('gen_ai.invoke_agent.tool_calls'),
  ];
  recorder.startChildProcess({ executable: 'claude', agentName: 'claude' }).end();
  expect(await turns()).toEqual([1, undefined, undefined]);
  recorder.startAgent('writer').end();
  expect(await turns()).toEqual([2, 1, 1]);
});

test('tasks queued, started, cancelled and ended leave nothing behind', () => {
  const { recorder, state } = startRecording();
  const first = recorder.submitTask('a', 'pool');
  const second = recorder.submitTask('a', 'pool');
  expect([...state.tasks].map((task) => task.state)).toEqual(['queued', 'queued']);
  const running = recorder.startTask({ submitted: first, pool: 'pool' }, 'a');
  second.cancel();
  second.cancel();
  expect([...state.tasks]).toMatchObject([{ state: 'running', pool: 'pool' }]);
  running.end();
  running.end();
  expect([...state.tasks]).toEqual([]);
});

test('queue wait is from submitted to started; the task hangs where it was submitted, not where it runs', () => {
  const { recorder, advance, span } = startRecording();
  const run = recorder.startRun('r');
  const other = recorder.startTask({ type: 'other' }, 'task');
  const submitted = recorder.within(run.frame, () => recorder.submitTask('a'));
  advance(3_000);
  recorder.within(other.frame, () => recorder.startTask({ submitted, queue: 'q' }, 'a')).end();
  expect(span('run_task a').attributes['swarmscope.task.queue.wait_time']).toBe(3);
  expect(parentOf(span('run_task a'))).toBe(run.spanId);
});

test('a batch knows its members, its parallelism and its straggler; a declared size is kept where tasks run elsewhere', () => {
  const { recorder, advance, span } = startRecording();
  const batch = recorder.startBatch({ scheduler: 'mine', index: 3 });
  const [a, b, c] = ['a', 'b', 'c'].map((id) => recorder.within(batch.frame, () => recorder.startTask({ type: 'unit', id }, 'task')));
  advance(1_000);
  a?.end();
  b?.end();
  advance(3_000);
  c?.end();
  batch.end();
  expect(span('run_batch mine').attributes).toMatchObject({
    'swarmscope.batch.size': 3,
    'swarmscope.batch.parallelism': 1.5,
    'swarmscope.batch.straggler.task.id': 'c',
    'swarmscope.batch.straggler.delay': 3,
  });
  recorder.startBatch({ scheduler: 'elsewhere', size: 12 }).end();
  expect(span('run_batch elsewhere').attributes['swarmscope.batch.size']).toBe(12);
});

test('a task inside a task of a batch is no member of the batch', () => {
  const { recorder, span } = startRecording();
  const batch = recorder.startBatch({ scheduler: 'mine' });
  const task = recorder.within(batch.frame, () => recorder.startTask({}, 'outer'));
  recorder.within(task.frame, () => recorder.startTask({}, 'inner')).end();
  task.end();
  batch.end();
  expect(span('run_batch mine').attributes['swarmscope.batch.size']).toBe(1);
});

test('with trace scope task each outermost task is a trace of its own, linked to what started it', () => {
  const { recorder, span } = startRecording({
    env: { SWARMSCOPE_TRACE_SCOPE: 'task' },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    tracestate: 'v=1',
  });
  const run = recorder.startRun('r');
  const task = recorder.within(run.frame, () => recorder.startTask({}, 'outer'));
  const inner = recorder.within(task.frame, () => recorder.startTask({}, 'inner'));
  expect(recorder.carrier(task.frame)).toMatchObject({ TRACEPARENT: `00-${task.traceId}-${task.spanId}-01` });
  expect(recorder.carrier(run.frame)['TRACESTATE']).toBe('v=1');
  inner.end();
  task.end();
  run.end();
  expect(run.traceId).toBe('a'.repeat(32));
  expect(task.traceId).not.toBe(run.traceId);
  expect(span('run_task outer').links.map((link) => link.context.spanId)).toEqual([run.spanId]);
  expect(inner.traceId).toBe(task.traceId);
  expect(parentOf(span('run_task inner'))).toBe(task.spanId);
});

test('git without a traceparent hangs below what started the process, never below what happens to run', () => {
  const { recorder, span } = startRecording({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
  const task = recorder.startTask({}, 'innocent');
  recorder.within(task.frame, () => recorder.recordGit({ operation: 'commit', startTime: 1, endTime: 2, attributes: {} }));
  task.end();
  expect(parentOf(span('git commit'))).toBe('b'.repeat(16));
  expect(span('run_task innocent').attributes['swarmscope.task.git.time']).toBe(0);
});

test('two pools of one name count each task once', () => {
  const { recorder, state, advance } = startRecording();
  const pool = { name: 'p', active: () => 0, limit: () => 4 };
  recorder.trackPool(pool);
  recorder.trackPool(pool);
  const task = recorder.startTask({ pool: 'p' }, 'a');
  advance(2_000);
  task.end();
  const seconds = [...state.trackers.pools].map((each) => each.activeSeconds(1_002_000));
  expect(seconds).toEqual([2, 0]);
});

test("a pool whose own functions throw does not disturb the app's tasks", () => {
  const { recorder, state, span, counts } = startRecording();
  const fail = (): never => {
    throw new Error('of the app');
  };
  recorder.trackPool({ name: 'p', active: fail, limit: fail });
  recorder.trackQueue({ name: 'q', size: fail, capacity: fail });
  recorder.startTask({ pool: 'p' }, 'a').end();
  expect(span('run_task a').status.code).toBe(0);
  expect([...state.trackers.pools].map((pool) => [pool.active(), pool.limit()])).toEqual([[0, undefined]]);
  expect([...state.trackers.queues].map((queue) => [queue.size(), queue.capacity?.()])).toEqual([[0, undefined]]);
  expect([...counts]).toEqual([]);
});

test('content stays in unless asked for, lists and names are bounded', () => {
  for (const [captured, expected] of [
    ['false', undefined],
    ['true', ['rm', '-rf']],
  ] as const) {
    const { recorder, span } = startRecording({ env: { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: captured } });
    recorder.startChildProcess({ executable: 'x'.repeat(600), attributes: { 'process.command_args': ['rm', '-rf'] } }).end();
    const [attributes] = [span('x'.repeat(512)).attributes];
    expect(attributes['process.command_args']).toEqual(expected);
    expect(String(attributes['process.executable.name'])).toHaveLength(512);
  }
  const { recorder, span } = startRecording();
  recorder.startTask({ dependencies: Array.from({ length: 1_000 }, (_, index) => `task-${index}`) }, 'a').end();
  expect(span('run_task a').attributes).toMatchObject({ 'swarmscope.task.dependency.count': 1_000 });
  expect(span('run_task a').attributes['swarmscope.task.dependency.ids']).toHaveLength(256);
});
