// Ollama's SDK.
import { parameters, schema, TOOL } from './asked.mjs';

export async function open({ packages: [name], url, model, embedder }) {
  const { Ollama } = await import(name);
  const client = new Ollama({ host: url });
  const said = (content) => ({ role: 'user', content });
  const ask = async (text) => (await client.chat({ model, messages: [said(text)] })).message.content;
  return {
    ask,
    /** Its way to abort is a method of the client, and concerns streams that have begun. */
    async stream(text, { signal } = {}) {
      signal?.addEventListener('abort', () => client.abort());
      return pieces(await client.chat({ model, messages: [said(text)], stream: true }));
    },
    async tools(text) {
      const tools = [{ type: 'function', function: { name: TOOL, description: 'Looks up.', parameters } }];
      const { message } = await client.chat({ model, messages: [said(text)], tools });
      const result = { role: 'tool', tool_name: TOOL, content: 'found' };
      return (await client.chat({ model, messages: [said(text), message, result], tools })).message.content;
    },
    parse: async (text) => JSON.parse((await client.chat({ model, messages: [said(text)], format: schema })).message.content),
    embed: async (input) => (await client.embed({ model: embedder, input })).embeddings[0].length,
  };
}

async function* pieces(stream) {
  for await (const part of stream) yield part.message.content;
}
