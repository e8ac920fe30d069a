/** One HTTP exchange with a part of the stack: bounded in time and size, never following a redirect to somewhere nobody named. */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** PEM texts for https; absent where the system's are used. */
export interface Certificates {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export interface Question {
  /** Base URL; a user and password in it become an Authorization header, its query is left out. */
  readonly base: string;
  /** Begins with a slash; may have a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST of JSON. */
  readonly body?: string;
  readonly certificates?: Certificates;
}

export interface Answer {
  /** 0: there was none. */
  readonly status: number;
  readonly text: string;
  /** Why there was none: `ECONNREFUSED`, `timeout`, `HPE_INVALID_CONSTANT`. */
  readonly problem: string;
  /** How far the clock of the other side is ahead of ours, to a second; undefined when it does not say. */
  readonly clockAheadMs: number | undefined;
}

/** A part that takes a connection and says nothing must not hold up the others. */
const TIMEOUT_MS = 5_000;
/** The rules of Prometheus and the metrics of a collector are well below; whatever sends more is something else. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Never rejects. */
export function ask({ base, path, headers = {}, body, certificates = {} }: Question): Promise<Answer> {
  return new Promise((resolve) => {
    const fail = (problem: string): void => resolve({ status: 0, text: '', problem, clockAheadMs: undefined });
    try {
      const url = new URL(base);
      const login = loginOf(url);
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const request = send(`${url.origin}${url.pathname.replace(/\/+$/, '')}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        agent: false,
        headers: { ...login, ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...certificates,
      });
      const timer = setTimeout(() => request.destroy(withCode('timeout')), TIMEOUT_MS);
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'error'));
      request.on('close', () => {
        clearTimeout(timer);
        fail('closed');
      });
      request.on('response', (response) => {
        read(response).then(resolve, (error: NodeJS.ErrnoException) => fail(error.code ?? 'error'));
      });
      request.end(body);
    } catch (error) {
      // A header that cannot be sent, or a certificate that cannot be read.
      fail((error as NodeJS.ErrnoException).code ?? 'error');
    }
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw withCode('too much');
    chunks.push(chunk);
  }
  const dateMs = Date.parse(response.headers.date ?? '');
  return {
    status: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString('utf8'),
    problem: '',
    clockAheadMs: Number.isFinite(dateMs) ? dateMs - Date.now() : undefined,
  };
}

function withCode(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

function loginOf({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
}

/** The `data` of an answer of Prometheus' API, or the whole of another's; undefined when it is none. */
export function jsonOf<Shape>({ status, text }: Answer): Shape | undefined {
  if (status !== 200) return undefined;
  try {
    return JSON.parse(text) as Shape;
  } catch {
    // SyntaxError: something else answers there.
    return undefined;
  }
}
