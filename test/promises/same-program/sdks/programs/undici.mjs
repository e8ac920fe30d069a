// The npm package `undici`, by major version: its own fetch, and every way to ask beside it.
import { PassThrough, Writable } from 'node:stream';
import { describe } from './describe.mjs';
import { http2Cases, retryCases } from './undici-more.mjs';
import { chat, FAILURES, LARGE } from './wire.mjs';

const at = (base) => `${base}/v1/chat/completions`;
const PATH = '/v1/chat/completions';
const HEADERS = { 'content-type': 'application/json' };
const asked = (kit, isStream) => ({ method: 'POST', headers: HEADERS, body: chat(kit, isStream) });

export function undiciCases(name) {
  const undici = () => import(name);
  const major = Number(name.at(-1));
  const cases = {
    'request(): answer and argument': {
      run: async (kit) => {
        const { request } = await undici();
        const options = asked(kit);
        const { body, statusCode, headers, trailers, opaque, context } = await request(at(kit.scripted('ok')), options);
        kit.see('answer', [statusCode, headers, trailers, opaque, context]);
        kit.see('body', body, 1);
        kit.see('json', await body.json(), 8);
        kit.see('options', options);
        await kit.fails('again', () => body.text());
      },
    },
    'request(): chunk by chunk': {
      run: async (kit) => {
        const { request } = await undici();
        const first = kit.step();
        const { body } = await request(at(kit.scripted('stepped')), asked(kit, true));
        await first;
        const sizes = [];
        for await (const chunk of body) {
          sizes.push([chunk.constructor.name, chunk.length]);
          await kit.step();
        }
        kit.see('chunks', sizes);
      },
    },
    'request(): left by break': {
      run: async (kit) => {
        const { request } = await undici();
        const first = kit.step();
        const { body } = await request(at(kit.scripted('stepped')), asked(kit, true));
        await first;
        for await (const chunk of body) {
          kit.see('chunk', chunk);
          break;
        }
        kit.see('body', [body.destroyed, body.readableAborted]);
      },
      leaves: true,
    },
    'request(): dump() of an answer': {
      run: async (kit) => {
        const { request } = await undici();
        const { body } = await request(at(kit.scripted('ok')), asked(kit));
        kit.see('dumped', await body.dump());
      },
      leaves: true,
    },
    'request(): a body that streams': {
      run: async (kit) => {
        const { request } = await undici();
        const body = new PassThrough();
        const answer = request(at(kit.scripted('echo')), { method: 'POST', headers: HEADERS, body });
        const text = chat(kit);
        body.write(text.slice(0, 9));
        body.end(text.slice(9));
        kit.see('arrived', await (await answer).body.json());
      },
      tokens: undefined,
    },
    'request(): abort before the answer': {
      run: async (kit) => {
        const { request } = await undici();
        const abort = new AbortController();
        const promise = request(at(kit.scripted('never')), { ...asked(kit), signal: abort.signal });
        await kit.arrived();
        kit.see('listeners', kit.listeners(abort.signal));
        abort.abort();
        await kit.fails('error', promise);
        kit.see('listeners after', kit.listeners(abort.signal));
      },
      error: 'AbortError',
    },
    'request(): no headers in time': {
      run: async (kit) => {
        const { request } = await undici();
        await kit.fails('error', request(at(kit.scripted('never')), { ...asked(kit), headersTimeout: 100 }));
      },
      error: 'UND_ERR_HEADERS_TIMEOUT',
    },
    'request(): throwOnError of old, or the interceptor of new': {
      run: async (kit) => {
        const { request, Agent, interceptors } = await undici();
        const own = new Agent();
        // The global one may be Node's, which knows the option no more.
        const options = major >= 7 ? { dispatcher: own.compose(interceptors.responseError()) } : { throwOnError: true, dispatcher: own };
        await kit.fails('error', request(at(kit.scripted('refused')), { ...asked(kit), ...options }));
      },
      error: 'invalid_request_error',
    },
    'fetch() of the package': {
      run: async (kit) => {
        const { fetch, Response } = await undici();
        const response = await fetch(at(kit.scripted('stream')), asked(kit, true));
        kit.see('response', [response instanceof Response, response.status, describe(response, 1)]);
        kit.see('text', await response.text());
      },
    },
    'fetch() of the package: compressed': {
      run: async (kit) => {
        const { fetch } = await undici();
        kit.see('json', await (await fetch(at(kit.scripted('br')), asked(kit))).json(), 8);
      },
    },
    'stream() into a writable': {
      run: async (kit) => {
        const { stream } = await undici();
        const sizes = [];
        const answer = await stream(at(kit.scripted('ok')), { ...asked(kit), opaque: { mine: true } }, ({ statusCode, opaque }) => {
          kit.see('factory', [statusCode, opaque]);
          return new Writable({ write: (chunk, _, done) => (sizes.push(chunk.length), done()) });
        });
        kit.see('answer', answer);
        kit.see('sizes', sizes);
      },
    },
    'pipeline() through a duplex': {
      run: async (kit) => {
        const { pipeline } = await undici();
        const duplex = pipeline(at(kit.scripted('ok')), { method: 'POST', headers: HEADERS }, ({ body }) => body);
        kit.see('duplex', describe(duplex, 1).is);
        duplex.end(chat(kit));
        let text = '';
        for await (const piece of duplex) text += piece;
        kit.see('text', text);
      },
    },
    "dispatch() with a handler of one's own": {
      run: async (kit) => {
        const { Client } = await undici();
        const client = new Client(new URL(kit.scripted('ok')).origin);
        const order = [];
        await new Promise((resolve) => {
          const note =
            (event, result) =>
            (...args) => (order.push([event, args.length]), result);
          const end =
            (event) =>
            (...args) => (order.push([event, args.length]), resolve());
          const handler =
            major >= 8
              ? {
                  onRequestStart: note('start'),
                  onResponseStart: note('head'),
                  onResponseData: note('data'),
                  onResponseEnd: end('end'),
                  onResponseError: end('error'),
                }
              : {
                  onConnect: note('connect'),
                  onHeaders: note('head', true),
                  onData: note('data', true),
                  onComplete: end('end'),
                  onError: end('error'),
                };
          kit.see('accepted', client.dispatch({ ...asked(kit), path: new URL(kit.scripted('ok')).pathname + PATH }, handler));
        });
        kit.see('order', order);
        await client.close();
      },
    },
    'a Pool keeps its connections': {
      run: async (kit) => {
        const { Pool } = await undici();
        const pool = new Pool(new URL(kit.scripted('ok')).origin, { connections: 2 });
        const path = new URL(kit.scripted('ok')).pathname + PATH;
        const before = Number(await kit.connections());
        const answers = await Promise.all(
          Array.from({ length: 10 }, () => pool.request({ path, ...asked(kit) }).then(({ body }) => body.json())),
        );
        kit.see('answers', answers.length);
        kit.see('connections', Number(await kit.connections()) - before <= 3);
        kit.see('pool', [pool.stats.running, pool.stats.pending, pool.closed]);
        await pool.close();
      },
      attempts: 10,
    },
    'pipelining on one Client': {
      run: async (kit) => {
        const { Client } = await undici();
        const client = new Client(new URL(kit.scripted('ok')).origin, { pipelining: 4 });
        const path = new URL(kit.scripted('ok')).pathname + PATH;
        const answers = await Promise.all(
          Array.from({ length: 6 }, () => client.request({ path, ...asked(kit) }).then(({ body }) => body.json())),
        );
        kit.see('answers', answers.length);
        await client.close();
      },
      attempts: 6,
    },
    'an Agent that is destroyed under a call': {
      run: async (kit) => {
        const { Agent, request } = await undici();
        const dispatcher = new Agent();
        const promise = request(at(kit.scripted('never')), { ...asked(kit), dispatcher });
        const error = kit.fails('error', promise);
        await kit.arrived();
        await dispatcher.destroy(new Error('mine'));
        await error;
      },
      error: /.+/,
    },
    'a MockAgent answers instead: nothing is sent': {
      run: async (kit) => {
        const { MockAgent, request } = await undici();
        const dispatcher = new MockAgent();
        dispatcher.disableNetConnect();
        dispatcher.get('https://api.openai.com').intercept({ path: PATH, method: 'POST' }).reply(200, { mocked: true });
        kit.see('answer', await (await request(`https://api.openai.com${PATH}`, { ...asked(kit), dispatcher })).body.json());
        dispatcher.assertNoPendingInterceptors();
        await dispatcher.close();
      },
      attempts: 0,
    },
    'a ProxyAgent': {
      run: async (kit) => {
        const { ProxyAgent, request } = await undici();
        const dispatcher = new ProxyAgent(kit.proxy);
        kit.see('answer', (await (await request(at(kit.scripted('ok')), { ...asked(kit), dispatcher })).body.json()).id);
        await dispatcher.close();
      },
    },
    'over TLS with an own authority': {
      run: async (kit) => {
        const { Agent, request } = await undici();
        const dispatcher = new Agent({ allowH2: false });
        const { body, headers } = await request(at(kit.scriptedTls('ok')), { ...asked(kit), dispatcher });
        kit.see('answer', [(await body.json()).id, headers['content-encoding']]);
        await dispatcher.close();
      },
    },
    ...Object.fromEntries(
      Object.entries(major === 8 ? { ...FAILURES, ...LARGE } : FAILURES).map(([title, { scenario, isStream, base, ...expected }]) => [
        `request(): ${title}`,
        {
          run: async (kit) => {
            const { request } = await undici();
            const answer = await kit.fails(
              'request',
              request(at(base === undefined ? kit.scripted(scenario) : base(kit)), asked(kit, isStream)),
            );
            if (answer.body !== undefined) await kit.fails('text', answer.body.text());
          },
          ...expected,
        },
      ]),
    ),
  };
  return { ...cases, ...(major >= 6 ? retryCases(undici) : {}), ...(major >= 7 ? http2Cases(undici) : {}) };
}
