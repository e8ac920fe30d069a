// What a call costs, from the provider's answer to dollars, or what is lacking for a price.
import { describe, expect, test } from '@jest/globals';
import { priceOf, contextWindowOf } from '../../src/pricing/index.ts';
import { protocol as anthropic } from '../../src/protocols/anthropic-messages/index.ts';
import { protocol as openai } from '../../src/protocols/openai-chat/index.ts';
import type { Operation, Protocol } from '../../src/protocols/protocol.ts';
import { providerOf, regionOf } from '../../src/protocols/providers.ts';
import { contextTokens, costOf, type Cost, type Unpriced } from '../../src/recording/cost.ts';
import { readCall, type Call } from '../protocols/call.ts';

interface Asked {
  readonly protocol: Protocol;
  readonly host: string;
  readonly model: string;
}

const time = Date.parse('2026-11-21T12:00:00Z');
const claude = (model: string): Asked => ({ protocol: anthropic, host: 'api.anthropic.com', model });
const gpt = (model: string, host = 'api.openai.com'): Asked => ({ protocol: openai, host, model });

const providerAt = (host: string, protocol: Protocol, model: string): string =>
  providerOf({ host, path: '/', header: () => undefined }, { protocol, operation: protocol.operations[0] as Operation }, { model });

function pay({ protocol, host, model }: Asked, call: Call): Cost | Unpriced {
  const { answer } = readCall(protocol, call);
  return costOf(() => ({ priceOf, contextWindowOf }), {
    operation: 'chat',
    provider: providerAt(host, protocol, answer?.responseModel ?? model),
    models: [answer?.responseModel, model],
    usage: answer?.usage,
    billing: answer?.billing,
    region: regionOf(host),
    providerCost: answer?.providerCost,
    time,
  });
}

const payFor = (asked: Asked, usage: object, rest: object = {}): Cost | Unpriced =>
  pay(asked, { answer: { model: asked.model, usage, ...rest } });
const lackOf = (cost: Cost | Unpriced): string | undefined => (cost.amount === undefined ? cost.lacks : `priced: ${cost.amount}`);

describe('a price knows every dimension of its usage', () => {
  test.each<[what: string, dollars: number, Asked, usage: object, rest?: object]>([
    [
      'cache writes for an hour at twice the input',
      1.00255,
      claude('claude-opus-4-8'),
      {
        input_tokens: 10,
        cache_creation_input_tokens: 100_000,
        cache_creation: { ephemeral_1h_input_tokens: 100_000 },
        output_tokens: 100,
      },
    ],
    [
      'cache writes for five minutes at a quarter more than the input',
      0.62755,
      claude('claude-opus-4-8'),
      {
        input_tokens: 10,
        cache_creation_input_tokens: 100_000,
        cache_creation: { ephemeral_5m_input_tokens: 100_000 },
        output_tokens: 100,
      },
    ],
    [
      'both lives in one call',
      0.000005 * 10 + 0.00000625 * 40_000 + 0.00001 * 60_000 + 0.000025 * 100,
      claude('claude-opus-4-8'),
      {
        ...{ input_tokens: 10, cache_creation_input_tokens: 100_000, output_tokens: 100 },
        cache_creation: { ephemeral_5m_input_tokens: 40_000, ephemeral_1h_input_tokens: 60_000 },
      },
    ],
    ['the standard tier', 0.001275, gpt('gpt-5'), { prompt_tokens: 220, completion_tokens: 100 }, { service_tier: 'default' }],
    ['the flex tier at half', 0.0006375, gpt('gpt-5'), { prompt_tokens: 220, completion_tokens: 100 }, { service_tier: 'flex' }],
    [
      'the priority tier where its price is published',
      0.00255,
      gpt('gpt-5'),
      { prompt_tokens: 220, completion_tokens: 100 },
      { service_tier: 'priority' },
    ],
    [
      'the cached part of a priority call',
      (2.5 * 100 + 0.25 * 120 + 20 * 100) / 1e6,
      gpt('gpt-5-2025-08-07'),
      { prompt_tokens: 220, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 120 } },
      { service_tier: 'priority' },
    ],
    ['a batch at half', 0.0525, claude('claude-sonnet-4-5'), { input_tokens: 10_000, output_tokens: 5_000, service_tier: 'batch' }],
    ['fast mode at its multiple', 0.0175 * 2, claude('claude-opus-5'), { input_tokens: 1_000, output_tokens: 500, speed: 'fast' }],
    [
      'a region that costs a tenth more',
      0.0175 * 1.1,
      claude('claude-opus-4-8'),
      { input_tokens: 1_000, output_tokens: 500, inference_geo: 'us' },
    ],
    [
      'a fast call in a region',
      0.0175 * 2.2,
      claude('claude-opus-4-8'),
      { input_tokens: 1_000, output_tokens: 500, inference_geo: 'us', speed: 'fast' },
    ],
    [
      'words that mean the standard',
      0.0175,
      claude('claude-opus-4-8'),
      { input_tokens: 1_000, output_tokens: 500, inference_geo: 'not_available', speed: 'standard', service_tier: 'standard' },
    ],
    [
      'a regional host for a model of before the uplift',
      0.001275,
      gpt('gpt-5', 'eu.api.openai.com'),
      { prompt_tokens: 220, completion_tokens: 100 },
    ],
    [
      'a regional host for a model of after it',
      0.00205 * 1.1,
      gpt('gpt-5.4', 'us.api.openai.com'),
      { prompt_tokens: 220, completion_tokens: 100 },
    ],
    [
      "five web searches at the provider's fee",
      0.082082,
      claude('claude-sonnet-4-5'),
      { input_tokens: 6_039, output_tokens: 931, server_tool_use: { web_search_requests: 5, web_fetch_requests: 2 } },
    ],
    [
      'fees of tools, which no tier halves',
      0.0525 + 0.01,
      claude('claude-sonnet-4-5'),
      { input_tokens: 10_000, output_tokens: 5_000, service_tier: 'batch', server_tool_use: { web_search_requests: 1 } },
    ],
    [
      'sound in the answer',
      (2.5 * 11 + 10 * 110 + 64 * 482) / 1e6,
      gpt('gpt-audio'),
      { prompt_tokens: 11, completion_tokens: 592, total_tokens: 603, completion_tokens_details: { audio_tokens: 482, text_tokens: 110 } },
    ],
    [
      'sound in the question',
      (2.5 * 100 + 32 * 900 + 10 * 50) / 1e6,
      gpt('gpt-audio'),
      { prompt_tokens: 1_000, completion_tokens: 50, prompt_tokens_details: { audio_tokens: 900, cached_tokens: 0 } },
    ],
    [
      'the passes that compacted the context',
      (5 * 203_000 + 25 * 4_500) / 1e6,
      claude('claude-opus-4-8'),
      {
        ...{ input_tokens: 23_000, output_tokens: 1_000 },
        iterations: [
          { type: 'compaction', input_tokens: 180_000, output_tokens: 3_500 },
          { type: 'message', input_tokens: 23_000, output_tokens: 1_000 },
        ],
      },
    ],
    [
      'each pass by its own length: none of these is a long prompt',
      (3 * 250_000 + 15 * 2_000) / 1e6,
      claude('claude-sonnet-4-5'),
      {
        ...{ input_tokens: 250_000, output_tokens: 2_000 },
        iterations: [
          { type: 'message', input_tokens: 120_000, output_tokens: 1_000 },
          { type: 'message', input_tokens: 130_000, output_tokens: 1_000 },
        ],
      },
    ],
  ])('%s', (_, dollars, asked, usage, rest = {}) => {
    expect(payFor(asked, usage, rest)).toMatchObject({ amount: expect.closeTo(dollars, 12) as never, source: 'local' });
  });

  const tokens = { prompt_tokens: 220, completion_tokens: 100 };
  const counts = { input_tokens: 220, output_tokens: 100 };
  test.each<[lacks: string | undefined, Asked, usage: object, rest?: object]>([
    ['priority tier', claude('claude-sonnet-4-5'), { ...counts, service_tier: 'priority' }],
    ['priority tier', gpt('gpt-5-nano'), tokens, { service_tier: 'priority' }],
    ['priority tier', gpt('gpt-5'), { prompt_tokens: 128_001, completion_tokens: 100 }, { service_tier: 'priority' }],
    ['scale tier', gpt('gpt-5'), tokens, { service_tier: 'scale' }],
    ['flex tier', gpt('llama-3.3-70b-versatile', 'api.groq.com'), tokens, { service_tier: 'flex' }],
    ['flex tier', gpt('gpt-5', 'my.openai.azure.com'), tokens, { service_tier: 'flex' }],
    ['other tier', gpt('gpt-5'), tokens, { service_tier: 'Ein Satz, der kein Name ist' }],
    ['fast speed', claude('claude-sonnet-4-5'), { ...counts, speed: 'fast' }],
    ['fast speed', claude('claude-opus-5-5'), { ...counts, speed: 'fast' }],
    ['region eu', claude('claude-opus-4-8'), { ...counts, inference_geo: 'eu' }],
    ['region us', claude('claude-opus-4-5'), { ...counts, inference_geo: 'us' }],
    ['region cn', gpt('kimi-k2-0905-preview', 'api.moonshot.cn'), tokens],
    ['cache writes for 24h', claude('claude-opus-4-8'), { ...counts, cache_creation: { ephemeral_24h_input_tokens: 9 } }],
    [
      'cache writes for an hour',
      { ...claude('claude-sonnet-4-5'), host: 'aiplatform.googleapis.com' },
      { ...counts, cache_creation_input_tokens: 9, cache_creation: { ephemeral_1h_input_tokens: 9 } },
    ],
    ['code execution', claude('claude-opus-4-8'), { ...counts, server_tool_use: { code_execution_requests: 1 } }],
    ['code execution', claude('claude-opus-4-8'), counts, { content: [{ type: 'server_tool_use', id: 's', name: 'bash_code_execution' }] }],
    [
      'web search',
      { ...claude('claude-opus-4-8'), host: 'bedrock-runtime.us-east-1.amazonaws.com' },
      { ...counts, server_tool_use: { web_search_requests: 1 } },
    ],
    ['web search', gpt('gpt-4o-mini-search-preview'), tokens],
    ['audio tokens', gpt('gpt-4o'), { ...tokens, completion_tokens_details: { audio_tokens: 1 } }],
    ['audio tokens', gpt('gpt-4o'), { ...tokens, prompt_tokens_details: { audio_tokens: 1 } }],
    ['image tokens', gpt('gpt-4o'), { ...tokens, prompt_tokens_details: { image_tokens: 1 } }],
    ['image tokens', gpt('gpt-4o'), { ...tokens, completion_tokens_details: { image_tokens: 1 } }],
    [
      'advisor message pass',
      claude('claude-opus-4-8'),
      { ...counts, iterations: [{ type: 'advisor_message', model: 'x', input_tokens: 9 }] },
    ],
    ['citation tokens', gpt('sonar', 'api.perplexity.ai'), { ...tokens, citation_tokens: 3 }],
    ['search context', gpt('sonar', 'api.perplexity.ai'), { ...tokens, search_context_size: 'low' }],
    ['cost in CNY', gpt('deepseek-chat', 'api.deepseek.com'), { ...tokens, cost: { total_cost: 0.02, currency: 'cny' } }],
    ['tokens not told', gpt('gpt-5'), { prompt_tokens: 220 }],
    ['tokens not told', gpt('gpt-5'), {}],
    ['tokens not told', gpt('gpt-5'), { prompt_tokens: -5, completion_tokens: 7 }],
    [undefined, gpt('my-own-finetune'), tokens],
  ])('without a price for %s there is none', (lacks, asked, usage, rest = {}) => {
    expect(lackOf(payFor(asked, usage, rest))).toBe(lacks);
  });

  test('a compacted context was as large as its largest pass, not as their sum', () => {
    const iterations = [
      { type: 'compaction', input_tokens: 180_000, output_tokens: 3_500 },
      { type: 'message', input_tokens: 23_000, output_tokens: 1_000 },
    ];
    const { answer } = readCall(anthropic, { answer: { usage: { input_tokens: 23_000, output_tokens: 1_000, iterations } } });
    expect(answer?.usage).toMatchObject({ inputTokens: 203_000, outputTokens: 4_500 });
    expect(contextTokens(answer?.usage, answer?.billing)).toBe(180_000);
  });
});

describe('a cost that the provider tells wins', () => {
  const tokens = { prompt_tokens: 9_171, completion_tokens: 113, total_tokens: 9_284 };
  test.each<[what: string, dollars: number, usage: object, rest?: object]>([
    ['a number', 0.95, { ...tokens, cost: 0.95 }],
    ['a number that says free', 0, { ...tokens, cost: 0, is_byok: false, cost_details: { upstream_inference_cost: 0.5 } }],
    ['a number as text', 0.0045, { ...tokens, cost: '0.0045' }],
    ['beside the usage', 0.25, tokens, { cost: 0.25 }],
    ['an object with a total', 0.0061, { ...tokens, cost: { input_tokens_cost: 0.0001, request_cost: 0.006, total_cost: 0.0061 } }],
    ['an object with a total, in dollars by name', 0.0061, { ...tokens, cost: { total_cost: 0.0061, currency: 'USD' } }],
    ['an estimate', 0.003, { ...tokens, estimated_cost: 0.003 }],
    ['ticks', 0.0037756, { ...tokens, cost_in_usd_ticks: 37_756_000 }],
    ['an own key without a fee', 0.0360795, { ...tokens, cost: 0, is_byok: true, cost_details: { upstream_inference_cost: 0.0360795 } }],
    ['an own key with a fee', 0.0378795, { ...tokens, cost: 0.0018, is_byok: true, cost_details: { upstream_inference_cost: 0.0360795 } }],
    ['a detail that is part of the sum', 0.95, { ...tokens, cost: 0.95, cost_details: { upstream_inference_cost: 0.9 } }],
    ['whatever else has no price', 0.02, { ...tokens, cost: 0.02, service_tier: 'priority', server_tool_use: { anything_requests: 4 } }],
  ])('%s', (_, dollars, usage, rest = {}) => {
    const cost = payFor(gpt('openai/gpt-5', 'openrouter.ai'), usage, rest);
    expect(cost).toEqual({ amount: expect.closeTo(dollars, 12), source: 'provider', tableVersion: undefined });
  });

  test('a header', () => {
    const headers = { 'x-litellm-response-cost': '2.35e-05', 'content-type': 'application/json' };
    const answer = { model: 'house-model', usage: tokens };
    expect(pay(gpt('house-model', 'llm.example.com'), { answer, headers })).toMatchObject({ amount: 0.0000235, source: 'provider' });
  });

  test('a header that is sent before a stream is generated says nothing with its 0', () => {
    const headers = { 'x-litellm-response-cost': '0.0', 'content-type': 'text/event-stream' };
    const answer = `data: ${JSON.stringify({ model: 'gpt-5', choices: [], usage: { prompt_tokens: 220, completion_tokens: 100 } })}\n\ndata: [DONE]\n\n`;
    expect(pay(gpt('gpt-5', 'llm.example.com'), { answer, headers })).toMatchObject({
      amount: expect.closeTo(0.001275, 12) as never,
      source: 'local',
    });
    expect(pay(gpt('gpt-5'), { answer: { model: 'gpt-5' }, headers: { 'x-litellm-response-cost': '0.0' } })).toMatchObject({ amount: 0 });
  });

  test('a later chunk takes no cost back', () => {
    const chunk = (usage: object): string => `data: ${JSON.stringify({ choices: [], usage })}\n\n`;
    const answer = `${chunk({ ...tokens, cost: 0.3 })}${chunk({ ...tokens, cost: 0 })}${chunk({ cost: null })}data: [DONE]\n\n`;
    expect(pay(gpt('x', 'openrouter.ai'), { answer })).toMatchObject({ amount: 0.3 });
  });

  test.each([-1, NaN, 1e9, 'free', true, [], { total_cost: -1 }, { total: 'x' }])('%p is no cost', (cost) => {
    expect(payFor(gpt('gpt-5'), { prompt_tokens: 220, completion_tokens: 100, cost })).toMatchObject({ source: 'local' });
  });
});

describe('whose service it is decides whose price', () => {
  const tokens = { prompt_tokens: 220, completion_tokens: 100 };
  test.each<[host: string, model: string, provider: string, dollars: number | undefined]>([
    ['api.openai.com', 'gpt-5', 'openai', 0.001275],
    ['my.openai.azure.com', 'gpt-5', 'azure.ai.openai', 0.001275],
    ['swarm.cognitiveservices.azure.com', 'gpt-5', 'azure.ai.openai', 0.001275],
    ['swarm.services.ai.azure.com', 'gpt-5', 'azure.ai.inference', 0.001275],
    // A proxy of one's own hands on what only OpenAI has.
    ['llm-proxy-123.us-east-1.elb.amazonaws.com', 'gpt-5', 'openai', 0.001275],
    ['127.0.0.1', 'openai/gpt-5', 'openai', 0.001275],
    ['proxy.openai.com.example.org', 'gpt-5', 'openai', 0.001275],
    // Weights that anybody can run cost what their host asks.
    ['127.0.0.1', 'gpt-oss-120b', '_OTHER', undefined],
    ['localhost', 'openai/gpt-oss-20b', '_OTHER', undefined],
    ['10.0.0.7', 'mistralai/Mistral-Small-3.2-24B', '_OTHER', undefined],
    ['gpu.internal', 'deepseek/deepseek-chat', '_OTHER', undefined],
    ['llm-proxy-123.us-east-1.elb.amazonaws.com', 'llama3.1', '_OTHER', undefined],
    ['bedrock-runtime.us-east-1.amazonaws.com', 'us.anthropic.claude-opus-4-8', 'aws.bedrock', 0.0055 * 0.22 + 0.0275 * 0.1],
    ['bedrock-mantle.us-west-2.api.aws', 'us.anthropic.claude-opus-4-8', 'aws.bedrock', 0.0055 * 0.22 + 0.0275 * 0.1],
    ['us-central1-aiplatform.googleapis.com', 'google/gemini-2.5-flash', 'gcp.vertex_ai', 0.000316],
    ['aiplatform.us.rep.googleapis.com', 'google/gemini-2.5-flash', 'gcp.vertex_ai', 0.000316],
    ['aiplatform.googleapis.com', 'google/gemini-3.5-flash', 'gcp.vertex_ai', 0.00123],
    ['europe-west4-aiplatform.googleapis.com', 'google/gemini-3.5-flash', 'gcp.vertex_ai', undefined],
    ['run.googleapis.com', 'gpt-5', 'openai', 0.001275],
    ['api.groq.com', 'openai/gpt-oss-120b', 'groq', (0.15 * 220 + 0.6 * 100) / 1e6],
  ])('%s with %s is of %s', (host, model, provider, dollars) => {
    expect(providerAt(host, openai, model)).toBe(provider);
    const { amount } = payFor(gpt(model, host), tokens);
    expect(amount).toEqual(dollars === undefined ? undefined : expect.closeTo(dollars, 9));
  });
});
