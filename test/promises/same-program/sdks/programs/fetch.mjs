// Raw `fetch`: every way to ask, to read the answer, to leave it.
/* global AbortSignal, Headers, Request, TextDecoderStream */
import { responseFacts } from './describe.mjs';
import { uploadCases } from './fetch-uploads.mjs';
import { bytesOf, chat, FAILURES, LARGE } from './wire.mjs';

const url = (base) => `${base}/v1/chat/completions`;
const asked = (kit, rest = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: chat(kit, rest.stream),
  ...rest,
});
const post = (kit, scenario, rest) => fetch(url(kit.scripted(scenario)), asked(kit, rest));

const read = (name, action) => ({
  run: async (kit) => {
    const response = await post(kit, 'ok');
    kit.see('value', await action(response));
    kit.see('used', response.bodyUsed);
    await kit.fails('again', () => response.text());
  },
});

export function fetchCases() {
  return {
    'the promise and the response are what they are without us': {
      run: async (kit) => {
        const options = asked(kit);
        const promise = post(kit, 'ok', options);
        kit.see('promise', promise, 1);
        const response = await promise;
        kit.see('same response', (await promise) === response);
        kit.see('response', responseFacts(response));
        kit.see('body', await response.json());
        kit.see('options', options);
      },
    },
    'text() reads it once': read('text', (response) => response.text()),
    'json() reads it once': read('json', (response) => response.json()),
    'arrayBuffer() reads it once': read('arrayBuffer', async (response) => (await response.arrayBuffer()).byteLength),
    'blob() reads it once': read('blob', async (response) => [(await response.blob()).size, (await response.clone?.call) === undefined]),
    'bytes() reads it once where this Node has it': read(
      'bytes',
      async (response) => (await response.bytes?.())?.length ?? (await response.text()).length,
    ),
    'formData() fails as it must': { run: async (kit) => kit.fails('formData', (await post(kit, 'ok')).formData()) },
    'clone() gives both sides the same bytes': {
      run: async (kit) => {
        const response = await post(kit, 'stream', { stream: true });
        const copy = response.clone();
        kit.see('bytes', [(await response.text()).length, (await copy.text()).length]);
        kit.see('copy', responseFacts(copy));
      },
    },
    'tee() of the body gives both sides the same bytes': {
      run: async (kit) => {
        const [left, right] = (await post(kit, 'stream', { stream: true })).body.tee();
        kit.see('bytes', [await bytesOf(left), await bytesOf(right)]);
      },
    },
    'a byte reader fills the view it is given': {
      run: async (kit) => {
        const { body } = await post(kit, 'ok');
        const reader = body.getReader({ mode: 'byob' });
        const { value, done } = await reader.read(new Uint8Array(16));
        kit.see('first', [Buffer.from(value).toString(), done]);
        await reader.cancel();
      },
      leaves: true,
    },
    'chunks arrive one by one, as they were sent': {
      run: async (kit) => {
        const first = kit.step();
        const response = await post(kit, 'stepped', { stream: true });
        await first;
        const sizes = [];
        for await (const chunk of response.body) {
          sizes.push([chunk.constructor.name, chunk.length, chunk.byteOffset === 0]);
          await kit.step();
        }
        kit.see('chunks', sizes);
      },
    },
    'a stream left early by break': {
      run: async (kit) => {
        const first = kit.step();
        const response = await post(kit, 'stepped', { stream: true });
        await first;
        for await (const chunk of response.body) {
          kit.see('chunk', chunk);
          break;
        }
        kit.see('used', [response.bodyUsed, response.body.locked]);
      },
      leaves: true,
    },
    'a body that is cancelled unread': {
      run: async (kit) => {
        const response = await post(kit, 'stream', { stream: true });
        kit.see('cancel', await response.body.cancel('enough'));
        await kit.fails('read', () => response.text());
      },
      leaves: true,
    },
    'pipeThrough to text': {
      run: async (kit) => {
        const { body } = await post(kit, 'stream', { stream: true });
        let text = '';
        for await (const piece of body.pipeThrough(new TextDecoderStream())) text += piece;
        kit.see('text', text);
      },
    },
    'an aborted request before its answer': {
      run: async (kit) => {
        const abort = new AbortController();
        const order = [];
        abort.signal.addEventListener('abort', () => order.push('listener'));
        const promise = post(kit, 'never', { signal: abort.signal }).catch((error) => order.push(error));
        await kit.arrived();
        kit.see('listeners', kit.listeners(abort.signal));
        abort.abort();
        queueMicrotask(() => order.push('microtask'));
        order.push('sync');
        await promise;
        kit.see('order', order);
        kit.see('listeners after', kit.listeners(abort.signal));
      },
      error: 'AbortError',
      tokens: undefined,
    },
    'an own reason to abort is the error': {
      run: async (kit) => {
        const abort = new AbortController();
        const reason = { mine: true };
        const promise = post(kit, 'never', { signal: abort.signal });
        await kit.arrived();
        abort.abort(reason);
        kit.see('same reason', (await promise.catch((error) => error)) === reason);
      },
      error: 'AbortError',
    },
    'a signal that was aborted before': {
      run: (kit) => kit.fails('error', post(kit, 'ok', { signal: AbortSignal.abort() })),
      attempts: 0,
    },
    'an aborted stream in its middle': {
      run: async (kit) => {
        const abort = new AbortController();
        const first = kit.step();
        const response = await post(kit, 'stepped', { stream: true, signal: abort.signal });
        await first;
        const reader = response.body.getReader();
        kit.see('first', (await reader.read()).done);
        abort.abort();
        await kit.fails('next', reader.read());
        await kit.fails('closed', reader.closed);
        kit.see('listeners after', kit.listeners(abort.signal));
      },
      leaves: true,
    },
    'an abort after the end changes nothing': {
      run: async (kit) => {
        const abort = new AbortController();
        const response = await post(kit, 'ok', { signal: abort.signal });
        const body = await response.json();
        abort.abort();
        kit.see('body', body);
        kit.see('listeners after', kit.listeners(abort.signal));
      },
    },
    'a timeout is a TimeoutError': {
      run: (kit) => kit.fails('error', post(kit, 'never', { signal: AbortSignal.timeout(100) })),
      error: /.+/,
    },
    'one signal for thirty calls warns of nothing': {
      run: async (kit) => {
        const abort = new AbortController();
        const texts = await Promise.all(
          Array.from({ length: 30 }, () => post(kit, 'ok', { signal: abort.signal }).then((response) => response.json())),
        );
        kit.see('answers', texts.length);
        // How many are left hangs on when garbage is collected.
        kit.see('listeners after', kit.listeners(abort.signal) <= 30);
      },
      attempts: 30,
    },
    ...uploadCases(post),
    'headers as Headers, pairs and a record are left as they were': {
      run: async (kit) => {
        for (const headers of [new Headers({ 'X-One': '1' }), [['X-One', '1']], { 'X-One': '1' }]) {
          await (await post(kit, 'ok', { headers })).text();
          kit.see('headers', headers);
        }
      },
      attempts: 3,
    },
    'a Request object as argument': {
      run: async (kit) => {
        const request = new Request(url(kit.scripted('ok')), asked(kit));
        kit.see('answer', await (await fetch(request)).json());
        kit.see('request', [request.bodyUsed, request.method, request.url]);
      },
    },
    'frozen options and options behind a Proxy': {
      run: async (kit) => {
        const asked_ = [];
        const options = asked(kit);
        const watched = new Proxy(options, {
          get: (target, key) => {
            asked_.push(String(key));
            return Reflect.get(target, key);
          },
        });
        kit.see('frozen', (await (await fetch(url(kit.scripted('ok')), Object.freeze(asked(kit)))).json()).id);
        kit.see('proxy', (await (await fetch(url(kit.scripted('ok')), watched)).json()).id);
        kit.see('asked of the proxy', asked_);
      },
      attempts: 2,
    },
    'a redirect is followed': {
      run: async (kit) => {
        const response = await post(kit, 'moved');
        kit.see('response', [response.redirected, response.url]);
        kit.see('body', await response.json());
      },
    },
    'answers that nobody reads': {
      run: async (kit) => {
        for (let count = 0; count < 5; count += 1) kit.see('status', (await post(kit, 'ok')).status);
      },
      leaves: true,
      attempts: 5,
    },
    'a connection is kept and used again': {
      run: async (kit) => {
        for (let count = 0; count < 10; count += 1) await (await post(kit, 'ok')).text();
        kit.see('connections grew by', Number(await kit.connections()) >= 1);
      },
      attempts: 10,
    },
    'over TLS with an own authority': {
      run: async (kit) => kit.see('body', await (await fetch(url(kit.scriptedTls('gzip')), asked(kit))).json()),
    },
    'plain HTTP to a server that wants TLS': {
      run: (kit) => kit.fails('error', fetch(url(kit.scriptedTls('ok').replace('https', 'http')), asked(kit))),
      error: /^(?:UND_ERR_SOCKET|ECONNRESET)$/,
    },
    'a wrong header is refused at once': {
      run: (kit) => kit.fails('error', post(kit, 'ok', { headers: { 'bad name': 'x' } })),
      attempts: 0,
    },
    ...Object.fromEntries(
      Object.entries({ ...FAILURES, ...LARGE }).map(([name, { scenario, isStream = false, base, ...expected }]) => [
        name,
        {
          run: async (kit) => {
            const target = url(base === undefined ? kit.scripted(scenario) : base(kit));
            const response = await kit.fails('fetch', fetch(target, asked(kit, { stream: isStream })));
            if (response instanceof Response) await kit.fails('text', response.text());
          },
          ...expected,
        },
      ]),
    ),
  };
}

/** Where `fetch` speaks HTTP/2 of itself (from Node 26). */
export function fetchHttp2Cases() {
  const each = (path, isStream, read) => async (kit) => {
    const response = await fetch(url(`${kit.http2}${path}`), asked(kit, { stream: isStream }));
    kit.see('response', responseFacts(response).headers);
    kit.see('read', await read(response));
  };
  return {
    'a call': { run: each('/ok', false, (response) => response.json()) },
    'a stream': { run: each('/stream', true, (response) => response.text()) },
    'a stream left by break': {
      run: each('/stream', true, async ({ body }) => {
        for await (const chunk of body) return chunk.constructor.name;
      }),
      leaves: true,
    },
  };
}
