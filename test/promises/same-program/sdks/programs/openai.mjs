// The `openai` package, by major version.
import { sdkCases } from './sdk.mjs';

const TOOLS = [
  { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } } },
];
const FORMAT = {
  type: 'json_schema',
  json_schema: {
    name: 'weather',
    strict: true,
    schema: { type: 'object', properties: { city: { type: 'string' }, degrees: { type: 'number' } } },
  },
};

function adapterOf(name, isNodeHttp) {
  return {
    isNodeHttp,
    isLargeToo: name === 'openai7',
    async open({ base, ...options }) {
      const { default: OpenAI } = await import(name);
      return new OpenAI({ baseURL: `${base}/v1`, apiKey: 'test', maxRetries: 0, ...options });
    },
    params: (model, prompt, { stream, tools } = {}) => ({
      model,
      messages: [{ role: 'user', content: prompt }],
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...(tools ? { tools: TOOLS } : {}),
    }),
    create: (client, params, options) => client.chat.completions.create(params, options),
    textOf: (event) => event.choices?.[0]?.delta?.content,
    read: (answer) => answer?.choices?.[0]?.message.content ?? answer,
  };
}

export function openaiCases(name, { isNodeHttp = false } = {}) {
  const adapter = adapterOf(name, isNodeHttp);
  /** In version 4 the helpers still stand under `beta`. */
  const helpers = (client) => (client.chat.completions.parse === undefined ? client.beta.chat.completions : client.chat.completions);
  const params = (kit, prompt, rest) => adapter.params(kit.model, prompt, rest);
  return {
    ...sdkCases(adapter),
    'parse() of a structured answer': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.models });
        const promise = helpers(client).parse({ ...params(kit, 'structured'), response_format: FORMAT });
        kit.see('promise', promise, 1);
        const answer = await promise;
        kit.see('parsed', [answer.choices[0].message.content, answer.choices[0].message.parsed]);
      },
    },
    '.stream() helper: events in their order': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.models });
        const runner = helpers(client).stream(params(kit, 'hello', { stream: true }));
        kit.see('runner', runner, 1);
        const order = [];
        for (const event of [
          'connect',
          'chunk',
          'content',
          'message',
          'finalContent',
          'finalMessage',
          'finalChatCompletion',
          'error',
          'abort',
          'end',
        ])
          runner.on(event, () => order.push(event));
        kit.see('final', await runner.finalChatCompletion(), 8);
        await runner.done();
        kit.see('order', order);
        kit.see('usage', await runner.totalUsage());
      },
    },
    '.stream() helper: break and abort': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.scripted('stepped') });
        const first = kit.step();
        const runner = helpers(client).stream(params(kit, 'hello', { stream: true }));
        await first;
        for await (const event of runner) {
          kit.see('event', event, 6);
          break;
        }
        kit.see('state', [runner.aborted, runner.ended, runner.errored]);
      },
      leaves: true,
    },
    'a runner of tools': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.models });
        const asked = [];
        const tool = {
          type: 'function',
          function: { name: 'get_weather', parse: JSON.parse, parameters: {}, function: (args) => (asked.push(args), 'sunny') },
        };
        const runner = helpers(client).runTools({ ...params(kit, 'weather'), tools: [tool] }, { maxChatCompletions: 2 });
        await kit.fails('final', () => runner.finalContent());
        kit.see('asked', asked);
      },
      attempts: 2,
    },
    'embeddings and responses are calls, and a list of models is none': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.models });
        const vector = (await client.embeddings.create({ model: kit.model, input: 'x' })).data[0].embedding.length;
        kit.see('vector', vector);
        kit.see('models', (await client.models.list()).data.length > 0);
        kit.see('responses', (await client.responses.create({ model: kit.model, input: 'hello' })).output_text);
      },
      attempts: 2,
    },
    'over TLS with an own authority, compressed': {
      run: async (kit) => {
        const client = await adapter.open({ base: kit.scriptedTls('gzip') });
        kit.see('answer', adapter.read(await adapter.create(client, params(kit, 'hello'))));
      },
    },
  };
}
