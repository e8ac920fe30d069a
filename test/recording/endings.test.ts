/** An activity ends once, in every ending, and a fault of ours stays ours. */
import { describe, expect, test } from '@jest/globals';
import type { Tracer } from '@opentelemetry/api';
import type { Activity, Recorder } from '../../src/recording/types.ts';
import { startRecording } from './recorder.ts';

const starts: Record<string, (recorder: Recorder) => Activity> = {
  run: (recorder) => recorder.startRun('nightly'),
  phase: (recorder) => recorder.startPhase('plan'),
  task: (recorder) => recorder.startTask({ type: 'review', pool: 'workers' }, 'task'),
  batch: (recorder) => recorder.startBatch({ scheduler: 'mine' }),
  agent: (recorder) => recorder.startAgent('reviewer'),
  tool: (recorder) => recorder.startTool({ name: 'grep' }),
  wait: (recorder) => recorder.startWait('lock'),
  'LLM call': (recorder) => recorder.startLlmCall({ operation: 'chat', provider: 'openai', requestModel: 'm' }).activity,
  'child process': (recorder) => recorder.startChildProcess({ executable: 'npm' }),
  'agent process': (recorder) => recorder.startChildProcess({ executable: 'claude', agentName: 'claude' }),
};

describe.each(Object.entries(starts))('%s', (kind, start) => {
  test('ends once, at the time of the first end', () => {
    const { recorder, spans, advance } = startRecording();
    const activity = start(recorder);
    advance(250);
    activity.end();
    advance(1_000);
    activity.end({ errorType: 'late' });
    activity.set({ 'error.type': 'later' });
    expect(activity.isEnded).toBe(true);
    expect(spans()).toHaveLength(kind === 'agent process' ? 2 : 1);
    for (const span of spans()) {
      expect(span.duration).toEqual([0, 250_000_000]);
      expect(span.attributes['error.type']).toBeUndefined();
      expect(span.status.code).toBe(0);
    }
  });

  test('left open, it ends with the process', () => {
    const recording = startRecording();
    const activity = start(recording.recorder);
    recording.state.endOpen('process_exit');
    recording.state.endOpen('process_exit');
    expect(activity.isEnded).toBe(true);
    for (const span of recording.spans()) expect(span.attributes['error.type']).toBe('process_exit');
  });

  test('an end before its start, or at no time, is moved to where it can be', () => {
    for (const endTime of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      const { recorder, spans } = startRecording();
      start(recorder).end({ endTime });
      for (const span of spans()) expect(span.duration).toEqual([0, 0]);
    }
  });

  test('is still a span when its metrics fail', () => {
    const { recorder, spans, counts } = startRecording({
      change: (assembly) => ({ ...assembly, meter: null as never }),
    });
    start(recorder).end({ errorType: 'boom' });
    expect(spans().length).toBeGreaterThan(0);
    for (const span of spans()) expect(span.attributes['error.type']).toBe('boom');
    // These two measure nothing, so nothing can fail.
    const isMeasured = !['wait', 'child process'].includes(kind);
    expect([...counts.keys()].some((name) => name.startsWith('recording.fault.'))).toBe(isMeasured);
  });

  test('that cannot start costs the caller nothing: it goes on below the frame it was in', () => {
    const broken: Tracer = { startSpan: () => fail(), startActiveSpan: () => fail() };
    const { recorder, counts, state } = startRecording({ change: (assembly) => ({ ...assembly, tracer: broken }) });
    const outer = { ...recorder.joinBatch(undefined, recorder.newBatch('x')), runId: 'outer' };
    const activity = recorder.within(outer, () => start(recorder));
    expect(activity.frame).toBe(outer);
    expect(() => {
      activity.set({ 'error.type': 'x' });
      activity.end({ errorType: 'x' });
    }).not.toThrow();
    expect([...counts]).toEqual([[expect.stringMatching(/^recording\.fault\.start/), 1]]);
    expect([...state.tasks]).toEqual([]);
  });
});

function fail(): never {
  throw new Error('broken on purpose');
}

test('an assembly that cannot be loaded is tried once, and every verb still answers', () => {
  let tries = 0;
  const faults: string[] = [];
  const { recorder } = startRecording({
    loadAssembly: () => {
      tries += 1;
      return fail();
    },
    fault: (where, error) => faults.push(`${where}: ${String(error)}`),
  });
  recorder.startTask({}, 'a').end();
  recorder.startLlmCall({ operation: 'chat', provider: 'p' }).end({ usage: { inputTokens: 1 } });
  recorder
    .startGit({ operation: 'commit', startTime: 1, attributes: {} })
    .end({ operation: 'commit', startTime: 1, endTime: 2, attributes: {} });
  recorder.submitTask('a').cancel();
  recorder.recordBatch(recorder.newBatch('q'), {}, 1, undefined);
  expect(recorder.environment()).toEqual({});
  expect(recorder.carrier()).toEqual({});
  expect(tries).toBe(1);
  expect(faults[0]).toBe('recording: Error: the assembly could not be loaded');
});

test('what an app hands in by mistake is no fault of the app: nothing throws', () => {
  const { recorder } = startRecording();
  const wrong = recorder as unknown as Record<string, (...args: unknown[]) => { end?(): void } | undefined>;
  for (const verb of [
    'startRun',
    'startPhase',
    'startTask',
    'startBatch',
    'startAgent',
    'startTool',
    'startWait',
    'trackPool',
    'trackQueue',
    'submitTask',
  ]) {
    for (const value of [null, undefined, 7, 'text', {}, Symbol('s'), { type: Symbol('t'), name: null, id: 9, dependencies: 'none' }]) {
      expect(() => wrong[verb]?.(value, value)?.end?.()).not.toThrow();
    }
  }
});

test.each(['within', 'resume'] as const)('%s runs a function exactly once, and its error is its own', (verb) => {
  const { recorder } = startRecording();
  const { frame } = recorder.startTask({}, 'a');
  let calls = 0;
  expect(() =>
    recorder[verb](frame, () => {
      calls += 1;
      throw new TypeError('of the app');
    }),
  ).toThrow(TypeError);
  expect(calls).toBe(1);
  expect(recorder.current()).toBeUndefined();
});

test('what was outside of everything is resumed there, also from within a task', () => {
  const { recorder } = startRecording();
  const { frame } = recorder.startTask({}, 'a');
  expect(recorder.within(frame, () => recorder.resume(undefined, () => recorder.current()))).toBeUndefined();
});
