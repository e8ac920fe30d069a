/** Where the requests of one signal go, and how they are sent. */
import { exportTarget } from '../../config/settings/export-target.ts';
import type { Settings, Signal } from '../../config/settings/index.ts';
import { CONTENT_TYPE } from '../request.ts';
import { isRetryable, type AnswerReading } from './answer.ts';
import type { ClientOptions } from './http-client.ts';

export interface Target extends ClientOptions, AnswerReading {
  readonly isGzip: boolean;
  readonly isOff: boolean;
  readonly timeoutMs: number;
}

export function resolveTarget(settings: Settings, signal: Signal, userAgent: string): Target {
  const target = exportTarget(settings, signal);
  const { url, login } = withoutCredentials(target.url);
  const encoding = target.protocol === 'http/json' ? 'json' : 'protobuf';
  const { certificate, clientCertificate, clientKey, compression } = settings;
  return {
    signal,
    encoding,
    isRetryable,
    url,
    headers: { ...target.headers, 'content-type': CONTENT_TYPE[encoding], 'user-agent': userAgent, ...login },
    isGzip: compression === 'gzip',
    isOff: target.isOff,
    timeoutMs: signal === 'traces' ? Math.min(settings.timeoutMs, settings.exportTimeoutMs) : settings.timeoutMs,
    certificate,
    clientCertificate,
    clientKey,
  };
}

/** Credentials in a URL become an `authorization` header, as browsers and curl do. */
export function withoutCredentials(text: string): { url: URL; login: Readonly<Record<string, string>> } {
  const url = new URL(text);
  const { username, password } = url;
  if (username === '' && password === '') return { url, login: {} };
  url.username = '';
  url.password = '';
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, login: { authorization: `Basic ${Buffer.from(plain).toString('base64')}` } };
}
