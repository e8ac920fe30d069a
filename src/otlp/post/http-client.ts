/** POSTs over one keep-alive socket with Node's `net` or `tls` alone: no hook, channel or mock of the app sees it. */
import type * as net from 'node:net';
import { readSync } from 'node:fs';
import { cancel, clock, later, outside, pause } from '../../config/originals.ts';
import { readNamed } from '../../config/small-file.ts';
import { ResponseReader, type HttpResponse } from './http-response.ts';

export interface ClientOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM files for https; empty text means none. */
  readonly certificate: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

/** A connection that went wrong; `code` is low-cardinality (`ECONNREFUSED`, `timeout`). */
export class ConnectionError extends Error {
  readonly code: string;
  constructor(code: string, cause?: unknown) {
    super(code, { cause });
    this.code = code;
  }
}

/** Between two looks at a socket, while an ending waits for the answer of the request on the wire. */
const LOOK_EVERY_MS = 1;

interface OnTheWire {
  readonly socket: net.Socket;
  readonly reader: ResponseReader;
}

/** What a socket of Node has underneath; absent where Node changes. */
interface Handle {
  readonly fd?: number;
  readonly writeQueueSize?: number;
}

export class HttpClient {
  readonly #options: ClientOptions;
  readonly #head: string;
  #idle: net.Socket | undefined;
  #onTheWire: OnTheWire | undefined;
  readonly #onIdleError = (): void => void this.#idle?.destroy();
  readonly #onIdleClose = (): void => void (this.#idle = undefined);

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#head = requestHead(options);
  }

  /**
   * Rejects with `ConnectionError` only, at the latest after `timeoutMs`, whatever arrives meanwhile. A kept socket that
   * the peer had closed is replaced once, silently.
   */
  async post(body: Buffer, timeoutMs: number): Promise<HttpResponse> {
    const deadline = clock.monotonic() + timeoutMs;
    const kept = this.#idle;
    this.#idle = undefined;
    if (kept !== undefined && !kept.destroyed) {
      try {
        return await this.#exchange(kept, body, timeoutMs);
      } catch (error) {
        if (!(error instanceof ConnectionError) || error.code !== 'stale') throw error;
      }
    }
    return this.#exchange(undefined, body, Math.max(0, deadline - clock.monotonic()));
  }

  /**
   * Blocks for the answer on the wire, since `exit` has no events. Throws `ConnectionError`: nothing is known then.
   * undefined: there is none, it has not left whole (so it may be resent), or cannot be seen (TLS, Windows).
   */
  answerSync(timeoutMs: number): HttpResponse | undefined {
    const current = this.#onTheWire;
    const handle = (current?.socket as { _handle?: Handle } | undefined)?._handle;
    if (current === undefined || this.#options.url.protocol === 'https:' || current.socket.connecting) return undefined;
    if (handle?.fd === undefined || handle.fd < 0 || handle.writeQueueSize !== 0) return undefined;
    this.#onTheWire = undefined;
    return readAnswer(handle.fd, current.reader, clock.monotonic() + timeoutMs);
  }

  close(): void {
    this.#idle?.destroy();
    this.#idle = undefined;
  }

  abort(): void {
    this.close();
    this.#onTheWire?.socket.destroy();
  }

  #exchange(kept: net.Socket | undefined, body: Buffer, timeoutMs: number): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const reader = new ResponseReader();
      let socket: net.Socket;
      let isSettled = false;
      const settle = (outcome: HttpResponse | ConnectionError): void => {
        if (isSettled) return;
        isSettled = true;
        cancel(timer);
        if (this.#onTheWire?.socket === socket) this.#onTheWire = undefined;
        socket.off('data', received);
        if (outcome instanceof ConnectionError || !outcome.isReusable) socket.destroy();
        else {
          socket.off('error', failed).off('close', closed);
          this.#keep(socket);
        }
        if (outcome instanceof ConnectionError) reject(outcome);
        else resolve(outcome);
      };
      const timer = later(timeoutMs, () => settle(new ConnectionError('timeout')));
      const failed = (error: unknown): void =>
        settle(new ConnectionError(kept !== undefined && reader.isEmpty ? 'stale' : codeOf(error), error));
      const read = (step: () => HttpResponse | undefined, isLast: boolean): void => {
        try {
          const response = step();
          if (response !== undefined) settle(response);
          else if (isLast) failed({ code: 'closed' });
        } catch (error) {
          settle(new ConnectionError('bad_response', error));
        }
      };
      const received = (bytes: Buffer): void => read(() => reader.push(bytes), false);
      const closed = (): void => read(() => reader.end(), true);
      const send = (): void => {
        socket.on('data', received);
        socket.cork();
        socket.write(`${this.#head}content-length: ${body.length}\r\n\r\n`, 'latin1');
        socket.write(body);
        socket.uncork();
      };
      const watch = (watched: net.Socket): void => {
        socket = watched.on('error', failed).on('close', closed);
        this.#onTheWire = { socket, reader };
      };
      /** A header may hold a token: nothing leaves before the receiver has shown who it is. */
      const secure = (plain: net.Socket): void => {
        plain.off('error', failed).off('close', closed);
        try {
          watch(this.#secure(plain));
          socket.once('secureConnect', send);
        } catch (error) {
          failed(error);
        }
      };
      let first: net.Socket;
      try {
        first = kept?.off('error', this.#onIdleError).off('close', this.#onIdleClose) ?? this.#connect();
      } catch (error) {
        cancel(timer);
        reject(new ConnectionError(codeOf(error), error));
        return;
      }
      watch(first);
      if (kept === undefined && this.#options.url.protocol === 'https:') first.once('connect', () => secure(first));
      else send();
    });
  }

  #keep(socket: net.Socket): void {
    socket.on('error', this.#onIdleError).on('close', this.#onIdleClose);
    this.#idle = socket;
  }

  #connect(): net.Socket {
    const { url } = this.#options;
    const port = url.port !== '' ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
    // Not `net.connect`, which mocks replace.
    const { Socket } = process.getBuiltinModule('node:net');
    const socket = outside(() => unannounced(() => new Socket().connect({ host: hostOf(url), port, noDelay: true })));
    // An instrumentation of the app may follow every socket that connects: ours is none of its business.
    socket.removeAllListeners().unref();
    // For the next address of a name (`localhost`) Node makes a new handle, which would keep the program alive.
    return socket.on('connectionAttempt', () => socket.unref());
  }

  /** TLS over a connected socket of ours. Its listeners are Node's, and stay: one of them checks the certificate. */
  #secure(socket: net.Socket): net.Socket {
    const { url, certificate, clientCertificate, clientKey } = this.#options;
    const pem = (name: 'ca' | 'cert' | 'key', file: string): object => (file === '' ? {} : { [name]: readNamed(file) });
    const host = hostOf(url);
    const isAddress = process.getBuiltinModule('node:net').isIP(host) !== 0;
    const options = { ...pem('ca', certificate), ...pem('cert', clientCertificate), ...pem('key', clientKey) };
    const { connect } = process.getBuiltinModule('node:tls');
    return connect({ socket, host, ...(isAddress ? {} : { servername: host }), ...options }).unref();
  }
}

/** An IPv6 address without its brackets. */
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

function readAnswer(fd: number, reader: ResponseReader, deadline: number): HttpResponse {
  const bytes = Buffer.allocUnsafe(16_384);
  for (;;) {
    let length: number;
    try {
      length = readSync(fd, bytes, 0, bytes.length, null);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw new ConnectionError(codeOf(error), error);
      if (clock.monotonic() >= deadline) throw new ConnectionError('exit_timeout');
      pause(LOOK_EVERY_MS);
      continue;
    }
    let response: HttpResponse | undefined;
    try {
      response = length === 0 ? reader.end() : reader.push(bytes.subarray(0, length));
    } catch (error) {
      throw new ConnectionError('bad_response', error);
    }
    if (response !== undefined) return response;
    if (length === 0) throw new ConnectionError('closed');
    // Also while bytes arrive: a peer that never pauses would hold the program for ever.
    if (clock.monotonic() >= deadline) throw new ConnectionError('exit_timeout');
  }
}

/** Hides our connection from the app's subscribers to the diagnostics channel `net.client.socket`. */
function unannounced<T>(connect: () => T): T {
  const channel = process.getBuiltinModule('node:diagnostics_channel').channel('net.client.socket');
  try {
    Object.defineProperty(channel, 'hasSubscribers', { value: false, configurable: true });
    return connect();
  } finally {
    Reflect.deleteProperty(channel, 'hasSubscribers');
  }
}

function requestHead({ url, headers }: ClientOptions): string {
  const lines = [`POST ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`, 'connection: keep-alive'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${headerText(name)}: ${headerText(value)}`);
  return `${lines.join('\r\n')}\r\n`;
}

/** A line break in a header value would start a header of its own. */
function headerText(value: string): string {
  return value.replace(/[\r\n\0]/g, ' ');
}

function codeOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code;
  // Happy eyeballs reports one error that holds one per address.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return 'connection_error';
}
