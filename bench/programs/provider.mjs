// A model provider and an OTLP receiver on one port, in a process of its own; tells its URL to its parent.
import { createServer } from 'node:http';

const CHUNKS = 200;
const base = { id: 'chatcmpl-bench', created: 1, model: 'gpt-4o-2024-08-06' };
const usage = { prompt_tokens: 1200, completion_tokens: 300, total_tokens: 1500, prompt_tokens_details: { cached_tokens: 200 } };
const answer = JSON.stringify({
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(300) }, finish_reason: 'stop' }],
  usage,
});
const event = (delta, more = {}) =>
  `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], usage: null, ...more })}\n\n`;
const events = [
  ...Array.from({ length: CHUNKS }, (_, index) => event({ content: ` word${index}` })),
  event({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  event({}, { choices: [], usage }),
  'data: [DONE]\n\n',
];

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    if (!request.url.endsWith('/chat/completions')) {
      response.setHeader('content-type', request.headers['content-type'] ?? 'application/json');
      return response.end(request.headers['content-type'] === 'application/json' ? '{}' : undefined);
    }
    if (!Buffer.concat(parts).includes('"stream":true')) return response.setHeader('content-type', 'application/json').end(answer);
    response.setHeader('content-type', 'text/event-stream');
    let next = 0;
    // One event per turn of the loop, so that most arrive alone, as from a model.
    const write = () => {
      if (next === events.length) return response.end();
      response.write(events[next++]);
      setImmediate(write);
    };
    write();
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
