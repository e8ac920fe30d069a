/** A real p-queue that is watched: the app gets what it would have got, and all tasks, batches and counts are right. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import PQueue from 'p-queue';
import { readSettings } from '../../../src/config/settings/index.ts';
import { watchClass } from '../../../src/observers/p-queue/lazy.ts';
import { freshFolder } from '../../harness/index.ts';
import { startRecording, type Recording } from '../../recording/recorder.ts';

let recording: Recording;
const faults: unknown[] = [];
watchClass(
  {
    settings: readSettings({}),
    recorder: () => recording.recorder,
    peek: () => recording.recorder,
    fault: (_observer, error) => faults.push(error),
    count: () => undefined,
    loadFrom: () => undefined,
  },
  PQueue,
);

beforeEach(() => {
  recording = startRecording();
  faults.length = 0;
});

const named = (prefix: string) => recording.spans().filter(({ name }) => name.startsWith(prefix));
const tasks = () =>
  named('run_task').map(({ name, attributes }) => [
    name,
    attributes['swarmscope.task.result'],
    attributes['swarmscope.task.attempt.number'],
  ]);
const batches = () =>
  named('run_batch').map(({ attributes }) => [attributes['swarmscope.batch.size'], attributes['swarmscope.batch.inferred'] ?? false]);
const later = <T>(value?: T): Promise<T | undefined> => new Promise((resolve) => setImmediate(() => resolve(value)));
const nothingIsLeft = () => expect({ tasks: [...recording.state.tasks], faults }).toEqual({ tasks: [], faults: [] });

test('a task has the arguments and the this of the app, and the app has its results and errors', async () => {
  const queue = new PQueue();
  const error = new RangeError('mine');
  expect(await queue.add(() => 7)).toBe(7);
  expect(await queue.add(async () => later('x'))).toBe('x');
  await expect(queue.add(() => Promise.reject(error))).rejects.toBe(error);
  await expect(
    queue.add(() => {
      throw error;
    }),
  ).rejects.toBe(error);
  const { signal } = new AbortController();
  expect(
    await queue.add(
      async function work(...args: unknown[]) {
        return later(args);
      },
      { signal },
    ),
  ).toEqual([{ signal }]);
  expect(await queue.add(() => ({ then: (resolve: (value: string) => void) => resolve('thenable') }) as unknown as string)).toBe(
    'thenable',
  );
  nothingIsLeft();
});

test('a task is named after its function', async () => {
  async function implement(): Promise<void> {
    await later();
  }
  await new PQueue().add(implement);
  expect(tasks().map(([name]) => name)).toEqual(['run_task implement']);
});

describe('batches', () => {
  test('addAll declares a batch, also of synchronous functions', async () => {
    const queue = new PQueue({ concurrency: 2 });
    await queue.addAll([later, later, later]);
    await queue.addAll([() => 1, () => 2]);
    expect(batches()).toEqual([
      [3, false],
      [2, false],
    ]);
    nothingIsLeft();
  });

  test('tasks that were added before the first of them ended are an inferred batch once the queue has run dry', async () => {
    const queue = new PQueue({ concurrency: 2 });
    for (let round = 0; round < 2; round += 1) {
      for (let at = 0; at < 4; at += 1) void queue.add(() => later());
      await queue.onIdle();
    }
    expect(batches()).toEqual([
      [4, true],
      [4, true],
    ]);
  });

  test('a single task does not open a batch', async () => {
    const queue = new PQueue();
    await queue.add(() => later());
    await queue.addAll([later]);
    expect(batches()).toEqual([]);
  });
});

describe('tasks that never run', () => {
  test('cleared tasks leave the count and their declared batch, and the rest of the batch closes', async () => {
    const queue = new PQueue({ concurrency: 2 });
    const all = queue.addAll([later, later, later, later]).catch((error: unknown) => error);
    queue.clear();
    await all;
    await queue.onIdle();
    expect(batches()).toEqual([[2, false]]);
    void queue.add(() => later());
    void queue.add(() => later());
    await queue.onIdle();
    expect(batches()).toEqual([
      [2, false],
      [2, true],
    ]);
    nothingIsLeft();
  });

  test('tasks that one signal aborts leave the count and their batch', async () => {
    const queue = new PQueue({ concurrency: 1 });
    const controller = new AbortController();
    const reason = new Error('no more');
    const first = queue.add(() => later('done'));
    const rest = Array.from({ length: 20 }, () => queue.add(() => later(), { signal: controller.signal }));
    controller.abort(reason);
    const settled = await Promise.allSettled(rest);
    expect(settled.every((each) => each.status === 'rejected' && each.reason === reason)).toBe(true);
    expect(await first).toBe('done');
    expect(tasks()).toHaveLength(1);
    nothingIsLeft();
  });

  test('a task that the queue refuses, and one whose signal was aborted before, are not counted as waiting', async () => {
    const queue = new PQueue();
    await expect(queue.add(later, { timeout: -1 })).rejects.toThrow(TypeError);
    await expect(queue.add(later, { signal: AbortSignal.abort(new Error('early')) })).rejects.toThrow('early');
    await expect(queue.add('no function' as never)).rejects.toThrow(TypeError);
    expect(tasks()).toEqual([]);
    nothingIsLeft();
  });
});

describe('tasks that the queue gives up on', () => {
  test('a timeout ends the task at once as timed out, even while its function goes on', async () => {
    const queue = new PQueue({ timeout: 20 });
    let finish = (): void => undefined;
    const result = await queue
      .add(
        () =>
          new Promise<void>((resolve) => {
            finish = resolve;
          }),
      )
      .catch((error: unknown) => error);
    expect(result).toMatchObject({ name: 'TimeoutError' });
    expect(named('run_task').map(({ attributes }) => [attributes['swarmscope.task.result'], attributes['error.type']])).toEqual([
      ['timeout', 'TimeoutError'],
    ]);
    finish();
    await later();
    expect(tasks()).toHaveLength(1);
    nothingIsLeft();
  });

  test('an abort during its run ends the task as cancelled', async () => {
    const queue = new PQueue();
    const controller = new AbortController();
    const added = queue.add(() => new Promise(() => undefined), { signal: controller.signal }).catch((error: unknown) => error);
    await later();
    controller.abort();
    expect(await added).toMatchObject({ name: 'AbortError' });
    expect(named('run_task').map(({ attributes }) => [attributes['swarmscope.task.result'], attributes['error.type']])).toEqual([
      ['cancellation', 'AbortError'],
    ]);
    nothingIsLeft();
  });
});

describe('a package', () => {
  interface Package {
    make(options?: object): PQueue;
    Client: new () => { readonly queue: PQueue };
    Queue: typeof PQueue;
  }
  const folder = join(freshFolder('package'), 'node_modules/lib');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'index.cjs'),
    `module.exports = (PQueue) => ({
      make: (options) => new PQueue(options),
      Client: class Client { constructor() { this.queue = new PQueue(); } },
      Queue: class Queue extends PQueue {},
    });`,
  );
  const lib = (createRequire(import.meta.filename)(join(folder, 'index.cjs')) as (queue: typeof PQueue) => Package)(PQueue);

  test.each<[string, () => PQueue, boolean]>([
    ['that makes a queue: it is looked through', () => lib.make(), false],
    ['that makes a queue in a constructor: it is looked through', () => new lib.Client().queue, false],
    ['that brings a class: the program makes the queue', () => new lib.Queue(), true],
  ])('%s', async (_title, make, isWatched) => {
    const queue = make();
    expect(await queue.addAll([() => 1, async () => later(2)])).toEqual([1, 2]);
    await expect(queue.add(() => Promise.reject(new RangeError('mine')))).rejects.toThrow(new RangeError('mine'));
    queue.clear();
    expect([tasks().length, batches().length]).toEqual(isWatched ? [3, 1] : [0, 0]);
    nothingIsLeft();
  });

  test('what the jobs of its queue record belongs to who added them, whoever made the queue start them', async () => {
    const queue = lib.make({ concurrency: 1 });
    const { recorder } = recording;
    const record = async (name: string): Promise<void> => {
      await later();
      recorder.startTool({ name }).end();
    };
    const added = ['a', 'b'].map((id) => {
      const task = recorder.startTask({ id }, 'own');
      return recorder.within(task.frame, () => queue.add(() => record(id))).then(() => task.end());
    });
    await Promise.all([...added, queue.add(() => record('outside'))]);
    const ids = new Map(recording.spans().map((span) => [span.spanContext().spanId, span.attributes['swarmscope.task.id']]));
    expect(named('execute_tool').map((span) => [span.name, ids.get(span.parentSpanContext?.spanId ?? '')])).toEqual([
      ['execute_tool a', 'a'],
      ['execute_tool b', 'b'],
      ['execute_tool outside', undefined],
    ]);
  });
});

test('without a recorder, or with one that fails, the queue works as it does without us', async () => {
  const working = recording;
  recording = { recorder: undefined } as unknown as Recording;
  expect(await new PQueue().addAll([() => 1, () => 2])).toEqual([1, 2]);
  recording = {
    recorder: {
      trackPool: () => {
        throw new Error('ours');
      },
    },
  } as unknown as Recording;
  expect(await new PQueue().add(() => 3)).toBe(3);
  expect(faults).toHaveLength(1);
  recording = working;
});
