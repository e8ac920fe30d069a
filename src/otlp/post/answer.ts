/** Says what an HTTP answer means for the request: taken, to be sent again, or lost and why. */
import { clock } from '../../config/originals.ts';
import type { Signal } from '../../config/settings/index.ts';
import { readRetryAfter } from '../../semconv/retry-after.ts';
import { readPartialSuccess } from '../read/answer.ts';
import type { Encoding } from '../request.ts';
import type { HttpResponse } from './http-response.ts';

export type Answer =
  | { readonly kind: 'taken'; readonly rejected: number; readonly text: string }
  /** `retryAfterMs` is what the receiver asked for. */
  | { readonly kind: 'retry'; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly kind: 'lost'; readonly reason: string };

/** OTLP/HTTP: these four, and only these, may be sent again. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
export const isRetryable = (status: number): boolean => RETRYABLE.has(status);
/** For forwarders: a proxy answers 500 for a moment's trouble, and nobody could send the request again later. */
export const isRetryableInPassing = (status: number): boolean => status === 429 || status >= 500;

/** What a receiver says to people; the sender at exit passes it on through a pipe of bounded size. */
const MAX_TEXT = 200;

/** Who asks, and which statuses it takes for a passing trouble. */
export interface AnswerReading {
  readonly signal: Signal;
  readonly encoding: Encoding;
  readonly isRetryable: (status: number) => boolean;
}

export function readAnswer({ status, headers, body }: Pick<HttpResponse, 'status' | 'headers' | 'body'>, reading: AnswerReading): Answer {
  if (status >= 200 && status < 300) {
    const { rejected, message } = readPartialSuccess(body, reading.signal, reading.encoding);
    return { kind: 'taken', rejected, text: message === '' ? `HTTP ${status}` : message.slice(0, MAX_TEXT) };
  }
  const reason = `http_${status}`;
  if (!reading.isRetryable(status)) return { kind: 'lost', reason };
  return { kind: 'retry', reason, retryAfterMs: readRetryAfter(headers['retry-after'], clock.now()) };
}
