/** Who may look: the page that swarmscope serves, with the token that it printed, and nobody else. */
import { connect } from 'node:net';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { randomRun } from '../../analysis/random-runs.ts';
import { dataHome, serve, store, type Served } from './served.ts';

let served: Served;
beforeAll(async () => {
  const home = dataHome();
  const data = randomRun(1);
  store(home, { ...data, run: { ...data.run, id: 'run-1' } });
  served = await serve(home);
});

const API = ['/api/runs', '/api/runs/run-1/snapshot', '/api/runs/run-1/stream', '/api/runs/run-1/spans', '/api/diff?a=run-1&b=run-1'];

describe.each(API)('%s', (path) => {
  test.each([
    ['the token', {}, 200],
    ['the token from our own page', { own: true }, 200],
    ['no token', { authorization: undefined }, 401],
    ['another token', { authorization: `Bearer ${'x'.repeat(32)}` }, 401],
    ['the token as another scheme', { scheme: 'Basic' }, 401],
    ['a foreign host', { host: 'evil.example:{port}' }, 403],
    ['a host that begins like ours', { host: '127.0.0.1.attacker.example:{port}' }, 403],
    ['another port', { host: '127.0.0.1:1' }, 403],
    ['no port', { host: '127.0.0.1' }, 403],
    ['localhost', { host: 'localhost:{port}' }, 200],
    ['a foreign origin', { origin: 'http://evil.example' }, 403],
    ['the origin of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['an origin that is null', { origin: 'null' }, 403],
    ['a fetch of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 403],
    ['a fetch of another port of this host', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
    ['a link on another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 403],
  ] as [string, { own?: boolean; scheme?: string } & Record<string, string | boolean | undefined>, number][])(
    '%s',
    async (_title, given, status) => {
      const { own, scheme, ...rest } = given;
      const headers = Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [
          name,
          typeof value === 'string' ? value.replace('{port}', String(served.port)) : undefined,
        ]),
      );
      const more = own === true ? { origin: served.base, 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' } : {};
      const answer = await served.ask(path, {
        ...more,
        ...headers,
        ...(scheme === undefined ? {} : { authorization: `${scheme} ${served.token}` }),
      });
      expect(answer.status).toBe(status);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
    expect((await served.ask(path, {}, method)).status).toBe(405);
  });
});

test('the token in the path or in another header opens nothing', async () => {
  expect((await served.ask(`/${served.token}/api/runs`, { authorization: undefined })).status).toBe(401);
  expect((await served.ask('/api/runs', { authorization: undefined, 'x-swarmscope-key': served.token })).status).toBe(401);
  expect((await served.ask(`/api/runs?t=${served.token}`, { authorization: undefined })).status).toBe(401);
});

test('the page needs no token, and a link of another site may lead to it, but no frame', async () => {
  const link = { authorization: undefined, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  expect((await served.ask('/', link)).status).toBe(200);
  expect((await served.ask('/', { ...link, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
  expect((await served.ask('/', { ...link, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).status).toBe(403);
});

test('the page runs what it brings and nothing else, and asks nobody else', async () => {
  const { text, headers } = await served.ask('/', { authorization: undefined });
  const policy = String(headers['content-security-policy']);
  for (const rule of ["default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"])
    expect(policy).toContain(rule);
  expect(policy).not.toMatch(/script-src[^;]*(?:unsafe|\*|http|self)/);
  for (const [, script = ''] of text.matchAll(/<script(?![^>]*application\/json)[^>]*>([^]*?)<\/script>/g))
    expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  expect(text).not.toContain(served.token);
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  });
});

test.each([
  ['a path out of the folder', '/api/runs/../../snapshot', 404],
  ['a run id with a slash', '/api/runs/a%2Fb/snapshot', 404],
  ['a very long address', `/api/runs?q=${'x'.repeat(5_000)}`, 414],
  ['a path that is none of ours', '/etc/passwd', 404],
])('%s is refused', async (_title, path, status) => {
  expect((await served.ask(path)).status).toBe(status);
});

test('it listens on the loopback address alone', async () => {
  const isOpen = await new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.2', port: served.port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  expect(isOpen).toBe(false);
});
