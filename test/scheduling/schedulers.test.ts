/** Functions that are added to queues: their names and attempts, the names of the queues, and what the app gets when we fail. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import { watchSchedulers, type Schedulers, type Task } from '../../src/scheduling/index.ts';
import { startRecording, type Recording } from '../recording/recorder.ts';

/** The smallest queue: `held` is what it says of itself. */
interface Queue {
  held: number;
}

let recording: Recording;
let faults: unknown[];
/** Libraries are counted per process: each test has one of its own. */
let library = 0;

beforeEach(() => {
  recording = startRecording();
  faults = [];
  library += 1;
});

function watch(recorder: () => Recording['recorder'] | undefined = () => recording.recorder): Schedulers<Queue> {
  return watchSchedulers<Queue>({
    name: `queue${library}`,
    recorder,
    peek: recorder,
    fault: (error) => void faults.push(error),
    running: () => 0,
    waiting: (queue) => queue.held,
    limit: () => undefined,
    mayRefuse: true,
  });
}

/** Adds `task` to a queue that keeps it. */
function add(queues: Schedulers<Queue>, task: Task, queue: Queue = { held: 0 }): Task {
  const hand = (run: Task): Task => {
    queue.held += 1;
    return run;
  };
  return queues.add({ queue, task, addedBy: add, hand });
}

const tasks = () =>
  recording
    .spans()
    .filter(({ name }) => name.startsWith('run_task'))
    .map(({ name, attributes }) => [name, attributes['swarmscope.task.result'], attributes['swarmscope.task.attempt.number']]);

describe('names', () => {
  test('a task has the name of its function', () => {
    function implement(): void {}
    add(watch(), implement)();
    expect(tasks().map(([name]) => name)).toEqual(['run_task implement']);
  });

  test('queues are numbered by library, and from the 33rd on they share one name', () => {
    const queues = [...Array(34).keys()].map(() => watch().of({ held: 0 })?.name);
    const name = `queue${library}`;
    expect([queues[0], queues[1], ...queues.slice(31)]).toEqual([name, `${name}-2`, `${name}-32`, `${name}-more`, `${name}-more`]);
  });
});

describe('attempts', () => {
  test('a function that is added again after it failed is a retry; one that succeeded starts anew', () => {
    const queues = watch();
    let isBad = true;
    const work = (): void => {
      if (isBad) throw new Error('bad');
    };
    expect(add(queues, work)).toThrow('bad');
    isBad = false;
    add(queues, work)();
    add(queues, work)();
    expect(tasks().map(([, result, attempt]) => [result, attempt])).toEqual([
      ['error', 1],
      ['success', 2],
      ['success', 1],
    ]);
  });

  test('a function that is added several times at once is no retry, though its first run fails', () => {
    const queues = watch();
    let calls = 0;
    const work = (): void => {
      if (calls++ === 0) throw new Error('bad');
    };
    const [first, ...rest] = [add(queues, work), add(queues, work), add(queues, work)];
    expect(first).toThrow('bad');
    for (const run of rest) run();
    expect(tasks().map(([, , attempt]) => attempt)).toEqual([1, 1, 1]);
  });
});

describe('what the app gets', () => {
  test('the function that is handed on has the name, the length, the this and the arguments of the task', () => {
    const work: Task = function work(this: unknown, first: unknown, second: unknown) {
      return [this, first, second];
    };
    const run = add(watch(), work);
    expect([run.name, run.length]).toEqual(['work', 2]);
    expect(Reflect.apply(run, 'self', [1, 2])).toEqual(['self', 1, 2]);
  });

  test('a task that the queue refuses does not count as waiting, and the error is that of the queue', () => {
    const refused = () =>
      watch().add({
        queue: { held: 3 },
        task: () => undefined,
        addedBy: add,
        hand: () => {
          throw new RangeError('full');
        },
      });
    expect(refused).toThrow(new RangeError('full'));
    expect([...recording.state.tasks]).toEqual([]);
  });

  test('without a recorder, with options that throw, and for what is no function, the queue gets the task itself', () => {
    const task: Task = () => undefined;
    const hand = (run: Task): Task => run;
    const options = () => {
      throw new Error('ours');
    };
    const queue = { held: 0 };
    expect(watch(() => undefined).add({ queue, task, addedBy: add, hand })).toBe(task);
    expect(watch().add({ queue, task, addedBy: add, options, hand })).toBe(task);
    expect(watch().add({ queue, task: 'text' as unknown as Task, addedBy: add, hand })).toBe('text');
    expect(faults).toEqual([new Error('ours')]);
  });
});
