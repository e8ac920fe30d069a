// A model provider and a receiver of telemetry on one port, in a process of its own; tells its URL to its parent, and, when
// asked, whether telemetry has named the model since it was asked before.
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';

const base = { id: 'chatcmpl-bench', created: 1, model: 'gpt-4o-2024-08-06' };
const usage = { prompt_tokens: 1200, completion_tokens: 300, total_tokens: 1500, prompt_tokens_details: { cached_tokens: 200 } };
const answerOf = (words) =>
  JSON.stringify({
    ...base,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(words) }, finish_reason: 'stop' }],
    usage,
  });
const answer = answerOf(300);
const largeAnswer = answerOf(4 * 1024 * 1024);
const event = (delta, more = {}) =>
  `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], usage: null, ...more })}\n\n`;
const eventsOf = (chunks) => [
  ...Array.from({ length: chunks }, (_, index) => event({ content: ` word${index}` })),
  event({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  event({}, { choices: [], usage }),
  'data: [DONE]\n\n',
];
const streams = { 200: eventsOf(200), 2_000: eventsOf(2_000) };

/** In every span of a call, whoever wrote it. */
const MODEL = 'gpt-4o';
let isSeen = false;
process.on('message', () => {
  process.send({ isSeen });
  isSeen = false;
});

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    if (!request.url.endsWith('/chat/completions')) {
      if (!isSeen) {
        const body = Buffer.concat(parts);
        isSeen = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).includes(MODEL);
      }
      response.setHeader('content-type', request.headers['content-type'] ?? 'application/json');
      return response.end(request.headers['content-type'] === 'application/json' ? '{}' : undefined);
    }
    // What the caller wants stands before the path: `/chunks/2000/v1/chat/completions`.
    const events = streams[/^\/chunks\/(\d+)\//.exec(request.url)?.[1] ?? ''];
    if (events === undefined) {
      response.setHeader('content-type', 'application/json');
      return response.end(request.url.startsWith('/large/') ? largeAnswer : answer);
    }
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
