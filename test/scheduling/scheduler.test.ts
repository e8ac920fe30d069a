/** Jobs of one scheduler, moved by hand: what is counted as waiting, what is a batch, and how a job ended. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { Scheduler } from '../../src/scheduling/scheduler.ts';
import type { Frame, Recorder } from '../../src/recording/types.ts';
import { startRecording, type Recording } from '../recording/recorder.ts';

let recording: Recording;
let scheduler: Scheduler;

beforeEach(() => {
  recording = startRecording();
  scheduler = new Scheduler(recording.recorder, 'pool');
});

const submit = (count: number) => Array.from({ length: count }, () => scheduler.submit({ type: 'review' }));
const spans = (prefix: string) => recording.spans().filter(({ name }) => name.startsWith(prefix));
const batches = () =>
  spans('run_batch').map(({ attributes }) => [attributes['swarmscope.batch.size'], attributes['swarmscope.batch.inferred'] ?? false]);
const results = () =>
  spans('run_task').map(({ name, attributes }) => [name, attributes['swarmscope.task.result'], attributes['error.type']]);
const nothingIsLeft = () => expect([...recording.state.tasks]).toEqual([]);

describe('batches', () => {
  test('jobs that were added before the first of them ended are an inferred batch once the queue has run dry', () => {
    for (let round = 0; round < 2; round += 1) for (const running of submit(4).map((job) => job.start())) running.end();
    expect(batches()).toEqual([
      [4, true],
      [4, true],
    ]);
  });

  test('a stream of work is no batch, and what follows it may be one again', () => {
    const [first, slow] = submit(2).map((job) => job.start());
    first?.end();
    const [late] = submit(1).map((job) => job.start());
    late?.end();
    slow?.end();
    expect(batches()).toEqual([]);
    for (const running of submit(2).map((job) => job.start())) running.end();
    expect(batches()).toEqual([[2, true]]);
  });

  test.each<[string, (recorder: Recorder) => Frame[], number]>([
    ['of one task are a batch', (recorder) => Array<Frame>(2).fill(recorder.startTask({}, 'a').frame), 1],
    ['of two tasks, whose limiter the queue is, are none', (recorder) => [1, 2].map(() => recorder.startTask({}, 'a').frame), 0],
    ['of two agents are none', (recorder) => ['a', 'b'].map((name) => recorder.startAgent(name).frame), 0],
    [
      'of one agent in two tool calls are a batch',
      (recorder) => {
        const { frame } = recorder.startAgent('a');
        return ['x', 'y'].map((name) => recorder.within(frame, () => recorder.startTool({ name }).frame));
      },
      1,
    ],
  ])('jobs %s', (_title, framesOf, expected) => {
    const { recorder } = recording;
    const jobs = framesOf(recorder).flatMap((frame) => recorder.within(frame, () => submit(2)));
    for (const running of jobs.map((job) => job.start())) running.end();
    expect(batches()).toHaveLength(expected);
  });

  test('a single job does not make a batch', () => {
    for (const running of submit(1).map((job) => job.start())) running.end();
    expect(batches()).toEqual([]);
  });

  test('a declared batch holds what was added inside it, though its jobs end while others are being added', () => {
    const added = scheduler.batch(() => {
      for (const running of submit(2).map((job) => job.start())) running.end();
      return submit(1);
    });
    for (const running of added.map((job) => job.start())) running.end();
    expect(batches()).toEqual([[3, false]]);
  });

  test('cancelled jobs do not belong to their batch, and the rest of it closes', () => {
    const [first, second] = submit(4)
      .slice(0, 2)
      .map((job) => job.start());
    scheduler.clear();
    first?.end();
    second?.end();
    expect(batches()).toEqual([[2, true]]);
    nothingIsLeft();
  });
});

describe('jobs', () => {
  test('a job ends once, as its first end says', () => {
    for (const [at, error] of [
      undefined,
      new RangeError('x'),
      new DOMException('', 'TimeoutError'),
      new DOMException('', 'AbortError'),
    ].entries()) {
      const running = scheduler.submit({ type: `t${at}` }).start();
      running.end(error === undefined ? undefined : { error });
      running.end({ error: new Error('later') });
    }
    expect(results()).toEqual([
      ['run_task t0', 'success', undefined],
      ['run_task t1', 'error', 'RangeError'],
      ['run_task t2', 'timeout', 'TimeoutError'],
      ['run_task t3', 'cancellation', 'AbortError'],
    ]);
    nothingIsLeft();
  });

  test('an aborted signal cancels all jobs that wait with it, and none that runs', () => {
    const controller = new AbortController();
    const { signal } = controller;
    const [running] = Array.from({ length: 20 }, () => scheduler.submit({ type: 'review', signal }))
      .slice(0, 1)
      .map((job) => job.start());
    controller.abort();
    running?.end();
    expect(results()).toHaveLength(1);
    nothingIsLeft();
  });

  test('a cancelled job that runs after all has a span, and is not counted in its batch a second time', () => {
    const [job, other] = submit(2);
    job?.cancel();
    job?.start().end();
    other?.start().end();
    expect(results()).toHaveLength(2);
    expect(batches()).toEqual([]);
    nothingIsLeft();
  });

  test('what is recorded within a running job belongs to it', () => {
    const running = scheduler.submit({ type: 'review' }).start();
    running.within(() => recording.recorder.startTool({ name: 'read' }).end());
    running.end();
    expect(recording.span('execute_tool read').parentSpanContext?.spanId).toBe(recording.span('run_task review').spanContext().spanId);
  });
});
