/** Which models stand beside one in the price table. */
import { expect, test } from '@jest/globals';
import { contextWindowOf } from '../../src/pricing/index.ts';
import { tiersBeside } from '../../src/pricing/smaller.ts';

test.each([
  ['gpt-5', 'gpt-5', ['gpt-5-mini', 'gpt-5-nano', 'gpt-5-pro']],
  ['openai/gpt-4o-2024-08-06', 'gpt-4o', ['gpt-4o-mini']],
  ['o3', 'o3', ['o3-mini', 'o3-pro']],
  ['us.anthropic.claude-opus-4-5-20251101-v1:0', 'claude-opus-4-5', ['claude-haiku-4-5', 'claude-sonnet-4-5']],
  ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet', ['claude-3-5-haiku']],
  ['gemini-2.5-pro', 'gemini-2.5-pro', ['gemini-2.5-flash', 'gemini-2.5-flash-lite']],
])('%s is %s, and beside it are %j', (model, own, others) => {
  const found = tiersBeside(model);
  expect(found?.own.model).toBe(own);
  expect(found?.others.map((each) => each.model).sort()).toEqual(others);
  for (const tier of found?.others ?? []) expect(contextWindowOf(tier)).toBeGreaterThan(0);
});

test('a release without other tiers has the newest of its generation beside it', () => {
  expect(tiersBeside('claude-opus-4-7')?.others.map(({ model }) => model)).toEqual(['claude-haiku-4-5', 'claude-sonnet-4-6']);
});

test.each([
  'gpt-4o-audio-preview',
  'text-embedding-3-large',
  'llama-3.1-70b-versatile',
  'mistral-large-latest',
  'ft:gpt-4o-mini-2024-07-18:me',
  '',
  '-',
  'x'.repeat(100_000),
])('nothing is said of %.40s', (model) => expect(tiersBeside(model)).toBeUndefined());
