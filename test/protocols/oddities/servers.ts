/** What servers of one's own, proxies and Azure write otherwise, each with the place where it was published. */
import { protocol as completions } from '../../../src/protocols/openai-completions/index.ts';
import { whole, event, chunk, last, text, DONE, type Oddity } from './oddity.ts';

export const SERVERS: readonly Oddity[] = [
  // docs.vllm.ai, `continuous_usage_stats`: each chunk has the counts so far.
  {
    whose: 'vLLM: counts that grow with the stream',
    url: 'http://localhost:8000/v1/chat/completions',
    provider: 'vllm',
    answer:
      [1, 2, 3]
        .map((count) => chunk({ content: 'a' }, { usage: { prompt_tokens: 9, completion_tokens: count, total_tokens: 9 + count } }))
        .join('') +
      event({
        id: 'x',
        model: 'm',
        choices: [{ index: 0, delta: {}, finish_reason: 'stop', stop_reason: null, token_ids: null }],
        usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
      }) +
      DONE,
    expected: { usage: { inputTokens: 9, outputTokens: 4 } },
  },
  // lmstudio.ai/docs, "REST API v0".
  {
    whose: 'LM Studio: rates and the runtime beside usage',
    url: 'http://localhost:1234/api/v0/chat/completions',
    provider: 'lm_studio',
    answer: whole({
      usage: { prompt_tokens: 24, completion_tokens: 53, total_tokens: 77 },
      stats: { tokens_per_second: 51.4, time_to_first_token: 0.111, generation_time: 0.954, stop_reason: 'eosFound' },
      model_info: { arch: 'granite', quant: 'Q4_K_M', format: 'gguf', context_length: 4_096 },
    }),
    expected: { usage: { inputTokens: 24, outputTokens: 53 } },
  },
  // A body of llama-server b6510 that a test of a client holds: what the cache gave stands in its times alone.
  {
    whose: 'llama.cpp: what its cache gave',
    url: 'http://localhost:8080/v1/chat/completions',
    provider: 'llama_cpp',
    answer: whole({
      usage: { completion_tokens: 326, prompt_tokens: 14, total_tokens: 340 },
      timings: { cache_n: 13, prompt_n: 1, prompt_ms: 20.325, predicted_n: 326, predicted_ms: 3_084 },
    }),
    expected: { usage: { inputTokens: 14, outputTokens: 326, cacheReadTokens: 13 } },
  },
  // llama.cpp, tools/server/README.md, "POST /completion".
  {
    whose: 'llama.cpp by its own path, plain',
    url: 'http://localhost:8080/completion',
    provider: 'llama_cpp',
    protocol: completions,
    answer: {
      content: 'pong',
      model: 'm',
      stop: true,
      stop_type: 'limit',
      tokens_evaluated: 100,
      tokens_predicted: 30,
      timings: { prompt_n: 100 },
    },
    expected: { responseModel: 'm', finishReasons: ['length'], usage: { inputTokens: 100, outputTokens: 30 } },
  },
  {
    whose: 'llama.cpp by its own path, in a stream without a mark of its end',
    url: 'http://localhost:8080/completion',
    provider: 'llama_cpp',
    protocol: completions,
    answer:
      event({ index: 0, content: 'po', tokens: [1], stop: false, id_slot: -1, tokens_predicted: 1, tokens_evaluated: 100 }) +
      event({ index: 0, content: 'ng', tokens: [2], stop: false, id_slot: -1, tokens_predicted: 2, tokens_evaluated: 100 }) +
      event({ index: 0, content: '', model: 'm', stop: true, stop_type: 'eos', tokens_predicted: 2, tokens_evaluated: 100, timings: {} }),
    expected: { finishReasons: ['stop'], usage: { inputTokens: 100, outputTokens: 2 } },
  },
  // docs.litellm.ai, "Response headers".
  {
    whose: 'LiteLLM: its headers',
    url: 'http://localhost:4000/v1/chat/completions',
    provider: 'litellm',
    headers: { 'x-litellm-call-id': 'c', 'x-litellm-response-cost': '0.000123' },
    answer: whole({ usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }),
    expected: { providerCost: 0.000123 },
  },
  // learn.microsoft.com, "Content streaming" of Azure OpenAI: a chunk about the prompt comes first, without id, model and choices.
  {
    whose: 'Azure: what its filter says of the prompt, before the first chunk',
    url: 'https://me.openai.azure.com/openai/deployments/mine/chat/completions?api-version=2024-10-21',
    provider: 'azure.ai.openai',
    answer: [
      event({
        id: '',
        object: '',
        created: 0,
        model: '',
        prompt_filter_results: [{ prompt_index: 0, content_filter_results: {} }],
        choices: [],
      }),
      text,
      event({ id: '', model: '', choices: [{ index: 0, finish_reason: null, content_filter_offsets: {}, content_filter_results: {} }] }),
      last(),
      event({ id: 'x', model: 'm', choices: [], usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } }),
      DONE,
    ].join(''),
    expected: { responseId: 'x', responseModel: 'm', finishReasons: ['stop'], usage: { inputTokens: 9, outputTokens: 1 } },
  },
];
