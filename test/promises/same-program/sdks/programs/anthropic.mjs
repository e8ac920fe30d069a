// The `@anthropic-ai/sdk` package, by version.
import { sdkCases } from './sdk.mjs';

const TOOLS = [{ name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }];

function adapterOf(name, isNodeHttp) {
  return {
    isNodeHttp,
    isLargeToo: name === 'anthropic1',
    async open({ base, ...options }) {
      const { default: Anthropic } = await import(name);
      return new Anthropic({ baseURL: base, apiKey: 'test', maxRetries: 0, ...options });
    },
    params: (model, prompt, { stream, tools } = {}) => ({
      model,
      max_tokens: 100,
      messages: [{ role: 'user', content: prompt }],
      ...(stream ? { stream: true } : {}),
      ...(tools ? { tools: TOOLS } : {}),
    }),
    create: (client, params, options) => client.messages.create(params, options),
    textOf: (event) => event.delta?.text,
    read: (answer) => answer?.content?.[0]?.text ?? answer,
    // Its first event names the tokens of the prompt; the output that it names there is a placeholder.
    expects: { 'a stream that is cut': { tokens: [11, undefined] } },
  };
}

export function anthropicCases(name, { isNodeHttp = false } = {}) {
  const adapter = adapterOf(name, isNodeHttp);
  const params = (kit, prompt, rest) => adapter.params(kit.model, prompt, rest);
  const cases = {
    ...sdkCases(adapter),
    'messages.stream(): events in their order': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.models });
        const runner = client.messages.stream(params(kit, 'hello'));
        kit.see('runner', runner, 1);
        const order = [];
        for (const event of ['connect', 'streamEvent', 'text', 'message', 'contentBlock', 'finalMessage', 'error', 'abort', 'end'])
          runner.on(event, () => order.push(event));
        kit.see('final', await runner.finalMessage(), 8);
        kit.see('text', await runner.finalText());
        await runner.done();
        kit.see('order', order);
      },
    },
    'messages.stream(): break leaves it': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.scripted('stepped') });
        const first = kit.step();
        const runner = client.messages.stream(params(kit, 'hello'));
        await first;
        for await (const event of runner) {
          kit.see('event', event, 6);
          break;
        }
        kit.see('state', [runner.aborted, runner.ended, runner.errored]);
      },
      leaves: true,
    },
    'messages.stream(): a streamed tool call is put together': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.models });
        kit.see('final', await client.messages.stream(params(kit, 'weather', { tools: true })).finalMessage(), 8);
      },
    },
    'over TLS with an own authority, compressed': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.scriptedTls('gzip') });
        kit.see('answer', adapter.read(await adapter.create(client, params(kit, 'hello'))));
      },
    },
  };
  // Of itself, over node-fetch, it waits until the provider has ended the stream.
  if (isNodeHttp) delete cases['messages.stream(): break leaves it'];
  return cases;
}
