// Every client by its name. `open` sends one request and gives the status and the bytes of the answer as they come.
/* global ReadableStream */
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { createRequire } from 'node:module';
import { PassThrough, Readable } from 'node:stream';

const require = createRequire(import.meta.url);
const { PROXY_URL } = process.env;

/** A body that a client of `node:http` is handed: what it cannot write at once comes as a stream. */
function writeTo(request, body) {
  if (body === undefined) request.end();
  else if (typeof body === 'string' || body instanceof Uint8Array) request.end(body);
  else
    Readable.from(body)
      .on('error', (error) => request.destroy(error))
      .pipe(request);
}

const answered = (request) =>
  new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', (response) => resolve({ status: response.statusCode, body: response }));
  });

const byFetch =
  (load) =>
  async (url, { body, ...options }) => {
    const fetch = await load();
    const isStream = body instanceof ReadableStream || body?.[Symbol.asyncIterator] !== undefined;
    const response = await fetch(url, { ...options, body, ...(isStream ? { duplex: 'half' } : {}) });
    return { status: response.status, body: response.body ?? [] };
  };

const byHttp = (load) => async (url, options) => {
  const { body, ...rest } = options;
  const request = (await load(url)).request(url, rest);
  const answer = answered(request);
  writeTo(request, body);
  return answer;
};

const agents = new Map();
/** Of its own: the first copy of undici in a process makes the one that all others use. */
async function agentOf(name) {
  const { Agent } = await import(name);
  if (!agents.has(name)) agents.set(name, new Agent());
  return agents.get(name);
}

/** One dispatcher for all of its calls, as programs have it. */
function byRequest(name, dispatcherOf = ({ Agent }) => new Agent()) {
  let made;
  return {
    async open(url, options) {
      const undici = await import(name);
      made ??= dispatcherOf(undici);
      const { statusCode, body } = await undici.request(url, { ...options, dispatcher: made });
      return { status: statusCode, body };
    },
    close: () => made?.close?.(),
  };
}

async function byStream(name, url, options) {
  const { stream } = await import(name);
  const dispatcher = await agentOf(name);
  return new Promise((resolve, reject) => {
    stream(url, { ...options, dispatcher }, ({ statusCode }) => {
      const body = new PassThrough();
      // A reader that leaves destroys it, and with it the call.
      resolve({ status: statusCode, body });
      return body;
    }).catch(reject);
  });
}

async function byPipeline(name, url, { body, ...options }) {
  const { pipeline } = await import(name);
  const dispatcher = await agentOf(name);
  return new Promise((resolve, reject) => {
    const duplex = pipeline(url, { ...options, dispatcher }, ({ statusCode, body: answer }) => {
      resolve({ status: statusCode, body: duplex });
      return answer;
    });
    duplex.on('error', reject);
    writeTo(duplex, body);
  });
}

/** The handlers of undici 6 and 7 have other names than those of 8. */
async function byDispatch(name, url, { body, headers, method, signal }) {
  const { Client } = await import(name);
  const { origin, pathname } = new URL(url);
  const client = new Client(origin);
  const answer = new PassThrough();
  return new Promise((resolve, reject) => {
    let abort;
    const started = (given) => {
      abort = typeof given === 'function' ? given : (reason) => given.abort(reason);
      signal?.addEventListener('abort', () => abort(signal.reason));
      answer.on('close', () => abort());
    };
    const head = (status) => resolve({ status, body: answer });
    const data = (chunk) => (answer.write(chunk), true);
    const failed = (error) => (answer.on('error', () => undefined).destroy(error), reject(error), client.destroy());
    const ended = () => (answer.end(), client.close());
    const old = {
      onConnect: started,
      onHeaders: (status) => (head(status), true),
      onData: data,
      onComplete: ended,
      onError: failed,
    };
    const current = {
      onRequestStart: started,
      onResponseStart: (_, status) => head(status),
      onResponseData: (_, chunk) => void data(chunk),
      onResponseEnd: ended,
      onResponseError: (_, error) => failed(error),
    };
    client.dispatch({ path: pathname, method, headers, body }, name === 'undici6' ? old : current);
  });
}

async function byAxios(url, { body, ...options }, rest) {
  const { default: axios } = await import('axios');
  const asked = { ...options, url, data: body, responseType: 'stream', validateStatus: () => true, ...rest };
  const { status, data } = await axios.request(asked);
  return { status, body: data };
}

/** The promise reads the whole body, the stream hands it on. */
async function byGot(name, url, { body, signal, ...options }, { isStream = false, ...rest } = {}) {
  const got = name === 'got11' ? require(name) : (await import(name)).default;
  const asked = { ...options, body, throwHttpErrors: false, retry: name === 'got11' ? 0 : { limit: 0 }, ...rest };
  if (name !== 'got11') asked.signal = signal;
  if (!isStream) {
    const promise = got(url, asked);
    if (name === 'got11') signal?.addEventListener('abort', () => promise.cancel());
    const { statusCode, rawBody } = await promise;
    return { status: statusCode, body: [rawBody] };
  }
  const stream = got.stream(url, asked);
  if (body === undefined) stream.end?.();
  return new Promise((resolve, reject) => {
    stream.on('error', reject);
    stream.on('response', ({ statusCode }) => resolve({ status: statusCode, body: stream }));
  });
}

async function bySuperagent(url, { method, headers, body, signal }, configure = (request) => request) {
  const request = configure(
    require('superagent')(method, url)
      .set(headers)
      .ok(() => true)
      .buffer(true),
  );
  request.parse((response, done) => {
    const parts = [];
    response.on('data', (part) => parts.push(Buffer.from(part)));
    response.on('end', () => done(null, Buffer.concat(parts)));
  });
  signal?.addEventListener('abort', () => void request.abort());
  const aborted = new Promise((_, reject) => request.on('abort', () => reject(new Error('aborted'))));
  const { status, body: bytes } = await Promise.race([request.send(body), aborted]);
  return { status, body: [bytes] };
}

let handlers;
async function bySmithy(kind, url, { method, headers, body, signal }) {
  const { NodeHttpHandler, NodeHttp2Handler } = await import('@smithy/node-http-handler');
  const { HttpRequest } = await import('@smithy/protocol-http');
  handlers ??= { http: new NodeHttpHandler(), http2: new NodeHttp2Handler() };
  const { protocol, hostname, port, pathname } = new URL(url);
  const request = new HttpRequest({ protocol, hostname, port: Number(port), path: pathname, method, headers, body });
  const { response } = await handlers[kind].handle(request, { abortSignal: signal });
  return { status: response.statusCode, body: response.body };
}

const sessions = new Map();
async function byHttp2(url, { method, headers, body, signal }) {
  const { origin, pathname } = new URL(url);
  const session = sessions.get(origin) ?? http2.connect(origin).setMaxListeners(0);
  sessions.set(origin, session);
  session.once('close', () => sessions.delete(origin));
  const stream = session.request({ ':method': method, ':path': pathname, ...headers }, { signal });
  writeTo(stream, body);
  return new Promise((resolve, reject) => {
    session.once('error', reject);
    stream.on('error', reject);
    stream.on('response', ({ ':status': status }) => resolve({ status, body: stream }));
  });
}

const proxyOf = ({ ProxyAgent }, options) => new ProxyAgent({ uri: PROXY_URL, ...options });

function undiciClients(name) {
  const fetching = async () => {
    const [{ fetch }, dispatcher] = [await import(name), await agentOf(name)];
    return (url, options) => fetch(url, { ...options, dispatcher });
  };
  return {
    [`${name}-fetch`]: { open: byFetch(fetching) },
    [`${name}-request`]: byRequest(name),
    [`${name}-stream`]: { open: (url, options) => byStream(name, url, options) },
    [`${name}-pipeline`]: { open: (url, options) => byPipeline(name, url, options) },
    [`${name}-dispatch`]: { open: (url, options) => byDispatch(name, url, options) },
    [`${name}-agent`]: byRequest(name, ({ Agent }) => new Agent({ pipelining: 4 })),
    [`${name}-pool`]: byPool(name, ({ Pool }, origin) => new Pool(origin, { connections: 2 })),
    [`${name}-client`]: byPool(name, ({ Client }, origin) => new Client(origin)),
    [`${name}-retry-agent`]: byRequest(name, ({ Agent, RetryAgent }) => new RetryAgent(new Agent(), RETRIES)),
    [`${name}-proxy`]: byRequest(name, (undici) => proxyOf(undici, { proxyTunnel: false })),
    [`${name}-tunnel`]: byRequest(name, (undici) => proxyOf(undici, { proxyTunnel: true })),
    [`${name}-env-proxy`]: byRequest(name, ({ EnvHttpProxyAgent }) => new EnvHttpProxyAgent({ httpProxy: PROXY_URL, noProxy: '' })),
    [`${name}-retry`]: byRequest(name, ({ Agent, interceptors }) => new Agent().compose(interceptors.retry(RETRIES))),
    [`${name}-redirect`]: byRequest(name, ({ Agent, interceptors }) => new Agent().compose(interceptors.redirect({ maxRedirections: 2 }))),
    [`${name}-decompress`]: byRequest(name, ({ Agent, interceptors }) => new Agent().compose(interceptors.decompress())),
    [`${name}-cache`]: byRequest(name, ({ Agent, interceptors }) => new Agent().compose(interceptors.cache())),
    [`${name}-dns`]: byRequest(name, ({ Agent, interceptors }) => new Agent().compose(interceptors.dns())),
  };
}

const RETRIES = { minTimeout: 1, maxTimeout: 2, methods: ['POST'], maxRetries: 1 };

/** Such a dispatcher is for one origin, and is asked itself. */
function byPool(name, poolOf) {
  const pools = new Map();
  return {
    async open(url, options) {
      const { origin, pathname } = new URL(url);
      const pool = pools.get(origin) ?? poolOf(await import(name), origin);
      pools.set(origin, pool);
      const { statusCode, body } = await pool.request({ path: pathname, ...options });
      return { status: statusCode, body };
    },
    close: () => Promise.all([...pools.values()].map((pool) => pool.destroy())),
  };
}

const follow = require('follow-redirects');

export const CLIENTS = {
  fetch: { open: byFetch(() => fetch) },
  ...undiciClients('undici6'),
  ...undiciClients('undici7'),
  ...undiciClients('undici8'),
  'node-http': { open: byHttp(() => http) },
  'node-https': { open: byHttp(() => https) },
  'node-http-proxy': {
    open: byHttp(() => ({
      request: (url, options) =>
        http.request(url, { ...options, agent: (proxied ??= new http.Agent({ proxyEnv: { HTTP_PROXY: PROXY_URL } })) }),
    })),
  },
  'follow-redirects': { open: byHttp((url) => (url.startsWith('https') ? follow.https : follow.http)) },
  axios: { open: (url, options) => byAxios(url, options) },
  'axios-fetch': { open: (url, options) => byAxios(url, options, { adapter: 'fetch' }) },
  'axios-http2': { open: (url, options) => byAxios(url, options, { httpVersion: 2, maxRedirects: 0 }) },
  got11: { open: (url, options) => byGot('got11', url, options) },
  got14: { open: (url, options) => byGot('got14', url, options) },
  got16: { open: (url, options) => byGot('got16', url, options) },
  'got16-stream': { open: (url, options) => byGot('got16', url, options, { isStream: true }) },
  'node-fetch2': { open: byFetch(() => require('node-fetch2')) },
  'node-fetch3': { open: byFetch(async () => (await import('node-fetch3')).default) },
  superagent: { open: (url, options) => bySuperagent(url, options) },
  'superagent-http2': { open: (url, options) => bySuperagent(url, options, (request) => request.http2()) },
  ky: { open: byFetch(async () => (url, options) => kyOf(url, options)) },
  smithy: { open: (url, options) => bySmithy('http', url, options) },
  'smithy-http2': { open: (url, options) => bySmithy('http2', url, options) },
  'node-http2': { open: byHttp2 },
};

let proxied;
const kyOf = async (url, options) => (await import('ky')).default(url, { ...options, retry: 0, throwHttpErrors: false });

export async function closeAll() {
  for (const session of sessions.values()) session.destroy();
  handlers?.http2.destroy();
  await Promise.all(Object.values(CLIENTS).map(({ close }) => close?.()));
}
