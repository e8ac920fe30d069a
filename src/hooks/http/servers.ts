/** Requests that servers of node:http, node:https and node:http2 take: whoever listens runs the app's own listeners. */
import { subscribe } from 'node:diagnostics_channel';
import { subscribeBuiltin } from '../module-load.ts';
import { wrapMethod } from '../wrap-method.ts';

export interface ServedRequest {
  readonly headers: Readonly<Record<string, unknown>>;
  /** The request and its response, of HTTP/2 the one stream of both: what they emit belongs to the request, too. */
  readonly emitters: readonly object[];
  /** Of the emitters, the one whose `finish` or `close` is the end of the answer. */
  readonly answer: object;
  /** What is asked for; read while the request is new. */
  readonly asked: () => AskedFor;
  /** What was answered; read at the end. */
  readonly answered: () => Answered;
}

export interface AskedFor {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Without the query. */
  readonly path: string;
  readonly protocolVersion: string;
  /** As the client wrote it: `example.com:8080`. */
  readonly host: string | undefined;
}

export interface Answered {
  readonly status: number | undefined;
  /** The template that the request met, where it is told: Express puts it on the request, Fastify on a channel (`followRoutes`). */
  readonly route: string | undefined;
  /** It was handed over to its end; of HTTP/2 `close` may come without a `finish` before it. */
  readonly isWhole: boolean;
}

type Run = <T>(request: ServedRequest, fn: () => T) => T;
type Fields = Readonly<Record<string, unknown>>;

/** `run` must call `fn` once, and give what it gives. Express, Fastify, Hono and the like sit on these servers. */
export function subscribeServers(run: Run): void {
  for (const name of ['http', 'https'] as const) {
    subscribeBuiltin(name, () => {
      const { Server } = process.getBuiltinModule(`node:${name}`);
      wrapMethod(Server.prototype, 'emit', (emit, self, args) => {
        const call = (): unknown => Reflect.apply(emit, self, args);
        const served = args[0] === 'request' ? overHttp1(args[1], args[2]) : undefined;
        return served === undefined ? call() : run(served, call);
      });
    });
  }
  // Servers of http2 are of classes that nobody exports; what they inherit from is net's.
  subscribeBuiltin('http2', () => {
    wrapMethod(process.getBuiltinModule('node:net').Server.prototype, 'emit', (emit, self, args) => {
      const call = (): unknown => Reflect.apply(emit, self, args);
      if ((args[0] !== 'stream' && args[0] !== 'request') || !isHttp2(self)) return call();
      // The `request` of a stream is told inside its `stream`; one of HTTP/1 on the same port is not.
      const served = args[0] === 'stream' ? overHttp2(args[1], args[2]) : overHttp1(args[1], args[2]);
      return served === undefined ? call() : run(served, call);
    });
  });
}

/** Published by Fastify 5 before a handler runs; with a listener it makes an object for each request. */
const FASTIFY = 'tracing:fastify.request.handler:start';
const fastifyRoutes = new WeakMap<object, string>();

/** From now on `answered` tells the routes of Fastify, too. */
export function followRoutes(): void {
  subscribe(FASTIFY, (message) => {
    const { request, route } = message as { request?: { raw?: unknown }; route?: { url?: unknown } };
    if (isObject(request?.raw) && typeof route?.url === 'string') fastifyRoutes.set(request.raw, route.url);
  });
}

const isHttp2 = (server: unknown): boolean => /^Http2(?:Secure)?Server$/.test((server as object).constructor.name);
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function overHttp1(request: unknown, response: unknown): ServedRequest | undefined {
  if (!isObject(request) || !isObject(request['headers']) || !isObject(response)) return undefined;
  if (request['httpVersionMajor'] === 2) return undefined;
  const headers = request['headers'];
  const isEncrypted = isObject(request['socket']) && request['socket']['encrypted'] === true;
  return {
    headers,
    emitters: [request, response],
    answer: response,
    asked: () => ({
      method: text(request['method']) ?? '',
      scheme: isEncrypted ? 'https' : 'http',
      path: pathOf(text(request['url'])),
      protocolVersion: text(request['httpVersion']) ?? '',
      host: text(headers['host']),
    }),
    answered: () => ({ status: statusOf(response['statusCode']), route: routeOf(request), isWhole: response['writableFinished'] === true }),
  };
}

function overHttp2(stream: unknown, headers: unknown): ServedRequest | undefined {
  if (!isObject(stream) || !isObject(headers)) return undefined;
  return {
    headers,
    emitters: [stream],
    answer: stream,
    asked: () => ({
      method: text(headers[':method']) ?? '',
      scheme: headers[':scheme'] === 'https' ? 'https' : 'http',
      path: pathOf(text(headers[':path'])),
      protocolVersion: '2',
      host: text(headers[':authority']) ?? text(headers['host']),
    }),
    answered: () => ({
      status: statusOf((stream['sentHeaders'] as Fields | undefined)?.[':status']),
      route: undefined,
      isWhole: stream['rstCode'] === 0 && stream['aborted'] !== true,
    }),
  };
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const pathOf = (url = '/'): string => url.replace(/[?#].*$/s, '');
const statusOf = (status: unknown): number | undefined => (Number.isInteger(status) ? (status as number) : undefined);

/** What is left of it after an error may lack the part of the outer router: then it has not the parts that the path has. */
function routeOf(request: Fields): string | undefined {
  const told = fastifyRoutes.get(request);
  if (told !== undefined) return told;
  const { route, baseUrl, originalUrl } = request;
  const path = isObject(route) ? route['path'] : undefined;
  if (typeof path !== 'string') return undefined;
  const whole = `${typeof baseUrl === 'string' ? baseUrl : ''}${path}`;
  return whole.split('/').length === pathOf(text(originalUrl)).split('/').length ? whole : undefined;
}
