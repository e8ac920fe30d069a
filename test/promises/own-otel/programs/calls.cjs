// LLM calls as an app makes them. Arguments: who makes them. Others may tell of them as well: BESIDE names instrumentations, and SDK_AT says when the app starts an SDK of its own (`require`, `main`, else never).
const { start, stop } = require('./app-sdk.cjs');
const { beside } = require('./beside.cjs');

const { OPENAI_BASE_URL, ANTHROPIC_BASE_URL } = process.env;
const collect = async (stream, textOf) => {
  let text = '';
  for await (const piece of await stream) text += textOf(piece) ?? '';
  return text;
};

async function byHand(told) {
  const { trace } = require('@opentelemetry/api');
  const tracer = trace.getTracer('app');
  const { OpenAI } = require('openai');
  const client = new OpenAI();
  const ask = () =>
    told(
      tracer,
      'chat gpt-5',
      { 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-5' },
      async (span) => {
        const { choices, usage } = await client.chat.completions.create({
          model: 'gpt-5',
          messages: [{ role: 'user', content: 'CANARY' }],
        });
        span.setAttribute('gen_ai.usage.input_tokens', usage.prompt_tokens);
        span.setAttribute('gen_ai.usage.output_tokens', usage.completion_tokens);
        return choices[0].message.content;
      },
    );
  return [await ask(), ...(await Promise.all([ask(), ask(), ask()]))];
}

const CALLERS = {
  async openai() {
    const { OpenAI } = require('openai');
    const client = new OpenAI();
    const asked = { model: 'gpt-5', messages: [{ role: 'user', content: 'CANARY' }] };
    const streamed = client.chat.completions.create({ ...asked, stream: true, stream_options: { include_usage: true } });
    return [
      await client.chat.completions.create(asked).then(({ choices }) => choices[0].message.content),
      await collect(streamed, ({ choices }) => choices[0]?.delta.content),
      await client.responses.create({ model: 'gpt-5', input: 'CANARY' }).then(({ output_text }) => output_text),
      await client.embeddings
        .create({ model: 'text-embedding-3-small', input: 'CANARY' })
        .then(({ data }) => (data.length > 0 ? 'pong' : '')),
    ];
  },

  async anthropic() {
    const { Anthropic } = require('@anthropic-ai/sdk');
    const client = new Anthropic({ logLevel: 'off' });
    const asked = { model: 'claude-test', max_tokens: 10, messages: [{ role: 'user', content: 'CANARY' }] };
    return [
      await client.messages.create(asked).then(({ content }) => content[0].text),
      await collect(client.messages.create({ ...asked, stream: true }), ({ delta }) => delta?.text),
    ];
  },

  async langchain() {
    const { ChatOpenAI } = require('@langchain/openai');
    const { ChatAnthropic } = require('@langchain/anthropic');
    const { ChatGoogleGenerativeAI } = require('@langchain/google-genai');
    const answers = [];
    for (const model of [
      new ChatOpenAI({ model: 'gpt-5' }),
      new ChatAnthropic({ model: 'claude-test', anthropicApiUrl: ANTHROPIC_BASE_URL }),
      new ChatGoogleGenerativeAI({ model: 'gemini-2.5-flash', apiKey: 'test', baseUrl: ANTHROPIC_BASE_URL }),
    ]) {
      answers.push(await model.invoke('CANARY').then(({ text }) => text));
      answers.push(await collect(model.stream('CANARY'), ({ text }) => text));
    }
    return answers;
  },

  async ai() {
    const { generateText, streamText, registerTelemetry } = await import('ai');
    const { createOpenAI } = await import('@ai-sdk/openai');
    const { OpenTelemetry } = await import('@ai-sdk/otel');
    globalThis.AI_SDK_LOG_WARNINGS = false;
    registerTelemetry(new OpenTelemetry());
    const model = createOpenAI({ baseURL: OPENAI_BASE_URL })('gpt-5');
    return [
      await generateText({ model, prompt: 'CANARY' }).then(({ text }) => text),
      await collect(streamText({ model, prompt: 'CANARY' }).textStream, (text) => text),
    ];
  },

  /** Majors 5 and 6 tell by the API of OpenTelemetry, each call that is asked to; content is theirs to tell, and on. */
  async 'ai-telemetry'() {
    const { generateText, streamText, embed } = await import('ai');
    const { createOpenAI } = await import('@ai-sdk/openai');
    globalThis.AI_SDK_LOG_WARNINGS = false;
    const provider = createOpenAI({ baseURL: OPENAI_BASE_URL });
    const asked = { model: provider('gpt-5'), prompt: 'CANARY', experimental_telemetry: { isEnabled: true, functionId: 'writer' } };
    return [
      await generateText(asked).then(({ text }) => text),
      await collect(streamText(asked).textStream, (text) => text),
      await embed({ ...asked, model: provider.textEmbeddingModel('text-embedding-3-small'), value: 'CANARY' }).then(({ embedding }) =>
        embedding.length > 0 ? 'pong' : '',
      ),
    ];
  },

  /** The app's own spans, without the id of an answer: around the call, or beside it and never the current one. */
  'by-hand': () =>
    byHand((tracer, name, attributes, call) =>
      tracer.startActiveSpan(name, { attributes }, (span) => call(span).finally(() => span.end())),
    ),
  'by-hand-beside': () =>
    byHand((tracer, name, attributes, call) => {
      const span = tracer.startSpan(name, { attributes });
      return call(span).finally(() => span.end());
    }),

  /** Its own tracing sends to the address of TRACING_URL, in a form of its own. */
  async agents() {
    const { Agent, run, BatchTraceProcessor, OpenAITracingExporter, setTraceProcessors, getGlobalTraceProvider } =
      await import('@openai/agents');
    setTraceProcessors([new BatchTraceProcessor(new OpenAITracingExporter({ endpoint: process.env.TRACING_URL, apiKey: 'test' }))]);
    const agent = new Agent({ name: 'helper', model: 'gpt-5', instructions: 'help' });
    const plain = await run(agent, 'CANARY').then(({ finalOutput }) => finalOutput);
    const streamed = await run(agent, 'CANARY', { stream: true });
    const text = await collect(streamed.toTextStream(), (piece) => piece);
    await getGlobalTraceProvider().forceFlush();
    return [plain, text];
  },
};

async function main() {
  // Kept: without an SDK that they are registered with they work all the same.
  const instrumentations = process.env.SDK_AT === 'require' ? [] : beside();
  if (process.env.SDK_AT === 'main') start(instrumentations);
  console.log(JSON.stringify(await CALLERS[process.argv[2]]()));
  await stop();
}
main();
