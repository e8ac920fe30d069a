/** Hears signals that would end this process, without a listener of ours that the app could count, list or remove. */
import realProcess from 'node:process';
import { isMainThread } from 'node:worker_threads';
import { wrapMethod } from '../wrap-method.ts';

/** Signals that end a process by default. SIGQUIT is left alone: it ends even a blocked event loop. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const;
export type EndingSignal = (typeof SIGNALS)[number];

export interface SignalEar {
  /** Gives one signal, or all, back to the system: from now on it ends the process at once. */
  standAside(signal?: EndingSignal): void;
  /** Listens again to what it gave back. */
  resume(): void;
}

type Emit = (this: unknown, event: string, ...args: unknown[]) => boolean;
type Switch = (signal: string) => void;

/**
 * Calls `onSignal` for a signal that nobody in the app listens to. Node starts one native watcher per signal and hands
 * it the `process.emit` of that moment: here an emit of ours, which passes on what the app listens to.
 * @returns undefined where Node's function cannot be had, in a thread, and as PID 1, where signals have no default
 */
export function hearSignals(onSignal: (signal: EndingSignal) => void): SignalEar | undefined {
  const start = switchNamed('newListener', 'startListeningIfSignal');
  const stop = switchNamed('removeListener', 'stopListeningIfSignal');
  if (!isMainThread || process.pid === 1 || start === undefined || stop === undefined) return undefined;
  const heard = (event: string, args: unknown[]): boolean => {
    if (process.listenerCount(event) > 0) return (realProcess.emit as unknown as Emit).call(realProcess, event, ...args);
    onSignal(event as EndingSignal);
    return false;
  };
  let isAside = false;
  const arm = (signal: EndingSignal): void => {
    // The watcher of the app's listener is there already, and ends with it.
    if (isAside || process.listenerCount(signal) > 0) return;
    const unwrap = wrapMethod(realProcess, 'emit', (_emit, _self, [event, ...args]) => heard(event as string, args));
    try {
      start(signal);
    } finally {
      unwrap();
    }
  };
  /** With the app's last listener Node stops the watcher: a `once` that was used, an orderly clean-up. */
  const onRemoved = (event: string | symbol): void => {
    // No method of an array: a program may have broken those, and this runs inside its own `removeListener`.
    for (const signal of SIGNALS) if (signal === event) arm(signal);
  };
  for (const signal of SIGNALS) arm(signal);
  process.on('removeListener', onRemoved);
  return {
    standAside(signal) {
      isAside = true;
      for (const one of signal === undefined ? SIGNALS : [signal]) stop(one);
    },
    resume() {
      isAside = false;
      for (const signal of SIGNALS) arm(signal);
    },
  };
}

/** Node's own listener, found by its name among those of the event. */
function switchNamed(event: string, name: string): Switch | undefined {
  const emitter: NodeJS.EventEmitter = process;
  return emitter.listeners(event).find((listener) => listener.name === name) as Switch | undefined;
}
