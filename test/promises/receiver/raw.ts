// Talks to a server byte by byte, as no well-behaved client would.
import { connect, type Socket } from 'node:net';

export interface Conversation {
  readonly socket: Socket;
  /** Everything that came back, when the other side has closed or `isDone` says so. */
  readonly answer: Promise<string>;
}

/** Sends `bytes` and keeps the connection open unless told otherwise. */
export function converse(port: number, bytes: string | Buffer, isDone: (text: string) => boolean = () => false): Conversation {
  const socket = connect(port, '127.0.0.1');
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
      if (isDone(text)) resolve(text);
    });
    socket.on('close', () => resolve(text));
    socket.on('error', () => resolve(text));
  });
  socket.write(bytes);
  return { socket, answer };
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);

/** Head of a POST of protobuf to `/v1/traces`, with an empty line at its end. */
export function head(port: number, headers: Readonly<Record<string, string | number>> = {}, line = 'POST /v1/traces HTTP/1.1'): string {
  const all = { host: `127.0.0.1:${port}`, 'content-type': 'application/x-protobuf', ...headers };
  return `${line}\r\n${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;
}
