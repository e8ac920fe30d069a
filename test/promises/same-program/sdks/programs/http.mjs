// `node:http` and `node:https` as an app uses them, and the clients that are built on them or on fetch: axios, got,
// node-fetch, ky.
/* global AbortSignal */
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { text as textOf } from 'node:stream/consumers';
import { describe } from './describe.mjs';
import { chat, FAILURES, LARGE } from './wire.mjs';

const at = (base) => `${base}/v1/chat/completions`;
const HEADERS = { 'content-type': 'application/json' };
const OPTIONS = { method: 'POST', headers: HEADERS };
const SHADOWED = ['write', 'end', 'destroy', 'push', '_destroy'];

/**
 * Keys, and of our own shadows only that they are as the methods they stand before: those are the one thing an app
 * could find.
 */
function objectFacts(object) {
  const own = Reflect.ownKeys(object)
    .map(String)
    .filter((key) => !SHADOWED.includes(key));
  const methods = SHADOWED.filter((name) => typeof object[name] === 'function').map((name) => [
    name,
    object[name].name,
    object[name].length,
  ]);
  const listeners = object.eventNames().map((event) => [String(event), object.listenerCount(event)]);
  return { is: describe(object, 1).is, enumerable: Object.keys(object), own, methods, listeners };
}

const answered = (request) => new Promise((resolve, reject) => request.on('response', resolve).on('error', reject));

export function nodeHttpCases() {
  const send = (kit, scenario, { stream = false, ...options } = {}) => {
    const request = http.request(at(kit.scripted(scenario)), { ...OPTIONS, ...options });
    request.end(chat(kit, stream));
    return request;
  };
  return {
    'request and answer objects': {
      run: async (kit) => {
        const request = http.request(at(kit.scripted('ok')), OPTIONS);
        kit.see('request', objectFacts(request));
        kit.see('write', request.write(chat(kit)));
        kit.see('end', request.end() === request);
        const response = await answered(request);
        kit.see('response', objectFacts(response));
        kit.see('head', [response.statusCode, response.statusMessage, response.headers, response.rawHeaders, response.httpVersion]);
        kit.see('text', await textOf(response));
        kit.see('after', [response.complete, request.writableEnded, request.destroyed]);
      },
    },
    'order of events': {
      run: async (kit) => {
        const order = [];
        const request = http.request(at(kit.scripted('stream')), OPTIONS);
        for (const event of ['socket', 'finish', 'response', 'close', 'error']) request.on(event, () => order.push(`request ${event}`));
        request.on('response', (response) => {
          for (const event of ['end', 'close', 'error', 'aborted']) response.on(event, () => order.push(`response ${event}`));
          response.resume();
        });
        request.end(chat(kit, true), () => order.push('end callback'));
        await new Promise((resolve) => request.on('close', resolve));
        kit.see('order', order);
      },
    },
    'setEncoding and data listeners': {
      run: async (kit) => {
        const response = await answered(send(kit, 'stream', { stream: true }));
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (piece) => (text += piece));
        await new Promise((resolve) => response.on('end', resolve));
        kit.see('text', text);
      },
    },
    'an answer that is paused and read later': {
      run: async (kit) => {
        const response = await answered(send(kit, 'huge-stream', { stream: true }));
        for (let turns = 0; turns < 20; turns += 1) await kit.turn();
        kit.see('flowing', response.readableFlowing);
        kit.see('bytes', (await textOf(response)).length);
      },
    },
    'a body in pieces, strings and bytes in several encodings': {
      run: async (kit) => {
        const request = http.request(at(kit.scripted('echo')), OPTIONS);
        const text = chat(kit);
        request.write(text.slice(0, 5), 'latin1');
        request.write(Buffer.from(text.slice(5, 9)), () => undefined);
        request.write(Buffer.from(text.slice(9, 20)).toString('base64'), 'base64');
        request.end(text.slice(20));
        kit.see('arrived', JSON.parse(await textOf(await answered(request))));
      },
      tokens: undefined,
    },
    'wrong arguments throw what they throw': {
      run: async (kit) => {
        const request = http.request(at(kit.scripted('ok')), OPTIONS);
        await kit.fails('write', () => request.write(42));
        await kit.fails('end', () => request.end({}));
        request.end(chat(kit));
        await textOf(await answered(request));
        request.on('error', (error) => kit.see('late', error));
        kit.see('write after end', request.write('x'));
        await kit.turn();
      },
    },
    'destroy() before the answer': {
      run: async (kit) => {
        const request = send(kit, 'never');
        const error = kit.fails('error', answered(request));
        await kit.arrived();
        kit.see('same', request.destroy(new Error('mine')) === request);
        await error;
      },
      error: /.+/,
    },
    'abort() of old': {
      run: async (kit) => {
        const request = send(kit, 'never');
        const error = kit.fails('error', answered(request));
        await kit.arrived();
        request.abort();
        await error;
        kit.see('aborted', request.aborted);
      },
      error: 'AbortError',
    },
    'a signal': {
      run: async (kit) => {
        const abort = new AbortController();
        const error = kit.fails('error', answered(send(kit, 'never', { signal: abort.signal })));
        await kit.arrived();
        kit.see('listeners', kit.listeners(abort.signal));
        abort.abort();
        await error;
        kit.see('listeners after', kit.listeners(abort.signal));
      },
      error: 'AbortError',
    },
    'an answer that is destroyed because the server hung up': {
      run: async (kit) => {
        const response = await answered(send(kit, 'cut-body'));
        response.on('error', (error) => kit.see('error', error));
        response.socket.prependListener('end', () => response.req.destroy());
        response.resume();
        await new Promise((resolve) => response.on('close', resolve));
        kit.see('destroyed', [response.destroyed, response.aborted, response.complete]);
      },
      tokens: undefined,
      error: 'ECONNRESET',
    },
    'an answer that is destroyed in its middle': {
      run: async (kit) => {
        const first = kit.step();
        const response = await answered(send(kit, 'stepped', { stream: true }));
        await first;
        for await (const chunk of response) {
          kit.see('chunk', chunk);
          break;
        }
        kit.see('destroyed', [response.destroyed, response.aborted, response.complete]);
      },
      leaves: true,
    },
    'an idle timeout': {
      run: async (kit) => {
        const request = send(kit, 'never', { timeout: 100 });
        await new Promise((resolve) => request.on('timeout', resolve));
        const error = kit.fails('error', answered(request));
        request.destroy();
        await error;
      },
      error: /.+/,
    },
    'an Agent that keeps its sockets': {
      run: async (kit) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
        await Promise.all(Array.from({ length: 8 }, async () => textOf(await answered(send(kit, 'ok', { agent })))));
        await kit.turn();
        const sockets = Object.values(agent.freeSockets).flat();
        kit.see('sockets', [sockets.length <= 2, sockets.map((socket) => socket.listenerCount('data'))]);
        agent.destroy();
      },
      attempts: 8,
    },
    'a proxy in absolute form': {
      run: async (kit) => {
        const { hostname, port } = new URL(kit.proxy);
        const request = http.request({ host: hostname, port, path: at(kit.scripted('ok')), ...OPTIONS });
        request.end(chat(kit));
        kit.see('text', await textOf(await answered(request)));
      },
    },
    'a method that the app replaced on the prototype is still called': {
      run: async (kit) => {
        const { prototype } = http.ClientRequest;
        const request = http.request(at(kit.scripted('ok')), OPTIONS);
        const calls = [];
        prototype.end = function (...args) {
          calls.push(args.length);
          return http.OutgoingMessage.prototype.end.apply(this, args);
        };
        try {
          request.end(chat(kit));
          kit.see('text', await textOf(await answered(request)));
        } finally {
          delete prototype.end;
        }
        kit.see('calls', calls);
      },
    },
    'over TLS with an own authority': {
      run: async (kit) => {
        const request = https.request(at(kit.scriptedTls('ok')), OPTIONS);
        request.end(chat(kit));
        kit.see('text', await textOf(await answered(request)));
      },
    },
    ...failures(
      async (kit, target, isStream) => {
        const request = http.request(target, OPTIONS);
        request.end(chat(kit, isStream));
        return textOf(await answered(request));
      },
      { isNodeHttp: true, cases: { ...FAILURES, ...LARGE } },
    ),
  };
}

const ASK = {
  axios: async (target, body, signal) => {
    const { default: axios } = await import('axios');
    return (await axios.post(target, body, { headers: HEADERS, signal, responseType: 'text' })).data;
  },
  got: async (target, body, signal) => {
    const { default: got } = await import('got');
    return (await got.post(target, { body, headers: HEADERS, signal, retry: { limit: 0 } })).body;
  },
  'node-fetch2': async (target, body, signal) => {
    const fetch = createRequire(import.meta.url)('node-fetch2');
    return (await fetch(target, { ...OPTIONS, body, signal })).text();
  },
  'node-fetch3': async (target, body, signal) => {
    const { default: fetch } = await import('node-fetch3');
    return (await fetch(target, { ...OPTIONS, body, signal })).text();
  },
  ky: async (target, body, signal) => {
    const { default: ky } = await import('ky');
    return ky.post(target, { body, headers: HEADERS, signal, retry: 0 }).text();
  },
};

/** One of the clients: its answer and its errors. */
export function clientCases(name) {
  const ask = ASK[name];
  const cases = {
    'a call': { run: async (kit) => kit.see('text', await ask(at(kit.scripted('ok')), chat(kit))) },
    'a call over TLS with an own authority': { run: async (kit) => kit.see('text', await ask(at(kit.scriptedTls('br')), chat(kit))) },
    'a call that is aborted': {
      run: async (kit) => {
        const abort = new AbortController();
        const error = kit.fails('error', ask(at(kit.scripted('never')), chat(kit), abort.signal));
        await kit.arrived();
        abort.abort();
        await error;
      },
      error: /.+/,
    },
    'a call in time': {
      run: async (kit) => kit.see('text', await ask(at(kit.scripted('ok')), chat(kit), AbortSignal.timeout(60_000))),
    },
    ...failures(async (kit, target, isStream) => ask(target, chat(kit, isStream)), { isNodeHttp: name !== 'ky', cases: FAILURES }),
  };
  // It waits for ever for the rest of such a body, on new versions of Node.
  if (name === 'node-fetch2') delete cases['a body that is cut'];
  if (name !== 'got') return cases;
  // It sends the body late; and whether it takes the end of an answer in pieces for a broken one is a race of its own.
  return Object.fromEntries(
    Object.entries(cases)
      .filter(([title, { isStream }]) => !isStream && !['an answer without a length', 'trailers behind the answer'].includes(title))
      .map(([title, each]) => [title, { ...each, isModelUnknown: FAILURES[title]?.isModelUnknown ?? false }]),
  );
}

function failures(ask, { isNodeHttp, cases }) {
  return Object.fromEntries(
    Object.entries(cases).map(([title, { scenario, isStream, base, ...expected }]) => [
      title,
      {
        run: (kit) => kit.fails('answer', ask(kit, at(base === undefined ? kit.scripted(scenario) : base(kit)), isStream)),
        ...expected,
        isStream,
        // The body is handed to `node:http` before it has a connection.
        ...(isNodeHttp ? { isModelUnknown: false } : {}),
      },
    ]),
  );
}
