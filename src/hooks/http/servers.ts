/** Requests that servers of node:http and node:https take: whoever listens runs the app's own listeners. */
import { subscribeBuiltin } from '../module-load.ts';
import { wrapMethod } from '../wrap-method.ts';

export interface ServedRequest {
  readonly headers: Readonly<Record<string, unknown>>;
  /** The request and its response: what they emit belongs to the request, too. */
  readonly emitters: readonly object[];
}

type Run = <T>(request: ServedRequest, fn: () => T) => T;

/** `run` must call `fn` once, and give what it gives. Express, Fastify, Hono and the like sit on these servers. */
export function subscribeServers(run: Run): void {
  for (const name of ['http', 'https'] as const) {
    subscribeBuiltin(name, () => {
      const { Server } = process.getBuiltinModule(`node:${name}`);
      wrapMethod(Server.prototype, 'emit', (emit, self, args) => {
        const [event, request, ...rest] = args;
        const headers: unknown = event === 'request' ? (request as { headers?: unknown } | undefined)?.headers : undefined;
        const call = (): unknown => Reflect.apply(emit, self, args);
        if (typeof headers !== 'object' || headers === null) return call();
        const emitters = [request, rest[0]].filter((each) => typeof each === 'object' && each !== null);
        return run({ headers: headers as Record<string, unknown>, emitters }, call);
      });
    });
  }
}
