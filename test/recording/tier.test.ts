// The tier that served a call, where the head of its answer tells it, and what the call costs by it.
import { expect, test } from '@jest/globals';
import { contextWindowOf, priceOf } from '../../src/pricing/index.ts';
import { protocol as bedrock } from '../../src/protocols/bedrock-converse/index.ts';
import { protocol as gemini } from '../../src/protocols/gemini/index.ts';
import { costOf, type Cost, type Unpriced } from '../../src/recording/cost.ts';
import { readCall } from '../protocols/call.ts';

type Tier = Readonly<Record<string, string>>;
const time = Date.parse('2026-11-21T12:00:00Z');

function pay(provider: 'gcp.gemini' | 'aws.bedrock', headers: Tier): Cost | Unpriced {
  const [protocol, model, answered] =
    provider === 'gcp.gemini'
      ? [gemini, 'gemini-2.5-pro', { usageMetadata: { promptTokenCount: 110, candidatesTokenCount: 100 } }]
      : [bedrock, 'amazon.nova-lite-v1:0', { usage: { inputTokens: 110, outputTokens: 100 } }];
  const { answer } = readCall(protocol, { headers, answer: answered });
  const { usage, billing } = answer ?? {};
  const call = { operation: 'chat', provider, models: [model], usage, billing, region: undefined, providerCost: undefined, time } as const;
  return costOf(() => ({ priceOf, contextWindowOf }), call);
}

test.each([
  ['standard', 0.0011375],
  ['flex', 0.00056875],
])('Gemini: %s', (tier, dollars) => {
  expect(pay('gcp.gemini', { 'x-gemini-service-tier': tier }).amount).toBeCloseTo(dollars, 12);
});

test('has no price where none is published', () => {
  expect(pay('gcp.gemini', { 'x-gemini-service-tier': 'priority' })).toEqual({ lacks: 'priority tier' });
  expect(pay('aws.bedrock', { 'x-amzn-bedrock-service-tier': 'flex' })).toEqual({ lacks: 'flex tier' });
  expect(pay('aws.bedrock', { 'x-amzn-bedrock-service-tier': 'default' }).amount).toBeGreaterThan(0);
});
