/** A provider that answers `/{answer}/{case}/…` as the path says: over HTTP/1.1, TLS and HTTP/2, from one handler. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { encode, headerOf } from './coded.ts';
import { FRAMED, type Framing } from './framings.ts';

export interface ClientsServer {
  readonly url: string;
  readonly tlsUrl: string;
  /** HTTP/2 without TLS. */
  readonly http2Url: string;
  /** The next program begins anew. */
  forget(): void;
  close(): Promise<void>;
}

export const certificateFile = join(import.meta.dirname, '../promises/same-program/sdks/certificate.pem');
const keyFile = join(import.meta.dirname, '../promises/same-program/sdks/key.pem');

/** In and out of every answer. */
export const TOKENS = [11, 7] as const;
const usage = { prompt_tokens: TOKENS[0], completion_tokens: TOKENS[1], total_tokens: TOKENS[0] + TOKENS[1] };

interface Asked {
  readonly name: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Of this case, from 1. */
  readonly attempt: number;
  readonly path: string;
}

type Answer = (response: ServerResponse, asked: Asked) => void;

/** What came, as a client writes it: the same for two runs of one program. */
function digest({ headers, body }: Asked): string {
  const boundary = /boundary=(?:"([^"]+)"|([^;]+))/.exec(headers['content-type'] ?? '');
  const name = boundary?.[1] ?? boundary?.[2];
  const normal = (text: string): string => (name === undefined ? text : text.replaceAll(name, '(boundary)'));
  const told = Object.entries(headers).filter(([key]) => key !== 'host' && !/^:|length$|invocation/.test(key));
  const hash = createHash('sha256').update(normal(JSON.stringify(told.sort())));
  return hash
    .update(normal(body.toString('latin1')))
    .digest('hex')
    .slice(0, 16);
}

const completion = (asked: Asked): string =>
  JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    model: asked.name,
    system_fingerprint: digest(asked),
    choices: [{ index: 0, message: { role: 'assistant', content: 'one two three' }, finish_reason: 'stop' }],
    usage,
  });

const event = (asked: Asked, rest: object): string =>
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: asked.name, system_fingerprint: digest(asked), ...rest })}\n\n`;
const word = (asked: Asked, content: string): string => event(asked, { choices: [{ index: 0, delta: { content }, finish_reason: null }] });

function events(asked: Asked): string[] {
  return [
    ...['one ', 'two ', 'three'].map((content) => word(asked, content)),
    event(asked, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
    event(asked, { choices: [], usage }),
    'data: [DONE]\n\n',
  ];
}

const transcription = JSON.stringify({
  text: 'one',
  usage: { type: 'tokens', input_tokens: TOKENS[0], output_tokens: TOKENS[1], total_tokens: 18 },
});

const plain: Answer = (response, asked) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(asked.path.endsWith('/transcriptions') ? transcription : completion(asked));
};
const begin = (response: ServerResponse, asked: Asked): void => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(word(asked, 'one '));
};
const refuse: Answer = (response) => {
  response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '0' });
  response.end(JSON.stringify({ error: { message: 'slow down', type: 'rate_limit_error', code: 'rate_limit_exceeded' } }));
};

const ANSWERS: Readonly<Record<string, Answer>> = {
  plain,
  stream(response, asked) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const each of events(asked)) response.write(each);
    response.end();
  },
  never: () => undefined,
  /** The rest never comes. */
  held: begin,
  cut(response, asked) {
    begin(response, asked);
    setImmediate(() => setImmediate(() => response.destroy()));
  },
  limited: refuse,
  'limited-once': (response, asked) => (asked.attempt === 1 ? refuse : plain)(response, asked),
  moved(response, { path }) {
    response.writeHead(307, { location: path.replace('/moved/', '/plain/') });
    response.end();
  },
};

/** `lines.gzip+br`: the pieces of that framing, each encoded and flushed. */
async function streamIn(response: ServerResponse, { name }: Asked, coded: string): Promise<void> {
  const [framing = '', encoding = ''] = coded.split('.');
  const { type, pieces } = FRAMED[framing as Framing];
  const header = headerOf(encoding);
  response.writeHead(200, { 'content-type': type, ...(header === undefined ? {} : { 'content-encoding': header }) });
  for (const piece of await encode(pieces(name), encoding)) {
    response.write(piece);
    await new Promise(setImmediate);
  }
  response.end();
}

export async function startServer(): Promise<ClientsServer> {
  const attempts = new Map<string, number>();
  const waiting = new Map<string, () => void>();
  const sockets = new Set<Socket>();

  const handle: RequestListener = (request, response) => {
    const path = request.url ?? '/';
    const [, answer = '', name = '', expected = ''] = path.split('/');
    const key = `${answer}/${name}`;
    response.on('error', () => undefined);
    request.on('error', () => undefined);
    if (answer === 'arrived') {
      const tell = (): void => void response.end('here');
      if (attempts.has(`${expected}/${name}`)) tell();
      else waiting.set(`${expected}/${name}`, tell);
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const attempt = (attempts.get(key) ?? 0) + 1;
      attempts.set(key, attempt);
      waiting.get(key)?.();
      const play = ANSWERS[answer];
      const asked = { name, headers: request.headers, body: Buffer.concat(parts), attempt, path };
      if (play !== undefined) play(response, asked);
      else streamIn(response, asked, answer).catch(() => response.destroy());
    });
  };
  const tls = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  const servers = [
    createServer({ keepAliveTimeout: 60_000 }, handle),
    createTlsServer(tls, handle),
    // Its request and answer are as those of HTTP/1.1, as far as they are used here.
    createHttp2Server(handle as never) as unknown as Server,
  ] as const;
  for (const server of servers) server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  const [port, tlsPort, http2Port] = await Promise.all(servers.map(listen));
  return {
    url: `http://127.0.0.1:${port}`,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    http2Url: `http://127.0.0.1:${http2Port}`,
    forget() {
      attempts.clear();
      waiting.clear();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function listen(server: Pick<Server, 'listen' | 'address'>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
