/** The spool of one signal's destination, with its sender: where it is on, and when it works. */
import type { Settings, Signal } from '../config/settings.ts';
import { createSpool, type Spool } from './spool.ts';
import { createSpoolSender } from './spool-sender.ts';
import { createTransport, type Target } from './transport.ts';

export interface DestinationSpool {
  readonly keep: Spool['keep'];
  /** The endpoint took something: the first time, and after an outage, the spool is looked into. */
  readonly onTaken: () => void;
  /** What was kept is sent before this resolves, if the endpoint answers. */
  finished(): Promise<void>;
  /** Blocking, at an ending. */
  close(): void;
}

export interface DestinationSpoolOptions {
  readonly settings: Settings;
  readonly target: Target;
  readonly count: (name: string, by: number) => void;
}

/**
 * Undefined where nothing is kept: metrics are cumulative, the next point makes a lost one good; an endpoint that nobody named may not exist; that of
 * `swarmscope run` is gone with its run, and its port may be somebody else's tomorrow.
 */
export function createDestinationSpool({
  signal,
  ...options
}: DestinationSpoolOptions & { readonly signal: Signal }): DestinationSpool | undefined {
  const { given, ownEndpoint, spoolMaxBytes } = options.settings;
  const isNamed = ownEndpoint === '' && (given.has('endpoint') || given.has(`${signal}Endpoint`));
  return signal === 'metrics' || !isNamed || spoolMaxBytes === 0 || options.target.isOff ? undefined : openDestination(options);
}

/** For a destination that was named, whatever the settings say of signals. */
export function openDestination({ settings, target, count }: DestinationSpoolOptions): DestinationSpool {
  const spool = createSpool({ settings, url: target.url, headers: target.headers, count });
  const sender = createSpoolSender({ spool, connect: () => createTransport(target), count });
  let isDone = false;
  return {
    keep(request) {
      const isKept = spool.keep(request);
      if (isKept) {
        isDone = false;
        sender.sleep();
      }
      return isKept;
    },
    onTaken() {
      if (isDone) return;
      isDone = true;
      sender.wake();
    },
    finished: () => sender.finished(),
    close: () => sender.close(),
  };
}
