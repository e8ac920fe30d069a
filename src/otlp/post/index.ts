/** OTLP posted: one HTTP client, and one reading of what the receiver answers. */
export { isRetryable, isRetryableInPassing, type Answer } from './answer.ts';
export { ConnectionError, HttpClient, type ClientOptions } from './http-client.ts';
export { resolveTarget, withoutCredentials, type Target } from './target.ts';
export { createTransport, type Transport } from './transport.ts';
