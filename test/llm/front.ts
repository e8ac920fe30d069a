/**
 * In front of aimock, for the calls of one row: a port for each mode, so that the port of a span tells its mode, and
 * what becomes of the answer there. Speaks HTTP/1.1, or HTTP/2 where the SDK does.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, Http2ServerResponse, type Http2ServerRequest } from 'node:http2';
import type { AddressInfo, Server, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { answerOf, refusalOf } from './answers.ts';

export type Behaviour = 'answers' | 'stops in the middle' | 'is silent' | 'breaks off in the middle' | 'refuses' | 'asks to come again';
type Asked = IncomingMessage | Http2ServerRequest;
/** Node's answers of both versions are written alike; a union of both cannot be called. */
type Answer = ServerResponse;

export interface Front {
  /** By the name of the mode. */
  readonly urls: Readonly<Record<string, string>>;
  readonly modeOfPort: ReadonlyMap<number, string>;
  /** `{control}/{mode}` answers when a request of that mode has come; `{control}/done/{mode}` drops what it left open. */
  readonly control: string;
  close(): void;
}

export async function startFront(
  target: string,
  modes: readonly { readonly name: string; readonly server: Behaviour }[],
  isHttp2 = false,
): Promise<Front> {
  const came = new Map<string, Arrival>(modes.map(({ name }) => [name, arrival()]));
  const dropped = new Map<string, () => void>();
  const control = createServer((asked, answer) => {
    const [, done] = /^\/done\/(.+)$/.exec(asked.url ?? '') ?? [];
    if (done !== undefined) {
      dropped.get(done)?.();
      answer.end();
    } else void came.get(asked.url?.slice(1) ?? '')?.happened.then(() => answer.end());
  });
  const servers: Server[] = [control];
  const urls: Record<string, string> = {};
  const modeOfPort = new Map<number, string>();
  for (const { name, server: behaviour } of modes) {
    let isFirst = true;
    const handle = (asked: Asked, answer: ServerResponse | Http2ServerResponse): void => {
      const now = behaviour !== 'asks to come again' ? behaviour : isFirst ? behaviour : 'answers';
      isFirst = false;
      respond(target, now, asked, answer as Answer, () => came.get(name)?.tell()).catch(() => breakOff(answer));
    };
    const server = isHttp2 ? createHttp2Server(handle) : createServer(handle);
    servers.push(server);
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    const drop = (): void => {
      for (const socket of sockets) socket.destroy();
    };
    dropped.set(name, drop);
    const port = await listen(server);
    urls[name] = `http://127.0.0.1:${port}`;
    modeOfPort.set(port, name);
  }
  const close = (): void => {
    for (const drop of dropped.values()) drop();
    for (const server of servers) server.close();
    control.closeAllConnections();
  };
  return { urls, modeOfPort, control: `http://127.0.0.1:${await listen(control)}`, close };
}

interface Arrival {
  readonly happened: Promise<void>;
  tell(): void;
}

function arrival(): Arrival {
  let tell = (): void => undefined;
  const happened = new Promise<void>((resolve) => (tell = resolve));
  return { happened, tell: () => tell() };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function respond(target: string, behaviour: Behaviour, asked: Asked, answer: Answer, hasCome: () => void): Promise<void> {
  const body = await buffer(asked);
  hasCome();
  if (behaviour === 'is silent') return;
  const path = asked.url ?? '/';
  if (behaviour === 'refuses') return send(answer, refusalOf(path, 400));
  if (behaviour === 'asks to come again') return send(answer, refusalOf(path, 429), { 'retry-after': '0' });
  const given = await answerOf(target, { path, headers: asked.headers, body });
  const half = given.body.length >> 1;
  answer.writeHead(given.status, given.headers);
  answer.write(given.body.subarray(0, half));
  if (behaviour === 'stops in the middle') return;
  // What is written in one turn goes out as one piece.
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (behaviour === 'breaks off in the middle') breakOff(answer);
  else answer.end(given.body.subarray(half));
}

function send(answer: Answer, { status, headers, body }: Given, more: Record<string, string> = {}): void {
  answer.writeHead(status, { ...headers, ...more });
  answer.end(body);
}

function breakOff(answer: ServerResponse | Http2ServerResponse): void {
  if (answer instanceof Http2ServerResponse) answer.stream.destroy(new Error('broken off'));
  else answer.destroy();
}

export interface Given {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}
