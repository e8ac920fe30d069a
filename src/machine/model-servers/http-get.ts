/** One GET over a plain socket, with a deadline: no hook of the app, no agent and no mock sees it, and nothing keeps the process alive. */
import { connect } from 'node:net';
import { cancel, later, outside } from '../../config/originals.ts';

/** Protects from an answer without an end; the metrics of a server with many models have some 200 KB. */
const MAX_BYTES = 4_194_304;

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** The body of a 200; undefined for any other answer, none in time, and no server. */
export function httpGet({ host, port }: Place, path: string, deadlineMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = outside(() => connect({ host, port }));
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (isWhole: boolean): void => {
      cancel(timer);
      socket.destroy();
      resolve(isWhole ? bodyOf(Buffer.concat(chunks).toString('utf8')) : undefined);
    };
    const timer = later(deadlineMs, () => end(false));
    socket.unref();
    socket.on('connect', () => {
      // 1.0: the answer ends with the connection.
      socket.write(
        `GET ${path} HTTP/1.0\r\nHost: ${host.includes(':') ? `[${host}]` : host}:${port}\r\nAccept: */*\r\nConnection: close\r\n\r\n`,
      );
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_BYTES) end(false);
    });
    socket.on('end', () => end(true));
    socket.on('error', () => end(false));
  });
}

function bodyOf(answer: string): string | undefined {
  const at = answer.indexOf('\r\n\r\n');
  const head = answer.slice(0, Math.max(0, at));
  if (!/^HTTP\/1\.[01] 200 /.test(head)) return undefined;
  const body = answer.slice(at + 4);
  // Some servers do it whatever they were asked.
  return /^transfer-encoding:\s*chunked\s*$/im.test(head) ? unchunked(body) : body;
}

function unchunked(body: string): string {
  const bytes = Buffer.from(body, 'utf8');
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const line = bytes.indexOf('\r\n', at);
    const length = Number.parseInt(bytes.toString('latin1', at, line < 0 ? at : line), 16);
    if (line < 0 || !(length > 0)) break;
    parts.push(bytes.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
  return Buffer.concat(parts).toString('utf8');
}
