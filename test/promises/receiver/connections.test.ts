// The receiver answers and counts the connections of broken and hostile senders, lets go of them, and goes on.
import { describe, expect, test } from '@jest/globals';
import { expectAlive, good, listen, MiB } from './listening.ts';
import { converse, head, statusOf } from './raw.ts';

const here = listen();

describe('connections', () => {
  test('a body that is cut off is counted', async () => {
    const { socket } = converse(here.receiver.port, head(here.receiver.port, { 'content-length': good.length }) + 'half');
    await new Promise((resolve) => socket.once('connect', resolve));
    await new Promise((resolve) => socket.write('', resolve));
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    await expectAlive(here);
    expect(Object.keys(here.receiver.counts()).some((key) => key.endsWith('400'))).toBe(true);
  });

  test('what is no HTTP is answered 400 and counted', async () => {
    expect(statusOf(await converse(here.receiver.port, '\x16\x03\x01\x02\x00 hello TLS\r\n\r\n').answer)).toBe(400);
    expect(here.receiver.counts()).toEqual({ '400': 1 });
    await expectAlive(here);
  });

  test('requests sent one behind the other on one connection are each answered, in order', async () => {
    const bytes = Buffer.from(good);
    const one = Buffer.concat([Buffer.from(head(here.receiver.port, { 'content-length': bytes.length })), bytes]);
    const bad = Buffer.from(head(here.receiver.port, { 'content-length': 1 }) + 'x');
    const last = Buffer.concat([Buffer.from(head(here.receiver.port, { 'content-length': bytes.length, connection: 'close' })), bytes]);
    const { answer } = converse(here.receiver.port, Buffer.concat([one, bad, one, last]));
    expect([...(await answer).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['200', '400', '200', '200']);
    expect(here.spans).toHaveLength(3);
  });

  test('a request with a length and chunks, with two lengths or with two hosts is refused', async () => {
    const smuggled = [
      head(here.receiver.port, { 'content-length': 4, 'transfer-encoding': 'chunked' }),
      head(here.receiver.port, { 'content-length': 4, 'Content-Length': 5 }),
      head(here.receiver.port, { Host: 'evil.example', 'content-length': 0 }),
    ];
    for (const request of smuggled)
      expect([400, 403]).toContain(statusOf(await converse(here.receiver.port, `${request}0\r\n\r\n`).answer));
    expect(here.spans).toEqual([]);
    await expectAlive(here);
  });

  test('three hundred senders that never finish do not keep the next one waiting, nor the receiver from closing', async () => {
    const slow = Array.from({ length: 300 }, (_, index) =>
      converse(
        here.receiver.port,
        index % 2 === 0 ? 'POST /v1/traces HTTP/1.1\r\nhost: ' : `${head(here.receiver.port, { 'content-length': 1_000_000 })}a`,
      ),
    );
    await Promise.all(
      slow.map(({ socket }) => new Promise((resolve) => (socket.connecting ? socket.once('connect', resolve) : resolve(undefined)))),
    );
    await expectAlive(here);
    await here.receiver.close(50);
    await Promise.all(slow.map(({ answer }) => answer));
  });

  test('requests beyond 128 MiB at once are answered 503 with Retry-After, and taken later', async () => {
    const held = Array.from({ length: 9 }, () =>
      converse(here.receiver.port, head(here.receiver.port, { 'content-length': 16 * MiB }), (text) => text.includes('\r\n\r\n')),
    );
    const part = Buffer.alloc(15 * MiB);
    const answers = held.map(({ socket, answer }) => {
      socket.write(part);
      return answer;
    });
    const first = await Promise.race(answers);
    expect(statusOf(first)).toBe(503);
    expect(first).toMatch(/retry-after: 1/i);
    for (const { socket } of held) socket.destroy();
    await Promise.all(answers);
    await expectAlive(here);
  });
});
