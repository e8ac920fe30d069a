// Chat completions and embeddings by the package `openai` and by what is generated like it.
import { parameters, schema, TOOL } from './asked.mjs';

export async function open({ packages: [name], url, prefix = '/v1', model, embedder, retries, options = {}, exported = 'default' }) {
  const { [exported]: Client } = await import(name);
  const client = new Client({ apiKey: 'test', baseURL: `${url}${prefix}`, maxRetries: retries, ...options });
  const said = (content) => [{ role: 'user', content }];
  const create = (messages, more = {}, how = {}) => client.chat.completions.create({ model, messages, ...more }, how);
  const textOf = ({ choices: [{ message }] }) => message.content;
  return {
    ask: async (text, { signal, limitMs: timeout } = {}) => textOf(await create(said(text), {}, { signal, ...(timeout && { timeout }) })),
    stream: async (text) => pieces(await create(said(text), { stream: true, stream_options: { include_usage: true } })),
    async tools(text) {
      const tools = [{ type: 'function', function: { name: TOOL, description: 'Looks up.', parameters } }];
      const asked = await create(said(text), { tools });
      const { message } = asked.choices[0];
      const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'found' };
      return textOf(await create([...said(text), message, result], { tools }));
    },
    async parse(text) {
      const format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
      const completions = client.chat.completions.parse ? client.chat.completions : client.beta?.chat?.completions;
      if (completions?.parse === undefined) return JSON.parse(textOf(await create(said(text), { response_format: format })));
      const parsed = await completions.parse({ model, messages: said(text), response_format: format });
      return JSON.parse(textOf(parsed));
    },
    embed: async (input) => (await client.embeddings.create({ model: embedder, input })).data[0].embedding.length,
  };
}

async function* pieces(stream) {
  for await (const { choices } of stream) yield choices[0]?.delta?.content ?? '';
}
