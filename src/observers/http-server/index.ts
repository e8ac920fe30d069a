/** Continues the trace of a request that a server of the app takes: what it does for it is one piece, below who asked. */
import { startedWith } from '../../config/started-with.ts';
import { followRoutes, subscribeServers } from '../../hooks/http/servers.ts';
import type { Observer } from '../observer.ts';

const NAME = 'http-server';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'node:http, https and http2 servers (Express, Fastify, Hono): the `traceparent` of requests is continued',
  how: 'shadow',
  arm(context, lazy) {
    // Settings are read by a bundle that a server without them does not load.
    const serverSpans = (startedWith['SWARMSCOPE_SERVER_SPANS'] ?? '') !== '' && context.settings.serverSpans;
    if (serverSpans) followRoutes();
    subscribeServers((request, fn) =>
      request.headers['traceparent'] === undefined && !serverSpans ? fn() : lazy().served(context, request, fn),
    );
  },
};
