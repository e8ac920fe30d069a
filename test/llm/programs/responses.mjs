// Makes three calls by OpenAI's responses with the SDK that argv names: one plain, one streamed, and one whose tool is run and answered.
const [sdk] = process.argv.slice(2);
const model = 'gpt-5';
const parameters = { type: 'object', properties: { what: { type: 'string' } }, required: ['what'], additionalProperties: false };
const drain = async (stream) => {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
};

async function byOpenai() {
  const { default: OpenAI } = await import(sdk);
  const client = new OpenAI({ maxRetries: 0 });
  const plain = await client.responses.create({ model, input: 'hello' });
  const stream = await client.responses.create({ model, input: 'hello', stream: true });
  let streamed = '';
  for await (const event of stream) if (event.type === 'response.output_text.delta') streamed += event.delta;
  const tools = [{ type: 'function', name: 'look_up', parameters, strict: true }];
  const asked = await client.responses.create({ model, input: 'use a tool', tools });
  const call = asked.output.find(({ type }) => type === 'function_call');
  const input = [{ role: 'user', content: 'use a tool' }, call, { type: 'function_call_output', call_id: call.call_id, output: 'found' }];
  const answered = await client.responses.create({ model, input, tools });
  return [plain.output_text, streamed, answered.output_text];
}

async function byAiSdk() {
  const { generateText, streamText, tool, jsonSchema, stepCountIs } = await import(sdk);
  const { createOpenAI } = await import(`${sdk}-openai`);
  const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL, apiKey: 'test' });
  const plain = await generateText({ model: openai(model), prompt: 'hello', maxRetries: 0 });
  const streamed = await drain(streamText({ model: openai(model), prompt: 'hello', maxRetries: 0 }).textStream);
  const tools = { look_up: tool({ description: 'Looks up.', inputSchema: jsonSchema(parameters), execute: async () => 'found' }) };
  const answered = await generateText({ model: openai(model), prompt: 'use a tool', tools, stopWhen: stepCountIs(3), maxRetries: 0 });
  return [plain.text, streamed, answered.text];
}

async function byAgents() {
  const { Agent, run, tool, setTracingDisabled } = await import(sdk);
  setTracingDisabled(true);
  const lookUp = tool({ name: 'look_up', description: 'Looks up.', parameters, strict: true, execute: async () => 'found' });
  const agent = new Agent({ name: 'writer', instructions: 'Be short.', model, tools: [lookUp] });
  const plain = await run(agent, 'hello');
  const stream = await run(agent, 'hello', { stream: true });
  const streamed = await drain(stream.toTextStream());
  await stream.completed;
  const answered = await run(agent, 'use a tool');
  return [plain.finalOutput, streamed, answered.finalOutput];
}

const by = sdk.startsWith('openai') ? byOpenai : sdk.startsWith('ai') ? byAiSdk : byAgents;
console.log(JSON.stringify(await by()));
