/** Prices against the package they come from, and the user's own prices. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { calcPrice, waitForUpdate, type MatchLogic } from '@pydantic/genai-prices';
import { afterAll, describe, expect, test } from '@jest/globals';
import { amountOf } from '../../src/pricing/amount.ts';
import { contextWindowOf, createPricing, priceOf, tableVersion } from '../../src/pricing/index.ts';

const time = Date.parse('2026-11-21T12:00:00Z');
const none = { cacheReadTokens: 0, cacheWriteTokens: 0 };
const folder = mkdtempSync(join(tmpdir(), 'swarmscope-prices-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Names that a model's rules spell out. */
function literals(match: MatchLogic): string[] {
  if ('or' in match) return match.or.flatMap(literals);
  if ('equals' in match) return [match.equals];
  return 'starts_with' in match ? [match.starts_with] : [];
}

describe('prices', () => {
  test.each([
    'anthropic',
    'openai',
    'azure',
    'aws',
    'google',
    'mistral',
    'cohere',
    'deepseek',
    'groq',
    'x-ai',
    'perplexity',
    'moonshotai',
    'cerebras',
    'together',
    'fireworks',
    'zhipuai',
    'minimax',
  ])('every model of %s costs what genai-prices says', async (provider) => {
    const models = (await waitForUpdate())?.find(({ id }) => id === provider)?.models ?? [];
    const usages = [
      { inputTokens: 1_000, outputTokens: 500, ...none },
      { inputTokens: 150_000, outputTokens: 10, cacheReadTokens: 100_000, cacheWriteTokens: 20_000 },
      { inputTokens: 600_001, outputTokens: 70_000, cacheReadTokens: 5, cacheWriteTokens: 0 },
    ];
    let compared = 0;
    for (const id of models.flatMap((model) => [model.id, ...literals(model.match)])) {
      for (const usage of usages) {
        for (const at of [time, Date.parse('2025-01-01T03:00:00Z'), Date.parse('2027-06-01T20:30:00Z')]) {
          const theirs = calcPrice(
            {
              input_tokens: usage.inputTokens,
              output_tokens: usage.outputTokens,
              cache_read_tokens: usage.cacheReadTokens,
              cache_write_tokens: usage.cacheWriteTokens,
            },
            id,
            { providerId: provider, timestamp: new Date(at) },
          );
          const ours = priceOf({ provider, model: id, usage, time: at });
          if (ours === undefined)
            expect([theirs?.model_price['input_mtok'], theirs?.model_price['output_mtok']]).toEqual([undefined, undefined]);
          else {
            expect([id, ours.amount]).toEqual([id, expect.closeTo(theirs?.total_price ?? -1, 9)]);
            compared += 1;
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(0);
  });

  test.each([
    ['openai', 'gpt-4.1-mini'],
    ['openai', 'gpt-4.1-mini-2025-04-14'],
    ['openai', 'openai/gpt-4.1-mini'],
    ['litellm', 'openai/gpt-4.1-mini'],
    ['azure.ai.openai', 'gpt-4.1-mini'],
    ['openai', 'GPT-4.1-mini'],
    ['openai', 'gpt-4.1-mini-latest'],
  ])('%s %s costs as gpt-4.1-mini', (provider, model) => {
    const usage = { inputTokens: 1_000_000, outputTokens: 1_000_000, ...none };
    expect(priceOf({ provider, model, usage, time })).toEqual({ amount: expect.closeTo(2, 9), tableVersion });
  });

  test.each([
    ['anthropic', 'claude-sonnet-4-5-20250929'],
    ['aws.bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
    ['gcp.vertex_ai', 'claude-sonnet-4-5@20250929'],
    ['gcp.gemini', 'gemini-2.5-pro'],
  ])('%s %s has a price and a context window', (provider, model) => {
    expect(priceOf({ provider, model, usage: { inputTokens: 10, outputTokens: 1, ...none }, time })?.amount).toBeGreaterThan(0);
  });

  test.each([
    ['openai', 'my-own-finetune'],
    ['ollama', 'gpt-oss'],
    ['', ''],
    ['anthropic', '__proto__'],
  ])('an unknown model (%s, %s) has no price and no window, never 0', (provider, model) => {
    expect(priceOf({ provider, model, usage: { inputTokens: 10, outputTokens: 1, ...none }, time })).toBeUndefined();
    expect(contextWindowOf({ provider, model })).toBeUndefined();
  });

  test('a known model has its context window', () => {
    expect(contextWindowOf({ provider: 'openai', model: 'gpt-4.1-mini' })).toBe(1_000_000);
  });

  test('a price tier applies to the whole call once its tokens exceed the start of the tier', () => {
    expect(amountOf([[1, 200_000, 2]], { inputTokens: 200_000, outputTokens: 0, ...none })).toBeCloseTo(0.2);
    expect(amountOf([[1, 200_000, 2]], { inputTokens: 200_001, outputTokens: 0, ...none })).toBeCloseTo(0.400002);
  });

  test('more cached than sent tokens never make a negative price', () => {
    const usage = { inputTokens: 10, outputTokens: -5, cacheReadTokens: 1_000, cacheWriteTokens: Number.NaN };
    expect(priceOf({ provider: 'openai', model: 'gpt-4.1-mini', usage, time })?.amount).toBeGreaterThan(0);
  });

  test('the shipped table stays small and is up to date', () => {
    expect(statSync(new URL('../../src/pricing/generated/table.ts', import.meta.url)).size).toBeLessThan(60_000);
    expect(execFileSync(process.execPath, ['tools/generate-prices.ts', '--check'], { encoding: 'utf8' })).toContain('up to date');
  });
});

describe("the user's prices", () => {
  function write(text: string): string {
    const path = join(folder, `${Math.abs(text.length)}-${text.slice(0, 3).codePointAt(0)}.json`);
    writeFileSync(path, text);
    return path;
  }

  test('win over the table, also for unknown models', () => {
    const pricing = createPricing({
      pricesFile: write(
        JSON.stringify({
          models: {
            'my-model': { inputPerMillion: 1, outputPerMillion: 2, contextWindow: 500 },
            'gpt-4.1-mini': { inputPerMillion: 0, outputPerMillion: 0 },
          },
        }),
      ),
    });
    const usage = { inputTokens: 1_000_000, outputTokens: 500_000, cacheReadTokens: 400_000, cacheWriteTokens: 0 };
    expect(pricing.priceOf({ provider: 'vllm', model: 'my-model', usage, time })).toEqual({ amount: 2, tableVersion: 'own prices file' });
    expect(pricing.contextWindowOf({ provider: 'vllm', model: 'My-Model' })).toBe(500);
    expect(pricing.priceOf({ provider: 'openai', model: 'gpt-4.1-mini', usage, time })?.amount).toBe(0);
    expect(pricing.problems).toEqual([]);
  });

  test('may have prices for what is not text, for an hour in the cache and for searches; what is left out has none', () => {
    const prices = { inputPerMillion: 1, outputPerMillion: 2 };
    const models = {
      bare: prices,
      full: { ...prices, cacheWritePerMillion: 2, cacheWriteHourPerMillion: 4, audioOutputPerMillion: 8, webSearchPerThousand: 5 },
    };
    const { priceOf: own } = createPricing({ pricesFile: write(JSON.stringify({ models })) });
    const usage = {
      inputTokens: 1_000_000,
      outputTokens: 1_000_000,
      cacheReadTokens: 0,
      cacheWriteTokens: 500_000,
      cacheWriteHourTokens: 250_000,
      audioOutputTokens: 500_000,
    };
    const billing = { providerTools: { web_search: 2 } };
    expect(own({ provider: 'x', model: 'full', usage, billing, time })?.amount).toBeCloseTo(0.5 + 0.5 + 1 + 1 + 4 + 0.01, 9);
    const lacks = (more: object, terms: object = {}): unknown =>
      own({ provider: 'x', model: 'bare', usage: { ...usage, audioOutputTokens: 0, ...more }, billing: terms, time });
    expect(lacks({})).toMatchObject({ amount: 3 });
    expect(lacks({ audioOutputTokens: 1 })).toEqual({ lacks: 'audio tokens' });
    expect(lacks({}, billing)).toEqual({ lacks: 'web search' });
    expect(lacks({}, { serviceTier: 'priority' })).toEqual({ lacks: 'priority tier' });
  });

  test.each([
    ['{', 'JSON'],
    ['[]', '"models"'],
    ['{"models":{"a":5}}', 'models.a'],
    ['{"models":{"a":{"inputPerMillion":1}}}', 'models.a.outputPerMillion'],
    ['{"models":{"a":{"inputPerMillion":-1,"outputPerMillion":1}}}', 'received -1'],
    ['{"models":{"a":{"inputPerMillion":1,"outputPerMillion":1,"outputPerMilion":1}}}', 'outputPerMilion'],
  ])('the bad file %s is refused as a whole, with the reason', (text, reason) => {
    const pricing = createPricing({ pricesFile: write(text) });
    expect(pricing.problems.join()).toContain(reason);
    expect(pricing.priceOf({ provider: 'x', model: 'a', usage: { inputTokens: 1, outputTokens: 1, ...none }, time })).toBeUndefined();
  });

  test('hold for a provider alone where they stand below its name', () => {
    const models = { 'gpt-4.1-mini': { inputPerMillion: 3, outputPerMillion: 3 } };
    const providers = { 'Azure.AI.OpenAI': { 'GPT-4.1-mini': { inputPerMillion: 5, outputPerMillion: 5 } } };
    const usage = { inputTokens: 1_000_000, outputTokens: 0, ...none };
    const both = createPricing({ pricesFile: write(JSON.stringify({ models, providers })) });
    expect(both.priceOf({ provider: 'azure.ai.openai', model: 'gpt-4.1-mini', usage, time })?.amount).toBe(5);
    expect(both.priceOf({ provider: 'openai', model: 'gpt-4.1-mini', usage, time })?.amount).toBe(3);
    const one = createPricing({ pricesFile: write(JSON.stringify({ providers })) });
    expect(one.priceOf({ provider: 'openai', model: 'gpt-4.1-mini', usage, time })?.amount).toBeCloseTo(0.4);
  });

  test('a missing file is a problem, not an error', () => {
    expect(createPricing({ pricesFile: join(folder, 'nowhere.json') }).problems.join()).toContain('ENOENT');
  });
});
