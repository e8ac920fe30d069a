/** One OTLP/HTTP request as bytes, and the names by which its parts are told apart. */
import type { Signal } from '../config/settings/index.ts';

export type Encoding = 'protobuf' | 'json';

export interface OtlpRequest {
  readonly signal: Signal;
  readonly body: Buffer;
  readonly contentType: string;
  /** `gzip`, or undefined for plain bytes. */
  readonly contentEncoding: string | undefined;
}

export const CONTENT_TYPE: Readonly<Record<Encoding, string>> = { protobuf: 'application/x-protobuf', json: 'application/json' };

/** Undefined for what is not OTLP. */
export function encodingOf(contentType: string): Encoding | undefined {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  return type === CONTENT_TYPE.protobuf ? 'protobuf' : type === CONTENT_TYPE.json ? 'json' : undefined;
}

export const LIST_NAMES: Readonly<Record<Signal, readonly [resources: string, scopes: string, items: string]>> = {
  traces: ['resourceSpans', 'scopeSpans', 'spans'],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
};

/** In the `partialSuccess` of an OTLP/JSON answer. */
export const REJECTED_NAME: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};
