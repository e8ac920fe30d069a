/**
 * Forwards received OTLP bytes to another receiver, small requests that wait joined: a bounded queue, one request in flight per signal, retries as OTLP asks, and a spool for what
 * it cannot take.
 */
import type { Signal } from '../config/settings.ts';
import { mergeFirst, splitFirst, type Waiting } from './forward-merge.ts';
import { postOnce, type Clock, type Outcome, type TlsFiles } from './forward-post.ts';
import type { OtlpRequest } from '../otlp/request.ts';

export type { Clock } from './forward-post.ts';

export interface ForwarderOptions {
  /** OTLP base URL; `/v1/{signal}` is added. A user and password in it become an Authorization header. */
  baseUrl: string;
  headers?: Readonly<Record<string, string>>;
  /** For an https URL that a well-known authority does not vouch for, or that asks who we are. */
  tls?: TlsFiles;
  /** Longest time of one request, default 10,000. */
  timeoutMs?: number;
  /** Bytes that may wait, default 64 MiB; more is dropped and counted as `queue-full`. */
  maxBytes?: number;
  /** Attempts of one request, default 6. */
  maxAttempts?: number;
  clock?: Clock;
  spool?: ForwardSpool | undefined;
}

/** Keeps on disk what would be dropped for want of an answer. */
export interface ForwardSpool {
  /** False: it does not keep this, or cannot. */
  keep(received: OtlpRequest, items: number): boolean;
  /** The receiver takes requests of this kind. */
  onTaken(received: OtlpRequest): void;
}

export interface ForwardCounts {
  sentRequests: number;
  sentBytes: number;
  retries: number;
  /** Requests that wait on disk. */
  spooledRequests: number;
  waitingRequests: number;
  waitingBytes: number;
  /** Dropped requests by reason: `queue-full`, `refused-400`, `gave-up-503`, `gave-up-ECONNREFUSED`, `drain-timeout`. */
  dropped: Readonly<Record<string, number>>;
}

/** Of one signal, in items; what is neither sent nor dropped waits, here or on disk. */
export interface ForwardedItems {
  received: number;
  sent: number;
  dropped: Record<string, number>;
}

export interface Forwarder {
  /** Where to, without credentials: what may be shown. */
  readonly target: string;
  /** @param items spans or log records in it, for the counts of the spool; default 1 */
  forward(received: OtlpRequest, items?: number): void;
  counts(): ForwardCounts;
  /** The account by signal. */
  items(): Readonly<Record<Signal, Readonly<ForwardedItems>>>;
  /** Resolves when no trace and no log record waits here any more, or after `timeoutMs`. */
  settled(timeoutMs: number): Promise<void>;
  /** Sends what waits; after `timeoutMs` the rest is dropped and counted. Takes nothing afterwards. Never rejects. */
  drain(timeoutMs: number): Promise<void>;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
// Retryable answers of the OTLP/HTTP specification, and 500, which proxies give for a moment's trouble.
const isRetryable = (status: number): boolean => status === 429 || status >= 500;

const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Pipeline {
  waiting: Waiting[];
  attempts: number;
  isBusy: boolean;
  cancel: (() => void) | undefined;
}

export function startForwarder(options: ForwarderOptions): Forwarder {
  const { timeoutMs = 10_000, maxBytes = 64 * 1024 * 1024, maxAttempts = 6, clock = systemClock, spool, tls } = options;
  const { base, headers, target } = targetOf(options);
  const newPipeline = (): Pipeline => ({ waiting: [], attempts: 0, isBusy: false, cancel: undefined });
  const pipelines: Readonly<Record<Signal, Pipeline>> = { traces: newPipeline(), metrics: newPipeline(), logs: newPipeline() };
  const counts = { sentRequests: 0, sentBytes: 0, retries: 0, spooledRequests: 0, waitingBytes: 0, dropped: {} as Record<string, number> };
  const newItems = (): ForwardedItems => ({ received: 0, sent: 0, dropped: {} });
  const items: Readonly<Record<Signal, ForwardedItems>> = { traces: newItems(), metrics: newItems(), logs: newItems() };
  const idleWaiters: (() => void)[] = [];
  const settledWaiters = new Set<() => void>();
  let isClosed = false;

  const drop = (reason: string, { received, items: lost }: Waiting): void => {
    counts.dropped[reason] = (counts.dropped[reason] ?? 0) + 1;
    const { dropped } = items[received.signal];
    dropped[reason] = (dropped[reason] ?? 0) + lost;
  };
  const keepOrDrop = (waiting: Waiting, reason: string): void => {
    if (spool?.keep(waiting.received, waiting.items) === true) counts.spooledRequests++;
    else drop(reason, waiting);
  };
  const waitingRequests = (): number => Object.values(pipelines).reduce((sum, pipeline) => sum + pipeline.waiting.length, 0);

  function work(pipeline: Pipeline): void {
    // What was tried once is tried again as it was.
    if (!pipeline.isBusy && pipeline.attempts === 0) mergeFirst(pipeline.waiting);
    const next = pipeline.waiting[0];
    if (next === undefined) {
      if (waitingRequests() === 0) for (const wake of idleWaiters.splice(0)) wake();
      return;
    }
    if (pipeline.isBusy) return;
    pipeline.isBusy = true;
    pipeline.attempts++;
    const { received } = next;
    const post = postOnce({ url: `${base}/v1/${received.signal}`, received, headers, tls, timeoutMs, clock });
    pipeline.cancel = post.abort;
    void post.outcome.then((outcome) => settle(pipeline, next, outcome));
  }

  function settle(pipeline: Pipeline, sent: Waiting, outcome: Outcome): void {
    // Drained away meanwhile: already counted.
    if (pipeline.waiting[0] !== sent) return;
    const { status } = outcome;
    const isSent = status !== undefined && status >= 200 && status < 300;
    const mayRetry = status === undefined || isRetryable(status);
    if (!isSent && mayRetry && pipeline.attempts < maxAttempts) {
      counts.retries++;
      const backoffMs = Math.min(LONGEST_BACKOFF_MS, outcome.retryAfterMs ?? FIRST_BACKOFF_MS * 2 ** (pipeline.attempts - 1));
      pipeline.cancel = clock.after(backoffMs, () => {
        pipeline.isBusy = false;
        work(pipeline);
      });
      return;
    }
    if (!isSent && !mayRetry && splitFirst(pipeline.waiting)) {
      pipeline.attempts = 0;
      pipeline.isBusy = false;
      work(pipeline);
      return;
    }
    if (isSent) {
      counts.sentRequests++;
      counts.sentBytes += sent.received.body.length;
      items[sent.received.signal].sent += sent.items;
      spool?.onTaken(sent.received);
    } else if (mayRetry) keepOrDrop(sent, `gave-up-${status ?? outcome.errorCode}`);
    else drop(`refused-${status}`, sent);
    pipeline.waiting.shift();
    counts.waitingBytes -= sent.received.body.length;
    pipeline.attempts = 0;
    pipeline.isBusy = false;
    for (const look of [...settledWaiters]) look();
    work(pipeline);
  }

  function dropRest(): void {
    for (const pipeline of Object.values(pipelines)) {
      const { cancel } = pipeline;
      for (const waiting of pipeline.waiting.splice(0)) {
        counts.waitingBytes -= waiting.received.body.length;
        keepOrDrop(waiting, 'drain-timeout');
      }
      cancel?.();
    }
    for (const wake of idleWaiters.splice(0)) wake();
  }

  return {
    target,
    forward(received, count = 1) {
      const waiting = { received, items: count };
      items[received.signal].received += count;
      if (isClosed) return drop('closed', waiting);
      if (counts.waitingBytes + received.body.length > maxBytes) return keepOrDrop(waiting, 'queue-full');
      counts.waitingBytes += received.body.length;
      pipelines[received.signal].waiting.push(waiting);
      work(pipelines[received.signal]);
    },
    counts: () => ({ ...counts, dropped: { ...counts.dropped }, waitingRequests: waitingRequests() }),
    items: () => items,
    settled(patienceMs) {
      const isSettled = (): boolean => pipelines.traces.waiting.length + pipelines.logs.waiting.length === 0;
      if (isSettled()) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          settledWaiters.delete(look);
          cancel();
          resolve();
        };
        const look = (): void => {
          if (isSettled()) done();
        };
        const cancel = clock.after(patienceMs, done);
        settledWaiters.add(look);
      });
    },
    drain(drainMs) {
      isClosed = true;
      if (waitingRequests() === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const cancel = clock.after(drainMs, dropRest);
        idleWaiters.push(() => {
          cancel();
          resolve();
        });
      });
    },
  };
}

function targetOf({ baseUrl, headers = {} }: ForwarderOptions): {
  base: string;
  headers: Readonly<Record<string, string>>;
  target: string;
} {
  const url = new URL(baseUrl);
  const { username, password } = url;
  url.username = '';
  url.password = '';
  url.hash = '';
  // A query may hold a token, and the signal's path goes before it.
  url.search = '';
  const base = url.href.replace(/\/+$/, '');
  const login =
    username === ''
      ? {}
      : { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
  return { base, headers: { ...login, ...headers }, target: base };
}
