// LLM calls that the program gives up, by each client and in each way. The server holds GET /arrived/NAME until the call of that name is there, and GET /closed/NAME until its connection or stream is closed.
const http = require('node:http');
const http2 = require('node:http2');
const { once } = require('node:events');
const { Worker, isMainThread, parentPort } = require('node:worker_threads');

const { URL_1, URL_2 } = process.env;
const body = (name) =>
  JSON.stringify({ model: name, max_tokens: 9, stream: !name.includes('silent'), messages: [{ role: 'user', content: 'hello' }] });
const told = (what, name) => fetch(`${URL_1}/${what}/${name}`).then((response) => response.text());
const headers = { 'content-type': 'application/json' };
const pathOf = (name) => `/${name}/v1/messages`;

/** Each resolves once the first piece of the answer is there, with a way to leave the rest; rejects where there is none. */
const CLIENTS = {
  async fetch(name, signal) {
    const response = await fetch(URL_1 + pathOf(name), { method: 'POST', headers, body: body(name), signal });
    const reader = response.body.getReader();
    await reader.read();
    return () => reader.cancel();
  },
  async http(name, signal) {
    const request = http.request(URL_1 + pathOf(name), { method: 'POST', headers, signal });
    request.end(body(name));
    const [response] = await once(request, 'response');
    response.on('error', () => undefined);
    await once(response, 'data');
    return () => response.destroy();
  },
  async http2(name, signal) {
    const session = http2.connect(URL_2);
    session.on('error', () => undefined);
    const stream = session.request({ ':method': 'POST', ':path': pathOf(name), ...headers }, { signal });
    stream.on('close', () => session.close());
    stream.end(body(name));
    await once(stream, 'data');
    stream.on('error', () => undefined);
    return () => stream.close(http2.constants.NGHTTP2_CANCEL);
  },
};

const WAYS = {
  async aborted(client, name) {
    const controller = new AbortController();
    const failed = client(`${name}-silent`, controller.signal).catch(({ name: error }) => error);
    await told('arrived', `${name}-silent`);
    controller.abort();
    return failed;
  },
  timeout: (client, name) => client(`${name}-silent`, globalThis.AbortSignal.timeout(1_000)).catch(({ name: error }) => error),
  async left(client, name) {
    const leave = await client(`${name}-stream`);
    await leave();
  },
  async stopped(client, name) {
    const controller = new AbortController();
    await client(`${name}-stream`, controller.signal);
    controller.abort();
  },
};

async function main() {
  for (const [clientName, client] of Object.entries(CLIENTS)) {
    for (const [way, run] of Object.entries(WAYS)) {
      const name = `${clientName}-${way}`;
      await run(client, name);
      await told('closed', `${name}-${way === 'aborted' || way === 'timeout' ? 'silent' : 'stream'}`);
    }
  }
  const worker = new Worker(__filename);
  await once(worker, 'message');
  await worker.terminate();
  await told('closed', 'thread-terminated-stream');
  console.log('done');
}

if (isMainThread) main();
else
  CLIENTS.fetch('thread-terminated-stream')
    .then(
      () => parentPort.postMessage('first'),
      () => undefined,
    )
    .then(() => setInterval(() => undefined, 1_000));
