// Asks each provider by its own SDK, whole and streamed, and prints what was answered: sdks.cjs FOLDER-OF-THE-SDKS
const { createRequire } = require('node:module');
const { join } = require('node:path');

const load = createRequire(join(process.argv[2], 'here.js'));
const messages = [{ role: 'user', content: 'worker node: ask' }];
const print = (who, text, usage) => console.log(JSON.stringify({ who, text, ...usage }));

async function openai() {
  const OpenAI = load('openai').default;
  const client = new OpenAI();
  const whole = await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
  print('openai', whole.choices[0].message.content, { input: whole.usage.prompt_tokens, output: whole.usage.completion_tokens });
  let text = '';
  let usage;
  const asked = { model: 'gpt-4o-mini', messages, stream: true, stream_options: { include_usage: true } };
  for await (const chunk of await client.chat.completions.create(asked)) {
    text += chunk.choices[0]?.delta?.content ?? '';
    usage = chunk.usage ?? usage;
  }
  print('openai streamed', text, { input: usage.prompt_tokens, output: usage.completion_tokens });
  const response = await client.responses.create({ model: 'gpt-4o-mini', input: 'worker node: ask' });
  print('openai responses', response.output_text, { input: response.usage.input_tokens, output: response.usage.output_tokens });
}

async function anthropic() {
  const Anthropic = load('@anthropic-ai/sdk').default;
  const client = new Anthropic();
  const asked = { model: 'claude-opus-4-5', max_tokens: 100, messages };
  const whole = await client.messages.create(asked);
  print('anthropic', whole.content[0].text, { input: whole.usage.input_tokens, output: whole.usage.output_tokens });
  const last = await client.messages.stream(asked).finalMessage();
  print('anthropic streamed', last.content[0].text, { input: last.usage.input_tokens, output: last.usage.output_tokens });
}

async function gemini() {
  const { GoogleGenAI } = load('genai3');
  const client = new GoogleGenAI({ apiKey: 'test', apiVersion: 'v1beta' });
  const asked = { model: 'gemini-2.5-flash', contents: 'worker node: ask' };
  const whole = await client.models.generateContent(asked);
  const told = ({ promptTokenCount: input, candidatesTokenCount: output }) => ({ input, output });
  print('gemini', whole.text, told(whole.usageMetadata));
  let text = '';
  let usage;
  for await (const chunk of await client.models.generateContentStream(asked)) {
    text += chunk.text ?? '';
    usage = chunk.usageMetadata ?? usage;
  }
  print('gemini streamed', text, told(usage));
}

async function ollama() {
  const { Ollama } = load('ollama');
  // It reads no variable by itself.
  const client = new Ollama({ host: process.env.OLLAMA_HOST });
  const asked = { model: 'llama3.2', messages };
  const whole = await client.chat(asked);
  print('ollama', whole.message.content, { input: whole.prompt_eval_count, output: whole.eval_count });
  let text = '';
  let last;
  for await (const chunk of await client.chat({ ...asked, stream: true })) {
    text += chunk.message.content;
    last = chunk;
  }
  print('ollama streamed', text, { input: last.prompt_eval_count, output: last.eval_count });
}

openai().then(anthropic).then(gemini).then(ollama);
