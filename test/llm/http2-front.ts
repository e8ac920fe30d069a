/** Speaks HTTP/2 in front of a server that does not, in this process. */
import { request } from 'node:http';
import { createServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

export interface Front {
  readonly url: string;
  close(): void;
}

export async function startFront(target: string): Promise<Front> {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    handOn(target, stream, headers).catch(() => stream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}

async function handOn(target: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
  const type = headers['content-type'] ?? 'application/json';
  const outgoing = request(`${target}${headers[':path'] ?? '/'}`, { method: 'POST', headers: { 'content-type': type } });
  outgoing.on('response', (answer) => {
    stream.respond({ ':status': answer.statusCode, 'content-type': answer.headers['content-type'] });
    pipeline(answer, stream).catch(() => stream.destroy());
  });
  await pipeline(stream, outgoing);
}
