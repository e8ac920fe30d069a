// The npm package `undici`: what only its newer majors have, interceptors and HTTP/2.
import { chat } from './wire.mjs';

const PATH = '/v1/chat/completions';
const at = (base) => `${base}${PATH}`;
const asked = (kit, isStream) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: chat(kit, isStream) });

export function retryCases(undici) {
  return {
    'a RetryAgent tries again': {
      run: async (kit) => {
        const { Agent, RetryAgent, request } = await undici();
        const dispatcher = new RetryAgent(new Agent(), { minTimeout: 1, maxTimeout: 2, methods: ['POST'], retryAfter: false });
        const { statusCode, body } = await request(at(kit.scripted('limited-once')), { ...asked(kit), dispatcher });
        kit.see('answer', [statusCode, (await body.json()).id]);
        await dispatcher.close();
      },
      attempts: 2,
      error: /rate_limit_error|429/,
      recovers: true,
    },
    'interceptors: retry and redirect': {
      run: async (kit) => {
        const { Agent, interceptors, request } = await undici();
        const dispatcher = new Agent().compose(interceptors.redirect({ maxRedirections: 2 }));
        const { statusCode, body } = await request(at(kit.scripted('moved')), { ...asked(kit), dispatcher });
        kit.see('answer', [statusCode, (await body.json()).id]);
        await dispatcher.close();
      },
    },
  };
}

export function http2Cases(undici) {
  const each = (path, isStream, read) => async (kit) => {
    const { Agent, request } = await undici();
    const dispatcher = new Agent({ allowH2: true });
    await kit.fails('answer', async () => read(await request(`${kit.http2}${path}${PATH}`, { ...asked(kit, isStream), dispatcher })));
    await dispatcher.destroy();
  };
  return {
    'over HTTP/2: a call': { run: each('/ok', false, async ({ body }) => body.json()) },
    'over HTTP/2: a stream': { run: each('/stream', true, async ({ body }) => body.text()) },
    'over HTTP/2: a stream that the server resets': {
      run: each('/reset', false, async ({ body }) => body.text()),
      tokens: undefined,
    },
  };
}
