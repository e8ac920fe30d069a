// What Grafana's data source proxy does, by its source: it cannot be had as a program. A login, data sources by uid, 502 where a data source is away.
import { createServer, request as forward, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeAtEnd } from '../close-at-end.ts';

export interface GrafanaOptions {
  /** URLs by the uid of a data source. */
  readonly sources: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly password: string;
  readonly isAnonymousAllowed?: boolean;
  /** Sends whoever calls it otherwise to this name: GF_SERVER_ENFORCE_DOMAIN. */
  readonly domain?: string;
}

export interface GrafanaDouble {
  readonly url: string;
  /** Users and passwords that were refused. */
  readonly refused: string[];
}

export async function startGrafana({
  sources,
  user = 'admin',
  password,
  isAnonymousAllowed = false,
  domain,
}: GrafanaOptions): Promise<GrafanaDouble> {
  const refused: string[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://grafana');
    if (url.pathname === '/metrics')
      return void response.setHeader('content-type', 'text/plain; version=0.0.4').end('grafana_build_info 1\n');
    if (url.pathname === '/api/health') return void say(response, 200, { database: 'ok', version: '13.2.3' });
    if (domain !== undefined && request.headers.host?.split(':')[0] !== domain)
      return void response.writeHead(301, { location: `http://${domain}${request.url}` }).end();
    const given = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
    const isUser = given === `${user}:${password}`;
    if (!isUser && given !== '') refused.push(given);
    if (!isUser && !(isAnonymousAllowed && given === '' && url.pathname === '/api/search'))
      return void say(response, 401, { message: 'Unauthorized' });
    if (url.pathname === '/api/user' || url.pathname === '/api/search') return void say(response, 200, { login: user });
    const [, uid = '', path = ''] = /^\/api\/datasources\/proxy\/uid\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    const source = sources[uid];
    if (source === undefined) return void say(response, 404, { message: 'Data source not found' });
    const { authorization: _, origin: __, host: ___, ...headers } = request.headers;
    const onward = forward(`${source}${path}${url.search}`, { method: request.method, headers, agent: false }, (answer) => {
      // The user's login at Grafana is right: a refusal of the data source must not look like one of Grafana.
      if (answer.statusCode === 401) return void (answer.resume(), response.writeHead(400).end('Authentication to data source failed'));
      return void answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers));
    });
    onward.on('error', () => response.writeHead(502).end());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, refused };
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
