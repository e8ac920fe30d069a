/** One request to each upstream before the program starts: a program that worked must not fail in our hands. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Connector } from './connect.ts';
import { originOf, type Upstream } from './upstream.ts';

/** The program waits for the slowest. A provider answers in a tenth of a second; on a busy machine much is slow. */
const PROBE_MS = 10_000;

/** Why the upstream cannot be reached; undefined when it answered, whatever it said. */
export function probe(upstream: Upstream, connector: Connector): Promise<string | undefined> {
  const { host, port, authority, isSecure, basePath } = upstream;
  const path = basePath === '' ? '/' : basePath;
  return new Promise((resolve) => {
    const request = (isSecure ? httpsRequest : httpRequest)({
      host,
      port,
      method: 'HEAD',
      path: connector.isAbsolute ? originOf(upstream) + path : path,
      agent: connector.agent,
      headers: {
        Host: authority,
        ...(connector.proxyAuthorization === undefined ? {} : { 'Proxy-Authorization': connector.proxyAuthorization }),
      },
    });
    const timer = setTimeout(() => request.destroy(Object.assign(new Error(), { code: `no answer in ${PROBE_MS / 1000} s` })), PROBE_MS);
    const done = (why: string | undefined): void => {
      clearTimeout(timer);
      resolve(why);
    };
    request.once('response', (answer) => {
      answer.resume();
      // A proxy that cannot reach it says so in its own words.
      done(connector.isAbsolute && answer.statusCode === 502 ? 'the proxy cannot reach it' : undefined);
    });
    request.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    request.end();
  });
}
