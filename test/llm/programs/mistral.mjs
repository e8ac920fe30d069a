// Mistral's SDK.
import { parameters, schema, TOOL } from './asked.mjs';

export async function open({ packages: [name], url, model, embedder, retries, limitMs }) {
  const { Mistral } = await import(name);
  const backoff = { initialInterval: 1, maxInterval: 10, exponent: 1, maxElapsedTime: 10_000 };
  const client = new Mistral({
    apiKey: 'test',
    serverURL: url,
    retryConfig: retries > 0 ? { strategy: 'backoff', backoff, retryConnectionErrors: false } : { strategy: 'none' },
    ...(limitMs && { timeoutMs: limitMs }),
  });
  const said = (content) => ({ role: 'user', content });
  const complete = (messages, more = {}, how = {}) => client.chat.complete({ model, messages, ...more }, how);
  const textOf = ({ choices: [{ message }] }) => message.content;
  return {
    ask: async (text, { signal } = {}) => textOf(await complete([said(text)], {}, signal && { fetchOptions: { signal } })),
    stream: async (text) => pieces(await client.chat.stream({ model, messages: [said(text)] })),
    async tools(text) {
      const tools = [{ type: 'function', function: { name: TOOL, description: 'Looks up.', parameters } }];
      const { message } = (await complete([said(text)], { tools })).choices[0];
      const result = { role: 'tool', toolCallId: message.toolCalls[0].id, name: TOOL, content: 'found' };
      return textOf(await complete([said(text), message, result], { tools }));
    },
    async parse(text) {
      const responseFormat = { type: 'json_schema', jsonSchema: { name: 'answer', schemaDefinition: schema, strict: true } };
      return JSON.parse(textOf(await complete([said(text)], { responseFormat })));
    },
    embed: async (text) => (await client.embeddings.create({ model: embedder, inputs: [text] })).data[0].embedding.length,
  };
}

async function* pieces(stream) {
  for await (const { data } of stream) yield data.choices[0]?.delta?.content ?? '';
}
