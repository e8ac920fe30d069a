/** What single services write otherwise, each with the place where it was published. */
import { whole, event, chunk, last, text, DONE, type Oddity } from './oddity.ts';

export const SERVICES: readonly Oddity[] = [
  // openrouter.ai/docs, "Usage accounting", and a usage of kimi-k3 that a user published.
  {
    whose: 'OpenRouter: comments while it waits, usage and cost in a last chunk',
    url: 'https://openrouter.ai/api/v1/chat/completions',
    provider: 'openrouter',
    answer: [
      ': OPENROUTER PROCESSING\n\n',
      chunk({ content: 'pong' }, { provider: 'Moonshot AI' }),
      ': OPENROUTER PROCESSING\n\n',
      last({
        usage: {
          prompt_tokens: 17_135,
          completion_tokens: 26_792,
          total_tokens: 43_927,
          cost: 0.453285,
          is_byok: false,
          prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0, audio_tokens: 0, video_tokens: 0 },
          cost_details: { upstream_inference_cost: 0.453285, upstream_inference_prompt_cost: 0.051405 },
          completion_tokens_details: { reasoning_tokens: 23_538, image_tokens: 0, audio_tokens: 0 },
        },
      }),
      DONE,
    ].join(''),
    expected: { providerCost: 0.453285, usage: { inputTokens: 17_135, outputTokens: 26_792, reasoningTokens: 23_538 } },
  },
  {
    whose: 'OpenRouter, with a key of the own account of the provider behind it',
    url: 'https://openrouter.ai/api/v1/chat/completions',
    provider: 'openrouter',
    answer: whole({
      usage: { prompt_tokens: 3_114, completion_tokens: 9, cost: 0, is_byok: true, cost_details: { upstream_inference_cost: 0.049662 } },
    }),
    expected: { providerCost: 0.049662 },
  },
  // openrouter.ai/docs, "Errors": after the first token a failure is an event of a stream whose status was 200.
  {
    whose: 'OpenRouter: a failure in a stream that has begun',
    url: 'https://openrouter.ai/api/v1/chat/completions',
    provider: 'openrouter',
    answer:
      text +
      event({
        id: 'x',
        provider: 'OpenAI',
        model: 'm',
        error: { code: 'server_error', message: 'Provider disconnected unexpectedly' },
        choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
      }),
    expected: { statusCode: 200, errorType: 'server_error', finishReasons: ['error'] },
  },
  // A usage of llama-4-scout that a user published.
  {
    whose: 'Groq: times beside the counts, and usage under a key of its own',
    url: 'https://api.groq.com/openai/v1/chat/completions',
    provider: 'groq',
    answer:
      text +
      last({
        x_groq: {
          id: 'req_1',
          usage: {
            queue_time: 0.08358791,
            prompt_tokens: 294,
            prompt_time: 0.005073338,
            completion_tokens: 38,
            completion_time: 0.034069034,
            total_tokens: 332,
            total_time: 0.039142372,
          },
        },
      }) +
      DONE,
    expected: { usage: { inputTokens: 294, outputTokens: 38 } },
  },
  // docs.together.ai and docs.fireworks.ai: the counts stand in the chunk that ends the choice.
  ...(
    ['https://api.together.xyz/v1/chat/completions together', 'https://api.fireworks.ai/inference/v1/chat/completions fireworks'] as const
  ).map((each): Oddity => {
    const [url = '', provider = ''] = each.split(' ');
    const usage = { prompt_tokens: 15, completion_tokens: 7, total_tokens: 22 };
    return {
      whose: `${provider}: usage in the last chunk of the choice`,
      url,
      provider,
      answer: text + last({ usage }) + DONE,
      expected: { finishReasons: ['stop'], usage: { inputTokens: 15, outputTokens: 7 } },
    };
  }),
  // api-docs.deepseek.com, "Create chat completion".
  {
    whose: 'DeepSeek: hits and misses of its cache, reasoning beside the content',
    url: 'https://api.deepseek.com/chat/completions',
    provider: 'deepseek',
    answer: [
      chunk({ content: null, reasoning_content: 'hm' }),
      last({
        usage: {
          prompt_tokens: 100,
          completion_tokens: 20,
          total_tokens: 120,
          prompt_cache_hit_tokens: 64,
          prompt_cache_miss_tokens: 36,
          completion_tokens_details: { reasoning_tokens: 12 },
        },
      }),
      DONE,
    ].join(''),
    expected: { timeToFirstChunk: 2, usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 64, reasoningTokens: 12 } },
  },
  // docs.x.ai, "Cost tracking", and a usage of grok-4.3 that a user published, in the words of chat completions.
  {
    whose: 'xAI: reasoning beside the completion, its cost in ticks',
    url: 'https://api.x.ai/v1/chat/completions',
    provider: 'x_ai',
    answer: whole({
      usage: {
        prompt_tokens: 35_712,
        completion_tokens: 283,
        total_tokens: 36_563,
        prompt_tokens_details: { text_tokens: 35_712, audio_tokens: 0, image_tokens: 0, cached_tokens: 192 },
        completion_tokens_details: { reasoning_tokens: 568, audio_tokens: 0 },
        num_sources_used: 0,
        cost_in_usd_ticks: 465_659_000,
      },
    }),
    expected: {
      providerCost: 0.0465659,
      usage: { inputTokens: 35_712, outputTokens: 851, cacheReadTokens: 192, reasoningTokens: 568 },
    },
  },
  {
    whose: 'xAI: sources of a live search are billed beside the tokens',
    url: 'https://eu-west-1.api.x.ai/v1/chat/completions',
    provider: 'x_ai',
    answer: whole({ usage: { prompt_tokens: 30, completion_tokens: 5, total_tokens: 35, num_sources_used: 12 } }),
    expected: { billing: { unpriceable: 'live search' } },
  },
  // The members that `@mistralai/mistralai` 2.7 declares for a usage, one of them in two spellings.
  {
    whose: 'Mistral: seconds of sound, and cached tokens in two places',
    url: 'https://api.mistral.ai/v1/chat/completions',
    provider: 'mistral_ai',
    answer: whole({
      usage: {
        prompt_audio_seconds: {},
        prompt_tokens: 100,
        completion_tokens: 20,
        total_tokens: 120,
        prompt_token_details: { cached_tokens: 64 },
        num_cached_tokens: 64,
        request_count: 1,
      },
    }),
    expected: { usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 64 } },
  },
  // An answer of sonar-deep-research that a user published: its reasoning is in no sum.
  {
    whose: 'Perplexity: reasoning outside of all sums, citations, searches, and what they cost',
    url: 'https://api.perplexity.ai/chat/completions',
    provider: 'perplexity',
    answer: whole({
      usage: {
        prompt_tokens: 230,
        completion_tokens: 13_498,
        total_tokens: 13_728,
        citation_tokens: 20_470,
        num_search_queries: 50,
        reasoning_tokens: 145_885,
        cost: { input_tokens_cost: 0.00046, output_tokens_cost: 0.10798, search_queries_cost: 0.25, total_cost: 0.83704 },
      },
    }),
    expected: {
      providerCost: 0.83704,
      billing: { providerTools: { web_search: 50 }, unpriceable: 'citation tokens' },
      usage: { inputTokens: 230, outputTokens: 13_498 + 145_885, reasoningTokens: 145_885 },
    },
  },
  // inference-docs.cerebras.ai, "Chat completions".
  {
    whose: 'Cerebras: times beside usage',
    url: 'https://api.cerebras.ai/v1/chat/completions',
    provider: 'cerebras',
    answer: whole({
      usage: { prompt_tokens: 21, completion_tokens: 41, total_tokens: 62, prompt_tokens_details: { cached_tokens: 0 } },
      time_info: { queue_time: 0.0001, prompt_time: 0.001, completion_time: 0.02, total_time: 0.03, created: 1_730_000_000 },
    }),
    expected: { usage: { inputTokens: 21, outputTokens: 41 } },
  },
  // A stream of SambaNova's that a test of a client holds.
  {
    whose: 'SambaNova: rates among the counts of a chunk without choices',
    url: 'https://api.sambanova.ai/v1/chat/completions',
    provider: 'sambanova',
    answer:
      text +
      event({
        id: 'x',
        model: 'llama3-8b',
        system_fingerprint: 'fastcoe',
        choices: [],
        usage: {
          is_last_response: true,
          total_tokens: 62,
          prompt_tokens: 21,
          completion_tokens: 41,
          time_to_first_token: 0.09152531623840332,
          completion_tokens_per_sec: 244.02305616179046,
        },
      }) +
      DONE,
    expected: { usage: { inputTokens: 21, outputTokens: 41 } },
  },
  // platform.moonshot.ai, "Chat": in a stream the counts stand in the last choice.
  {
    whose: 'Moonshot: cached tokens beside the counts, in the choice that ends',
    url: 'https://api.moonshot.ai/v1/chat/completions',
    provider: 'moonshot_ai',
    answer:
      text +
      event({
        id: 'x',
        choices: [
          {
            index: 0,
            delta: {},
            finish_reason: 'stop',
            usage: { prompt_tokens: 19, completion_tokens: 13, total_tokens: 32, cached_tokens: 8 },
          },
        ],
      }) +
      DONE,
    expected: { usage: { inputTokens: 19, outputTokens: 13, cacheReadTokens: 8 } },
  },
  // docs.z.ai, "Chat completion"; docs.bigmodel.cn has the same.
  {
    whose: 'Z.ai in China',
    url: 'https://open.bigmodel.cn/api/paas/v4/chat/completions',
    provider: 'z_ai',
    answer: whole({ usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12, prompt_tokens_details: { cached_tokens: 4 } } }),
    expected: { usage: { inputTokens: 9, outputTokens: 3, cacheReadTokens: 4 } },
  },
  // help.aliyun.com, "Context cache" of Model Studio.
  {
    whose: 'Qwen: what was written to its cache',
    url: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1/chat/completions',
    provider: 'dashscope',
    answer: whole({
      usage: {
        prompt_tokens: 1_605,
        completion_tokens: 187,
        total_tokens: 1_792,
        prompt_tokens_details: {
          cached_tokens: 0,
          cache_creation: { ephemeral_5m_input_tokens: 1_544 },
          cache_creation_input_tokens: 1_544,
          cache_type: 'ephemeral',
        },
      },
    }),
    expected: { usage: { inputTokens: 1_605, outputTokens: 187, cacheWriteTokens: 1_544 } },
  },
  // platform.minimax.io, "Error codes".
  {
    whose: 'MiniMax: a failure of status 200 without choices',
    url: 'https://api.minimax.io/v1/text/chatcompletion_v2/chat/completions',
    provider: 'minimax',
    answer: {
      id: 'x',
      choices: null,
      usage: { total_tokens: 0, total_characters: 0 },
      base_resp: { status_code: 1002, status_msg: 'limit' },
    },
    expected: { statusCode: 200, errorType: '429' },
  },
];
