// Reading waits for its turn, keeps its order and its times, and holds no more than it may.
import { expect, test } from '@jest/globals';
import { ReadingQueue } from '../../src/gateway/reading-queue.ts';
import type { Witness } from '../../src/gateway/witness.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const MiB = 1024 ** 2;

/** Notes what it hears. */
function noting(heard: string[]): Witness {
  return {
    requestBody: (chunk) => void heard.push(`asked ${chunk.length}`),
    requestEnd: () => void heard.push('asked all'),
    responseHead: (status) => void heard.push(`head ${status}`),
    responseChunk: (chunk) => void heard.push(`chunk ${chunk.length}`),
    end: () => void heard.push('end'),
    error: (error) => void heard.push(`error ${String(error)}`),
  };
}

async function emptied(queue: ReadingQueue): Promise<void> {
  for (let turns = 0; !queue.isEmpty; turns++) {
    if (turns > 10_000) throw new Error('it is never empty');
    await turn();
  }
}

test('nothing is read while bytes are handed on, and then all in its order', async () => {
  const queue = new ReadingQueue();
  const heard: string[] = [];
  const witness = queue.witness(() => (heard.push('made'), noting(heard)));
  witness.requestBody(Buffer.alloc(2));
  witness.requestEnd();
  witness.responseHead(200, []);
  witness.responseChunk(Buffer.alloc(3));
  witness.end();
  expect([heard, queue.isEmpty]).toEqual([[], false]);
  await emptied(queue);
  expect(heard).toEqual(['made', 'asked 2', 'asked all', 'head 200', 'chunk 3', 'end']);
});

test('what is read late is read as of when it came', async () => {
  const queue = new ReadingQueue();
  const [before, read]: [number, number[]] = [queue.clock.now(), []];
  queue.add(() => read.push(queue.clock.now()));
  const after = queue.clock.now();
  // The turn is late.
  while (queue.clock.now() < after + 20);
  await emptied(queue);
  expect(read[0]).toBeGreaterThanOrEqual(before);
  expect(read[0]).toBeLessThanOrEqual(after);
  expect(queue.clock.now()).toBeGreaterThan(after + 19);
});

test('more than four megabytes wait for nobody: they are read at once', () => {
  const queue = new ReadingQueue();
  const heard: string[] = [];
  const witness = queue.witness(() => noting(heard));
  for (let count = 0; count < 4; count++) witness.responseChunk(Buffer.alloc(MiB));
  expect(heard).toEqual([]);
  witness.responseChunk(Buffer.alloc(1));
  expect([heard.length, queue.isEmpty]).toEqual([5, true]);
});

test('a call that is none is not read', async () => {
  const queue = new ReadingQueue();
  const witness = queue.witness(() => undefined);
  witness.responseChunk(Buffer.alloc(1));
  witness.error(new Error('cut'));
  await emptied(queue);
});

test('long reading lets bytes pass in between, and what is added meanwhile waits behind it', async () => {
  const queue = new ReadingQueue();
  const heard: number[] = [];
  for (let count = 0; count < 5; count++)
    queue.add(() => {
      const until = performance.now() + 3;
      while (performance.now() < until);
      heard.push(count);
      if (count === 0) queue.add(() => heard.push(9));
    });
  await turn();
  expect(heard.length).toBeLessThan(5);
  await emptied(queue);
  expect(heard).toEqual([0, 1, 2, 3, 4, 9]);
});
