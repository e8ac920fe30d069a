/** Where a signal goes, by the precedence of the OTLP exporter specification; `swarmscope run` comes first. */
import type { Settings, Signal } from './index.ts';

export interface ExportTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly isOff: boolean;
}

/**
 * A signal's own endpoint is used as it is, the general one gets `/v1/{signal}`; `swarmscope run` gets no user headers.
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export function exportTarget(settings: Settings, signal: Signal): ExportTarget {
  if (settings.ownEndpoint !== '') {
    return { url: signalUrl(settings.ownEndpoint, signal), headers: {}, protocol: 'http/protobuf', isOff: false };
  }
  const own = settings[`${signal}Endpoint`];
  return {
    url: own !== '' ? own : signalUrl(settings.endpoint, signal),
    headers: { ...settings.headers, ...settings[`${signal}Headers`] },
    protocol: settings.given.has(`${signal}Protocol`) ? settings[`${signal}Protocol`] : settings.protocol,
    isOff: settings[`${signal}Exporter`].includes('none'),
  };
}

function signalUrl(base: string, signal: Signal): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
  return url.href;
}
