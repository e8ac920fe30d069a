/** The embedded OTLP/HTTP receiver: the guarded server with the routes of OTLP. */
import type { IncomingMessage } from 'node:http';
import { createPricer } from '../../analysis/index.ts';
import { readSettings, type Settings, type Signal } from '../../config/settings/index.ts';
import { OtlpError, MAX_UNPACKED_BYTES, type Losses } from '../../otlp/read/index.ts';
import { CONTENT_TYPE, encodingOf, type Encoding, type OtlpRequest } from '../../otlp/request.ts';
import { failureBody, successBody } from '../../otlp/write/index.ts';
import { startGuardedServer, type GuardedServer, type Route, type ServerBounds } from '../serve/guarded-server.ts';
import { Refused } from '../serve/refused.ts';
import { readLogs, readMetrics, readTraces, rejectedIn, type LogRows, type MetricRows, type TraceRows } from './rows/index.ts';

export interface ReceiverOptions {
  onTraces(rows: TraceRows, received: OtlpRequest): void;
  onMetrics(rows: MetricRows, received: OtlpRequest): void;
  onLogs(rows: LogRows, received: OtlpRequest): void;
  /** Loopback address, default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Whether content is stored, and the user's own prices; default: the settings of this process. */
  settings?: Pick<Settings, 'captureContent' | 'pricesFile'>;
}

export type Receiver = GuardedServer;

const MiB = 1024 ** 2;

const BOUNDS: ServerBounds = {
  headersMs: 10_000,
  requestMs: 30_000,
  // Two thousand processes with three connections each fit.
  connections: 8_192,
  // A request of 10,000 spans has about 8 MB.
  bytes: MAX_UNPACKED_BYTES,
  unpackedBytes: MAX_UNPACKED_BYTES,
  // Telemetry packs 10 to 30 times, repeated spans up to 150; a bomb packs 1,000 times.
  ratio: 400,
  heldBytes: 128 * MiB,
};

/** @throws ViewerError `port_in_use`, `listen_failed` */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const take = takers(options);
  const route = (signal: Signal): Route => ({
    methods: ['POST'],
    name: signal,
    admit: (request) => void requestEncoding(request),
    answer(request, { sent, unpacked, encoding: contentEncoding }) {
      const encoding = requestEncoding(request);
      const contentType = CONTENT_TYPE[encoding];
      const losses = understood(() => take[signal](unpacked, encoding, { signal, body: sent, contentType, contentEncoding }));
      const partial = { rejected: rejectedIn(losses), message: messageOf(losses) };
      return { status: 200, body: successBody(signal, encoding, partial), contentType };
    },
  });
  return await startGuardedServer({
    host: options.host,
    port: options.port,
    bounds: BOUNDS,
    routes: {
      '/v1/traces': route('traces'),
      '/v1/metrics': route('metrics'),
      '/v1/logs': route('logs'),
      '/healthz': { methods: ['GET', 'HEAD'], answer: () => ({ status: 200, body: Buffer.from('ok\n'), contentType: 'text/plain' }) },
    },
    refusalOf(request, { status, message }) {
      const encoding = encodingOf(request.headers['content-type'] ?? '') ?? 'json';
      return { body: failureBody({ status, encoding, message }), contentType: CONTENT_TYPE[encoding] };
    },
    texts: {
      notFound: 'OTLP is received at /v1/traces, /v1/metrics and /v1/logs.',
      webPage: 'Web pages may not send telemetry here.',
    },
  });
}

type Take = (body: Buffer, encoding: Encoding, received: OtlpRequest) => Losses;

/** For each signal: makes rows of a request and hands them over. Returns what could not be used. */
export function takers(options: Pick<ReceiverOptions, 'onTraces' | 'onMetrics' | 'onLogs' | 'settings'>): Readonly<Record<Signal, Take>> {
  const settings = options.settings ?? readSettings();
  const reading = { isContentKept: settings.captureContent === 'on' };
  const price = createPricer(settings.pricesFile);
  return {
    traces(body, encoding, received) {
      const { spans, losses } = readTraces(body, encoding, reading);
      options.onTraces({ spans: spans.map(price), losses }, received);
      return losses;
    },
    metrics(body, encoding, received) {
      const rows = readMetrics(body, encoding, reading);
      options.onMetrics(rows, received);
      return rows.losses;
    },
    logs(body, encoding, received) {
      const rows = readLogs(body, encoding, reading);
      options.onLogs(rows, received);
      return rows.losses;
    },
  };
}

function requestEncoding({ headers }: IncomingMessage): Encoding {
  const encoding = encodingOf(headers['content-type'] ?? '');
  if (encoding === undefined) throw new Refused(415, 'Send application/x-protobuf or application/json.');
  return encoding;
}

const IS_TOO_LARGE: ReadonlySet<OtlpError['code']> = new Set(['too_deep', 'too_many']);

function understood<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof OtlpError ? new Refused(IS_TOO_LARGE.has(error.code) ? 413 : 400, error.message) : error;
  }
}

const messageOf = (losses: Readonly<Losses>): string =>
  Object.entries(losses)
    .map(([what, count]) => `${what}: ${count}`)
    .join(', ');
