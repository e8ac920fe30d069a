/** Endings: what was recorded is sent however the process ends, with the exit code and signal it would have had. */
import { watchWaysOut } from '../hooks/process-end.ts';
import { listenQuietly } from '../hooks/quiet-listener.ts';
import { hearSignals } from '../hooks/signals.ts';
import { cancel, clock, later, raise, type Timer } from '../config/originals.ts';

export interface Ending {
  /** Ends open activities, takes the last metrics; called again only for what came later. */
  finish(): void;
  hasPending(): boolean;
  /** Items recorded so far: tells whether anything came after the last attempt. */
  recorded(): number;
  flush(timeoutMs: number): Promise<void>;
  flushSync(timeoutMs: number): void;
  /** Writes down what could not be sent; may be called again for what came later. */
  close(): void;
}

export interface EndingOptions {
  readonly ending: Ending;
  /** All waiting together takes at most this long. */
  readonly timeoutMs: number;
  /** Calls `before` and `after` around each synchronous child process. */
  readonly onSyncChild?: ((before: () => void, after: () => void) => void) | undefined;
}

/**
 * Arms beforeExit, exit and what passes them by: signals, `process.reallyExit`, a signal to oneself. Uncaught exceptions get no listener, which would change what
 * the app does: they reach `exit` with their own code. Returns the disarming function.
 */
export function armEndings({ ending, timeoutMs, onSyncChild }: EndingOptions): () => void {
  let spentMs = 0;
  let isFlushing = false;
  let hasTried = false;
  let isEnding = false;
  let recordedWhenTried = -1;
  const remainingMs = (): number => timeoutMs - spentMs;

  async function flush(): Promise<void> {
    isFlushing = true;
    recordedWhenTried = ending.recorded();
    const start = clock.monotonic();
    await ending.flush(remainingMs());
    spentMs += clock.monotonic() - start;
    isFlushing = false;
  }

  function onBeforeExit(): void {
    try {
      flushOnce();
    } catch {
      // As in `endNow`.
    }
  }

  function flushOnce(): void {
    // Last in the list, so that what other handlers record is sent too.
    forgetExit();
    forgetExit = listenQuietly('exit', endNow);
    // Waiting makes Node emit this event again, which another listener would see twice: then `exit` does it all.
    if (isFlushing || hasTried || remainingMs() <= 0 || process.listenerCount('beforeExit') > 1) return;
    ending.finish();
    if (!ending.hasPending()) return;
    hasTried = true;
    flush().catch(() => undefined);
  }

  /** Blocking: no line of the app runs after it that would not have run without us. */
  function endNow(): void {
    // The sender at exit must not come back here.
    if (isEnding) return;
    isEnding = true;
    try {
      sendWhatIsLeft();
    } catch {
      // The program has broken what the language offers: it must end as it would have.
    }
    isEnding = false;
  }

  function sendWhatIsLeft(): void {
    ending.finish();
    // An endpoint that could not take these very items a moment ago is not asked again.
    if (ending.hasPending() && remainingMs() > 0 && (isFlushing || ending.recorded() !== recordedWhenTried)) {
      recordedWhenTried = ending.recorded();
      const start = clock.monotonic();
      ending.flushSync(remainingMs());
      spentMs += clock.monotonic() - start;
    }
    ending.close();
  }

  // Nobody else wanted it: send, step aside, raise it again, so that the parent sees the death it asked for.
  const ear = hearSignals(raise);
  const forgetWaysOut = watchWaysOut({
    onExit: endNow,
    onOwnSignal(signal) {
      endNow();
      if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP' || signal === 'SIGUSR2') ear?.standAside(signal);
    },
  });
  // Ctrl-C reaches the child too, whose death the app would then see as an error: without us it would be gone by then.
  // Heard again when the loop turns, not between one such child and the next: what came in between would be lost with the watcher that the next one closes.
  let hearing: Timer | undefined;
  if (ear !== undefined)
    onSyncChild?.(
      () => {
        cancel(hearing);
        ear.standAside();
      },
      () => {
        cancel(hearing);
        hearing = later(0, () => ear.resume());
      },
    );
  const forgetBeforeExit = listenQuietly('beforeExit', onBeforeExit);
  let forgetExit = listenQuietly('exit', endNow);
  return () => {
    forgetBeforeExit();
    forgetExit();
    forgetWaysOut();
    cancel(hearing);
    ear?.stop();
  };
}
