/** One POST of received bytes, by Node's own http: what came of it, never an exception. */
import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { OtlpRequest } from '../otlp/request.ts';

export interface Clock {
  now(): number;
  /** Calls `action` after `delayMs`; returns the cancel function. */
  after(delayMs: number, action: () => void): () => void;
}

/** Paths of PEM files; empty text means none. */
export interface TlsFiles {
  readonly certificate: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
}

export interface Outcome {
  status: number | undefined;
  /** System error code when there was no answer. */
  errorCode: string;
  retryAfterMs: number | undefined;
}

export function postOnce({
  url,
  received,
  headers,
  tls,
  timeoutMs,
  clock,
}: {
  url: string;
  received: OtlpRequest;
  headers: Readonly<Record<string, string>>;
  tls: TlsFiles | undefined;
  timeoutMs: number;
  clock: Clock;
}): { outcome: Promise<Outcome>; abort: () => void } {
  let abort = (): void => {};
  const outcome = new Promise<Outcome>((resolve) => {
    const fail = (errorCode: string): void => resolve({ status: undefined, errorCode, retryAfterMs: undefined });
    try {
      const isTls = url.startsWith('https:');
      const request = (isTls ? requestHttps : requestHttp)(url, {
        method: 'POST',
        ...(isTls && tls !== undefined ? pemOf(tls) : {}),
        headers: {
          ...headers,
          'content-type': received.contentType,
          'content-length': received.body.length,
          ...(received.contentEncoding === undefined ? {} : { 'content-encoding': received.contentEncoding }),
        },
      });
      const cancelTimeout = clock.after(timeoutMs, () =>
        request.destroy(Object.assign(new Error('No answer in time.'), { code: 'timeout' })),
      );
      abort = () => request.destroy(Object.assign(new Error('Given up.'), { code: 'aborted' }));
      request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'error'));
      request.on('close', () => {
        cancelTimeout();
        fail('closed');
      });
      request.on('response', (response) => {
        response.resume();
        resolve({
          status: response.statusCode ?? 0,
          errorCode: '',
          retryAfterMs: retryAfter(response.headers['retry-after'], clock.now()),
        });
      });
      request.end(received.body);
    } catch (error) {
      // A header that cannot be sent, an URL that http refuses, a certificate that cannot be read.
      fail((error as NodeJS.ErrnoException).code ?? 'error');
    }
  });
  return { outcome, abort };
}

/** Read each time, as the exporter of a process does: a renewed certificate counts from then on. */
function pemOf({ certificate, clientCertificate, clientKey }: TlsFiles): { ca?: Buffer; cert?: Buffer; key?: Buffer } {
  return {
    ...(certificate === '' ? {} : { ca: readFileSync(certificate) }),
    ...(clientCertificate === '' ? {} : { cert: readFileSync(clientCertificate) }),
    ...(clientKey === '' ? {} : { key: readFileSync(clientKey) }),
  };
}

/** Seconds or an HTTP date, as milliseconds from now. */
function retryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const delayMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(delayMs) ? Math.max(0, delayMs) : undefined;
}
