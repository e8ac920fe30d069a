// Makes three calls with the SDK that argv names: one plain, one streamed, and one whose tool is run and answered.
const [sdk] = process.argv.slice(2);
const base = process.env.MODELS_URL;
const parameters = { type: 'object', properties: { what: { type: 'string' } }, required: ['what'] };
const declared = { name: 'look_up', description: 'Looks up.', parameters };

/** Gemini's API. */
async function byGenai() {
  const { GoogleGenAI } = await import('@google/genai');
  const client = new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: base, apiVersion: 'v1beta' } });
  const model = 'gemini-2.5-flash';
  const plain = await client.models.generateContent({ model, contents: 'hello' });
  let streamed = '';
  for await (const part of await client.models.generateContentStream({ model, contents: 'hello' })) streamed += part.text ?? '';
  const config = {
    tools: [{ functionDeclarations: [{ name: declared.name, description: declared.description, parametersJsonSchema: parameters }] }],
  };
  const question = { role: 'user', parts: [{ text: 'use a tool' }] };
  const asked = await client.models.generateContent({ model, contents: [question], config });
  const result = { role: 'user', parts: [{ functionResponse: { name: 'look_up', response: { output: 'found' } } }] };
  const answered = await client.models.generateContent({ model, contents: [question, asked.candidates[0].content, result], config });
  return [plain.text, streamed, answered.text];
}

async function byOllama() {
  const { Ollama } = await import('ollama');
  const client = new Ollama({ host: base });
  const model = 'qwen3:8b';
  const question = { role: 'user', content: 'use a tool' };
  const messages = [{ role: 'user', content: 'hello' }];
  const plain = await client.chat({ model, messages });
  let streamed = '';
  for await (const part of await client.chat({ model, messages, stream: true })) streamed += part.message.content;
  const tools = [{ type: 'function', function: declared }];
  const asked = await client.chat({ model, messages: [question], tools });
  const result = { role: 'tool', tool_name: 'look_up', content: 'found' };
  const answered = await client.chat({ model, messages: [question, asked.message, result], tools });
  return [plain.message.content, streamed, answered.message.content];
}

async function byCohere() {
  const { CohereClientV2 } = await import('cohere-ai');
  const client = new CohereClientV2({ token: 'test', environment: base, maxRetries: 0 });
  const model = 'command-a-03-2025';
  const question = { role: 'user', content: 'use a tool' };
  const messages = [{ role: 'user', content: 'hello' }];
  const plain = await client.chat({ model, messages });
  let streamed = '';
  for await (const event of await client.chatStream({ model, messages }))
    if (event.type === 'content-delta') streamed += event.delta?.message?.content?.text ?? '';
  const tools = [{ type: 'function', function: declared }];
  const asked = await client.chat({ model, messages: [question], tools });
  const [call] = asked.message.toolCalls;
  const result = { role: 'tool', toolCallId: call.id, content: 'found' };
  const answered = await client.chat({ model, messages: [question, { role: 'assistant', toolCalls: [call] }, result], tools });
  const textOf = ({ message }) => message.content.map(({ text }) => text).join('');
  return [textOf(plain), streamed, textOf(answered)];
}

/** Anthropic's messages by InvokeModel, over HTTP/1.1. */
async function byBedrockSdk() {
  const { default: AnthropicBedrock } = await import('@anthropic-ai/bedrock-sdk');
  const client = new AnthropicBedrock({
    awsAccessKey: 'a',
    awsSecretKey: 'b',
    awsRegion: 'us-east-1',
    baseURL: process.env.BEDROCK_URL,
    maxRetries: 0,
  });
  const model = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
  const common = { model, max_tokens: 100 };
  const question = { role: 'user', content: 'use a tool' };
  const messages = [{ role: 'user', content: 'hello' }];
  const plain = await client.messages.create({ ...common, messages });
  let streamed = '';
  for await (const event of await client.messages.create({ ...common, messages, stream: true })) streamed += event.delta?.text ?? '';
  const tools = [{ name: 'look_up', description: 'Looks up.', input_schema: parameters }];
  const asked = await client.messages.create({ ...common, messages: [question], tools });
  const call = asked.content.find(({ type }) => type === 'tool_use');
  const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: 'found' }] };
  const answered = await client.messages.create({
    ...common,
    messages: [question, { role: 'assistant', content: asked.content }, result],
    tools,
  });
  return [plain.content[0].text, streamed, answered.content[0].text];
}

/** Converse over HTTP/2. */
async function byAwsSdk() {
  const { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } = await import('@aws-sdk/client-bedrock-runtime');
  const endpoint = process.env.MODELS_HTTP2_URL;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const client = new BedrockRuntimeClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
  const modelId = 'amazon.nova-lite-v1:0';
  const said = (text) => ({ role: 'user', content: [{ text }] });
  const plain = await client.send(new ConverseCommand({ modelId, messages: [said('hello')] }));
  const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages: [said('hello')] }));
  let streamed = '';
  for await (const event of stream) streamed += event.contentBlockDelta?.delta?.text ?? '';
  const toolConfig = { tools: [{ toolSpec: { name: 'look_up', description: 'Looks up.', inputSchema: { json: parameters } } }] };
  const asked = await client.send(new ConverseCommand({ modelId, messages: [said('use a tool')], toolConfig }));
  const { message } = asked.output;
  const { toolUseId } = message.content.find(({ toolUse }) => toolUse !== undefined).toolUse;
  const result = { role: 'user', content: [{ toolResult: { toolUseId, content: [{ text: 'found' }] } }] };
  const answered = await client.send(new ConverseCommand({ modelId, messages: [said('use a tool'), message, result], toolConfig }));
  client.destroy();
  const textOf = ({ output }) => output.message.content.map(({ text }) => text).join('');
  return [textOf(plain), streamed, textOf(answered)];
}

const programs = {
  '@google/genai': byGenai,
  ollama: byOllama,
  'cohere-ai': byCohere,
  '@anthropic-ai/bedrock-sdk': byBedrockSdk,
  '@aws-sdk/client-bedrock-runtime': byAwsSdk,
};
console.log(JSON.stringify(await programs[sdk]()));
