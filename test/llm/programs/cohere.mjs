// Cohere's SDK, version 2 of its API.
import { parameters, schema, TOOL } from './asked.mjs';

export async function open({ packages: [name], url, model, embedder, retries, limitMs }) {
  const { CohereClientV2 } = await import(name);
  const client = new CohereClientV2({ token: 'test', environment: url });
  const how = { maxRetries: retries, ...(limitMs && { timeoutInSeconds: limitMs / 1000 }) };
  const said = (content) => ({ role: 'user', content });
  const chat = (messages, more = {}, { signal } = {}) => client.chat({ model, messages, ...more }, { ...how, abortSignal: signal });
  const textOf = ({ message }) => message.content.map(({ text }) => text).join('');
  return {
    ask: async (text, { signal } = {}) => textOf(await chat([said(text)], {}, { signal })),
    stream: async (text) => pieces(await client.chatStream({ model, messages: [said(text)] }, how)),
    async tools(text) {
      const tools = [{ type: 'function', function: { name: TOOL, description: 'Looks up.', parameters } }];
      const asked = await chat([said(text)], { tools });
      const [call] = asked.message.toolCalls;
      const result = { role: 'tool', toolCallId: call.id, content: 'found' };
      return textOf(await chat([said(text), { role: 'assistant', toolCalls: [call] }, result], { tools }));
    },
    parse: async (text) => JSON.parse(textOf(await chat([said(text)], { responseFormat: { type: 'json_object', jsonSchema: schema } }))),
    async embed(text) {
      const input = { model: embedder, texts: [text], inputType: 'search_query', embeddingTypes: ['float'] };
      return (await client.embed(input, how)).embeddings.float[0].length;
    },
  };
}

async function* pieces(stream) {
  for await (const event of stream) yield (event.type === 'content-delta' && event.delta?.message?.content?.text) || '';
}
