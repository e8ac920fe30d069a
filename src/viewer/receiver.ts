/** The embedded OTLP/HTTP receiver: loopback only, every body bounded, every answer counted. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createPricer } from '../analysis/price.ts';
import { readSettings, type Settings, type Signal } from '../config/settings.ts';
import type { Reading } from '../otlp/mask/index.ts';
import { OtlpError, type Losses } from '../otlp/read/index.ts';
import { encodingOf, type Encoding, type OtlpRequest } from '../otlp/request.ts';
import { failureBody, successBody } from '../otlp/write/index.ts';
import { HeldBytes, readBody, Turns, unpack, type BodyProblem } from './body.ts';
import { ViewerError } from './error.ts';
import { readLogs, readMetrics, readTraces, rejectedIn, type LogRows, type MetricRows, type TraceRows } from './receive/rows/index.ts';

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

export interface Receiver {
  /** Base URL without a slash at the end, e.g. `http://127.0.0.1:43811`. */
  readonly url: string;
  readonly port: number;
  /** Requests by answer: `traces.200`, `403`, `traces.400`. */
  counts(): Readonly<Record<string, number>>;
  /** Takes no more requests; answers the ones begun, at most for `timeoutMs` (default 500). */
  close(timeoutMs?: number): Promise<void>;
}

/** A sender that dribbles its headers or body is cut off after these; Node looks every two seconds. */
const limits = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };
/** Two thousand processes with three connections each fit. */
const MAX_CONNECTIONS = 8_192;

const signals: Readonly<Record<string, Signal>> = { '/v1/traces': 'traces', '/v1/metrics': 'metrics', '/v1/logs': 'logs' };
const LOOPBACK_NAMES: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

const bodyProblems: Readonly<Record<BodyProblem, { status: number; message: string }>> = {
  'too-large': { status: 413, message: 'The body is larger than 16 MiB.' },
  'unpacked-too-large': { status: 413, message: 'The unpacked body is too large.' },
  'bad-gzip': { status: 400, message: 'The body is no whole gzip stream.' },
  cut: { status: 400, message: 'The body was cut off.' },
  busy: { status: 503, message: 'Too much is being received at once; send it again in a moment.' },
};

interface Intake extends ReceiverOptions {
  readonly reading: Reading;
  readonly price: ReturnType<typeof createPricer>;
  readonly held: HeldBytes;
  readonly turns: Turns;
}

interface Answer {
  status: number;
  body: Buffer;
  contentType?: string;
  headers?: Readonly<Record<string, string>>;
}

/** @throws ViewerError `port_in_use`, `listen_failed`. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const counts: Record<string, number> = {};
  const { captureContent, pricesFile } = options.settings ?? readSettings();
  const intake: Intake = {
    ...options,
    reading: { isContentKept: captureContent === 'on' },
    price: createPricer(pricesFile),
    held: new HeldBytes(),
    turns: new Turns(),
  };
  const count = (key: string): void => void (counts[key] = (counts[key] ?? 0) + 1);
  const server = createServer(limits, (request, response) => {
    void answer(request, intake, (server.address() as AddressInfo | null)?.port ?? 0).then(({ signal, ...answered }) => {
      count(signal === undefined ? String(answered.status) : `${signal}.${answered.status}`);
      send(request, response, answered);
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A reset is no request; what else comes here is bytes that are no HTTP, or a sender that never finished.
    if (error.code !== 'ECONNRESET') count(error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408' : '400');
    if (socket.writable)
      socket.end(
        `HTTP/1.1 ${error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request'}\r\nConnection: close\r\n\r\n`,
      );
  });
  const port = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
  const host = options.host ?? '127.0.0.1';
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    counts: () => ({ ...counts }),
    close: (timeoutMs = 500) => closeServer(server, timeoutMs),
  };
}

async function answer(request: IncomingMessage, intake: Intake, port: number): Promise<Answer & { signal?: Signal }> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const encoding = encodingOf(type);
  const fail = (status: number, message: string): Answer => ({
    status,
    body: failureBody({ status, encoding: encoding ?? 'json', message }),
    contentType: encoding === undefined ? 'application/json' : type,
  });
  if (!isLoopbackHost(request.headers.host, port))
    return fail(403, 'The Host header names another machine (DNS rebinding); use the address that swarmscope gave.');
  if (request.headers.origin !== undefined) return fail(403, 'Web pages may not send telemetry here.');
  const path = (request.url ?? '').split('?')[0] ?? '';
  if (path === '/healthz' && (request.method === 'GET' || request.method === 'HEAD'))
    return { status: 200, body: Buffer.from('ok\n'), contentType: 'text/plain' };
  const signal = signals[path];
  if (signal === undefined)
    return path === '/healthz'
      ? { ...fail(405, 'Use GET.'), headers: { allow: 'GET, HEAD' } }
      : fail(404, 'OTLP is received at /v1/traces, /v1/metrics and /v1/logs.');
  if (request.method !== 'POST') return { ...fail(405, 'Use POST.'), headers: { allow: 'POST' }, signal };
  if (encoding === undefined) return { ...fail(415, 'Send application/x-protobuf or application/json.'), signal };
  const contentEncoding = request.headers['content-encoding']?.toLowerCase();
  const isGzip = contentEncoding === 'gzip';
  if (contentEncoding !== undefined && contentEncoding !== 'identity' && !isGzip)
    return { ...fail(415, 'Only gzip compression is understood.'), signal };
  const refuse = (problem: BodyProblem): Answer => ({
    ...fail(bodyProblems[problem].status, bodyProblems[problem].message),
    ...(problem === 'busy' ? { headers: { 'retry-after': '1' } } : {}),
  });
  const held = intake.held.open();
  try {
    const sent = await readBody(request, held);
    if (typeof sent === 'string') return { ...refuse(sent), signal };
    const take = (body: Buffer | BodyProblem): Answer => {
      if (typeof body === 'string') return refuse(body);
      const received: OtlpRequest = { signal, body: sent, contentType: type, contentEncoding: isGzip ? 'gzip' : undefined };
      const losses = handOver({ signal, body, encoding, intake, received });
      return {
        status: 200,
        body: successBody(signal, encoding, { rejected: rejectedIn(losses), message: messageOf(losses) }),
        contentType: type,
      };
    };
    return { ...(isGzip ? await intake.turns.take(async () => take(await unpack(sent))) : take(sent)), signal };
  } catch (error) {
    return { ...(error instanceof OtlpError ? fail(400, error.message) : fail(500, 'swarmscope could not take this request.')), signal };
  } finally {
    held.release();
  }
}

function handOver({
  signal,
  body,
  encoding,
  intake,
  received,
}: {
  signal: Signal;
  body: Buffer;
  encoding: Encoding;
  intake: Intake;
  received: OtlpRequest;
}): Losses {
  if (signal === 'traces') {
    const { spans, losses } = readTraces(body, encoding, intake.reading);
    intake.onTraces({ spans: spans.map(intake.price), losses }, received);
    return losses;
  }
  if (signal === 'metrics') {
    const rows = readMetrics(body, encoding, intake.reading);
    intake.onMetrics(rows, received);
    return rows.losses;
  }
  const rows = readLogs(body, encoding, intake.reading);
  intake.onLogs(rows, received);
  return rows.losses;
}

const messageOf = (losses: Readonly<Losses>): string =>
  Object.entries(losses)
    .map(([what, count]) => `${what}: ${count}`)
    .join(', ');

function isLoopbackHost(header: string | undefined, port: number): boolean {
  const parts = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(header ?? '');
  return parts !== null && LOOPBACK_NAMES.has((parts[1] ?? '').toLowerCase()) && Number(parts[2]) === port;
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, contentType, headers }: Answer): void {
  if (response.destroyed) return;
  response.on('error', () => {
    // The sender went away before its answer; nobody is left to tell.
  });
  // An unread body would be taken for the next request on this connection.
  const isUnread = !request.complete;
  response.writeHead(status, {
    'content-length': body.length,
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(isUnread ? { connection: 'close' } : {}),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
  if (isUnread) request.resume();
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        cause.code === 'EADDRINUSE'
          ? new ViewerError('port_in_use', `Port ${port} on ${host} is in use; choose another, or none to get a free one.`, { cause })
          : new ViewerError('listen_failed', `Cannot listen on ${host}:${port} (${cause.code ?? 'unknown'}).`, { cause }),
      );
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      server.on('error', () => {
        // Errors of single accepts (out of file descriptors): that connection is refused, the server lives on.
      });
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeServer(server: Server, timeoutMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), timeoutMs);
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
    server.closeIdleConnections();
  });
}
