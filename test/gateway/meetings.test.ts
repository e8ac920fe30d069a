// A client's first answer waits until it is known whose the connection is, for a bounded time.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { createMeetings, holdBack, whenMet } from '../../src/gateway/meetings.ts';
import { closeAtEnd } from '../harness/index.ts';

/** A connection, as its server sees it, and what the client has received. */
async function openConnection() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  const ends = { clientPort: socket.remotePort ?? 0, gatewayPort: socket.localPort ?? 0 };
  closeAtEnd(() => {
    client.destroy();
    server.close();
  });
  return { client, socket, ends };
}

test('what is written is held back until the client is known, and leaves in its order', async () => {
  const { client, socket, ends } = await openConnection();
  const meetings = createMeetings(60_000);
  meetings.meet(socket, ends);
  holdBack(socket);
  socket.write('first');
  const done: string[] = [];
  whenMet(socket, () => {
    done.push('met');
    socket.end(' second');
  });
  expect([socket.writableLength, done]).toEqual([5, []]);
  meetings.met(ends.clientPort);
  expect(done).toEqual(['met']);
  let heard = '';
  for await (const chunk of client) heard += String(chunk);
  expect(heard).toBe('first second');
});

test('a client that is known already, or that nobody asks for, waits for nothing', async () => {
  const { socket, ends } = await openConnection();
  const meetings = createMeetings(60_000);
  meetings.meet(socket, ends);
  meetings.met(ends.clientPort);
  let times = 0;
  whenMet(socket, () => (times += 1));
  meetings.end();
  meetings.meet(socket, ends);
  whenMet(socket, () => (times += 1));
  expect(times).toBe(2);
});

test('nobody answers in time', async () => {
  const { client, socket, ends } = await openConnection();
  createMeetings(1).meet(socket, ends);
  holdBack(socket);
  socket.write('late');
  expect(String((await once(client, 'data'))[0])).toBe('late');
});

test('whoever records is gone, and a client is gone before it is known', async () => {
  const [first, second] = [await openConnection(), await openConnection()];
  const meetings = createMeetings(60_000);
  meetings.meet(first.socket, first.ends);
  meetings.meet(second.socket, second.ends);
  const gone = new Promise<void>((resolve) => whenMet(second.socket, resolve));
  second.client.destroy();
  second.socket.resume();
  await gone;
  let isMet = false;
  whenMet(first.socket, () => (isMet = true));
  meetings.end();
  expect(isMet).toBe(true);
});
