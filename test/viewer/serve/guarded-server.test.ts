/** The guard of local servers with routes and bounds of its own, over real HTTP. It knows nothing of OTLP. */
import { once } from 'node:events';
import { connect } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startGuardedServer, type GuardedServer } from '../../../src/viewer/serve/guarded-server.ts';
import { Refused } from '../../../src/viewer/serve/refused.ts';
import { post } from '../receive/signals.ts';

const BOUNDS = { headersMs: 1_000, requestMs: 1_000, connections: 10, bytes: 1024, unpackedBytes: 4096, ratio: 4, heldBytes: 8192 };
const text = (body: string) => ({ status: 200, body: Buffer.from(body), contentType: 'text/plain' });

let server: GuardedServer;

beforeEach(async () => {
  server = await startGuardedServer({
    bounds: BOUNDS,
    routes: {
      '/page': { methods: ['GET', 'HEAD'], answer: () => text('a page') },
      '/echo': { methods: ['POST'], name: 'echo', answer: (_request, { unpacked }) => text(String(unpacked.length)) },
      '/strict': {
        methods: ['POST'],
        name: 'strict',
        admit: ({ headers }) => {
          if (headers['x-key'] === undefined) throw new Refused(401, 'No key.');
        },
        answer: () => {
          throw new Error('a fault');
        },
      },
    },
    refusalOf: (_request, { status, message }) => ({ body: Buffer.from(`${status}: ${message}`), contentType: 'text/plain' }),
    texts: { notFound: 'Only /page and /echo.', webPage: 'No pages.', stranger: 'Not you.' },
  });
});
afterEach(() => server.close());

describe('who may send', () => {
  test.each([
    ['the address that the server gave', {}, 200],
    ['localhost with the port', { name: 'localhost' }, 200],
    ['a name that only begins with localhost', { name: 'localhost.evil.example' }, 403],
    ['a name of somebody else', { name: 'evil.example' }, 403],
  ])('%s', async (_title, { name = '127.0.0.1' }: { name?: string }, status) => {
    const headers = { host: `${name}:${server.port}` };
    expect((await post(`${server.url}/page`, { method: 'GET', headers })).status).toBe(status);
  });

  test('a Host without the port of the server is refused', async () => {
    expect((await post(`${server.url}/page`, { method: 'GET', headers: { host: '127.0.0.1' } })).status).toBe(403);
  });

  test('a web page is refused in the words of the server, whatever page it is', async () => {
    const { status, body } = await post(`${server.url}/echo`, { headers: { origin: server.url } });
    expect([status, body.toString()]).toEqual([403, '403: No pages.']);
  });
});

test('a connection that asks for nothing is let go, in the words of what it speaks', async () => {
  const session = connect(server.url);
  session.on('error', () => undefined);
  await once(session, 'goaway');
  session.destroy();
  const raw = connectTcp(server.port, '127.0.0.1');
  expect(String((await once(raw, 'data'))[0])).toMatch(/^HTTP\/1\.1 408 /);
  raw.destroy();
  expect(server.counts()).toEqual({ '408': 1 });
});

describe('what is answered', () => {
  test('another path and another method are refused with what there is', async () => {
    expect((await post(`${server.url}/`, { method: 'GET' })).body.toString()).toBe('404: Only /page and /echo.');
    expect((await post(`${server.url}/page`, { method: 'DELETE' })).body.toString()).toBe('405: Use GET.');
    expect((await post(`${server.url}/page?a=b`, { method: 'GET' })).body.toString()).toBe('a page');
  });

  test('a body of the last accepted size is taken and one byte more is not', async () => {
    expect((await post(`${server.url}/echo`, { body: 'x'.repeat(1024) })).body.toString()).toBe('1024');
    expect((await post(`${server.url}/echo`, { body: 'x'.repeat(1025) }).catch(() => ({ status: 413 }))).status).toBe(413);
  });

  test('a packed body of the last accepted size is taken and one byte more is not', async () => {
    const packed = (bytes: number) => ({ body: gzipSync(Buffer.alloc(bytes)), headers: { 'content-encoding': 'gzip' } });
    expect((await post(`${server.url}/echo`, packed(4096))).body.toString()).toBe('4096');
    expect((await post(`${server.url}/echo`, packed(4097))).status).toBe(413);
  });

  test('every answer is counted by the name of its route, and a fault of the route is an answer too', async () => {
    await post(`${server.url}/strict`, { body: 'x' });
    await post(`${server.url}/strict`, { body: 'x', headers: { 'x-key': '1' } });
    await post(`${server.url}/page`, { method: 'GET' });
    expect(server.counts()).toEqual({ 'strict.401': 1, 'strict.500': 1, '200': 1 });
  });
});
