// Bedrock's Converse and embeddings by AWS's SDK, over HTTP/2.
import { parameters, TOOL } from './asked.mjs';

export async function open({ packages: [name], url, model: modelId, embedder, retries, limitMs }) {
  const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand } = await import(name);
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: retries + 1,
    ...(limitMs && { requestHandler: { requestTimeout: limitMs } }),
  });
  const said = (text) => ({ role: 'user', content: [{ text }] });
  const converse = (messages, more = {}, how = {}) => client.send(new ConverseCommand({ modelId, messages, ...more }), how);
  const textOf = ({ output }) => output.message.content.map(({ text }) => text).join('');
  return {
    ask: async (text, { signal } = {}) => textOf(await converse([said(text)], {}, { abortSignal: signal })),
    stream: async (text) => pieces((await client.send(new ConverseStreamCommand({ modelId, messages: [said(text)] }))).stream),
    async tools(text) {
      const toolConfig = { tools: [{ toolSpec: { name: TOOL, description: 'Looks up.', inputSchema: { json: parameters } } }] };
      const { output } = await converse([said(text)], { toolConfig });
      const { toolUseId } = output.message.content.find(({ toolUse }) => toolUse !== undefined).toolUse;
      const result = { role: 'user', content: [{ toolResult: { toolUseId, content: [{ text: 'found' }] } }] };
      return textOf(await converse([said(text), output.message, result], { toolConfig }));
    },
    async embed(inputText) {
      const command = new InvokeModelCommand({ modelId: embedder, contentType: 'application/json', body: JSON.stringify({ inputText }) });
      return JSON.parse(new TextDecoder().decode((await client.send(command)).body)).embedding.length;
    },
    close: () => client.destroy(),
  };
}

async function* pieces(stream) {
  for await (const event of stream) yield event.contentBlockDelta?.delta?.text ?? '';
}
