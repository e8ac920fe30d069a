/** The web server of the local view: its page, and answers to whoever has the token. It changes nothing: all is GET. */
import type { Answer, Asked } from '../serve/asked.ts';
import { newKey } from '../serve/key.ts';
import { startGuardedServer, type Route, type ServerBounds } from '../serve/guarded-server.ts';
import { Refused } from '../serve/refused.ts';
import type { WireError } from '../wire.ts';
import { readPage, SECURITY_HEADERS } from './page.ts';

/** What the routes ask for. The bodies are JSON. */
export interface ViewSource {
  runs(query: URLSearchParams): Promise<JsonAnswer>;
  /** `what` is the part of the path after the run: `snapshot`, `spans/TRACE/SPAN`. Undefined where there is no such thing. */
  run(id: string, what: string, query: URLSearchParams): Promise<JsonAnswer> | Answer | undefined;
  diff(a: string, b: string): Promise<JsonAnswer>;
  review(ids: readonly string[]): Promise<JsonAnswer>;
}

export interface JsonAnswer {
  readonly status: number;
  readonly body: Buffer;
}

export interface ViewServerOptions {
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** The built `view.html`. */
  readonly pageFile: URL;
  readonly source: ViewSource;
}

export interface ViewServer {
  /** With the token in its fragment: for the user alone. */
  readonly address: string;
  readonly port: number;
  close(timeoutMs?: number): Promise<void>;
}

const BOUNDS: ServerBounds = {
  headersMs: 10_000,
  requestMs: 30_000,
  connections: 64,
  bytes: 8_192,
  unpackedBytes: 8_192,
  ratio: 1,
  heldBytes: 65_536,
};
const MAX_URL = 4_096;
const JSON_TYPE = 'application/json; charset=utf-8';
const RUN_PATH = /^\/api\/runs\/([A-Za-z0-9_-][A-Za-z0-9._-]{0,127})\/([a-z]+(?:\/[0-9a-f]{1,64}\/[0-9A-Za-z-]{1,64})?)$/;

/** @throws ViewerError `port_in_use`, `listen_failed` */
export async function startViewServer({ port, pageFile, source }: ViewServerOptions): Promise<ViewServer> {
  const key = newKey();
  const get = (answer: Route['answer']): Route => ({ methods: ['GET', 'HEAD'], answer });
  const json = async (given: Promise<JsonAnswer>): Promise<Answer> => ({ ...(await given), contentType: JSON_TYPE });
  const page = (): Answer => {
    const { html, headers } = readPage(pageFile);
    return { status: 200, body: html, contentType: 'text/html; charset=utf-8', headers };
  };
  const server = await startGuardedServer({
    host: '127.0.0.1',
    port,
    key,
    bounds: BOUNDS,
    page: { open: new Set(['/', '/index.html', '/favicon.ico']) },
    headers: SECURITY_HEADERS,
    routes: {
      '/': get(page),
      '/index.html': get(page),
      '/favicon.ico': get(() => ({ status: 204, body: Buffer.alloc(0), contentType: 'image/x-icon' })),
      '/api/runs': get((asked) => json(source.runs(queryOf(asked)))),
      '/api/diff': get((asked) => {
        const query = queryOf(asked);
        return json(source.diff(query.get('a') ?? '', query.get('b') ?? ''));
      }),
      '/api/review': get((asked) => json(source.review((queryOf(asked).get('runs') ?? '').split(',')))),
    },
    routeFor(path) {
      const [, id, what] = RUN_PATH.exec(path) ?? [];
      if (id === undefined || what === undefined) return undefined;
      return get(async (asked) => {
        const given = source.run(id, what, queryOf(asked));
        if (given === undefined) throw new Refused(404, 'There is no such thing here.');
        return given instanceof Promise ? await json(given) : given;
      });
    },
    refusalOf: (_, { status, message }) => ({
      body: Buffer.from(JSON.stringify({ v: 1, error: CODES[status] ?? 'refused', message } satisfies WireError)),
      contentType: JSON_TYPE,
    }),
    texts: {
      notFound: 'There is no such thing here.',
      webPage: 'Other pages and programs may not ask here.',
      stranger: 'No access: open the address that swarmscope printed.',
    },
  });
  return {
    address: `${server.url}/#t=${key}`,
    port: server.port,
    close: (timeoutMs) => server.close(timeoutMs),
  };
}

const CODES: Readonly<Record<number, string>> = {
  401: 'no_access',
  403: 'foreign',
  404: 'not_found',
  405: 'method',
  414: 'too_large',
  500: 'fault',
};

function queryOf({ url }: Asked): URLSearchParams {
  if (url.length > MAX_URL) throw new Refused(414, 'The address is too long.');
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}
