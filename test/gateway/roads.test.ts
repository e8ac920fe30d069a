// The roads to a provider: TLS by an authority of the user's own, his proxies, his own base URL; and certificates that nobody believes.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { createTrust } from '../../src/gateway/trust.ts';
import { closeAtEnd, commandFile, ensureBuilt, freshFolder, missingNeed, runProgram, testWith } from '../harness/index.ts';
import { makeAuthority, type Authority, type Certificate } from './certificates.ts';
import { listenOn, serve, startProxy, talk, until, upstreamAt } from './wire.ts';

const NAME = 'models.test';
const ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'pong' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
});
const PROGRAM = `curl -sS "$OPENAI_BASE_URL/chat/completions" -H 'content-type: application/json' \\
  -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hi"}]}' | grep -o pong`;

let authority: Authority;

beforeAll(() => {
  ensureBuilt();
  if (missingNeed('openssl') === undefined) authority = makeAuthority();
});

/** A provider, and the paths that it was asked for. HEAD is the question whether it can be reached. */
function provider(): { readonly paths: string[]; readonly listener: RequestListener } {
  const paths: string[] = [];
  return {
    paths,
    listener(request, response) {
      request.resume();
      if (request.method === 'POST') paths.push(request.url ?? '');
      request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER));
    },
  };
}

async function serveTls(certificate: Certificate, listener: RequestListener): Promise<number> {
  const server = createTlsServer(certificate, listener);
  closeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return await listenOn(server);
}

/** A proxy that knows where {@link NAME} is, and what it was asked. */
async function startForwarding(to: number): Promise<{ readonly port: number; readonly asked: string[]; readonly credentials: unknown[] }> {
  const [asked, credentials]: [string[], unknown[]] = [[], []];
  const note = ({ method = '', url = '', headers }: IncomingMessage): void => {
    asked.push(`${method} ${url}`);
    credentials.push(headers['proxy-authorization']);
  };
  const server = createHttpServer((request, response) => {
    note(request);
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(ANSWER));
  });
  server.on('connect', (request, client) => {
    note(request);
    const there = connect(to, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(there).pipe(client);
    });
    there.on('error', () => client.destroy());
    client.on('error', () => there.destroy());
  });
  closeAtEnd(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: await listenOn(server), asked, credentials };
}

async function run(env: Readonly<Record<string, string>>) {
  const json = join(freshFolder('report'), 'report.json');
  const result = await runProgram({
    file: commandFile,
    preload: 'none',
    files: { 'ask.sh': PROGRAM },
    args: ['run', '--gateway', '--quiet', '--json', json, '--', 'sh', 'ask.sh'],
    env: { SWARMSCOPE_GATEWAY_OFF: 'anthropic,anthropic-url,gemini,openai-base', ...env },
  });
  const { usage } = JSON.parse(readFileSync(json, 'utf8')) as { usage: { calls: number; tokens: { input: number; output: number } } };
  return { ...result, usage };
}

const SEEN = { stdout: 'pong\n', code: 0, usage: { calls: 1, tokens: { input: 7, output: 3 } } };

for (const variable of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE'])
  testWith('openssl', `a provider with a certificate of an authority that ${variable} names is reached`, async () => {
    const { paths, listener } = provider();
    const port = await serveTls(authority.issue('localhost'), listener);
    const seen = await run({ OPENAI_BASE_URL: `https://localhost:${port}/v1`, [variable]: authority.file });
    expect(seen).toMatchObject({ ...SEEN, stderr: expect.not.stringContaining('leaves alone') });
    expect(paths).toEqual(['/v1/chat/completions']);
  });

testWith('openssl', 'a provider whose certificate is not believed is left alone, and that is said with its reason', async () => {
  const { paths, listener } = provider();
  const port = await serveTls(authority.issue('localhost'), listener);
  const { stderr, code, usage } = await run({ OPENAI_BASE_URL: `https://localhost:${port}/v1` });
  // The program itself does not believe it either.
  expect({ code, calls: usage.calls, paths }).toEqual({ code: 1, calls: 0, paths: [] });
  expect(stderr).toMatch(/OPENAI_BASE_URL \(localhost:\d+: (?:UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN)\)/);
});

const BAD: Readonly<Record<string, () => { readonly certificate: Certificate; readonly trusted: string; readonly code: string }>> = {
  'of an unknown authority': () => ({
    certificate: makeAuthority().issue('localhost'),
    trusted: authority.file,
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  }),
  'for another name': () => ({ certificate: authority.issue(NAME), trusted: authority.file, code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
  'that has run out': () => ({ certificate: authority.issue('localhost', 0), trusted: authority.file, code: 'CERT_HAS_EXPIRED' }),
};
for (const [which, make] of Object.entries(BAD))
  testWith('openssl', `a certificate ${which} is a connection that closes without a byte, and nothing is sent over it`, async () => {
    const { certificate, trusted, code } = make();
    if (code === 'CERT_HAS_EXPIRED')
      await until(() => Date.now() >= Date.parse(new X509Certificate(certificate.cert).validTo) + 1_000, 'it has run out');
    const { paths, listener } = provider();
    const port = await serveTls(certificate, listener);
    const ends: unknown[] = [];
    const silent = (): void => undefined;
    const proxy = await startProxy(upstreamAt(port, { isSecure: true, host: 'localhost', authority: `localhost:${port}` }), {
      trust: () => createTrust({ SSL_CERT_FILE: trusted }),
      witness: () => ({
        requestBody: silent,
        requestEnd: silent,
        responseHead: silent,
        responseChunk: silent,
        end: () => void ends.push('end'),
        error: (error) => void ends.push((error as NodeJS.ErrnoException).code),
      }),
    });
    const asked = `POST /word/up/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\nContent-Length: 2\r\n\r\n{}`;
    expect(await talk(proxy.port, [asked])).toEqual({ bytes: '', ending: 'end' });
    expect({ ends, paths }).toEqual({ ends: [code], paths: [] });
  });

testWith('openssl', 'HTTPS_PROXY is asked by CONNECT, with its credentials, and sees names alone', async () => {
  const { paths, listener } = provider();
  const forwarding = await startForwarding(await serveTls(authority.issue(NAME), listener));
  const seen = await run({
    OPENAI_BASE_URL: `https://${NAME}/v1`,
    HTTPS_PROXY: `http://me:secret@127.0.0.1:${forwarding.port}`,
    SSL_CERT_FILE: authority.file,
  });
  expect(seen).toMatchObject(SEEN);
  expect(new Set(forwarding.asked)).toEqual(new Set([`CONNECT ${NAME}:443`]));
  expect(new Set(forwarding.credentials)).toEqual(new Set([`Basic ${Buffer.from('me:secret').toString('base64')}`]));
  expect(paths).toEqual(['/v1/chat/completions']);
});

test('HTTP_PROXY is asked by whole addresses, and NO_PROXY spares a provider', async () => {
  const forwarding = await startForwarding(1);
  const env = { OPENAI_BASE_URL: `http://${NAME}/v1`, HTTP_PROXY: `http://127.0.0.1:${forwarding.port}` };
  expect(await run(env)).toMatchObject(SEEN);
  expect(new Set(forwarding.asked)).toEqual(new Set([`HEAD http://${NAME}/v1`, `POST http://${NAME}/v1/chat/completions`]));
  forwarding.asked.length = 0;
  const { stderr } = await run({ ...env, NO_PROXY: `other.test,.${NAME}` });
  // No name server knows it.
  expect(stderr).toMatch(/OPENAI_BASE_URL \(models\.test: E\w+\)/);
  expect(forwarding.asked).toEqual([]);
});

test('a proxy that cannot reach the provider, and one of a kind that we cannot speak with, leave variables as they are', async () => {
  const refusing = createHttpServer();
  refusing.on('connect', (_, client) => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  closeAtEnd(() => refusing.close());
  const port = await listenOn(refusing);
  for (const proxy of [`http://127.0.0.1:${port}`, `socks5://127.0.0.1:${port}`]) {
    const { stderr, stdout } = await run({ OPENAI_BASE_URL: `https://${NAME}/v1`, HTTPS_PROXY: proxy });
    expect({ stdout, isSaid: stderr.includes('The gateway leaves alone what it cannot reach: OPENAI_BASE_URL') }).toEqual({
      stdout: '',
      isSaid: true,
    });
  }
});

test("the path of the user's own base URL stands before that of each request", async () => {
  const { paths, listener } = provider();
  const port = await serve(listener);
  expect(await run({ OPENAI_BASE_URL: `http://127.0.0.1:${port}/team/a%20b/v1/` })).toMatchObject(SEEN);
  expect(paths).toEqual(['/team/a%20b/v1/chat/completions']);
});
