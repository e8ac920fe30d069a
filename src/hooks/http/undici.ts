/** Requests of undici: Node's own copy (`fetch`) and any copy of the app's, told apart by request, never by version. */
import { subscribe } from 'node:diagnostics_channel';
import { type Exchange, type ExchangeRequest, guard, openExchange, type ResponseHead } from './exchange.ts';
import { addressOf, type Target, targetIn } from './target.ts';
import { wrapMethod } from '../wrap-method.ts';

/** What the channels hand over; everything is checked, since any version may be behind it. */
interface UndiciRequest {
  origin?: unknown;
  path?: unknown;
  method?: unknown;
  headers?: unknown;
}

interface Seen {
  readonly exchange: Exchange;
  /** True while a wrapped method runs: a chunk published inside it was already delivered by the wrapper. */
  isInsideWrapper: boolean;
  /** The direction in which this undici was last heard to publish from inside its method. */
  published: Direction | undefined;
}

/** One direction of bytes. `methods` go when the minimum is Node 24.4 and no app brings an undici that needs them. */
interface Direction {
  /** Method names by which undici 5-7 and 8 hand over bytes. */
  readonly methods: readonly string[];
  /** The channel that newer ones publish from inside them. */
  readonly channel: string;
  /** Prototypes of requests whose undici publishes the chunks itself: these need no wrapper. */
  readonly publishers: WeakSet<object>;
  /** The one of them that was asked for last: a program has one undici, or two. */
  last?: object;
}

const SENT: Direction = { methods: ['onBodySent'], channel: 'undici:request:bodyChunkSent', publishers: new WeakSet() };
const RECEIVED: Direction = {
  methods: ['onResponseData', 'onData'],
  channel: 'undici:request:bodyChunkReceived',
  publishers: new WeakSet(),
};

const seenRequests = new WeakMap<object, Seen>();
let isArmed = false;

export function armUndici(): void {
  if (isArmed) return;
  isArmed = true;
  on('undici:request:create', onCreate);
  on('undici:request:bodySent', (message) => lookUp(message)?.exchange.requestEnd());
  on('undici:request:headers', onHeaders);
  on('undici:request:trailers', (message) => takeOut(message)?.exchange.end());
  on('undici:request:error', (message) => takeOut(message)?.exchange.error((message as { error?: unknown }).error));
  on(SENT.channel, (message) => onPublishedChunk(message, SENT, sendChunk));
  on(RECEIVED.channel, (message) => onPublishedChunk(message, RECEIVED, receiveChunk));
}

function on(channel: string, handle: (message: unknown) => void): void {
  subscribe(channel, (message) => {
    try {
      handle(message);
    } catch (error) {
      guard(() => {
        throw error;
      });
    }
  });
}

function lookUp(message: unknown): Seen | undefined {
  return seenRequests.get((message as { request: object }).request);
}

/** Of an exchange that ends. Left to the collector, the entries of some thousand calls make each of its rounds longer: a tenth of what a call costs. */
function takeOut(message: unknown): Seen | undefined {
  const seen = lookUp(message);
  if (seen !== undefined) seenRequests.delete((message as { request: object }).request);
  return seen;
}

/** A class, since nobody reads most requests, and a literal would cost each of them two getters of its own. */
export class CreatedRequest implements ExchangeRequest {
  readonly method: string;
  readonly path: string;
  readonly #request: UndiciRequest;
  /** Where a proxy is to send it. */
  readonly #target: Target | undefined;

  constructor(request: UndiciRequest, method: string, path: string) {
    this.method = method;
    this.#target = targetIn(path);
    this.path = this.#target?.path ?? path;
    this.#request = request;
  }

  get host(): string {
    return (this.#target ?? originOf(this.#request.origin)).host;
  }

  get port(): number {
    return (this.#target ?? originOf(this.#request.origin)).port;
  }

  header(name: string): string | undefined {
    return requestHeader(this.#request.headers, name);
  }
}

function onCreate(message: unknown): void {
  const request = (message as { request: UndiciRequest }).request;
  if (typeof request.path !== 'string' || typeof request.method !== 'string' || seenRequests.has(request)) return;
  const exchange = openExchange(new CreatedRequest(request, request.method, request.path));
  if (exchange === undefined) return;
  const seen: Seen = { exchange, isInsideWrapper: false, published: undefined };
  seenRequests.set(request, seen);
  watch(request, seen, SENT, sendChunk);
  watch(request, seen, RECEIVED, receiveChunk);
}

type Deliver = (exchange: Exchange, chunk: unknown) => void;

const sendChunk: Deliver = (exchange, chunk) => {
  const bytes = bytesOf(chunk);
  if (bytes !== undefined) exchange.requestBody(bytes);
};

const receiveChunk: Deliver = (exchange, chunk) => {
  const bytes = bytesOf(chunk);
  if (bytes !== undefined) exchange.responseChunk(bytes);
};

/** Wraps the method of one request, until its undici publishes the chunk too: then its prototype needs no wrapper. */
function watch(request: object, seen: Seen, direction: Direction, deliver: Deliver): void {
  const kind = kindOf(request);
  if (kind !== undefined && (kind === direction.last || direction.publishers.has(kind))) {
    direction.last = kind;
    return;
  }
  const name = direction.methods.find((method) => typeof (request as Record<string, unknown>)[method] === 'function');
  if (name === undefined) return;
  const unwrap = wrapMethod(request, name, (original, self, args) => {
    guard(() => deliver(seen.exchange, args[0]));
    seen.isInsideWrapper = true;
    try {
      return Reflect.apply(original, self, args);
    } finally {
      seen.isInsideWrapper = false;
      if (seen.published === direction) {
        if (kind !== undefined) direction.publishers.add(kind);
        unwrap();
      }
    }
  });
}

/** What all requests of one undici share; `undefined` for a literal, which is like any other. */
function kindOf(request: object): object | undefined {
  const prototype = Object.getPrototypeOf(request) as object | null;
  return prototype === null || prototype === Object.prototype ? undefined : prototype;
}

function onPublishedChunk(message: unknown, direction: Direction, deliver: Deliver): void {
  const seen = lookUp(message);
  if (seen === undefined) return;
  if (seen.isInsideWrapper) seen.published = direction;
  else deliver(seen.exchange, (message as { chunk?: unknown }).chunk);
}

function onHeaders(message: unknown): void {
  const seen = lookUp(message);
  if (seen === undefined) return;
  const response = (message as { response: { statusCode?: unknown; headers?: unknown } }).response;
  const status = Number(response.statusCode);
  // Informational answers (103 Early Hints) come before the real one.
  if (status >= 200) seen.exchange.responseHead(new ReceivedHead(status, response.headers));
}

/** The head of an answer. It is asked for some thirty headers, of which a provider sends few: what has no header of its length is not looked for. */
class ReceivedHead implements ResponseHead {
  readonly status: number;
  readonly #headers: unknown;
  readonly #lengths: Lengths | undefined;

  constructor(status: number, headers: unknown) {
    this.status = status;
    this.#headers = headers;
    this.#lengths = Array.isArray(headers) ? lengthsOf(headers) : undefined;
  }

  header(name: string): string | undefined {
    if (this.#lengths !== undefined && !hasLength(this.#lengths, name.length)) return undefined;
    return headerInList(this.#headers, name);
  }
}

/** One bit for each length below 62. */
type Lengths = readonly [below31: number, from31: number];

function lengthsOf(headers: readonly unknown[]): Lengths {
  let below31 = 0;
  let from31 = 0;
  for (let index = 0; index < headers.length; index += 2) {
    const { length } = headers[index] as string | Buffer;
    if (length < 31) below31 |= 1 << length;
    else from31 |= 1 << Math.min(length - 31, 31);
  }
  return [below31, from31];
}

function hasLength([below31, from31]: Lengths, length: number): boolean {
  return length < 31 ? (below31 & (1 << length)) !== 0 : (from31 & (1 << Math.min(length - 31, 31))) !== 0;
}

function bytesOf(chunk: unknown): Uint8Array | undefined {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk);
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  return ArrayBuffer.isView(chunk) ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength) : undefined;
}

type Origin = Omit<Target, 'path'>;

/** Origins read before: a swarm asks few, again and again. */
const origins = new Map<string, Origin>();
const MAX_ORIGINS = 256;

function originOf(given: unknown): Origin {
  const text = String(given);
  const known = origins.get(text);
  if (known !== undefined) return known;
  const origin = addressOf(new URL(text));
  if (origins.size >= MAX_ORIGINS) origins.clear();
  origins.set(text, origin);
  return origin;
}

/** undici 5 keeps one string of header lines, later ones a flat list. */
function requestHeader(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'string') return headerInList(headers, name);
  for (const line of headers.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon === name.length && line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return undefined;
}

/** Header in a flat list of name, value, name, value; strings or buffers (undici 5-7), or in a plain record (8). */
export function headerInList(headers: unknown, name: string): string | undefined {
  if (!Array.isArray(headers)) return headerInRecord(headers, name);
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const key = headers[index] as string | Buffer;
    if (key.length === name.length && isNamed(key, name)) return firstValue(headers[index + 1]);
  }
  return undefined;
}

/** Whether `key`, of the same length, is `name` in any case. Bytes are compared as they are: most differ in the first one. */
function isNamed(key: string | Buffer, name: string): boolean {
  if (typeof key === 'string') return key === name || key.toLowerCase() === name;
  for (let at = 0; at < name.length; at += 1) {
    const byte = key[at] as number;
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
    if (lower !== name.charCodeAt(at)) return false;
  }
  return true;
}

function headerInRecord(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  return firstValue((headers as Record<string, unknown>)[name]);
}

function firstValue(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : Buffer.isBuffer(first) ? first.toString('latin1') : undefined;
}
