/** Calls that a program leaves, or that its end cuts: by each client, what was known of them arrives. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { constants, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { observe } from './programs.ts';

const FIRST =
  'event: message_start\ndata: {"type":"message_start","message":{"id":"m","model":"claude-opus-4-8","usage":{"input_tokens":85000,"cache_read_input_tokens":5000,"output_tokens":1}}}\n\n';
const LAST =
  'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":9}}\n\nevent: message_stop\ndata: {"type":"message_stop"}\n\n';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const name = request.url?.split('/')[1];
    if (name === 'refused') {
      response.writeHead(429, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 'rate_limit_exceeded' }, more: 'x'.repeat(300_000) }));
    } else if (name === 'moved') {
      response.writeHead(307, { location: '/elsewhere' }).end();
    } else if (name === 'elsewhere') {
      // A byte order mark, and a label that is wrong.
      response.setHeader('content-type', 'text/event-stream');
      response.end(
        '\ufeff{"id":"x","model":"gpt-4o-1","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":3}}',
      );
    } else if (name === 'encoded') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      // In one piece: a reader of the first bytes has them all.
      response.write(gzipSync(FIRST, { finishFlush: constants.Z_SYNC_FLUSH }));
    } else {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(name === 'whole' ? FIRST + LAST : FIRST);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const clients = {
  fetch: `const ask = async (path, wanted) => {
    const response = await fetch(path, { method: 'POST', body });
    if (wanted === 'bytes') await response.body.getReader().read();
    if (wanted === 'all') await response.text();
    return response.status;
  };`,
  'node:http': `const { request } = require('node:http');
  const ask = (path, wanted) => new Promise((resolve, reject) => {
    const sent = request(path, { method: 'POST' }, (response) => {
      const { statusCode: status, headers } = response;
      if (status === 307) { response.destroy(); return resolve(ask(new URL(headers.location, path), wanted)); }
      if (wanted === 'bytes') response.once('data', () => { response.pause(); resolve(status); });
      else if (wanted === 'all') response.on('end', () => resolve(status)).resume();
      else resolve(status);
    });
    sent.on('error', reject).end(body);
  });`,
};

test.each(Object.entries(clients))('by %s', async (_, client) => {
  const program = `
    const url = process.env.MODELS_URL;
    const body = JSON.stringify({ model: 'm', stream: true });
    ${client}
    (async () => {
      const told = [
        await ask(url + '/refused/v1/chat/completions'),
        await ask(url + '/moved/v1/chat/completions', 'all'),
        await ask(url + '/whole/v1/messages', 'bytes'),
        await ask(url + '/encoded/v1/messages', 'bytes'),
        await ask(url + '/begun/v1/messages', 'bytes'),
      ];
      console.log(told.join());
      process.exit(0);
    })();
  `;
  const seen = await observe('with the preload alone', { files: { 'app.cjs': program }, env: { MODELS_URL: url } });
  expect(seen).toMatchObject({ code: 0, stdout: '429,200,200,200,200\n' });
  const calls = seen.spans.filter(({ name }) => name.startsWith('chat')).toSorted((one, other) => Number(one.startMs - other.startMs));
  const prompt = { input: 90_000, cached: 5_000, status: 200, model: 'claude-opus-4-8' };
  expect(
    calls.map(({ attributes }) => ({
      status: attributes['http.response.status_code'],
      error: attributes['error.type'],
      model: attributes['gen_ai.response.model'],
      input: attributes['gen_ai.usage.input_tokens'],
      cached: attributes['gen_ai.usage.cache_read.input_tokens'],
    })),
  ).toEqual([
    { status: 429, error: 'rate_limit_exceeded' },
    { status: 200, model: 'gpt-4o-1', input: 7 },
    prompt,
    { ...prompt, error: 'process_exit' },
    { ...prompt, error: 'process_exit' },
  ]);
});
