/** Forwards received OTLP bytes: a bounded queue, joined requests, one in flight per signal, retries, and a spool. */
import type { Signal } from '../../../config/settings/index.ts';
import { createTransport, isRetryableInPassing, withoutCredentials, type Answer, type Transport } from '../../../otlp/post/index.ts';
import { encodingOf, type OtlpRequest } from '../../../otlp/request.ts';
import { FORWARD_RETRIES, RetryLoop, type Timers } from '../../../otlp/retry/index.ts';
import { mergeNext, partsOf, type Waiting } from './merge.ts';
import type { ForwardSpool } from './spool.ts';

export interface ForwarderOptions {
  /** OTLP base URL; `/v1/{signal}` is added. A user and password in it become an Authorization header. */
  baseUrl: string;
  headers?: Readonly<Record<string, string>>;
  /** PEM files for an https URL with a private authority or client certificates; empty text means none. */
  tls?: { readonly certificate: string; readonly clientCertificate: string; readonly clientKey: string };
  /** Longest time of one request, default 10,000. */
  timeoutMs?: number;
  /** Bytes that may wait, default 64 MiB; more is dropped and counted as `queue-full`. */
  maxBytes?: number;
  /** Attempts of one request, default 6. */
  maxAttempts?: number;
  clock?: Timers;
  spool?: Pick<ForwardSpool, 'keep' | 'onTaken'> | undefined;
}

export interface ForwardCounts {
  sentRequests: number;
  sentBytes: number;
  retries: number;
  spooledRequests: number;
  waitingRequests: number;
  waitingBytes: number;
  /** By reason: `queue-full`, `refused-400`, `gave-up-503`, `gave-up-ECONNREFUSED`, `drain-timeout`. */
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
  forward(request: OtlpRequest, items?: number): void;
  counts(): ForwardCounts;
  items(): Readonly<Record<Signal, Readonly<ForwardedItems>>>;
  /** Resolves when no trace and no log record waits here any more, or after `timeoutMs`. */
  settled(timeoutMs: number): Promise<void>;
  /** Sends what waits; after `timeoutMs` the rest is dropped and counted. Takes nothing afterwards. Never rejects. */
  drain(timeoutMs: number): Promise<void>;
}

/** They hold the process: this one has nothing else to do at its end. */
const systemClock: Timers = {
  now: () => performance.now(),
  after(delayMs, fn) {
    const timer = setTimeout(fn, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Pipeline {
  readonly waiting: Waiting[];
  readonly loop: RetryLoop<Waiting>;
}

export function startForwarder(options: ForwarderOptions): Forwarder {
  const { maxBytes = 64 * 1024 * 1024, maxAttempts = FORWARD_RETRIES.maxAttempts, clock = systemClock, spool } = options;
  const { base, transportFor, transports } = openTransports(options);
  const counts = { sentRequests: 0, sentBytes: 0, retries: 0, spooledRequests: 0, waitingBytes: 0, dropped: {} as Record<string, number> };
  const newItems = (): ForwardedItems => ({ received: 0, sent: 0, dropped: {} });
  const items: Readonly<Record<Signal, ForwardedItems>> = { traces: newItems(), metrics: newItems(), logs: newItems() };
  const pipelines: Readonly<Record<Signal, Pipeline>> = { traces: openPipeline(), metrics: openPipeline(), logs: openPipeline() };
  const idleWaiters: (() => void)[] = [];
  const settledWaiters = new Set<() => void>();
  let isClosed = false;

  function openPipeline(): Pipeline {
    const waiting: Waiting[] = [];
    const loop = new RetryLoop<Waiting>({
      policy: { ...FORWARD_RETRIES, maxAttempts },
      timers: clock,
      next: () => mergeNext(waiting),
      send: ({ request }) => transportFor(request).send(request.body),
      onAnswer: (sent, answer) => settle({ waiting, loop }, sent, answer),
      onRetry: () => counts.retries++,
      onIdle: () => {
        if (waitingRequests() === 0) wakeIdle();
      },
    });
    return { waiting, loop };
  }

  const requestsIn = ({ waiting, loop }: Pipeline): number => waiting.length + (loop.current === undefined ? 0 : 1);
  const waitingRequests = (): number => Object.values(pipelines).reduce((sum, pipeline) => sum + requestsIn(pipeline), 0);
  const drop = (reason: string, { request, items: lost }: Waiting): void => {
    counts.dropped[reason] = (counts.dropped[reason] ?? 0) + 1;
    const { dropped } = items[request.signal];
    dropped[reason] = (dropped[reason] ?? 0) + lost;
  };
  const keepOrDrop = (waiting: Waiting, reason: string): void => {
    if (spool?.keep(waiting.request, waiting.items) === true) counts.spooledRequests++;
    else drop(reason, waiting);
  };
  const wakeIdle = (): void => {
    for (const wake of idleWaiters.splice(0)) wake();
  };

  function settle({ waiting, loop }: Pipeline, sent: Waiting, answer: Answer): void {
    const { request } = sent;
    const parts = answer.kind === 'lost' ? partsOf(sent) : [];
    if (parts.length > 0) waiting.unshift(...parts);
    else {
      if (answer.kind === 'taken') {
        counts.sentRequests++;
        counts.sentBytes += request.body.length;
        items[request.signal].sent += sent.items;
        spool?.onTaken(request);
      } else {
        const why = answer.reason.replace(/^http_/, '');
        if (answer.kind === 'retry') keepOrDrop(sent, `gave-up-${why}`);
        else drop(`refused-${why}`, sent);
      }
      counts.waitingBytes -= request.body.length;
      for (const look of [...settledWaiters]) look();
    }
    loop.pump();
  }

  function dropRest(): void {
    for (const { waiting, loop } of Object.values(pipelines)) {
      const current = loop.take();
      for (const rest of [...(current === undefined ? [] : [current]), ...waiting.splice(0)]) {
        counts.waitingBytes -= rest.request.body.length;
        keepOrDrop(rest, 'drain-timeout');
      }
      loop.stop();
    }
    for (const transport of transports()) transport.abort();
    wakeIdle();
  }

  return {
    target: base,
    forward(request, count = 1) {
      const waiting = { request, items: count };
      items[request.signal].received += count;
      if (isClosed) return drop('closed', waiting);
      if (counts.waitingBytes + request.body.length > maxBytes) return keepOrDrop(waiting, 'queue-full');
      counts.waitingBytes += request.body.length;
      pipelines[request.signal].waiting.push(waiting);
      pipelines[request.signal].loop.pump();
    },
    counts: () => ({ ...counts, dropped: { ...counts.dropped }, waitingRequests: waitingRequests() }),
    items: () => items,
    settled(patienceMs) {
      const isSettled = (): boolean => requestsIn(pipelines.traces) + requestsIn(pipelines.logs) === 0;
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

/** One connection for each signal and kind of body: what came compressed goes on compressed. */
function openTransports({ baseUrl, headers = {}, tls, timeoutMs = 10_000 }: ForwarderOptions): {
  base: string;
  transportFor: (request: OtlpRequest) => Transport;
  transports: () => Iterable<Transport>;
} {
  const { url, login } = withoutCredentials(baseUrl);
  url.hash = '';
  // A query may hold a token, and the signal's path goes before it.
  url.search = '';
  const base = url.href.replace(/\/+$/, '');
  const open = new Map<string, Transport>();
  return {
    base,
    transports: () => open.values(),
    transportFor({ signal, contentType, contentEncoding }) {
      const key = `${signal} ${contentType} ${contentEncoding ?? ''}`;
      const known = open.get(key);
      if (known !== undefined) return known;
      const made = createTransport({
        signal,
        encoding: encodingOf(contentType) ?? 'protobuf',
        isRetryable: isRetryableInPassing,
        url: new URL(`${base}/v1/${signal}`),
        headers: {
          ...login,
          ...headers,
          'content-type': contentType,
          ...(contentEncoding === undefined ? {} : { 'content-encoding': contentEncoding }),
        },
        isGzip: false,
        isOff: false,
        timeoutMs,
        certificate: tls?.certificate ?? '',
        clientCertificate: tls?.clientCertificate ?? '',
        clientKey: tls?.clientKey ?? '',
      });
      open.set(key, made);
      return made;
    },
  };
}
