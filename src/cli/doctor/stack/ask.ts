/** Asks a part of the stack by one HTTP request, bounded in time and size. It never follows a redirect. */
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { withoutCredentials } from '../../../otlp/post/index.ts';

export interface Question {
  /** Base URL; a user and password in it become an Authorization header, its query is left out. */
  readonly base: string;
  /** Begins with a slash; may have a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default 5 s. */
  readonly timeoutMs?: number;
  /** Default 8 MiB. */
  readonly maxBytes?: number;
}

export interface Answer {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly text: string;
  /** Undefined where there was no answer. */
  readonly bytes?: Buffer | undefined;
  /** Why there was no answer: `ECONNREFUSED`, `timeout`, `HPE_INVALID_CONSTANT`. Empty when there was one. */
  readonly problem: string;
  /** How far the clock of the other side is ahead of ours, to a second; undefined when it does not say. */
  readonly clockAheadMs: number | undefined;
  /** Which page of a browser may read the answer: `Access-Control-Allow-Origin`. Undefined: none but its own. */
  readonly allowedOrigin?: string | undefined;
}

/** A part that takes a connection and says nothing must not hold up the others. */
export const TIMEOUT_MS = 5_000;
/** The largest answers, the rules of Prometheus and the metrics of a collector, are well below this. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Never rejects. */
export function ask({ base, path, headers = {}, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES }: Question): Promise<Answer> {
  return new Promise((resolve) => {
    const fail = (problem: string): void => resolve({ ...nothing, problem });
    try {
      const { url, login } = withoutCredentials(base);
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const request = send(`${url.origin}${url.pathname.replace(/\/+$/, '')}${path}`, {
        agent: false,
        headers: { ...login, ...headers },
      });
      const timer = setTimeout(() => request.destroy(withCode('timeout')), timeoutMs);
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'error'));
      request.on('close', () => {
        clearTimeout(timer);
        fail('closed');
      });
      request.on('response', (response) => {
        read(response, maxBytes).then(resolve, (error: NodeJS.ErrnoException) => fail(error.code ?? 'error'));
      });
      request.end();
    } catch (error) {
      // An URL that http refuses.
      fail((error as NodeJS.ErrnoException).code ?? 'error');
    }
  });
}

const nothing = { status: 0, text: '', clockAheadMs: undefined };

async function read(response: IncomingMessage, maxBytes: number): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw withCode('too much');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  const dateMs = Date.parse(response.headers.date ?? '');
  return {
    status: response.statusCode ?? 0,
    get text() {
      return body.toString('utf8');
    },
    bytes: body,
    problem: '',
    clockAheadMs: Number.isFinite(dateMs) ? dateMs - Date.now() : undefined,
    allowedOrigin: response.headers['access-control-allow-origin'],
  };
}

function withCode(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}

/** The body of an answer as JSON. Undefined when the answer is no success or is not JSON. */
export function jsonOf<Shape>({ status, text }: Answer): Shape | undefined {
  if (status !== 200) return undefined;
  try {
    return JSON.parse(text) as Shape;
  } catch {
    // SyntaxError: another program answers there.
    return undefined;
  }
}
