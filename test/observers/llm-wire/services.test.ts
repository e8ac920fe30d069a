/** Whose service a request goes to, where its path alone does not tell, and where the user says it. */
import { expect, test } from '@jest/globals';
import { startCalls } from './calls.ts';

const asked = { model: 'm', input: 'hi' };
const answered = { id: 'resp_1', object: 'response', status: 'completed', model: 'm', output: [] };

test('a path that other services use too is a call where the body is one, with its true start and parent', () => {
  const { call, recorder, span, spans } = startCalls({ url: 'https://survey.example/api/responses' });
  const task = recorder.startTask({ type: 'ask' }, 'ask');
  for (const body of [{ answers: [1] }, { model: 'x' }, undefined]) call({ ...(body && { asked: body }), by: task });
  expect(spans()).toEqual([]);
  call({ asked, answered, by: task });
  expect(span('chat m').parentSpanContext?.spanId).toBe(task.spanId);
  expect(span('chat m').duration).toEqual([0, 10_000_000]);
});

test('at the host of a service any such path is a call, whatever its body is', () => {
  const { call, span } = startCalls();
  call({ status: 400 });
  expect(span('chat').attributes).toMatchObject({ 'gen_ai.provider.name': 'openai', 'error.type': '400' });
});

test('a path at the host of a service that serves other models as well is a call where the body is one', () => {
  const { call, spans } = startCalls({ url: 'https://dbc-1.cloud.databricks.com/serving-endpoints/mine/invocations' });
  call({ asked: { dataframe_split: { columns: ['a'], data: [[1]] } }, answered: { predictions: [1] } });
  expect(spans()).toEqual([]);
  call({ asked: { messages: [{ role: 'user', content: 'hi' }] }, answered: { model: 'gpt-oss-120b', choices: [] } });
  call({ asked: { input: ['hi', 'ho'] }, answered: { data: [{ embedding: [0.5] }], usage: { prompt_tokens: 5, total_tokens: 5 } } });
  call({
    asked: { prompt: 'hi' },
    answered: { choices: [{ text: 'ho', finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 2 } },
  });
  call({ asked: { input: [{ role: 'user', content: 'hi' }] }, answered: { output: [], usage: { input_tokens: 7, output_tokens: 3 } } });
  const told = ({ name, attributes }: ReturnType<typeof spans>[number]): unknown[] => [
    name,
    attributes['gen_ai.operation.name'],
    attributes['gen_ai.provider.name'],
    attributes['gen_ai.usage.input_tokens'],
    attributes['gen_ai.usage.output_tokens'],
  ];
  expect(spans().map(told)).toEqual([
    ['chat mine', 'chat', 'databricks', undefined, undefined],
    ['embeddings mine', 'embeddings', 'databricks', 5, undefined],
    ['text_completion mine', 'text_completion', 'databricks', 1, 2],
    ['chat mine', 'chat', 'databricks', 7, 3],
  ]);
});

test('services of the settings have the provider and the protocol that they are said to have', () => {
  const { call, spans, counts } = startCalls({
    env: {
      SWARMSCOPE_LLM_SERVICES:
        'llm.example=@example, *.corp.example:8443/ai=openai-responses@corp, 10.0.0.7/x=anthropic-messages, gone.example=no-such-protocol',
    },
  });
  const at = (url: string): unknown => {
    const before = spans().length;
    call({ url, asked, answered });
    return spans().at(before)?.attributes['gen_ai.provider.name'];
  };
  expect(at('https://llm.example/v1/responses')).toBe('example');
  expect(at('https://llm.example/ask')).toBeUndefined();
  expect(at('https://a.corp.example:8443/ai/ask')).toBe('corp');
  expect(at('https://A.CORP.example:8443/ai/v1/responses?x=1')).toBe('corp');
  expect(at('https://a.corp.example/ai/ask')).toBeUndefined();
  expect(at('https://a.corp.example:8443/other')).toBeUndefined();
  expect(at('http://10.0.0.7:9000/x')).toBe('_OTHER');
  expect(at('https://gone.example/ask')).toBeUndefined();
  expect(counts.get('llm-wire.unknown-protocol')).toBe(1);
});

test.each<[provider: string, answered: object, answerHeaders: Readonly<Record<string, string>>]>([
  ['vllm', { prompt_logprobs: null, kv_transfer_params: null }, {}],
  ['vllm', { choices: [{ index: 0, message: {}, finish_reason: 'stop', stop_reason: null }] }, {}],
  ['sglang', { choices: [{ index: 0, message: {}, finish_reason: 'stop', matched_stop: 151_645 }] }, {}],
  ['llama_cpp', { timings: { predicted_n: 1 } }, {}],
  ['llama_cpp', {}, { server: 'llama.cpp' }],
  ['lm_studio', { stats: {} }, {}],
  ['ollama', { system_fingerprint: 'fp_ollama' }, {}],
  ['litellm', {}, { 'x-litellm-call-id': 'b980db26' }],
  ['_OTHER', {}, {}],
])("a server of one's own that writes as %s does gives the call its name: %j", (provider, answer, answerHeaders) => {
  const { call, span } = startCalls({ url: 'http://127.0.0.1:8000/v1/chat/completions' });
  const made = { asked: { model: 'qwen3', messages: [] }, answerHeaders };
  call({ ...made, answered: { model: 'qwen3', ...answer } });
  expect(span('chat qwen3').attributes['gen_ai.provider.name']).toBe(provider);
});

test("a model that only its maker has is the maker's, and a known host is its own, whatever hands the call on", () => {
  const answerHeaders = { 'x-litellm-call-id': 'b980db26' };
  for (const [url, provider] of [
    ['http://127.0.0.1:4000/v1/chat/completions', 'openai'],
    ['https://openrouter.ai/api/v1/chat/completions', 'openrouter'],
  ] as const) {
    const { call, span } = startCalls({ url });
    call({ asked: { model: 'gpt-5', messages: [] }, answered: { model: 'gpt-5', stats: {} }, answerHeaders });
    expect(span('chat gpt-5').attributes['gen_ai.provider.name']).toBe(provider);
  }
});
