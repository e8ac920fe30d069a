/** Endings: what was recorded is sent however the process ends, with the exit code and signal it would have had. */
import { isMainThread } from 'node:worker_threads';
import { clock, later } from './originals.ts';

export interface Ending {
  /** Ends open activities, takes the last metrics; called again only for what came later. */
  finish(): void;
  hasPending(): boolean;
  /** Items recorded so far: tells whether anything came after the last attempt. */
  recorded(): number;
  flush(timeoutMs: number): Promise<void>;
  flushSync(timeoutMs: number): void;
  /** Writes down what could not be sent. */
  close(): void;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
type EndingSignal = (typeof SIGNALS)[number];

/**
 * Arms beforeExit, exit and (in the main thread) the three signals. All waiting together takes at most `timeoutMs`. Uncaught exceptions
 * get no listener, which would change what the app does: they reach `exit` with their own code. Returns the disarming function.
 */
export function armEndings(ending: Ending, timeoutMs: number): () => void {
  let spentMs = 0;
  let isFlushing = false;
  const remainingMs = (): number => timeoutMs - spentMs;

  let recordedWhenTried = -1;

  async function flush(): Promise<void> {
    isFlushing = true;
    recordedWhenTried = ending.recorded();
    const start = clock.monotonic();
    await ending.flush(remainingMs());
    spentMs += clock.monotonic() - start;
    isFlushing = false;
  }

  let hasTried = false;
  function onBeforeExit(): void {
    // Waiting makes Node emit this event again, which another listener would see twice: then `exit` does it all.
    if (isFlushing || hasTried || remainingMs() <= 0 || process.listenerCount('beforeExit') > 1) return;
    ending.finish();
    if (!ending.hasPending()) return;
    hasTried = true;
    void flush();
  }

  function onExit(): void {
    ending.finish();
    // An endpoint that could not take these very items a moment ago is not asked again.
    if (ending.hasPending() && remainingMs() > 0 && (isFlushing || ending.recorded() !== recordedWhenTried)) {
      const start = clock.monotonic();
      ending.flushSync(remainingMs());
      spentMs += clock.monotonic() - start;
    }
    ending.close();
  }

  const signalListeners = isMainThread ? SIGNALS.map((signal) => armSignal(signal, { ending, flush, remainingMs })) : [];
  process.on('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  return () => {
    process.removeListener('beforeExit', onBeforeExit);
    process.removeListener('exit', onExit);
    for (const disarm of signalListeners) disarm();
  };
}

interface SignalHelp {
  readonly ending: Ending;
  readonly flush: () => Promise<void>;
  readonly remainingMs: () => number;
}

/**
 * Alone with a signal: send, step aside, raise it again, so that the parent sees the death it asked for. With a listener of the app
 * beside ours: the app decides, `exit` covers it. We stand first in the list, to see a `once` listener before Node takes it off.
 */
function armSignal(signal: EndingSignal, { ending, flush, remainingMs }: SignalHelp): () => void {
  let isRaising = false;
  const stepAside = (): void => void process.removeListener(signal, onSignal);
  const raise = (): void => {
    stepAside();
    ending.close();
    process.kill(process.pid, signal);
  };
  function onSignal(): void {
    const others = process.listenerCount(signal) - 1;
    if (others > 0) {
      // Libraries such as signal-exit raise again when they count no listener but their own: they must not count ours.
      stepAside();
      if (isAllSignalExit(others)) {
        ending.finish();
        ending.flushSync(remainingMs());
        ending.close();
      }
      later(0, () => void process.prependListener(signal, onSignal));
      return;
    }
    // A second Ctrl-C means now.
    if (isRaising) {
      raise();
      return;
    }
    isRaising = true;
    ending.finish();
    if (!ending.hasPending() || remainingMs() <= 0) raise();
    else void flush().then(raise);
  }
  process.prependListener(signal, onSignal);
  return stepAside;
}

/** signal-exit 4 ends the process without an `exit` event; its emitter says how many of the listeners are its own. */
function isAllSignalExit(others: number): boolean {
  const emitter = (process as unknown as Record<symbol, { count?: unknown } | undefined>)[Symbol.for('signal-exit emitter')];
  return typeof emitter?.count === 'number' && emitter.count >= others;
}
