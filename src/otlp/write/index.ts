/** OTLP written: items one by one, the request around them, and the answers of a receiver. */
export { failureBody, successBody } from './answer.ts';
export { jsonRequest, protobufRequest, type ResourceAttributes, type Scope, type ScopeItems } from './envelope.ts';
export { putLog, putMetric, putSpan } from './items.ts';
export type { Window } from './metrics.ts';
export type { FinishedSpan } from './spans.ts';
export { delimiter, WireWriter } from './wire-writer.ts';
