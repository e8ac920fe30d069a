// Anthropic's messages by its SDKs: its own service, Bedrock, Vertex.
/* global Headers */
import { parameters, schema, TOOL } from './asked.mjs';

const places = {
  '': { exported: 'default', options: ({ url }) => ({ apiKey: 'test', baseURL: url }) },
  bedrock: {
    exported: 'default',
    options: ({ url }) => ({ awsAccessKey: 'a', awsSecretKey: 'b', awsRegion: 'us-east-1', baseURL: url }),
  },
  vertex: {
    exported: 'default',
    options: ({ url }) => ({ region: 'us-east5', projectId: 'test', baseURL: `${url}/v1`, authClient }),
  },
};
/** In the place of Google's, which would ask a server. */
const authClient = { getRequestHeaders: async () => new Headers({ authorization: 'Bearer test' }), projectId: 'test' };

export async function open({ packages: [name], place = '', url, model, retries, limitMs }) {
  const { exported, options } = places[place];
  const { [exported]: Client } = await import(name);
  const client = new Client({ ...options({ url }), maxRetries: retries, ...(limitMs && { timeout: limitMs }) });
  const said = (content) => [{ role: 'user', content }];
  const create = (messages, more = {}, how = {}) => client.messages.create({ model, max_tokens: 100, messages, ...more }, how);
  const textOf = ({ content }) => content.map(({ text = '' }) => text).join('');
  return {
    ask: async (text, { signal } = {}) => textOf(await create(said(text), {}, { signal })),
    stream: async (text, { signal } = {}) => pieces(await create(said(text), { stream: true }, { signal })),
    async tools(text) {
      const tools = [{ name: TOOL, description: 'Looks up.', input_schema: parameters }];
      const asked = await create(said(text), { tools });
      const { id } = asked.content.find(({ type }) => type === 'tool_use');
      const answer = { role: 'assistant', content: asked.content };
      const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: 'found' }] };
      return textOf(await create([...said(text), answer, result], { tools }));
    },
    async parse(text) {
      const format = { type: 'json_schema', schema };
      const parsed = await client.messages.parse({ model, max_tokens: 100, messages: said(text), output_config: { format } });
      return JSON.parse(textOf(parsed));
    },
  };
}

async function* pieces(stream) {
  for await (const event of stream) yield event.delta?.text ?? '';
}
