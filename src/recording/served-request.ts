/** A request that a server of the program takes: `{method} {route}`, of the convention for HTTP servers. */
import { SpanKind } from '@opentelemetry/api';
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_HTTP_ROUTE,
  ATTR_NETWORK_PROTOCOL_VERSION,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_PATH,
  ATTR_URL_SCHEME,
} from '../semconv/index.ts';
import type { Core } from './core.ts';
import type { ServedSpan, ServedStart } from './types.ts';

const METHODS: ReadonlySet<string> = new Set('GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY'.split(' '));
/** Of the convention, for a method that a client made up. */
const OTHER = '_OTHER';
const FAULT = 500;

export function startServed(core: Core, start: ServedStart): ServedSpan {
  const method = METHODS.has(start.method) ? start.method : OTHER;
  const name = method === OTHER ? 'HTTP' : method;
  const activity = core.start({
    name,
    kind: SpanKind.SERVER,
    parent: start.frame,
    attributes: {
      [ATTR_HTTP_REQUEST_METHOD]: method,
      [ATTR_URL_SCHEME]: start.scheme,
      [ATTR_URL_PATH]: start.path,
      [ATTR_NETWORK_PROTOCOL_VERSION]: start.protocolVersion,
      ...addressOf(start.host),
    },
  });
  return {
    frame: activity.frame,
    end({ status, route, isWhole }) {
      if (activity.isEnded) return;
      if (route !== undefined) activity.rename(`${name} ${route}`);
      const failure = isWhole ? undefined : 'aborted';
      activity.end({
        errorType: status !== undefined && status >= FAULT ? String(status) : failure,
        // An answer that was cut may never have begun.
        attributes: { [ATTR_HTTP_RESPONSE_STATUS_CODE]: isWhole ? status : undefined, [ATTR_HTTP_ROUTE]: route },
      });
    },
  };
}

/** What is no host is left out: a client may write anything. */
function addressOf(host: string | undefined): Record<string, string | number> {
  const [, address, port] = /^(\[[\da-f:.]+\]|[\w.-]{1,253})(?::(\d{1,5}))?$/i.exec(host ?? '') ?? [];
  if (address === undefined) return {};
  return { [ATTR_SERVER_ADDRESS]: address, ...(port === undefined ? {} : { [ATTR_SERVER_PORT]: Number(port) }) };
}
