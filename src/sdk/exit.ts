/** Endings: what was recorded is sent however the process ends, with the exit code and signal it would have had. */
import { watchWaysOut } from '../hooks/process/end.ts';
import { listenQuietly } from '../hooks/process/quiet-listener.ts';
import { hearSignals, type SignalEar } from '../hooks/process/signals.ts';
import type { Ending } from './ending.ts';
import { cancel, clock, later, raise, type Timer } from '../config/originals.ts';

export interface ArmOptions {
  readonly ending: Ending;
  /** All waiting together takes at most this long. */
  readonly timeoutMs: number;
  readonly onSyncChild?: ((before: () => void, after: () => void) => void) | undefined;
}

/**
 * Arms beforeExit, exit, signals, `process.reallyExit`; a listener for uncaught exceptions would change the app.
 * @returns ends the process's telemetry at once, as at its exit
 */
export function armEndings(options: ArmOptions): () => void {
  const exit = new Exit(options);
  // Nobody else wanted it: send, step aside, raise it again, so that the parent sees the death it asked for.
  const ear = hearSignals(raise);
  watchWaysOut({
    onExit: () => exit.now(),
    onOwnSignal(signal) {
      exit.now(true);
      if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGHUP' || signal === 'SIGUSR2') ear?.standAside(signal);
    },
  });
  if (ear !== undefined) standAsideForChildren(ear, options.onSyncChild);
  return () => exit.now();
}

/**
 * Ctrl-C also kills a synchronous child, which the app would take for an error; without us the app would be gone.
 * Signals are heard again when the loop turns: the next such child would close the watcher and lose them.
 */
function standAsideForChildren(ear: SignalEar, onSyncChild: ArmOptions['onSyncChild']): void {
  let hearing: Timer | undefined;
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
}

class Exit {
  readonly #ending: Ending;
  #remainingMs: number;
  /** The one time that the process waits at `beforeExit`. */
  #waiting: 'not yet' | 'now' | 'over' = 'not yet';
  #recordedWhenTried = -1;
  #isEnding = false;
  #forgetExit: () => void;

  constructor({ ending, timeoutMs }: ArmOptions) {
    this.#ending = ending;
    this.#remainingMs = timeoutMs;
    listenQuietly('beforeExit', () => quietly(() => this.#beforeExit()));
    this.#forgetExit = listenQuietly('exit', () => this.now());
  }

  /** Blocking: no line of the app runs after it that would not have run without us. */
  now(isKilled = false): void {
    // The sender at exit must not come back here.
    if (this.#isEnding) return;
    this.#isEnding = true;
    quietly(() => this.#sendWhatIsLeft(isKilled));
    this.#isEnding = false;
  }

  #beforeExit(): void {
    // Last in the list, so that what other handlers record is sent too.
    this.#forgetExit();
    this.#forgetExit = listenQuietly('exit', () => this.now());
    // Waiting makes Node emit this event again, which another listener would see twice: then `exit` does it all.
    if (this.#waiting !== 'not yet' || this.#remainingMs <= 0 || process.listenerCount('beforeExit') > 1) return;
    this.#ending.finish();
    if (this.#ending.hasPending()) this.#flush().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    this.#waiting = 'now';
    this.#recordedWhenTried = this.#ending.recorded();
    const start = clock.monotonic();
    await this.#ending.flush(this.#remainingMs);
    this.#remainingMs -= clock.monotonic() - start;
    this.#waiting = 'over';
  }

  #sendWhatIsLeft(isKilled: boolean): void {
    this.#ending.finish(isKilled);
    const recorded = this.#ending.recorded();
    // An endpoint that could not take these very items a moment ago is not asked again.
    const isWorthTrying = this.#waiting === 'now' || recorded !== this.#recordedWhenTried;
    if (this.#ending.hasPending() && this.#remainingMs > 0 && isWorthTrying) {
      this.#recordedWhenTried = recorded;
      const start = clock.monotonic();
      this.#ending.flushSync(this.#remainingMs);
      this.#remainingMs -= clock.monotonic() - start;
    }
    this.#ending.close(this.#remainingMs);
  }
}

function quietly(fn: () => void): void {
  try {
    fn();
  } catch {
    // The program has broken what the language offers: it must end as it would have.
  }
}
