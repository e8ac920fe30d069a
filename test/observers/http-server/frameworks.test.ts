/** Real frameworks on real servers: what a request is worked on for is one piece below who asked, with a span of its own only where one is asked for. */
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { SpanRow } from '../../../src/analysis/model.ts';
import { runProgram, startSink, type Sink } from '../../harness/index.ts';
import { installProject } from '../../harness/install-project.ts';
import { spansOf } from '../../harness/received.ts';
import { makeAuthority } from '../../gateway/certificates.ts';
import { api } from '../../e2e/programs.ts';

const SERVERS = ['express', 'express-4', 'fastify', 'hono', 'https', 'http2', 'streams'] as const;
/** Those that say which route a request met. */
const ROUTED: readonly string[] = ['express', 'express-4', 'fastify'];

const program = (root: string): string => `
const require2 = require('node:module').createRequire(${JSON.stringify(join(root, 'package.json'))});
const http = require('node:http'), https = require('node:https'), http2 = require('node:http2'), { once } = require('node:events');
const { withTask } = require(${api});
const work = (name, id, body) => withTask('answer ' + name, async () => {
  await new Promise((resolve) => setTimeout(resolve, 2));
  await withTask('inner', () => undefined);
  if (body.fails) throw new Error('no');
  return { id, said: body.text };
});
const listening = async (server) => { if (!server.listening) await once(server, 'listening'); return server; };
const text = (stream) => new Promise((resolve) => { let all = ''; stream.on('data', (part) => { all += part; }).on('end', () => resolve(all)); });
const express = (name) => {
  const express = require2(name), app = express(), router = express.Router();
  app.use(express.json());
  router.post('/:id', (request, response, next) => { work(name, request.params.id, request.body).then((said) => response.json(said), next); });
  app.use('/work', router);
  app.use((error, request, response, next) => response.status(503).end());
  return listening(app.listen(0, '127.0.0.1'));
};
const makers = {
  express: () => express('express'),
  'express-4': () => express('express-4'),
  async fastify() {
    const app = require2('fastify')();
    app.post('/work/:id', (request) => work('fastify', request.params.id, request.body));
    await app.listen({ port: 0, host: '127.0.0.1' });
    return app.server;
  },
  async hono() {
    const { Hono } = require2('hono'), { serve } = require2('@hono/node-server');
    const app = new Hono();
    app.post('/work/:id', async (c) => c.json(await work('hono', c.req.param('id'), await c.req.json())));
    return listening(serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }));
  },
  https: () => listening(https.createServer(JSON.parse(process.env.CERTIFICATE), async (request, response) => {
    response.end(JSON.stringify(await work('https', request.url.slice(6).replace(/[?].*/, ''), JSON.parse(await text(request)))));
  }).listen(0, '127.0.0.1')),
  http2: () => listening(http2.createServer(async (request, response) => {
    response.end(JSON.stringify(await work('http2', request.url.slice(6), JSON.parse(await text(request)))));
  }).listen(0, '127.0.0.1')),
  streams: () => listening(http2.createServer().on('stream', async (stream, headers) => {
    const said = await work('streams', headers[':path'].slice(6), JSON.parse(await text(stream)));
    stream.respond({ ':status': 200 });
    stream.end(JSON.stringify(said));
  }).listen(0, '127.0.0.1')),
};
const overHttp1 = (over, port, path, headers, body) => new Promise((resolve, reject) => {
  over.request({ rejectUnauthorized: false, port, host: '127.0.0.1', path, method: 'POST', headers, agent: false }, async (response) => resolve([response.statusCode, await text(response)])).on('error', reject).end(body);
});
const overHttp2 = async (client, path, headers, body) => {
  const stream = client.request({ ':method': 'POST', ':path': path, ...headers });
  stream.end(body);
  return [(await once(stream, 'response'))[0][':status'], await text(stream)];
};
(async () => {
  for (const name of ${JSON.stringify(SERVERS)}) {
    const server = await makers[name]();
    const { port } = server.address();
    const client = name === 'http2' || name === 'streams' ? http2.connect('http://127.0.0.1:' + port) : undefined;
    const ask = (id, more = {}) => {
      const headers = { 'content-type': 'application/json', ...(id.length === 1 ? { traceparent: '00-' + id.repeat(32) + '-' + id.repeat(16) + '-01' } : {}) };
      const body = JSON.stringify({ text: 'to ' + id, ...more });
      return client === undefined ? overHttp1(name === 'https' ? https : http, port, '/work/' + id + '?CANARY=1', headers, body) : overHttp2(client, '/work/' + id, headers, body);
    };
    console.log(name, JSON.stringify(await Promise.all([ask('a'), ask('b'), ask('none')])));
    if (name.startsWith('express')) console.log(await ask('c', { fails: true }));
    client?.close();
    await new Promise((resolve) => server.close(resolve));
  }
})();
`;

const certificate = JSON.stringify(makeAuthority().issue('localhost'));

async function run(env: Readonly<Record<string, string>>): Promise<{ stdout: string; spans: SpanRow[] }> {
  const root = installProject({ project: join(import.meta.dirname, 'project'), into: 'http-server/', name: 'http-server' });
  const sink: Sink = await startSink();
  const result = await runProgram({
    files: { 'app.cjs': program(root) },
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000', CERTIFICATE: certificate, ...env },
  });
  await sink.close();
  expect([result.code, result.stderr]).toEqual([0, '']);
  return { stdout: result.stdout, spans: spansOf(sink) };
}

const answers = SERVERS.map((name) => {
  const all = ['a', 'b', 'none'].map((id) => [200, JSON.stringify({ id, said: `to ${id}` })]);
  return `${name} ${JSON.stringify(all)}\n${name.startsWith('express') ? "[ 503, '' ]\n" : ''}`;
}).join('');

describe('a request', () => {
  test('is continued in every framework, side by side with others, and has no span', async () => {
    const { stdout, spans } = await run({});
    expect(stdout).toBe(answers);
    for (const name of SERVERS) {
      const tasks = spans.filter((span) => span.name === `run_task answer ${name}`);
      for (const id of ['a', 'b']) {
        const [task] = tasks.filter(({ traceId }) => traceId === id.repeat(32));
        expect(task?.parentSpanId).toBe(id.repeat(16));
        expect(spans.filter(({ parentSpanId }) => parentSpanId === task?.spanId).map((span) => span.name)).toEqual(['run_task inner']);
      }
      expect(tasks.filter(({ parentSpanId }) => parentSpanId === undefined)).toHaveLength(1);
    }
    expect(spans.every((span) => span.name.startsWith('run_task '))).toBe(true);
  });

  test('has a span by the convention where one is asked for, and its work is below that', async () => {
    const { stdout, spans } = await run({ SWARMSCOPE_SERVER_SPANS: 'on' });
    expect(stdout).toBe(answers);
    expect(JSON.stringify(spans)).not.toContain('CANARY');
    for (const name of SERVERS) {
      for (const id of ['a', 'b', undefined]) {
        const task = spans.find(
          (span) =>
            span.name === `run_task answer ${name}` && (id === undefined ? !/^(.)\1*$/.test(span.traceId) : span.traceId === id.repeat(32)),
        );
        const served = spans.find(({ spanId }) => spanId === task?.parentSpanId);
        expect(served).toMatchObject({
          name: ROUTED.includes(name) ? 'POST /work/:id' : 'POST',
          kind: 2,
          parentSpanId: id?.repeat(16),
          attributes: {
            'http.request.method': 'POST',
            'http.response.status_code': 200,
            'url.scheme': name === 'https' ? 'https' : 'http',
            ...(ROUTED.includes(name) ? { 'http.route': '/work/:id' } : {}),
            'server.address': '127.0.0.1',
            'network.protocol.version': name === 'http2' || name === 'streams' ? '2' : '1.1',
          },
        });
        expect(served?.attributes['url.path']).toBeUndefined();
      }
      if (!ROUTED.includes(name)) continue;
      const failed = spans.filter((span) => span.kind === 2 && span.traceId === 'c'.repeat(32));
      expect(failed.map(({ attributes }) => [attributes['http.response.status_code'], attributes['error.type']])).toContainEqual([
        503,
        '503',
      ]);
    }
  });
});
