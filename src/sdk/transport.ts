/** Sends one encoded request of one signal and says what became of it: taken, to be tried again, or lost and why. */
import process from 'node:process';
import { exportTarget } from '../config/export-target.ts';
import type { Settings, Signal } from '../config/settings.ts';
import { ConnectionError, HttpClient, type ClientOptions } from './http-client.ts';
import type { HttpResponse } from './http-response.ts';
import { clock } from '../config/originals.ts';
import { readPartialSuccess } from '../otlp/read/answer.ts';

export type Answer =
  | { readonly kind: 'taken'; readonly rejected: number; readonly text: string }
  /** `retryAfterMs` is what the receiver asked for. */
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'lost'; readonly reason: string };

export interface Target extends ClientOptions {
  readonly signal: Signal;
  readonly isJson: boolean;
  readonly isGzip: boolean;
  readonly isOff: boolean;
  readonly timeoutMs: number;
}

export interface Transport {
  readonly target: Target;
  /** Never rejects. */
  send(body: Buffer): Promise<Answer>;
  /** Waits, blocking, for the answer to what is being sent. Undefined: it has not left whole, or that cannot be known. Never throws. */
  answerSync(timeoutMs: number): Answer | undefined;
  close(): void;
}

/** OTLP/HTTP: these four, and only these, may be tried again. */
const RETRYABLE = new Set([429, 502, 503, 504]);
const LONGEST_RETRY_AFTER_MS = 300_000;

/** Where a signal goes; credentials in the URL become an `authorization` header, as browsers and curl do. */
export function resolveTarget(settings: Settings, signal: Signal, userAgent: string): Target {
  const target = exportTarget(settings, signal);
  const url = new URL(target.url);
  const isJson = target.protocol === 'http/json';
  const headers: Record<string, string> = {
    ...target.headers,
    'content-type': isJson ? 'application/json' : 'application/x-protobuf',
    'user-agent': userAgent,
  };
  if (url.username !== '' || url.password !== '') {
    headers['authorization'] =
      `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString('base64')}`;
    url.username = '';
    url.password = '';
  }
  const { certificate, clientCertificate, clientKey, compression } = settings;
  const timeoutMs = signal === 'traces' ? Math.min(settings.timeoutMs, settings.exportTimeoutMs) : settings.timeoutMs;
  return {
    signal,
    url,
    headers,
    isJson,
    isGzip: compression === 'gzip',
    isOff: target.isOff,
    timeoutMs,
    certificate,
    clientCertificate,
    clientKey,
  };
}

export function createTransport(target: Target): Transport {
  const client = new HttpClient(target);
  return {
    target,
    async send(body) {
      try {
        const compressed = target.isGzip ? await gzip(body) : body;
        return readAnswer(await client.post(compressed, target.isGzip ? { 'content-encoding': 'gzip' } : {}, target.timeoutMs), target);
      } catch (error) {
        return { kind: 'retry', reason: error instanceof ConnectionError ? error.code : 'internal' };
      }
    },
    answerSync(timeoutMs) {
      try {
        const response = client.answerSync(timeoutMs);
        return response === undefined ? undefined : readAnswer(response, target);
      } catch (error) {
        return { kind: 'retry', reason: error instanceof ConnectionError ? error.code : 'internal' };
      }
    },
    close: () => client.close(),
  };
}

export function readAnswer(
  response: Pick<HttpResponse, 'status' | 'headers' | 'body'>,
  { signal, isJson }: Pick<Target, 'signal' | 'isJson'>,
): Answer {
  const { status } = response;
  if (status >= 200 && status < 300) {
    const { rejected, message } = readPartialSuccess(response.body, signal, isJson ? 'json' : 'protobuf');
    return { kind: 'taken', rejected, text: message === '' ? `HTTP ${status}` : message };
  }
  const reason = `http_${status}`;
  if (!RETRYABLE.has(status)) return { kind: 'lost', reason };
  return { kind: 'retry', reason, retryAfterMs: readRetryAfter(response.headers['retry-after']) };
}

/** Seconds or an HTTP date. */
function readRetryAfter(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - clock.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), LONGEST_RETRY_AFTER_MS) : undefined;
}

function gzip(body: Buffer): Promise<Buffer> {
  const zlib = process.getBuiltinModule('node:zlib');
  return new Promise((resolve, reject) => {
    zlib.gzip(body, { level: 1 }, (error, result) => (error === null ? resolve(result) : reject(error)));
  });
}
