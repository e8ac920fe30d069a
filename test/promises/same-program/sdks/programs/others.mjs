// Clients beside the two large SDKs: the AI SDK 7 with its OpenAI provider, and Google's, whose protocol is not read.
import { chat } from './wire.mjs';

export function aiSdkCases() {
  const open = async (base) => {
    const [{ createOpenAI }, ai] = await Promise.all([import('@ai-sdk/openai'), import('ai')]);
    return { chat: createOpenAI({ baseURL: `${base}/v1`, apiKey: 'test' }).chat, ...ai };
  };
  return {
    'generateText()': {
      run: async (kit) => {
        const { chat: model, generateText } = await open(kit.models);
        const { text, usage, finishReason } = await generateText({ model: model(kit.model), prompt: 'hello', maxRetries: 0 });
        kit.see('answer', [text, usage, finishReason], 5);
      },
    },
    'streamText(): parts in their order': {
      run: async (kit) => {
        const { chat: model, streamText } = await open(kit.models);
        const result = streamText({ model: model(kit.model), prompt: 'hello', maxRetries: 0 });
        const pieces = [];
        for await (const piece of result.textStream) pieces.push(piece);
        kit.see('pieces', pieces);
        kit.see('usage', await result.usage);
      },
    },
    'streamText(): left by break': {
      run: async (kit) => {
        const { chat: model, streamText } = await open(kit.scripted('stepped'));
        const abort = new AbortController();
        const first = kit.step();
        const result = streamText({
          model: model(kit.model),
          prompt: 'hello',
          maxRetries: 0,
          abortSignal: abort.signal,
          onError: () => undefined,
        });
        await first;
        for await (const piece of result.textStream) {
          kit.see('piece', piece);
          break;
        }
        // Of itself it reads on.
        abort.abort();
      },
      leaves: true,
    },
    'a tool that runs, then the answer': {
      run: async (kit) => {
        const { chat: model, generateText, tool, jsonSchema, isStepCount, stepCountIs } = await open(kit.models);
        const asked = [];
        const weather = tool({
          description: 'weather',
          inputSchema: jsonSchema({ type: 'object', properties: { city: { type: 'string' } } }),
          execute: (input) => (asked.push(input), 'sunny'),
        });
        const { steps } = await generateText({
          model: model(kit.model),
          prompt: 'weather',
          tools: { get_weather: weather },
          stopWhen: (isStepCount ?? stepCountIs)(2),
          maxRetries: 0,
        });
        kit.see('asked', asked);
        kit.see(
          'steps',
          steps.map(({ finishReason, toolCalls }) => [finishReason, toolCalls.length]),
        );
      },
      attempts: 2,
    },
    'an error 400': {
      run: async (kit) => {
        const { chat: model, generateText } = await open(kit.scripted('refused'));
        await kit.fails('error', generateText({ model: model(kit.model), prompt: 'hello', maxRetries: 0 }));
      },
      error: 'invalid_request_error',
    },
    'abort before the answer': {
      run: async (kit) => {
        const { chat: model, generateText } = await open(kit.scripted('never'));
        const abort = new AbortController();
        const error = kit.fails(
          'error',
          generateText({ model: model(kit.model), prompt: 'hello', maxRetries: 0, abortSignal: abort.signal }),
        );
        await kit.arrived();
        abort.abort();
        await error;
        kit.see('listeners after', kit.listeners(abort.signal));
      },
      error: 'AbortError',
    },
  };
}

export function genaiCases() {
  const open = async (base) => {
    const { GoogleGenAI } = await import('@google/genai');
    return new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: base, apiVersion: 'v1beta' } }).models;
  };
  return {
    'generateContent()': {
      run: async (kit) => {
        const answer = await (await open(kit.models)).generateContent({ model: kit.model, contents: 'hello' });
        kit.see('answer', [answer.text, answer.usageMetadata], 5);
      },
    },
    'generateContentStream()': {
      run: async (kit) => {
        const stream = await (await open(kit.models)).generateContentStream({ model: kit.model, contents: 'hello' });
        kit.see('stream', stream, 1);
        let text = '';
        for await (const { text: piece } of stream) text += piece ?? '';
        kit.see('text', text);
      },
    },
    'an error of the service': {
      run: async (kit) => kit.fails('error', (await open(kit.scripted('refused'))).generateContent({ model: kit.model, contents: 'x' })),
      error: /.+/,
    },
    'a chat beside it is recorded': {
      run: async (kit) => {
        const response = await fetch(`${kit.scripted('ok')}/v1/chat/completions`, { method: 'POST', body: chat(kit) });
        kit.see('status', [response.status, (await response.json()).id]);
      },
    },
  };
}
