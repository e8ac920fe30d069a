/** Servers of the app: a request's `traceparent` is continued, requests side by side do not mix, and no span is made for them. */
import { expect, test } from '@jest/globals';
import { runProgram, startModels, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';
import { api } from '../../e2e/programs.ts';

const program = `
const http = require('node:http');
const { withTask } = require(${api});
const answers = [];
const server = http.createServer((request, response) => {
  let text = '';
  request.on('data', (part) => { text += part; });
  request.on('end', async () => {
    const answer = await withTask('answer', async () => {
      const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hello' }] });
      return (await fetch(process.env.OPENAI_BASE_URL + '/chat/completions', { method: 'POST', body, headers: { 'content-type': 'application/json', authorization: 'Bearer k' } })).status;
    });
    response.end(text + request.headers.traceparent + answer);
  });
});
server.on('request', (request) => { if (request.url === '/plain') withTask('noted', () => undefined); });
server.listen(0, '127.0.0.1', async () => {
  const ask = (path, traceparent) => new Promise((resolve) => {
    const headers = traceparent === undefined ? {} : { traceparent };
    const request = http.request({ port: server.address().port, path, method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.on('data', (part) => { text += part; });
      response.on('end', () => resolve(text));
    });
    request.end('asked ');
  });
  const agent = new http.Agent({ keepAlive: true });
  const ids = ['a', 'b'].map((letter) => '00-' + letter.repeat(32) + '-' + letter.repeat(16) + '-01');
  console.log(await Promise.all(ids.map((id) => ask('/asked', id))));
  console.log(await ask('/plain'), await ask('/asked', 'nonsense'));
  agent.destroy();
  server.close();
});
`;

test('the work for a request is one piece below who asked; a request without a trace is work of this run', async () => {
  const models = await startModels();
  const sink = await startSink();
  const files = { 'app.cjs': program };
  const bare = await runProgram({ files, env: models.env, preload: 'none' });
  const env = { ...models.env, OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' };
  const seen = await runProgram({ files, env });
  await sink.close();
  await models.close();
  expect([seen.code, seen.stdout, seen.stderr]).toEqual([0, bare.stdout, '']);
  const spans = spansOf(sink);
  for (const letter of ['a', 'b']) {
    const piece = spans.filter(({ traceId }) => traceId === letter.repeat(32));
    const answer = piece.find(({ name }) => name === 'run_task answer');
    expect(answer?.parentSpanId).toBe(letter.repeat(16));
    expect(piece.map(({ name, parentSpanId }) => [name, parentSpanId]).sort()).toEqual([
      ['chat gpt-4o', answer?.spanId],
      ['run_task answer', letter.repeat(16)],
    ]);
  }
  const own = spans.filter(({ traceId }) => !/^(?:a+|b+)$/.test(traceId));
  expect(own.map(({ name, parentSpanId }) => [name, parentSpanId]).filter(([name]) => name !== 'chat gpt-4o')).toEqual([
    ['run_task noted', undefined],
    ['run_task answer', undefined],
    ['run_task answer', undefined],
  ]);
});
