// Calls the provider by every client of the plan, in every form of it, and prints what each saw as one JSON line.
/* global Blob, DOMException, FormData, ReadableStream, URLSearchParams */
import http from 'node:http';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { CLIENTS, closeAll } from './clients.mjs';

const { PLAN, HTTP_URL, TLS_URL, HTTP2_URL, REFUSING_PORT } = process.env;
const BASES = { http: HTTP_URL, tls: TLS_URL, http2: HTTP2_URL };
const CASE_MS = 60_000;

const PATH = 'v1/chat/completions';
/** Where a stream in each framing is asked for. */
const PATHS = {
  events: () => PATH,
  lines: () => 'api/chat',
  list: (name) => `v1beta/models/${encodeURIComponent(name)}:streamGenerateContent`,
  messages: (name) => `model/${encodeURIComponent(name)}/converse-stream`,
};
const JSON_HEADERS = { 'content-type': 'application/json' };
const textOf = (name, isStream = false) =>
  JSON.stringify({ model: name, messages: [{ role: 'user', content: `${name} grüße 🐝` }], ...(isStream ? { stream: true } : {}) });
const bytesOf = (name) => new TextEncoder().encode(textOf(name));
/** In two pieces, cut inside a character. */
const halves = (name) => {
  const bytes = bytesOf(name);
  const at = bytes.lastIndexOf(0xf0) + 2;
  return [bytes.subarray(0, at), bytes.subarray(at)];
};

async function* later(pieces) {
  for (const piece of pieces) {
    await new Promise(setImmediate);
    yield piece;
  }
}

/** The package takes its own. */
const formOf = async (name) => {
  const [library] = /^undici\d/.exec(name) ?? [];
  const form = library === undefined ? new FormData() : new (await import(library)).FormData();
  form.set('file', new Blob(['sound'], { type: 'audio/wav' }), 'secret-name.wav');
  form.set('model', name);
  return form;
};

/** How a request's body is given, by name. */
const BODIES = {
  string: (name) => ({ body: textOf(name) }),
  Buffer: (name) => ({ body: Buffer.from(textOf(name)) }),
  Uint8Array: (name) => ({ body: bytesOf(name) }),
  Blob: (name) => ({ body: new Blob([textOf(name)]) }),
  URLSearchParams: (name) => ({ body: new URLSearchParams({ model: name }), headers: {} }),
  FormData: async (name) => ({ body: await formOf(name), headers: {}, path: 'v1/audio/transcriptions' }),
  ReadableStream: (name) => ({ body: ReadableStream.from(later(halves(name))) }),
  Readable: (name) => ({ body: Readable.from(later(halves(name))) }),
  'async-iterable': (name) => ({ body: later(halves(name)) }),
};
for (const [encoding, compress] of Object.entries({
  gzip: zlib.gzip,
  deflate: zlib.deflate,
  br: zlib.brotliCompress,
  zstd: zlib.zstdCompress,
}))
  BODIES[encoding] = async (name) => ({
    body: await promisify(compress)(textOf(name)),
    headers: { ...JSON_HEADERS, 'content-encoding': encoding },
  });

const describe = (error) => ({
  name: error?.name,
  kind: error?.constructor?.name,
  code: error?.code,
  message: error?.message,
  cause: error?.cause === undefined ? undefined : describe(error.cause),
});

/** Not by the client that is looked at. */
const arrived = (answer, name) =>
  new Promise((resolve) => http.get(`${HTTP_URL}/arrived/${name}/${answer}`, { agent: false }, (response) => resolve(response.resume())));

async function read(body) {
  const parts = [];
  for await (const part of body) parts.push(part);
  // Of what the client did not decode, every byte.
  return Buffer.concat(parts.map((part) => Buffer.from(part))).toString('latin1');
}

function caller({ client, scheme }, form) {
  const name = `${client}~${form}`;
  const { open } = CLIENTS[client];
  const ask = ({ answer = 'plain', base = BASES[scheme], path = PATH, ...rest } = {}) =>
    open(`${base}/${answer}/${name}/${path}`, {
      method: 'POST',
      headers: { ...JSON_HEADERS },
      body: textOf(name, answer !== 'plain'),
      ...rest,
    });
  return { name, ask };
}

const whole = async (ask, options) => {
  const { status, body } = await ask(options);
  return [status, await read(body)];
};

async function broken({ ask, name }, reason) {
  const abort = new AbortController();
  const answer = whole(ask, { answer: 'never', signal: abort.signal });
  answer.catch(() => undefined);
  await arrived('never', name);
  abort.abort(reason);
  return answer;
}

/** What becomes of a call, by name. Each gives what the program saw. */
const FORMS = {
  plain: ({ ask }) => whole(ask),
  stream: ({ ask }) => whole(ask, { answer: 'stream' }),
  limited: ({ ask }) => whole(ask, { answer: 'limited' }),
  retried: ({ ask }) => whole(ask, { answer: 'limited-once' }),
  moved: ({ ask }) => whole(ask, { answer: 'moved' }),
  cut: ({ ask }) => whole(ask, { answer: 'cut' }),
  refused: ({ ask }, { scheme, address }) => whole(ask, { base: `${scheme === 'tls' ? 'https' : 'http'}://${address}:${REFUSING_PORT}` }),
  async left({ ask }) {
    const { status, body } = await ask({ answer: 'held' });
    for await (const part of body) return [status, part.length];
  },
  aborted: (call) => broken(call),
  /** As `AbortSignal.timeout` does it, once the request is there. */
  timeout: (call) => broken(call, new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
  several: ({ ask }) => Promise.all([1, 2, 3].map(() => whole(ask))),
};

async function seen(row, form) {
  const call = caller(row, form);
  const run = async () => {
    const [framing] = form.split('.');
    if (PATHS[framing] !== undefined) return whole(call.ask, { answer: form, path: PATHS[framing](call.name) });
    if (BODIES[form] === undefined) return FORMS[form](call, row);
    return whole(call.ask, await BODIES[form](call.name));
  };
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(() => resolve('hung'), CASE_MS);
  });
  try {
    return await Promise.race([run(), limit]);
  } catch (error) {
    return describe(error);
  } finally {
    clearTimeout(timer);
  }
}

async function runAll() {
  for (const row of JSON.parse(PLAN))
    for (const form of row.forms) console.log(JSON.stringify([`${row.client}~${form}`, await seen(row, form)]));
  await closeAll();
}

process.on('unhandledRejection', (reason) => console.log(JSON.stringify(['unhandled', describe(reason)])));
await runAll();
// Servers keep their connections; what clients keep open is not waited for.
process.exit();
