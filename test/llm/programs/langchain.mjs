// LangChain's chat models, each over the SDK of its service.
import { parameters, schema, TOOL } from './asked.mjs';

const makers = {
  openai: ({ ChatOpenAI }, { url, model, ...how }) =>
    new ChatOpenAI({ apiKey: 'test', model, configuration: { baseURL: `${url}/v1` }, streamUsage: true, ...how }),
  anthropic: ({ ChatAnthropic }, { url, model, timeout, ...how }) =>
    new ChatAnthropic({ apiKey: 'test', model, anthropicApiUrl: url, ...(timeout && { clientOptions: { timeout } }), ...how }),
  'google-genai': ({ ChatGoogleGenerativeAI }, { url, model, ...how }) =>
    new ChatGoogleGenerativeAI({ apiKey: 'test', model, baseUrl: url, ...how }),
  aws: async ({ ChatBedrockConverse }, { url, model, ...how }) => {
    const { BedrockRuntimeClient } = await import('@aws-sdk/client-bedrock-runtime');
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const client = new BedrockRuntimeClient({ region: 'us-east-1', endpoint: url, credentials, maxAttempts: 1 });
    return new ChatBedrockConverse({ region: 'us-east-1', credentials, model, client, ...how });
  },
  ollama: ({ ChatOllama }, { url, model, ...how }) => new ChatOllama({ baseUrl: url, model, ...how }),
};
const embedders = {
  openai: ({ OpenAIEmbeddings }, { url, model }) =>
    new OpenAIEmbeddings({ apiKey: 'test', model, configuration: { baseURL: `${url}/v1` }, maxRetries: 0 }),
  'google-genai': ({ GoogleGenerativeAIEmbeddings }, { url, model }) =>
    new GoogleGenerativeAIEmbeddings({ apiKey: 'test', model, baseUrl: url, maxRetries: 0 }),
  ollama: ({ OllamaEmbeddings }, { url, model }) => new OllamaEmbeddings({ baseUrl: url, model, maxRetries: 0 }),
};

export async function open({ packages: [name], service, url, model, embedder, retries, limitMs }) {
  const library = await import(name);
  const { HumanMessage, ToolMessage } = await import('@langchain/core/messages');
  const chat = await makers[service](library, { url, model, maxRetries: retries, ...(limitMs && { timeout: limitMs }) });
  const limit = limitMs === undefined ? {} : { timeout: limitMs };
  return {
    ask: async (text, { signal } = {}) => (await chat.invoke(text, { ...limit, ...(signal && { signal }) })).text,
    stream: async (text, { signal } = {}) => pieces(await chat.stream(text, { signal })),
    async tools(text) {
      const tools = [{ type: 'function', function: { name: TOOL, description: 'Looks up.', parameters } }];
      const bound = chat.bindTools(tools);
      const asked = await bound.invoke([new HumanMessage(text)]);
      const result = new ToolMessage({ content: 'found', tool_call_id: asked.tool_calls[0].id, name: TOOL });
      return (await bound.invoke([new HumanMessage(text), asked, result])).text;
    },
    parse: async (text) => chat.withStructuredOutput({ title: 'answer', ...schema }, { method: 'jsonSchema' }).invoke(text),
    embed: async (text) => (await embedders[service](library, { url, model: embedder }).embedQuery(text)).length,
  };
}

async function* pieces(stream) {
  for await (const { text } of stream) yield text;
}
