/** Which upstream a request to the gateway is for, and under which path. */
import type { Upstream } from './upstream.ts';

export interface Route {
  readonly upstream: Upstream;
  /** With query. */
  readonly path: string;
  /** What stands before it in the gateway's own path. */
  readonly before: string;
}

/** `path` as the client wrote it: `/{word}/{service}/v1/messages?beta=true`. undefined for what is none of ours. */
export function routeOf(path: string, word: string, upstreams: ReadonlyMap<string, Upstream>): Route | undefined {
  const head = `/${word}/`;
  if (!path.startsWith(head)) return undefined;
  const rest = path.slice(head.length);
  const end = rest.search(/[/?]|$/);
  const upstream = upstreams.get(rest.slice(0, end));
  if (upstream === undefined) return undefined;
  const asked = rest.slice(end);
  const whole = asked.startsWith('/') ? asked : `/${asked}`;
  return { upstream, path: withVersion(whole, upstream.versionless), before: head.slice(0, -1) + '/' + upstream.service };
}

function withVersion(path: string, versionless: readonly string[]): string {
  return versionless.includes(/^\/([^/?]*)/.exec(path)?.[1] ?? '') ? `/v1${path}` : path;
}
