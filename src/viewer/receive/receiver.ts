/** The embedded OTLP receiver: the guarded server with the routes of OTLP/HTTP and OTLP/gRPC. */
import type { Signal } from '../../config/settings/index.ts';
import { MAX_UNPACKED_BYTES, type Losses } from '../../otlp/read/index.ts';
import { CONTENT_TYPE, encodingOf, type Encoding } from '../../otlp/request.ts';
import { failureBody, successBody } from '../../otlp/write/index.ts';
import type { Asked } from '../serve/asked.ts';
import { newKey } from '../serve/key.ts';
import { startGuardedServer, type GuardedServer, type Route, type ServerBounds } from '../serve/guarded-server.ts';
import { Refused } from '../serve/refused.ts';
import { Owners, type OwnerOf, type ProcessAt } from './owners.ts';
import { readers, type Intake, type Place, type ReadOptions } from './read.ts';
import { rejectedIn } from './rows/index.ts';

export interface ReceiverOptions extends Intake, ReadOptions {
  /** Loopback address, default 127.0.0.1. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Whose process is at the other end of a connection; without it spans stay where their sender puts them. */
  ownerOf?: OwnerOf | undefined;
  /** For senders that tell of other processes than their own. */
  processAt?: ProcessAt | undefined;
}

export interface Receiver extends GuardedServer {
  /** The address with the key in it: for processes of the run, and for nobody else to see. */
  readonly endpoint: string;
  /** Spans that stayed below the run, since nobody could tell whose they are. */
  unknownSpans(): number;
  /** Spans that a reader in the kernel told of processes that are not of this run; they are not kept. */
  strangerSpans(): number;
}

const MiB = 1024 ** 2;

const SIGNALS: readonly Signal[] = ['traces', 'metrics', 'logs'];
const GRPC_PACKAGE = '/opentelemetry.proto.collector.';
/** https://github.com/open-telemetry/opentelemetry-proto/tree/main/opentelemetry/proto/collector */
const GRPC_PATHS: Readonly<Record<Signal, string>> = {
  traces: `${GRPC_PACKAGE}trace.v1.TraceService/Export`,
  metrics: `${GRPC_PACKAGE}metrics.v1.MetricsService/Export`,
  logs: `${GRPC_PACKAGE}logs.v1.LogsService/Export`,
};

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
  const read = readers(options);
  const owners = new Owners(options.ownerOf, options.processAt);
  const route = (signal: Signal): Route => ({
    methods: ['POST'],
    name: signal,
    admit: (asked) => void requestEncoding(asked),
    async answer(asked, { sent, unpacked, encoding: contentEncoding }) {
      const encoding = requestEncoding(asked);
      const contentType = CONTENT_TYPE[encoding];
      const place: Place = { spans: (spans) => owners.placed(spans, asked.connection), owner: () => owners.of(asked.connection) };
      const keep = await read[signal](unpacked, encoding, { signal, body: sent, contentType, contentEncoding }, place);
      return async () => {
        const losses = await keep();
        if (losses === 'busy')
          throw new Refused(503, 'The run is written to by another process; send it again in a moment.', { 'retry-after': '1' });
        const partial = { rejected: rejectedIn(losses), message: messageOf(losses) };
        return { status: 200, body: successBody(signal, encoding, partial), contentType };
      };
    },
  });
  const key = newKey();
  const server = await startGuardedServer({
    host: options.host,
    port: options.port,
    key,
    bounds: BOUNDS,
    routes: {
      '/v1/traces': route('traces'),
      '/v1/metrics': route('metrics'),
      '/v1/logs': route('logs'),
      ...Object.fromEntries(SIGNALS.map((signal) => [GRPC_PATHS[signal], route(signal)])),
      '/healthz': { methods: ['GET', 'HEAD'], answer: () => ({ status: 200, body: Buffer.from('ok\n'), contentType: 'text/plain' }) },
    },
    refusalOf({ headers }, { status, message }) {
      const encoding = encodingOf(headers['content-type'] ?? '') ?? 'json';
      return { body: failureBody({ status, encoding, message }), contentType: CONTENT_TYPE[encoding] };
    },
    texts: {
      notFound: 'OTLP is received at /v1/traces, /v1/metrics and /v1/logs.',
      webPage: 'Web pages may not send telemetry here.',
      stranger:
        'This receiver is that of one run: send to the address in SWARMSCOPE_ENDPOINT of one of its processes, or as the user who started it.',
    },
  });
  return { ...server, endpoint: `${server.url}/${key}`, unknownSpans: () => owners.unknownSpans, strangerSpans: () => owners.strangers };
}

/** A path of gRPC takes nothing else, and the other way round. */
function requestEncoding({ headers, isGrpc, url }: Asked): Encoding {
  if (url.includes(GRPC_PACKAGE) !== isGrpc) throw new Refused(415, 'Send gRPC to its own paths over HTTP/2, and all else to /v1.');
  if (isGrpc) return 'protobuf';
  const encoding = encodingOf(headers['content-type'] ?? '');
  if (encoding === undefined) throw new Refused(415, 'Send application/x-protobuf or application/json.');
  return encoding;
}

const messageOf = (losses: Readonly<Losses>): string =>
  Object.entries(losses)
    .map(([what, count]) => `${what}: ${count}`)
    .join(', ');
