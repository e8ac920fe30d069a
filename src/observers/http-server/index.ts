/** Continues the trace of a request that a server of the app takes: what it does for it is one piece, below who asked. */
import { subscribeServers } from '../../hooks/http/servers.ts';
import type { Observer } from '../observer.ts';

const NAME = 'http-server';

export const observer: Observer<typeof import('./lazy.ts')> = {
  name: NAME,
  watches: 'node:http and https servers (Express, Fastify, Hono): the `traceparent` of requests is continued, no span is made',
  how: 'shadow',
  arm(context, lazy) {
    subscribeServers((request, fn) => (request.headers['traceparent'] === undefined ? fn() : lazy().continued(context, request, fn)));
  },
};
