// OpenAI's Agents SDK.
import { parameters, TOOL } from './asked.mjs';

export async function open({ packages: [name, openai], url, model, retries, limitMs }) {
  const { Agent, OpenAIProvider, Runner, tool, setTracingDisabled } = await import(name);
  const { default: OpenAI } = await import(openai);
  setTracingDisabled(true);
  const openAIClient = new OpenAI({ apiKey: 'test', baseURL: `${url}/v1`, maxRetries: retries, ...(limitMs && { timeout: limitMs }) });
  const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient }) });
  const lookUp = tool({ name: TOOL, description: 'Looks up.', parameters, strict: true, execute: async () => 'found' });
  const agent = (tools = []) => new Agent({ name: 'writer', instructions: 'Be short.', model, tools });
  return {
    ask: async (text, { signal } = {}) => (await runner.run(agent(), text, { signal })).finalOutput,
    stream: async (text) => pieces(await runner.run(agent(), text, { stream: true })),
    tools: async (text) => (await runner.run(agent([lookUp]), text)).finalOutput,
  };
}

async function* pieces(stream) {
  for await (const piece of stream.toTextStream()) yield piece;
  await stream.completed;
}
