/** One conversation with a model that may use tools: the same shape over OpenAI's and Anthropic's SDK. */
import { now, timed } from './log.mjs';

/** Waits for what a 429 asks for; more than a few in a row are an error of the task. */
const maxAttempts = 4;

/**
 * Talks with `model` until it asks for no more tools. `useTool(name, input)` answers its calls, all of one turn side by
 * side.
 * Resolves to the last text.
 */
export async function converse({ vendor, model, system, request, tools = [], useTool, who }) {
  const chat = await (vendor === 'openai' ? openAiChat : anthropicChat)({ model, system, request, tools });
  for (;;) {
    const answer = await patiently(
      () =>
        timed({ kind: 'llm', name: model, ...who }, () => chat.ask(), {
          facts: ({ usage }) => usage,
          startedAt: chat.clock.sentAt,
          endedAt: chat.clock.answeredAt,
        }),
      who,
    );
    if (answer.calls.length === 0) return answer.text;
    const results = await Promise.all(
      answer.calls.map(async (call) => ({
        id: call.id,
        text: await timed({ kind: 'tool', name: call.name, ...who }, () => useTool(call.name, call.input)),
      })),
    );
    chat.tell(results);
  }
}

async function patiently(ask, who) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (error.status !== 429 || attempt === maxAttempts) throw error;
      const seconds = Number(error.headers?.get('retry-after') ?? 1);
      await timed({ kind: 'backoff', name: 'retry-after', ...who }, () => new Promise((resume) => setTimeout(resume, seconds * 1_000)));
    }
  }
}

/**
 * A `fetch` that remembers when a request went out and when its answer had come in, whole: what an SDK does before and
 * after,
 * the first time above all, is not the model's time.
 */
async function clockedFetch() {
  let sentAt;
  let answeredAt;
  // The first use loads the HTTP client: start-up of the program, not the model's time either.
  await fetch('data:,');
  return {
    sentAt: () => sentAt,
    answeredAt: () => answeredAt,
    fetch: async (...args) => {
      answeredAt = undefined;
      sentAt = now();
      const { body, status, headers } = await fetch(...args);
      const end = () => (answeredAt = now());
      return new Response(body.pipeThrough(new TransformStream({ flush: end })), { status, headers });
    },
  };
}

async function openAiChat({ model, system, request, tools }) {
  // A worker talks to one vendor: the other SDK is not loaded.
  const { default: OpenAI } = await import('openai');
  const clock = await clockedFetch();
  const client = new OpenAI({ maxRetries: 0, fetch: clock.fetch });
  const messages = [
    { role: 'system', content: system },
    { role: 'user', content: request },
  ];
  const offered = tools.map(({ name, description, properties, required }) => ({
    type: 'function',
    function: { name, description, parameters: { type: 'object', properties, required } },
  }));
  return {
    clock,
    async ask() {
      const stream = await client.chat.completions.create({
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
        ...(offered.length > 0 ? { tools: offered } : {}),
      });
      let text = '';
      let usage = {};
      const calls = [];
      for await (const chunk of stream) {
        if (chunk.usage) usage = { inputTokens: chunk.usage.prompt_tokens, outputTokens: chunk.usage.completion_tokens };
        const delta = chunk.choices[0]?.delta;
        text += delta?.content ?? '';
        for (const part of delta?.tool_calls ?? []) {
          const call = (calls[part.index] ??= { id: '', name: '', json: '' });
          call.id ||= part.id ?? '';
          call.name ||= part.function?.name ?? '';
          call.json += part.function?.arguments ?? '';
        }
      }
      messages.push({
        role: 'assistant',
        content: text === '' ? null : text,
        ...(calls.length > 0
          ? { tool_calls: calls.map(({ id, name, json }) => ({ id, type: 'function', function: { name, arguments: json } })) }
          : {}),
      });
      return { text, usage, calls: calls.map(({ id, name, json }) => ({ id, name, input: JSON.parse(json || '{}') })) };
    },
    tell(results) {
      for (const { id, text } of results) messages.push({ role: 'tool', tool_call_id: id, content: text });
    },
  };
}

async function anthropicChat({ model, system, request, tools }) {
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  const clock = await clockedFetch();
  const client = new Anthropic({ maxRetries: 0, fetch: clock.fetch });
  const messages = [{ role: 'user', content: request }];
  const offered = tools.map(({ name, description, properties, required }) => ({
    name,
    description,
    input_schema: { type: 'object', properties, required },
  }));
  return {
    clock,
    async ask() {
      const message = await client.messages
        .stream({ model, system, messages, max_tokens: 2_000, ...(offered.length > 0 ? { tools: offered } : {}) })
        .finalMessage();
      messages.push({ role: 'assistant', content: message.content });
      return {
        text: message.content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
        usage: { inputTokens: message.usage.input_tokens, outputTokens: message.usage.output_tokens },
        calls: message.content.flatMap((block) =>
          block.type === 'tool_use' ? [{ id: block.id, name: block.name, input: block.input }] : [],
        ),
      };
    },
    tell(results) {
      messages.push({ role: 'user', content: results.map(({ id, text }) => ({ type: 'tool_result', tool_use_id: id, content: text })) });
    },
  };
}
