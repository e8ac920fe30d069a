/** A provider that speaks HTTP/2 only, as the large ones do where a client offers it. */
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { bodyOf, eventsOf } from './answers.ts';
import { tlsOptions } from './server.ts';

export interface Http2Server {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers whatever is asked: events where the path names `stream`, else a whole body. */
export async function startHttp2Server(): Promise<Http2Server> {
  const server = createSecureServer(tlsOptions);
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    const path = String(headers[':path']);
    stream.on('error', () => undefined);
    stream.resume().on('end', () => {
      if (path.startsWith('/never/')) return;
      const isStream = path.startsWith('/stream/');
      stream.respond({ ':status': 200, 'content-type': isStream ? 'text/event-stream' : 'application/json' });
      if (path.startsWith('/reset/')) stream.close(2);
      else if (isStream) {
        for (const event of eventsOf(path)) stream.write(event);
        stream.end();
      } else stream.end(bodyOf(path));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const session of sessions) session.destroy();
      }),
  };
}
