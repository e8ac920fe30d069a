// Responses by the package `openai`.
import { parameters, schema, TOOL } from './asked.mjs';

export async function open({ packages: [name], url, model, retries }) {
  const { default: OpenAI } = await import(name);
  const client = new OpenAI({ apiKey: 'test', baseURL: `${url}/v1`, maxRetries: retries });
  const create = (input, more = {}, how = {}) => client.responses.create({ model, input, ...more }, how);
  return {
    ask: async (text, { signal, limitMs: timeout } = {}) => (await create(text, {}, { signal, ...(timeout && { timeout }) })).output_text,
    stream: async (text) => pieces(await create(text, { stream: true })),
    async tools(text) {
      const tools = [{ type: 'function', name: TOOL, description: 'Looks up.', parameters, strict: true }];
      const asked = await create(text, { tools });
      const call = asked.output.find(({ type }) => type === 'function_call');
      const result = { type: 'function_call_output', call_id: call.call_id, output: 'found' };
      return (await create([{ role: 'user', content: text }, call, result], { tools })).output_text;
    },
    async parse(text) {
      const format = { type: 'json_schema', name: 'answer', schema, strict: true };
      return JSON.parse((await client.responses.parse({ model, input: text, text: { format } })).output_text);
    },
  };
}

async function* pieces(stream) {
  for await (const event of stream) yield event.type === 'response.output_text.delta' ? event.delta : '';
}
