// Vercel's AI SDK with one of its providers.
/* global AbortSignal */
import { parameters, schema, TOOL } from './asked.mjs';

/** Makes the provider; names of its models may go through a method of it. */
const providers = {
  openai: ({ url }, { createOpenAI }) => createOpenAI({ apiKey: 'test', baseURL: `${url}/v1` }),
  'chat-openai': ({ url }, { createOpenAI }) => {
    const provider = createOpenAI({ apiKey: 'test', baseURL: `${url}/v1` });
    return Object.assign((model) => provider.chat(model), { textEmbeddingModel: (model) => provider.textEmbeddingModel(model) });
  },
  anthropic: ({ url }, { createAnthropic }) => createAnthropic({ apiKey: 'test', baseURL: `${url}/v1` }),
  google: ({ url }, { createGoogleGenerativeAI }) => createGoogleGenerativeAI({ apiKey: 'test', baseURL: `${url}/v1beta` }),
  mistral: ({ url }, { createMistral }) => createMistral({ apiKey: 'test', baseURL: `${url}/v1` }),
  'amazon-bedrock': ({ url }, { createAmazonBedrock }) =>
    createAmazonBedrock({ region: 'us-east-1', accessKeyId: 'a', secretAccessKey: 'b', baseURL: url }),
  'openai-compatible': ({ url }, { createOpenAICompatible }) =>
    createOpenAICompatible({ name: 'own', apiKey: 'test', baseURL: `${url}/v1`, includeUsage: true, supportsStructuredOutputs: true }),
  openrouter: ({ url }, { createOpenRouter }) => createOpenRouter({ apiKey: 'test', baseURL: `${url}/api/v1`, compatibility: 'strict' }),
};

export async function open(row) {
  const { packages, provider: name, model, embedder, retries, limitMs } = row;
  const {
    generateText,
    streamText,
    generateObject,
    Output,
    embed,
    tool,
    jsonSchema,
    stepCountIs,
    isStepCount = stepCountIs,
  } = await import(packages[0]);
  const provider = providers[name](row, await import(packages[1]));
  const common = { model: provider(model), maxRetries: retries };
  const limit = limitMs === undefined ? {} : { abortSignal: AbortSignal.timeout(limitMs) };
  return {
    ask: async (prompt, { signal } = {}) =>
      (await generateText({ ...common, prompt, ...limit, ...(signal && { abortSignal: signal }) })).text,
    stream: async (prompt, { signal } = {}) =>
      pieces(streamText({ ...common, prompt, onError: () => undefined, ...(signal && { abortSignal: signal }) })),
    async tools(prompt) {
      const tools = { [TOOL]: tool({ description: 'Looks up.', inputSchema: jsonSchema(parameters), execute: async () => 'found' }) };
      return (await generateText({ ...common, prompt, tools, stopWhen: isStepCount(3) })).text;
    },
    async parse(prompt) {
      if (Output?.object === undefined || packages[0] === 'ai5')
        return (await generateObject({ ...common, prompt, schema: jsonSchema(schema) })).object;
      return (await generateText({ ...common, prompt, output: Output.object({ schema: jsonSchema(schema) }) })).output;
    },
    async embed(value) {
      const models = provider.textEmbeddingModel ?? provider.embeddingModel ?? provider.textEmbedding;
      return (await embed({ model: models.call(provider, embedder), value, maxRetries: retries })).embedding.length;
    },
  };
}

/** What fails in the middle is thrown, as a program would that looks at the whole stream. */
async function* pieces({ fullStream }) {
  for await (const part of fullStream) {
    if (part.type === 'error') throw part.error;
    if (part.type === 'text-delta') yield part.text ?? part.textDelta ?? '';
  }
}
