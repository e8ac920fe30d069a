/**
 * A provider on a raw socket: answers `/{scenario}/{token}/…` as the scenario says, and keeps every request as it came.
 */
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { SCENARIOS } from './scenarios.ts';

export const certificateFile = join(import.meta.dirname, 'certificate.pem');
export const tlsOptions = { key: readFileSync(join(import.meta.dirname, 'key.pem')), cert: readFileSync(certificateFile) };

export interface ScriptedServer {
  readonly url: string;
  /** The same over TLS, by the certificate of this folder. */
  readonly tlsUrl: string;
  /** What came, head and body as text, in order of arrival. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface State {
  readonly attempts: Map<string, number>;
  readonly steps: Map<string, { waiting: number; go: (() => void)[] }>;
  readonly arrivals: Map<string, { count: number; waiting: (() => void)[] }>;
  readonly requests: string[];
  connections: number;
}

/** `isKept` false: requests are answered, not kept. */
export async function startScriptedServer({ isKept = true } = {}): Promise<ScriptedServer> {
  const state: State = { attempts: new Map(), steps: new Map(), arrivals: new Map(), requests: [], connections: 0 };
  const sockets = new Set<Socket>();
  const accept = (socket: Socket): void => {
    state.connections += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    readRequests(socket, (head, body) => answer(socket, { state, head, body, isKept }));
  };
  const plain = createServer(accept);
  const secure = createTlsServer(tlsOptions, accept);
  const [port, tlsPort] = [await listen(plain), await listen(secure)];
  return {
    url: `http://127.0.0.1:${port}`,
    tlsUrl: `https://127.0.0.1:${tlsPort}`,
    requests: state.requests,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([plain, secure].map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function answer(socket: Socket, { state, head, body, isKept }: { state: State; head: string; body: Buffer; isKept: boolean }): void {
  const path = head.split(' ', 2)[1] ?? '/';
  const [, scenario = '', token = ''] = path.split('/');
  const steps = stepsOf(state, token);
  if (scenario === 'step') {
    const go = steps.go.shift();
    if (go === undefined) steps.waiting += 1;
    else go();
  }
  if (scenario === 'step' || scenario === 'connections') {
    const text = String(state.connections);
    return void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
  }
  const arrivals = arrivalsOf(state, token);
  // Answered as soon as a request of this token is here.
  if (scenario === 'arrived') return void (arrivals.count > 0 ? arrived(socket) : arrivals.waiting.push(() => arrived(socket)));
  if (isKept) state.requests.push(`${head}\n${body.toString('latin1')}`);
  arrivals.count += 1;
  for (const tell of arrivals.waiting.splice(0)) tell();
  const key = `${scenario}/${token}`;
  const attempt = (state.attempts.get(key) ?? 0) + 1;
  state.attempts.set(key, attempt);
  const step = (): Promise<void> => {
    if (steps.waiting > 0) steps.waiting -= 1;
    else return new Promise((resolve) => steps.go.push(resolve));
    return Promise.resolve();
  };
  const play = SCENARIOS[scenario];
  if (play === undefined) return void socket.write('HTTP/1.1 404 No such scenario\r\ncontent-length: 0\r\n\r\n');
  void play({ socket, path, body, attempt, step });
}

const arrived = (socket: Socket): unknown => socket.write('HTTP/1.1 204 Arrived\r\n\r\n');

function arrivalsOf(state: State, token: string): { count: number; waiting: (() => void)[] } {
  const arrivals = state.arrivals.get(token) ?? { count: 0, waiting: [] };
  state.arrivals.set(token, arrivals);
  return arrivals;
}

function stepsOf(state: State, token: string): { waiting: number; go: (() => void)[] } {
  const steps = state.steps.get(token) ?? { waiting: 0, go: [] };
  state.steps.set(token, steps);
  return steps;
}

/** Calls `onRequest` with each whole request, also several on one connection. */
function readRequests(socket: Socket, onRequest: (head: string, body: Buffer) => void): void {
  let bytes = Buffer.alloc(0);
  socket.on('data', (more: Buffer) => {
    bytes = Buffer.concat([bytes, more]);
    for (;;) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = bytes.subarray(0, end).toString('latin1');
      const rest = bytes.subarray(end + 4);
      const body = /\r\ntransfer-encoding: *chunked/i.test(head)
        ? chunkedBody(rest)
        : sizedBody(rest, Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0));
      if (body === undefined) return;
      bytes = rest.subarray(body.length);
      onRequest(head, body.content);
    }
  });
}

interface Body {
  readonly content: Buffer;
  /** Bytes on the wire. */
  readonly length: number;
}

function sizedBody(bytes: Buffer, length: number): Body | undefined {
  return bytes.length < length ? undefined : { content: bytes.subarray(0, length), length };
}

function chunkedBody(bytes: Buffer): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    const end = lineEnd + 2 + size;
    if (bytes.length < end + 2) return undefined;
    if (size === 0) return { content: Buffer.concat(parts), length: end + 2 };
    parts.push(bytes.subarray(lineEnd + 2, end));
    at = end + 2;
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
