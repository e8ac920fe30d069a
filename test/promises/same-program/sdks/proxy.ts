/** An HTTP proxy: tunnels by CONNECT, and forwards requests in absolute form. */
import { createServer, request } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** What it was asked: whole URLs, and hosts to tunnel to. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

export async function startProxy(): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const all: string[] = [];
  const server = createServer((asked, answer) => {
    all.push(asked.url ?? '');
    const forwarded = request(asked.url ?? '', { method: asked.method, headers: asked.headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.rawHeaders);
      response.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    asked.pipe(forwarded);
  });
  server.on('connect', (asked, client: Socket) => {
    all.push(asked.url ?? '');
    const [host, port] = (asked.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connected\r\n\r\n');
      target.pipe(client).pipe(target);
    });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => [client, target].forEach((each) => each.destroy()));
    }
  });
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: all,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
