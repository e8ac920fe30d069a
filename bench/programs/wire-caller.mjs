// LLM calls without their client: publishes what Node's undici publishes of a call, so that only reading and recording
// are measured. `BENCH_BARE` records a hand-written span of each call instead, with the stock OpenTelemetry SDK.
import { channel } from 'node:diagnostics_channel';
import { Duplex } from 'node:stream';
import { bareRecorder, describe } from './bare.mjs';
import { growing, history, messages } from './conversation.mjs';

const url = process.env.BENCH_URL;
const on = (name) => channel(`undici:request:${name}`);
const create = on('create');
const bodyChunkSent = on('bodyChunkSent');
const bodySent = on('bodySent');
const headers = on('headers');
const bodyChunkReceived = on('bodyChunkReceived');
const trailers = on('trailers');

/** Publishes from inside its methods, as undici does. */
class Request {
  constructor(body) {
    this.origin = url;
    this.method = 'POST';
    this.path = '/v1/chat/completions';
    this.headers = sentHeaders;
    this.body = body;
    create.publish({ request: this });
  }

  onBodySent(chunk) {
    if (bodyChunkSent.hasSubscribers) bodyChunkSent.publish({ request: this, chunk });
  }

  onRequestSent() {
    if (bodySent.hasSubscribers) bodySent.publish({ request: this });
  }

  onResponseStart(statusCode, received) {
    if (headers.hasSubscribers) headers.publish({ request: this, response: { statusCode, headers: received, statusText: 'OK' } });
  }

  onResponseData(chunk) {
    if (bodyChunkReceived.hasSubscribers) bodyChunkReceived.publish({ request: this, chunk });
  }

  onResponseEnd() {
    if (trailers.hasSubscribers) trailers.publish({ request: this, trailers: [] });
  }
}

const sentHeaders = Object.entries({
  accept: 'application/json',
  'content-type': 'application/json',
  'user-agent': 'OpenAI/JS 6.1.0',
  'x-stainless-retry-count': '0',
  'x-stainless-lang': 'js',
  'x-stainless-package-version': '6.1.0',
  'x-stainless-os': 'Linux',
  'x-stainless-arch': 'x64',
  'x-stainless-runtime': 'node',
  'x-stainless-runtime-version': process.version,
  authorization: 'Bearer bench',
  'content-length': '1234',
}).flat();
const receivedHeaders = (type) =>
  [
    'content-type',
    type,
    'Date',
    'Mon, 30 Nov 2026 14:00:00 GMT',
    'Connection',
    'keep-alive',
    'Keep-Alive',
    'timeout=60',
    'Transfer-Encoding',
    'chunked',
  ].map((text) => Buffer.from(text));

const bodyOf = (more) => Buffer.from(JSON.stringify({ model: 'gpt-4o', messages, temperature: 0.2, max_tokens: 500, ...more }));
const base = { id: 'chatcmpl-bench', created: 1, model: 'gpt-4o-2024-08-06' };
const usage = { prompt_tokens: 1200, completion_tokens: 300, total_tokens: 1500, prompt_tokens_details: { cached_tokens: 200 } };
const answer = {
  ...base,
  object: 'chat.completion',
  choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(300) }, finish_reason: 'stop' }],
  usage,
};
const event = (delta, more = {}) =>
  Buffer.from(
    `data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], usage: null, ...more })}\n\n`,
  );
const eventsOf = (chunks) => [
  ...Array.from({ length: chunks }, (_, index) => event({ content: ` word${index}` })),
  event({}, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  event({}, { choices: [], usage }),
  Buffer.from('data: [DONE]\n\n'),
];
const plain = [Buffer.from(JSON.stringify(answer))];
const kinds = {
  plain: { body: bodyOf(), type: 'application/json', chunks: plain },
  history: { body: bodyOf({ messages: history }), type: 'application/json', chunks: plain },
  growing: { bodies: growing.map((messages) => bodyOf({ messages })), type: 'application/json', chunks: plain },
  stream200: { body: bodyOf({ stream: true }), type: 'text/event-stream', chunks: eventsOf(200) },
  stream2000: { body: bodyOf({ stream: true }), type: 'text/event-stream', chunks: eventsOf(2_000) },
};

/** One unmasked frame of text, as a server sends it. */
function frame(message) {
  const payload = Buffer.from(JSON.stringify(message));
  const head = payload.length < 126 ? [0x81, payload.length] : [0x81, 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Buffer.from(head), payload]);
}

const spoken = {
  type: 'response.output_audio.delta',
  event_id: 'event_1',
  response_id: 'resp_1',
  item_id: 'item_1',
  output_index: 0,
  content_index: 0,
  delta: 'UklGRiQA'.repeat(50),
};
const response = { id: 'resp_1', object: 'realtime.response', status: 'in_progress', output: [], usage: null };
const framesOf = (count) => [
  frame({ type: 'session.created', session: { id: 'sess_1', model: 'gpt-realtime' } }),
  frame({ type: 'response.created', response }),
  ...Array.from({ length: count }, () => frame(spoken)),
  frame({
    type: 'response.done',
    response: { ...response, status: 'completed', usage: { total_tokens: 30, input_tokens: 10, output_tokens: 20 } },
  }),
];
const sessions = { frames200: framesOf(200), frames2000: framesOf(2_000) };

/** A WebSocket as Node's undici opens it, over a socket that gives the frames one by one. */
async function talk(frames) {
  const request = {
    origin: url,
    method: 'GET',
    path: '/v1/realtime?model=gpt-realtime',
    headers: sentHeaders,
    upgrade: 'websocket',
    onUpgrade() {},
  };
  create.publish({ request });
  const socket = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  request.onUpgrade(101, [], socket);
  for (const bytes of frames) socket.emit('data', bytes);
  socket.emit('close');
  await null;
}

const record = process.env.BENCH_BARE === '1' ? await bareRecorder(url) : (name, fn) => fn(undefined);

let turn = 0;

async function call({ bodies, body = bodies[turn++ % bodies.length], type, chunks }) {
  return record('chat gpt-4o', async (span) => {
    const request = new Request(body);
    request.onBodySent(body);
    request.onRequestSent();
    await null;
    request.onResponseStart(200, receivedHeaders(type));
    for (const chunk of chunks) request.onResponseData(chunk);
    request.onResponseEnd();
    return describe(span, answer);
  });
}

const httpCreated = channel('http.client.request.created');
const httpAnswered = channel('http.client.response.finish');

/** As Node's own classes have them: methods on the prototype. */
class ClientRequest {
  method = 'POST';
  path = '/v1/chat/completions';
  host = '127.0.0.1';
  getHeader(name) {
    return clientHeaders[name];
  }
  write() {
    return true;
  }
  end() {
    return this;
  }
  destroy() {
    return this;
  }
}

class IncomingMessage {
  statusCode = 200;
  headers = { 'content-type': 'application/json', date: 'Mon, 30 Nov 2026 14:00:00 GMT' };
  push() {
    return true;
  }
  _destroy() {}
}

const clientHeaders = Object.fromEntries(sentHeaders.flatMap((text, at) => (at % 2 === 0 ? [[text, sentHeaders[at + 1]]] : [])));

/** A call by `node:http`, as `axios` and `node-fetch` make it. */
async function httpCall() {
  const { body, chunks } = kinds.plain;
  const request = new ClientRequest();
  httpCreated.publish({ request });
  request.end(body);
  await null;
  const response = new IncomingMessage();
  httpAnswered.publish({ request, response });
  for (const chunk of chunks) response.push(chunk);
  response.push(null);
  response._destroy(null);
}

process.on('message', async ({ kind, count }) => {
  for (let at = 0; at < count; at += 1) {
    if (kind === 'nodeHttp') await httpCall();
    else await (sessions[kind] === undefined ? call(kinds[kind]) : talk(sessions[kind]));
    if (at % 8 === 7) await new Promise(setImmediate);
  }
  const { user, system } = process.cpuUsage();
  process.send({ cpuUs: user + system });
});
process.send({ isReady: true });
