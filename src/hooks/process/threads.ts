/** Joins the threads of a process: says where their run is, hears what memory they share, and when one has ended. */
import { subscribe } from 'node:diagnostics_channel';
import type { BroadcastChannel } from 'node:worker_threads';
import { THREAD_CHANNEL, type ThreadMessage } from '../../config/thread-channel.ts';
import { wrapMethod } from '../wrap-method.ts';
import { listenQuietly } from './quiet-listener.ts';

export interface ThreadListener {
  /** Of the run; asked at a thread's first metric. */
  folder(): string | undefined;
  shared(thread: number, memory: SharedArrayBuffer): void;
  /** Also after `terminate()`, of which the thread itself hears nothing. */
  ended(thread: number): void;
  /** The main thread exits, and has heard only now what its threads said. */
  heardAtExit(): void;
}

interface Worker {
  readonly threadId: number;
}

let hasStarted = false;

/** Whether this process or thread has started a thread, ever. */
export const hasStartedThreads = (): boolean => hasStarted;

const threads = (): typeof import('node:worker_threads') => process.getBuiltinModule('node:worker_threads');

/**
 * Opens the channel with the first thread (0.2 ms). Holds nothing alive. A thread that starts threads passes on what it
 * hears of them: only the main thread listens.
 * @returns reads at once what threads have said, also while the event loop stands still
 */
export function watchThreads(listener: ThreadListener): () => void {
  let channel: BroadcastChannel | undefined;
  const startedBy = new Map<number, number>();
  const end = (thread: number): void => {
    startedBy.delete(thread);
    // The threads of a thread end with it.
    for (const [other, by] of [...startedBy]) if (by === thread) end(other);
    listener.ended(thread);
  };
  const take = (message: ThreadMessage): void => {
    if (message === 'ask') {
      const folder = listener.folder();
      if (folder !== undefined) channel?.postMessage({ folder } satisfies ThreadMessage);
    } else if ('memory' in message) listener.shared(message.thread, message.memory);
    else if ('startedBy' in message) startedBy.set(message.thread, message.startedBy);
    else if ('ended' in message) end(message.ended);
  };
  const open = (): BroadcastChannel => {
    const opened = new (threads().BroadcastChannel)(THREAD_CHANNEL);
    if (threads().isMainThread) opened.onmessage = (event: unknown) => quietly(() => take((event as { data: ThreadMessage }).data));
    opened.unref();
    return opened;
  };
  /** How many messages there were. */
  const readAll = (): number => {
    if (channel === undefined || !threads().isMainThread) return 0;
    const next = () => threads().receiveMessageOnPort(channel as never);
    let count = 0;
    for (let read = next(); read !== undefined; read = next(), count++) take(read.message as ThreadMessage);
    return count;
  };
  subscribe('worker_threads', (message) =>
    quietly(() => {
      const { worker } = message as { worker: Worker };
      // The thread behind `module.register` runs nothing of the app.
      if (worker.constructor.name === 'InternalWorker') return;
      hasStarted = true;
      if (channel === undefined) {
        channel = open();
        // A main thread that only waits (`Atomics.wait`) has not heard its threads yet, and arms nothing else.
        listenQuietly('exit', () =>
          quietly(() => {
            if (readAll() > 0) listener.heardAtExit();
          }),
        );
      }
      // Gone from the object by the time of its end.
      const { threadId: thread } = worker;
      const { isMainThread, threadId } = threads();
      if (!isMainThread) channel.postMessage({ thread, startedBy: threadId } satisfies ThreadMessage);
      whenEnded(worker, () => {
        readAll();
        if (isMainThread) end(thread);
        else channel?.postMessage({ ended: thread } satisfies ThreadMessage);
      });
    }),
  );
  return () => quietly(() => void readAll());
}

/** Of a thread: hands memory to the main thread, which reads it once this thread has ended. */
export function shareMemory(memory: SharedArrayBuffer): void {
  const { BroadcastChannel, threadId: thread } = threads();
  const channel = new BroadcastChannel(THREAD_CHANNEL);
  channel.postMessage({ thread, memory } satisfies ThreadMessage);
  channel.close();
}

/** Read where Node's thread reports it, so that the app's `exit` listeners stay its own. */
function whenEnded(worker: object, ended: () => void): void {
  const key = Object.getOwnPropertySymbols(worker).find(({ description }) => description === 'kHandle');
  const handle: unknown = key === undefined ? undefined : Reflect.get(worker, key);
  if (typeof handle !== 'object' || handle === null) return;
  wrapMethod(handle, 'onexit', (onexit, self, args) => {
    quietly(ended);
    return onexit.apply(self, args);
  });
}

/** What is thrown in a subscriber, Node makes an uncaught exception. */
function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // A Node of another shape: what the thread has not sent itself is lost.
  }
}
