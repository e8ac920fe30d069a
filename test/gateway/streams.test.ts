// What happens over time: clients and providers that leave, slow readers, many streams, large bodies, sockets that are upgraded.
import { createHash, randomBytes } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { closeAtEnd } from '../harness/index.ts';
import type { Witness } from '../../src/gateway/witness.ts';
import { serve, startProxy, startRaw, talk, until, upstreamAt } from './wire.ts';

const MiB = 1024 ** 2;
const PATH = '/word/up/v1/chat/completions';
const get = (port: number, path = PATH): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata\n\n\r\n';

/** Hears how each call ended, and nothing else. */
function hearing(): { readonly ends: unknown[]; readonly witness: () => Witness } {
  const ends: unknown[] = [];
  const silent = (): void => undefined;
  return {
    ends,
    witness: () => ({
      requestBody: silent,
      requestEnd: silent,
      responseHead: silent,
      responseChunk: silent,
      end: () => void ends.push('end'),
      error: (error) => void ends.push(error),
    }),
  };
}

test('a client that leaves a stream ends it at the provider', async () => {
  const provider = await startRaw((socket) => socket.write(STREAM));
  const { ends, witness } = hearing();
  const proxy = await startProxy(upstreamAt(provider.port), { witness });
  const { ending } = await talk(proxy.port, [get(proxy.port)], (bytes) => bytes.includes('data'));
  expect(ending).toBe('left');
  await until(() => provider.endings[0] !== undefined, 'the provider hears that the client left');
  await until(() => ends.length > 0, 'the end is read');
  expect(ends).toEqual([{ name: 'AbortError' }]);
});

test('a client that leaves before an answer ends the request at the provider', async () => {
  const provider = await startRaw(() => undefined);
  const { ends, witness } = hearing();
  const proxy = await startProxy(upstreamAt(provider.port), { witness });
  const socket = connect(proxy.port, '127.0.0.1');
  socket.write(get(proxy.port));
  await until(() => provider.received.length === 1, 'the request arrives');
  socket.destroy();
  await until(() => provider.endings[0] !== undefined, 'the provider hears that the client left');
  await until(() => ends.length > 0, 'the end is read');
  expect(ends).toEqual([{ name: 'AbortError' }]);
});

test('a provider that cannot be reached is a connection that closes without a byte', async () => {
  const { ends, witness } = hearing();
  const proxy = await startProxy(upstreamAt(1), { witness });
  expect(await talk(proxy.port, [get(proxy.port)])).toEqual({ bytes: '', ending: 'end' });
  await until(() => ends.length > 0, 'the end is read');
  expect(ends).toEqual([expect.objectContaining({ code: 'ECONNREFUSED' })]);
});

test('a provider that is silent for longer than idle connections are kept is waited for', async () => {
  const provider = await startRaw((socket) => setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'), 5_500));
  const proxy = await startProxy(upstreamAt(provider.port));
  expect((await talk(proxy.port, [get(proxy.port)], (bytes) => bytes.endsWith('hi'))).ending).toBe('left');
});

test('paths without the word, and hosts that are not this machine, are refused and reach nobody', async () => {
  const provider = await startRaw((socket) => socket.write(STREAM));
  const proxy = await startProxy(upstreamAt(provider.port));
  for (const request of [
    get(proxy.port, '/v1/chat/completions'),
    get(proxy.port, '/word'),
    get(proxy.port).replace('127.0.0.1', 'evil.example'),
  ])
    expect((await talk(proxy.port, [request])).bytes).toMatch(/^HTTP\/1\.1 404 /);
  const upgrade = get(proxy.port, '/v1/realtime').replace('\r\n\r\n', '\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  expect(await talk(proxy.port, [upgrade])).toEqual({ bytes: '', ending: 'end' });
  expect(provider.received).toEqual([]);
});

test.each([20, 100])('%i MiB in both directions arrive whole', async (size) => {
  const body = Buffer.concat(Array.from({ length: size }, () => randomBytes(MiB)));
  const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  const proxy = await startProxy(upstreamAt(await serve((asked, answer) => asked.pipe(answer))));
  const received = await new Promise<Buffer>((resolve, reject) => {
    const asked = httpRequest({
      port: proxy.port,
      host: '127.0.0.1',
      method: 'POST',
      path: PATH,
      headers: { 'content-length': body.length },
    });
    asked.on('error', reject);
    asked.on('response', (answer: IncomingMessage) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(Buffer.concat(chunks)));
      answer.on('error', reject);
    });
    asked.end(body);
  });
  expect([received.length, sumOf(received)]).toEqual([body.length, sumOf(body)]);
});

test('a reader that does not read holds its provider up, and not our memory', async () => {
  let sent = 0;
  const port = await serve((_, answer) => {
    const piece = Buffer.alloc(64 * 1024, 'x');
    const go = (): void => {
      do sent += piece.length;
      while (answer.write(piece) && sent < 400 * MiB);
    };
    answer.on('drain', go);
    go();
  });
  const proxy = await startProxy(upstreamAt(port));
  const client = connect(proxy.port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write(get(proxy.port));
  client.pause();
  // Until nothing moves any more.
  let before = -1;
  while (sent !== before) {
    before = sent;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  client.destroy();
  // What the kernel keeps for four sockets, and what Node does.
  expect(sent).toBeLessThan(64 * MiB);
});

test('two hundred streams at once arrive whole', async () => {
  const port = await serve((asked, answer) => {
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      answer.write(`data: ${asked.url} ${count}\n\n`);
      if (count < 10) return;
      clearInterval(timer);
      answer.end('data: [DONE]\n\n');
    }, 20);
  });
  const { ends, witness } = hearing();
  const proxy = await startProxy(upstreamAt(port), { witness });
  const read = async (number: number): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${proxy.port}/word/up/${number}`);
    return await answer.text();
  };
  const texts = await Promise.all(Array.from({ length: 200 }, (_, number) => read(number)));
  texts.forEach((text, number) => {
    const events = Array.from({ length: 10 }, (_, at) => `data: /${number} ${at + 1}\n\n`);
    expect(text).toBe(`${events.join('')}data: [DONE]\n\n`);
  });
  await until(() => ends.length === 200, 'all ends are read');
  expect(ends).toEqual(Array.from({ length: 200 }, () => 'end'));
});

test('a WebSocket is one pipe, and its handshake goes on as it came', async () => {
  const greeted = new WeakSet<object>();
  const provider = await startRaw((socket, soFar) => {
    // On a busy machine both pieces come at once.
    if (!greeted.has(socket) && greeted.add(socket))
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nfirst');
    if (soFar.endsWith('bytes\x00\xff')) socket.end('last');
  });
  const proxy = await startProxy(upstreamAt(provider.port));
  const handshake = (path: string, port: number): string =>
    [
      `GET ${path}?model=x HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Key: a',
      '',
      '',
    ].join('\r\n');
  const direct = await talk(provider.port, [handshake('/v1/realtime', provider.port), 'bytes\x00\xff']);
  const through = await talk(proxy.port, [handshake('/word/up/v1/realtime', proxy.port), 'bytes\x00\xff']);
  expect(through).toEqual(direct);
  expect(provider.received[1]).toBe(provider.received[0]);
});

test('an offer of HTTP/2, as Java and curl make it, is not taken, and the next request of the connection finds its way', async () => {
  const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi';
  const provider = await startRaw((socket, soFar) => {
    if (soFar.endsWith('{}') || soFar.endsWith('again\r\n\r\n')) socket.write(answer);
  });
  const proxy = await startProxy(upstreamAt(provider.port));
  const offered = [
    `POST ${PATH} HTTP/1.1`,
    `Host: 127.0.0.1:${proxy.port}`,
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    'Content-Length: 2',
    '',
    '{}',
  ].join('\r\n');
  const { bytes } = await talk(
    proxy.port,
    [offered, get(proxy.port).replace('\r\n\r\n', '\r\nX: again\r\n\r\n')],
    (all) => all.split('hi').length > 2,
  );
  expect(bytes).toBe(answer + answer);
  expect(provider.received.join('')).not.toMatch(/h2c|http2-settings/i);
});

test('a client that begins with HTTP/2 is told that it takes HTTP/1.1, and nobody is asked', async () => {
  const provider = await startRaw(() => undefined);
  const proxy = await startProxy(upstreamAt(provider.port));
  const session = connectHttp2(`http://127.0.0.1:${proxy.port}`);
  closeAtEnd(() => session.destroy());
  session.on('error', () => undefined);
  const told = new Promise<number>((resolve) => session.on('goaway', resolve));
  const asked = session.request({ ':method': 'POST', ':path': PATH });
  asked.on('error', () => undefined);
  const answers: unknown[] = [];
  asked.on('response', (headers) => answers.push(headers));
  expect(await told).toBe(constants.NGHTTP2_HTTP_1_1_REQUIRED);
  await until(() => session.destroyed, 'the session is over');
  expect({ answers, received: provider.received }).toEqual({ answers: [], received: [] });
});

test('a redirect to a place on the same host leads through the gateway', async () => {
  const provider = await startRaw((socket) =>
    socket.write('HTTP/1.1 307 Temporary Redirect\r\nLocation: /v2/x?a=b\r\nContent-Length: 0\r\n\r\n'),
  );
  const proxy = await startProxy(upstreamAt(provider.port));
  const { bytes } = await talk(proxy.port, [get(proxy.port)], (all) => all.endsWith('\r\n\r\n'));
  expect(bytes).toContain('\r\nLocation: /word/up/v2/x?a=b\r\n');
});

test('a witness that throws costs the reading, never the call', async () => {
  const provider = await startRaw((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi'));
  const proxy = await startProxy(upstreamAt(provider.port), {
    witness: () => {
      throw new Error('a fault of ours');
    },
  });
  expect((await talk(proxy.port, [get(proxy.port)], (all) => all.endsWith('hi'))).ending).toBe('left');
});

test('a client that sends no HTTP is cut off', async () => {
  const proxy = await startProxy(upstreamAt(1));
  const { bytes } = await talk(proxy.port, ['\x16\x03\x01\x02\x00\x01\x00\r\n\r\n']);
  expect(bytes).toBe('');
});
