/** Runs one task for a queue and tells when it ended: by its own result, or earlier, when the queue gave up on it. */

/** As they were when this was loaded, before a fake clock of the app. */
const { setTimeout: startTimer, clearTimeout: stopTimer } = globalThis;

export interface EarlyEnd {
  /** What the queue calls the task with: `{ signal }` since p-queue 7. */
  readonly argument: unknown;
  /** Limit of the task or of its queue; the queue frees the task's place then, whatever the task still does. */
  readonly timeoutMs: number | undefined;
  readonly end: (reason: unknown) => void;
}

/** Calls `end` when the queue gives up on a running task. Returns what stops the watching. */
export function onEarlyEnd({ argument, timeoutMs, end }: EarlyEnd): () => void {
  const signal = typeof argument === 'object' && argument !== null ? (argument as { signal?: unknown }).signal : undefined;
  const timer = timeoutMs === undefined ? undefined : startTimer(() => end(timedOut()), timeoutMs);
  timer?.unref();
  const onAbort = (): void => end((signal as AbortSignal).reason);
  if (signal instanceof AbortSignal) signal.addEventListener('abort', onAbort, { once: true });
  return () => {
    if (timer !== undefined) stopTimer(timer);
    if (signal instanceof AbortSignal) signal.removeEventListener('abort', onAbort);
  };
}

function timedOut(): Error {
  return new DOMException('', 'TimeoutError');
}

/** A promise is answered by one that follows it, as p-queue only awaits it. */
export function runTask(run: () => unknown, ended: (failure?: { error: unknown }) => void): unknown {
  let result: unknown;
  try {
    result = run();
  } catch (error) {
    ended({ error });
    throw error;
  }
  if (!isThenable(result)) {
    ended();
    return result;
  }
  return Promise.resolve(result).then(
    (value) => {
      ended();
      return value;
    },
    (error: unknown) => {
      ended({ error });
      throw error;
    },
  );
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  try {
    return isObject && typeof (value as { then?: unknown }).then === 'function';
  } catch {
    // A getter of the app's that throws: the queue meets the same when it awaits.
    return true;
  }
}
