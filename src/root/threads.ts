/** How the threads of a process find its run: their environment is a copy, made when they were started. */
import { BroadcastChannel, getEnvironmentData, isMainThread, receiveMessageOnPort, setEnvironmentData } from 'node:worker_threads';
import { RUN_KEY, THREAD_CHANNEL } from '../config/thread-channel.ts';
import { CLOCK_KEY, clockText } from '../config/run-clock.ts';
import { outside } from '../config/originals.ts';

export function tellThreads(path: string | undefined): void {
  setEnvironmentData(RUN_KEY, path);
  if (isMainThread) setEnvironmentData(CLOCK_KEY, clockText());
}

/** The folder that was there when this thread was started. */
export function folderToldToThread(): string | undefined {
  const told = isMainThread ? undefined : getEnvironmentData(RUN_KEY);
  return typeof told === 'string' ? told : undefined;
}

/**
 * For a thread older than the run's folder: asks at once and with each `ask`, which also reads an answer synchronously.
 * `onFolder` returns whether the answer was of use; then nothing more is asked. Holds nothing alive.
 */
export function askMainThread(onFolder: (path: string) => boolean): { ask(): void; close(): void } {
  let channel: BroadcastChannel | undefined = outside(() => new BroadcastChannel(THREAD_CHANNEL));
  channel.onmessage = (event: unknown) => take((event as { data?: unknown }).data);
  channel.unref();
  const take = (message: unknown): void => {
    if (
      typeof message === 'object' &&
      message !== null &&
      'folder' in message &&
      typeof message.folder === 'string' &&
      onFolder(message.folder)
    )
      close();
  };
  const ask = (): void => {
    // Each answer is heard by all threads that wait: it may be there already.
    for (
      let next = channel && receiveMessageOnPort(channel as never);
      next !== undefined;
      next = channel && receiveMessageOnPort(channel as never)
    )
      take(next.message);
    channel?.postMessage('ask');
  };
  const close = (): void => {
    channel?.close();
    channel = undefined;
  };
  ask();
  return { ask, close };
}
