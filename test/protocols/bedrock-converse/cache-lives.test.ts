// Caches of Bedrock that are kept for a time without a price: no price of another time is taken for them.
import { expect, test } from '@jest/globals';
import { readUsage } from '../../../src/protocols/bedrock-converse/usage.ts';
import { AnswerFacts } from '../../../src/protocols/facts/answer.ts';

test.each([
  ['5m', 3, undefined],
  ['1h', 3, undefined],
  ['12h', 3, 'cache writes for 12h'],
  ['12h', 0, undefined],
])('%s, %i tokens', (ttl, inputTokens, unpriceable) => {
  const facts = new AnswerFacts(false, false);
  readUsage(facts, { usage: { inputTokens: 1, outputTokens: 1, cacheWriteInputTokens: 3, cacheDetails: [{ ttl, inputTokens }] } });
  expect(facts.billing.unpriceable).toBe(unpriceable);
});
