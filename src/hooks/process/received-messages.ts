/** In a worker, a thread or a child: who listens for the messages of the process that started it. */
import realProcess from 'node:process';
import { wrapMethod } from '../wrap-method.ts';

type Run = (messages: readonly unknown[], fn: () => unknown) => unknown;

/** Listeners for messages that are added from now on are called by `run`. Returns what ends that. */
export function watchReceivers(run: Run): () => void {
  const { parentPort } = process.getBuiltinModule('node:worker_threads');
  return wrapMethod(parentPort ?? realProcess, 'on', (on, self, args) => {
    const [event, listener, ...rest] = args;
    if (event !== 'message' || typeof listener !== 'function') return Reflect.apply(on, self, args);
    const watched = function (this: unknown, ...messages: unknown[]): unknown {
      return run(messages, () => Reflect.apply(listener, this, messages));
    };
    return Reflect.apply(on, self, [event, watched, ...rest]);
  });
}
