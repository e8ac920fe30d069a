/** A member's end of the run channel: sends the newest snapshot, hears of policies, never waits, and gives up after a few tries. */
import type * as Net from 'node:net';
import { lineReader, writeLine } from './lines.ts';
import { cancel, later, outside, type Timer } from '../config/originals.ts';
import type { PolicyAsk } from '../config/policies/types.ts';
import { packSnapshot } from './snapshot.ts';
import type { MetricSnapshot } from './types.ts';

/** Pauses between tries, in ms; about two seconds in all, in which a busy root empties its queue of callers. */
const RETRY_DELAYS_MS = [10, 50, 100, 200, 400, 600, 800] as const;

export interface ChannelClientOptions {
  readonly address: string;
  /** The root took this snapshot into what it exported. */
  onCollected(sequence: number): void;
  /** No root answers any more; called once. `isRefused`: its socket is there, and nobody behind it. */
  onLost(isRefused: boolean): void;
  /** Policies that the root has put in force. */
  onPolicies(state: unknown): void;
  /** What the root says to the question of that number. */
  onAnswer(id: number, answer: unknown): void;
}

export interface ChannelClient {
  /** Snapshots are cumulative, so of several that wait only the newest is sent. */
  send(snapshot: MetricSnapshot): void;
  /** What is asked before the root is reached waits for it. */
  ask(id: number, ask: PolicyAsk): void;
  close(): void;
}

/** Connects at once and in the background. Nothing of it keeps the process alive. */
export function connect(options: ChannelClientOptions): ChannelClient {
  const { createConnection } = process.getBuiltinModule('node:net');
  let socket: Net.Socket | undefined;
  let waiting: MetricSnapshot | undefined;
  let asked: { readonly id: number; readonly ask: PolicyAsk }[] = [];
  let isGreeted = false;
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
      isGreeted = false;
      isWritable = true;
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
    if (typeof message !== 'object' || message === null) return;
    if ('collected' in message && typeof message.collected === 'number') options.onCollected(message.collected);
    if ('policies' in message) options.onPolicies(message.policies);
    if ('answer' in message && 'to' in message && typeof message.to === 'number') options.onAnswer(message.to, message.answer);
  }

  function flush(): void {
    if (!isWritable || socket === undefined) return;
    for (const { id, ask } of asked) isWritable = writeLine(socket, { id, ask });
    asked = [];
    if (waiting === undefined || !isWritable) return;
    const snapshot = waiting;
    waiting = undefined;
    if (!isGreeted) writeLine(socket, { processKey: snapshot.processKey, pid: process.pid });
    isGreeted = true;
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
    ask(id, ask) {
      if (isClosed) return;
      asked.push({ id, ask });
      flush();
    },
    close() {
      isClosed = true;
      cancel(timer);
      socket?.destroy();
    },
  };
}
