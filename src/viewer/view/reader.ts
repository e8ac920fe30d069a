/** Asks the thread that reads runs, and starts it again when it has died of a run that was too large. */
import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Asking, Question, Reply } from './thread-messages.ts';

export interface RunReader {
  /** Never rejects. */
  ask(asking: Asking): Promise<{ readonly status: number; readonly body: Buffer }>;
  close(): Promise<void>;
}

/** Longest wait for an answer: a million spans take a minute. */
const MAX_MS = 180_000;
/** Questions that wait; more are refused. */
const MAX_WAITING = 200;

interface Waiting {
  readonly resolve: (answer: { status: number; body: Buffer }) => void;
  readonly timer: NodeJS.Timeout;
}

/** @param threadFile the built `view-thread.mjs` */
export function startReader(threadFile: URL, resourceLimits: ResourceLimits = {}): RunReader {
  let worker: Worker | undefined;
  let next = 0;
  const waiting = new Map<number, Waiting>();

  function settle(number: number, status: number, body: Buffer): void {
    const found = waiting.get(number);
    waiting.delete(number);
    clearTimeout(found?.timer);
    found?.resolve({ status, body });
    // A thread that nobody waits for keeps no process alive.
    if (waiting.size === 0) worker?.unref();
  }

  function failAll(message: string): void {
    for (const number of [...waiting.keys()]) settle(number, 500, errorBody('fault', message));
  }

  function start(): Worker {
    const made = new Worker(threadFile, { stdout: true, stderr: true, resourceLimits });
    made.on('message', ({ number, status, body }: Reply) =>
      settle(number, status, Buffer.from(body.buffer, body.byteOffset, body.byteLength)),
    );
    made.on('error', (error: NodeJS.ErrnoException) => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      failAll(
        isMemory ? 'This run is larger than the memory of one process holds.' : `The thread that reads runs has failed: ${error.message}`,
      );
    });
    made.on('exit', () => {
      if (worker === made) worker = undefined;
      failAll('The thread that reads runs has ended; try again.');
    });
    return made;
  }

  return {
    ask(asking) {
      if (waiting.size >= MAX_WAITING)
        return Promise.resolve({ status: 503, body: errorBody('busy', 'Too many questions at once; try again in a moment.') });
      worker ??= start();
      worker.ref();
      const number = next++;
      return new Promise((resolve) => {
        const timer = setTimeout(() => settle(number, 504, errorBody('busy', 'This run takes too long to read.')), MAX_MS);
        timer.unref();
        waiting.set(number, { resolve, timer });
        worker?.postMessage({ number, ...asking } satisfies Question);
      });
    },
    async close() {
      const ending = worker;
      worker = undefined;
      failAll('The server is being closed.');
      await ending?.terminate();
    },
  };
}

export const errorBody = (error: string, message: string): Buffer => Buffer.from(JSON.stringify({ v: 1, error, message }));
