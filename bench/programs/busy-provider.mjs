// A model provider for the soak: the path's first folder says how it answers. Tells its URL to its parent.
import { createServer } from 'node:http';

const base = { id: 'chatcmpl-soak', created: 1, model: 'gpt-4o-2024-08-06' };
const usage = { prompt_tokens: 1200, completion_tokens: 30, total_tokens: 1230, prompt_tokens_details: { cached_tokens: 200 } };
const toolCalls = (id) => [{ index: 0, id, type: 'function', function: { name: 'read_file', arguments: '{"path":"a"}' } }];
const answer = (message, reason) =>
  JSON.stringify({ ...base, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: reason }], usage });
const event = (delta, more = {}) =>
  `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: null }], usage: null, ...more })}\n\n`;
const events = [
  ...Array.from({ length: 12 }, (_, index) => event({ content: ` word${index}` })),
  event({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  event({}, { choices: [], usage }),
  'data: [DONE]\n\n',
];
const claude = JSON.stringify({
  id: 'msg_soak',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5',
  content: [{ type: 'text', text: 'pong' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 900, output_tokens: 20, cache_read_input_tokens: 100 },
});
const limits = {
  'x-ratelimit-limit-requests': '100',
  'x-ratelimit-remaining-requests': '42',
  'x-ratelimit-limit-tokens': '9000',
  'x-ratelimit-remaining-tokens': '7',
};

let asked = 0;
const json = (response, status, body, headers = limits) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

function stream(response, pieces) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let next = 0;
  const write = () => {
    if (response.destroyed) return;
    if (next === pieces.length) return response.end();
    response.write(pieces[next++]);
    setImmediate(write);
  };
  write();
}

const answers = {
  plain: (response) => json(response, 200, answer({ role: 'assistant', content: 'word '.repeat(60) }, 'stop')),
  claude: (response) => json(response, 200, claude),
  // Every call has an id of its own, as from a real provider: half of them are never answered by a result.
  tool: (response) =>
    json(response, 200, answer({ role: 'assistant', content: null, tool_calls: toolCalls(`call_${asked}`) }, 'tool_calls')),
  stream: (response) => stream(response, events),
  endless: (response) =>
    stream(response, [...events.slice(0, 12), ...events.slice(0, 12), ...events.slice(0, 12), ...events.slice(0, 12), ...events]),
  limited: (response) =>
    json(response, 429, JSON.stringify({ error: { type: 'requests', code: 'rate_limit_exceeded', message: 'slow down' } }), {
      ...limits,
      'retry-after-ms': '20',
    }),
  broken: (response) => json(response, 500, '<html>oops</html>'),
  cut: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(events[0] + events[1]);
    setImmediate(() => response.destroy());
  },
  hang: () => undefined,
};

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    asked += 1;
    const name = request.url.split('/')[1];
    (Object.hasOwn(answers, name) ? answers[name] : answers.broken)(response);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
process.on('disconnect', () => process.exit());
