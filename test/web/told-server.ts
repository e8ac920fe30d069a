// A server of the page whose every frame the test tells: for what the page does when streams end, fall behind or are too many.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeAtEnd } from '../harness/index.ts';
import type { Frame, Snapshot, Tiles } from '../../src/viewer/wire.ts';

type Told = Omit<Frame, 'seq' | 'now'> & { readonly now?: number };

export interface ToldServer {
  readonly url: string;
  /** Sends a frame to all who listen, and keeps it for those who poll. */
  tell(frame: Told): void;
  /** What the next `snapshot` is. Frames told before are in it. */
  hold(snapshot: Snapshot): void;
  /** Ends all streams. While it is down every request is dropped. */
  setDown(isDown: boolean): void;
  /** How often each thing was asked for. */
  readonly asked: Map<string, number>;
  readonly streams: ReadonlySet<ServerResponse>;
}

/** @param tiles what is told of a part in view; without it nothing is known of any */
export async function startToldServer(
  html: string,
  first: Snapshot,
  tiles: (asked: URLSearchParams) => Omit<Tiles, 'v'> = () => ({ from: 0, to: 1, px: 1, firstLane: 0, rows: [] }),
): Promise<ToldServer> {
  let snapshot = first;
  let seq = first.seq;
  let isDown = false;
  let frames: Frame[] = [];
  const streams = new Set<ServerResponse>();
  const asked = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const what = pathname.split('/').at(-1) ?? '';
    asked.set(what, (asked.get(what) ?? 0) + 1);
    if (isDown) {
      request.socket.destroy();
      return;
    }
    const later = frames.filter((frame) => frame.seq > Number(searchParams.get('from') ?? 0));
    const json = (value: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
    if (pathname === '/') response.setHeader('content-type', 'text/html').end(html);
    else if (what === 'snapshot') json(snapshot);
    else if (what === 'frames') json({ v: 1, frames: later });
    else if (what === 'pulse')
      json({ v: 1, seq, now: snapshot.now, state: snapshot.run.state, verdict: snapshot.verdict, needs: snapshot.needs.length });
    else if (what === 'tiles') json({ v: 1, ...tiles(searchParams) } satisfies Tiles);
    else if (what === 'tasks') json({ v: 1, tasks: [], total: 0 });
    else if (what === 'stream') {
      response.setHeader('content-type', 'application/x-ndjson');
      response.write(`${later.map((frame) => `${JSON.stringify(frame)}\n`).join('')}\n`);
      streams.add(response);
      response.on('close', () => streams.delete(response));
    } else response.writeHead(404).end(JSON.stringify({ v: 1, error: 'not_found', message: 'There is no such thing here.' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tell(told) {
      const frame: Frame = { seq: ++seq, now: snapshot.now, ...told };
      // Who comes later has the snapshot that it asks for.
      if (frame.reset === undefined) frames.push(frame);
      for (const stream of streams) stream.write(`${JSON.stringify(frame)}\n`);
    },
    hold(next) {
      snapshot = { ...next, seq: ++seq };
      frames = [];
    },
    setDown(next) {
      isDown = next;
      if (isDown) server.closeAllConnections();
    },
    asked,
    streams,
  };
}
