/** A member's end of the run channel: sends the newest snapshot, never waits, and gives up after a few tries. */
import type * as Net from 'node:net';
import { lineReader, writeLine } from './lines.ts';
import { cancel, later, outside, type Timer } from '../config/originals.ts';
import { packSnapshot } from './snapshot.ts';
import type { MetricSnapshot } from './types.ts';

/** Pauses between tries, in ms; about two seconds in all, in which a busy root empties its queue of callers. */
const RETRY_DELAYS_MS = [10, 50, 100, 200, 400, 600, 800] as const;

export interface ChannelClientOptions {
  readonly address: string;
  readonly processKey: string;
  /** The root took this snapshot into what it exported. */
  onCollected(sequence: number): void;
  /** No root answers any more; called once. `isRefused`: its socket is there, and nobody behind it. */
  onLost(isRefused: boolean): void;
}

export interface ChannelClient {
  /** Snapshots are cumulative, so of several that wait only the newest is sent. */
  send(snapshot: MetricSnapshot): void;
  close(): void;
}

/** Connects at once and in the background. Nothing of it keeps the process alive. */
export function connect(options: ChannelClientOptions): ChannelClient {
  const { createConnection } = process.getBuiltinModule('node:net');
  let socket: Net.Socket | undefined;
  let waiting: MetricSnapshot | undefined;
  let isWritable = false;
  let isClosed = false;
  let isRefused = false;
  let tries = 0;
  let timer: Timer | undefined;

  function open(): void {
    const opened = outside(() => createConnection(options.address));
    socket = opened;
    opened.unref();
    opened.on('connect', () => {
      isRefused = false;
      isWritable = writeLine(opened, { processKey: options.processKey, pid: process.pid });
      flush();
    });
    opened.on('drain', () => {
      isWritable = true;
      flush();
    });
    opened.on(
      'data',
      lineReader(take, () => opened.destroy()),
    );
    // 'close' follows and decides.
    opened.on('error', ({ code }: NodeJS.ErrnoException) => (isRefused = code === 'ECONNREFUSED'));
    opened.on('close', retry);
  }

  function take(message: unknown): void {
    // Only now is it known that a root is there and reads.
    tries = 0;
    if (typeof message === 'object' && message !== null && 'collected' in message && typeof message.collected === 'number')
      options.onCollected(message.collected);
  }

  function flush(): void {
    if (waiting === undefined || !isWritable || socket === undefined) return;
    const snapshot = waiting;
    waiting = undefined;
    isWritable = writeLine(socket, { snapshot: packSnapshot(snapshot) });
  }

  function retry(): void {
    socket = undefined;
    isWritable = false;
    if (isClosed) return;
    const delayMs = RETRY_DELAYS_MS[tries++];
    if (delayMs !== undefined) {
      timer = later(delayMs, open);
      return;
    }
    isClosed = true;
    options.onLost(isRefused);
  }

  open();
  return {
    send(snapshot) {
      if (isClosed) return;
      waiting = snapshot;
      flush();
    },
    close() {
      isClosed = true;
      cancel(timer);
      socket?.destroy();
    },
  };
}
