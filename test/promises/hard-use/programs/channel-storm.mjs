// Publishes a seeded storm of events on the channels that the preload listens to: any order, missing, twice, after the
// end; then hostile objects.
// Prints what the runtime still holds once it is quiet, and what was thrown into the publisher.
import { channel } from 'node:diagnostics_channel';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '../fuzz/random.ts';

const { STORM_SEED, STORM_REQUESTS, STORM_IS_HOSTILE, XDG_STATE_HOME } = process.env;
const random = new Random(Number(STORM_SEED));
const thrown = [];
// A fault of this program itself ends it; what comes later comes from a subscriber.
let isStarted = false;
process.on('uncaughtException', (error) => {
  if (!isStarted) throw error;
  thrown.push(String(error.stack).slice(0, 500));
});

const body = Buffer.from(JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }));
const answer = Buffer.from(
  '{"id":"c","model":"gpt-4o","choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}',
);
const publish = (name, message) => {
  try {
    channel(name).publish(message);
  } catch (error) {
    thrown.push(String(error));
  }
};

const broken = () => {
  throw new Error('hostile');
};
const getters = (names) => Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, { get: broken, enumerable: true }])));
const trap = new Proxy(function () {}, {
  get: broken,
  set: broken,
  has: broken,
  defineProperty: broken,
  getOwnPropertyDescriptor: broken,
  getPrototypeOf: broken,
  apply: broken,
});
const odd = [undefined, null, 0, '', 'x', Symbol('s'), 5n, [], {}, trap, NaN];

class UndiciRequest {
  origin = 'http://api.example.com';
  path = '/v1/chat/completions';
  method = 'POST';
  headers = ['content-type', 'application/json'];
  onBodySent() {}
  onData() {}
}
class ClientRequest {
  method = 'POST';
  path = '/v1/chat/completions';
  host = 'api.example.com';
  protocol = 'https:';
  getHeader() {}
  write() {}
  end() {}
  destroy() {}
}
class IncomingMessage {
  statusCode = 200;
  headers = { 'content-type': 'application/json' };
  push() {}
  _destroy() {}
}

class Child {
  pid = 1 + random.below(9);
  spawn() {
    return random.pick([0, 0, -2]);
  }
}

/**
 * One request: every event it may see, as functions to be called in any order; `close` is what a real one ends with.
 */
function undici() {
  const request = new UndiciRequest();
  const on = (name, more) => () => publish(`undici:request:${name}`, { request, ...more });
  const chunk = (name, bytes) => () => publish(`undici:request:${name}`, { request, chunk: bytes });
  return {
    create: on('create'),
    events: [
      on('create'),
      on('bodySent'),
      on('headers', { response: { statusCode: 200, headers: [Buffer.from('content-type'), Buffer.from('application/json')] } }),
      on('headers', { response: { statusCode: 103 } }),
      on('trailers', { trailers: [] }),
      on('error', { error: new Error('socket hang up') }),
      chunk('bodyChunkSent', body),
      chunk('bodyChunkReceived', answer),
      () => request.onBodySent(body),
      () => request.onData(answer),
    ],
    close: random.chance(0.5) ? on('trailers', { trailers: [] }) : on('error', { error: { name: 'AbortError' } }),
  };
}

function nodeHttp() {
  const request = new ClientRequest();
  const response = new IncomingMessage();
  const created = () => publish('http.client.request.created', { request });
  const finish = () => publish('http.client.response.finish', { request, response });
  const failed = () => publish('http.client.request.error', { request, error: new Error('ECONNRESET') });
  return {
    create: created,
    events: [
      created,
      finish,
      failed,
      () => request.write(body.subarray(0, 10)),
      () => request.end(body.subarray(10)),
      () => request.destroy(),
      () => response.push(answer),
      () => response.push(null),
      () => response._destroy(new Error('cut')),
    ],
    close: failed,
  };
}

function child() {
  const handle = { onexit: () => undefined };
  const process = Object.assign(new Child(), { _handle: handle });
  const created = () => publish('child_process', { process });
  return {
    create: created,
    events: [
      created,
      () => process.spawn({ file: 'make', args: ['make'], envPairs: [] }),
      () => handle.onexit(0, ''),
      () => handle.onexit(-2, null),
    ],
    close: () => handle.onexit(0, ''),
  };
}

function hostileMessage(name) {
  const request = random.pick([
    trap,
    getters(['origin', 'path', 'method', 'headers', 'getHeader', 'host', 'write', 'end']),
    Object.freeze(new UndiciRequest()),
    Object.freeze(new ClientRequest()),
    Object.assign(new UndiciRequest(), { [random.pick(['origin', 'headers', 'onData', 'onBodySent'])]: random.pick(odd) }),
    Object.assign(new ClientRequest(), { [random.pick(['getHeader', 'host', 'end', 'protocol'])]: random.pick(odd) }),
    ...odd,
  ]);
  const process = random.pick([trap, getters(['spawn', 'pid']), Object.freeze(new Child()), ...odd]);
  const message = {
    request,
    process,
    response: random.pick([trap, Object.freeze(new IncomingMessage()), ...odd]),
    chunk: random.pick(odd),
    error: random.pick(odd),
  };
  publish(name, random.chance(0.2) ? random.pick([trap, getters(['request', 'process', 'error']), ...odd]) : message);
}

const names = ['create', 'bodySent', 'headers', 'trailers', 'error', 'bodyChunkSent', 'bodyChunkReceived'].map(
  (name) => `undici:request:${name}`,
);
const all = [...names, 'http.client.request.created', 'http.client.response.finish', 'http.client.request.error', 'child_process'];

const open = [];
isStarted = true;
process.exitCode = 2;
process.once('exit', () => process.exitCode !== 0 && console.error(thrown.slice(0, 3)));
for (let count = 0; count < Number(STORM_REQUESTS); count += 1) {
  const exchange = random.pick([undici, undici, nodeHttp, nodeHttp, child])();
  if (random.chance(0.9)) exchange.create();
  const events = random.shuffle([...exchange.events, ...exchange.events]).slice(0, random.below(exchange.events.length * 2));
  open.push({ events, close: exchange.close });
  // Requests overlap: a few events of a few of them at a time.
  for (let left = random.below(12); left > 0; left -= 1) random.pick(open.slice(-6)).events.pop()?.();
  if (STORM_IS_HOSTILE === '1') hostileMessage(random.pick(all));
}
for (const { events } of open) for (const event of events) event();
// A real connection ends at last: that alone must let go of everything.
for (const { close } of open) close();
for (const { close } of open) close();

const quietAt = Date.now();
const folder = join(XDG_STATE_HOME, 'swarmscope/status');
function latest() {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((file) => file.startsWith(`${process.pid}-`) && file.endsWith('.json'));
  return name === undefined ? undefined : JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
let status;
for (let tries = 0; tries < 150; tries += 1) {
  await delay(100);
  status = latest();
  if (status !== undefined && status.time > quietAt && status.held['recording.open'] <= 1) break;
}
process.exitCode = 0;
console.log(
  JSON.stringify({
    thrown: [...new Set(thrown)],
    held: status?.held,
    observers: status?.observers,
    recorded: status?.signals.traces.recorded,
  }),
);
