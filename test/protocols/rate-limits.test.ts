// What answers tell of rate limits: the headers of each provider as it sends them, and the bodies of those that have none.
import { expect, test } from '@jest/globals';
import { rateLimitsOf, secondsUntil } from '../../src/protocols/facts/rate-limits.ts';
import { resendCountOf } from '../../src/protocols/facts/headers.ts';
import { protocol as gemini } from '../../src/protocols/gemini/index.ts';
import { protocol as openai } from '../../src/protocols/openai-chat/index.ts';
import type { RateLimit } from '../../src/semconv/telemetry.ts';
import { readCall } from './call.ts';

const date = 'Sun, 06 Nov 1994 08:49:30 GMT';
const epoch = Date.parse(date);

const cases: readonly (readonly [who: string, headers: Record<string, string>, limits: readonly RateLimit[]])[] = [
  [
    'OpenAI, Groq, xAI',
    {
      ...{ 'x-ratelimit-limit-requests': '5000', 'x-ratelimit-remaining-requests': '4999', 'x-ratelimit-reset-requests': '12ms' },
      ...{ 'x-ratelimit-limit-tokens': '160000', 'x-ratelimit-remaining-tokens': '159976', 'x-ratelimit-reset-tokens': '6m0.5s' },
    },
    [
      { kind: 'requests', limit: 5_000, remaining: 4_999, resetSeconds: 0.012 },
      { kind: 'tokens', limit: 160_000, remaining: 159_976, resetSeconds: 360.5 },
    ],
  ],
  [
    'Azure, which may name no limit, or -1 where there is none',
    { 'x-ratelimit-remaining-requests': '99', 'x-ratelimit-remaining-tokens': '-1' },
    [{ kind: 'requests', remaining: 99 }],
  ],
  [
    'Anthropic',
    {
      date,
      ...{ 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '49' },
      'anthropic-ratelimit-requests-reset': '1994-11-06T08:49:31Z',
      ...{ 'anthropic-ratelimit-output-tokens-limit': '8000', 'anthropic-ratelimit-output-tokens-remaining': '7000' },
    },
    [
      { kind: 'requests', limit: 50, remaining: 49, resetSeconds: 1 },
      { kind: 'output_tokens', limit: 8_000, remaining: 7_000 },
    ],
  ],
  [
    'Anthropic, to a subscription',
    {
      date,
      ...{ 'anthropic-ratelimit-unified-5h-utilization': '0.42', 'anthropic-ratelimit-unified-5h-reset': String(epoch / 1000 + 60) },
      ...{ 'anthropic-ratelimit-unified-7d-utilization': '1.02' },
    },
    [
      { kind: 'subscription', window: '5h', utilization: 0.42, resetSeconds: 60 },
      { kind: 'subscription', window: '7d', utilization: 1.02 },
    ],
  ],
  [
    'Mistral',
    {
      ...{ 'x-ratelimit-limit-req-minute': '720', 'x-ratelimit-remaining-req-minute': '717' },
      ...{ 'x-ratelimit-limit-tokens-minute': '5000000', 'x-ratelimit-remaining-tokens-minute': '4999911' },
    },
    [
      { kind: 'requests', window: 'minute', limit: 720, remaining: 717 },
      { kind: 'tokens', window: 'minute', limit: 5_000_000, remaining: 4_999_911 },
    ],
  ],
  [
    'Cerebras',
    {
      ...{ 'x-ratelimit-limit-requests-day': '14400', 'x-ratelimit-remaining-requests-day': '14399' },
      'x-ratelimit-reset-requests-day': '33011.382867813',
      ...{ 'x-ratelimit-limit-tokens-minute': '60000', 'x-ratelimit-remaining-tokens-minute': '59950' },
    },
    [
      { kind: 'requests', window: 'day', limit: 14_400, remaining: 14_399, resetSeconds: 33_011.382867813 },
      { kind: 'tokens', window: 'minute', limit: 60_000, remaining: 59_950 },
    ],
  ],
  [
    'Fireworks',
    {
      ...{ 'x-ratelimit-limit-tokens-prompt': '7200000', 'x-ratelimit-remaining-tokens-prompt': '7193993' },
      ...{ 'x-ratelimit-limit-tokens-generated': '72000', 'x-ratelimit-remaining-tokens-generated': '69338' },
    },
    [
      { kind: 'input_tokens', limit: 7_200_000, remaining: 7_193_993 },
      { kind: 'output_tokens', limit: 72_000, remaining: 69_338 },
    ],
  ],
  [
    'Together',
    {
      ...{ 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9.0', 'x-ratelimit-reset': '1' },
      ...{ 'x-tokenlimit-limit': '3000', 'x-tokenlimit-remaining': '2900' },
    },
    [
      { kind: 'requests', limit: 10, remaining: 9, resetSeconds: 1 },
      { kind: 'tokens', limit: 3_000, remaining: 2_900 },
    ],
  ],
  [
    'Cohere, to a trial key',
    { 'x-trial-endpoint-call-limit': '20', 'x-trial-endpoint-call-remaining': '19', 'x-endpoint-monthly-call-limit': '1000' },
    [{ kind: 'requests', window: 'minute', limit: 20, remaining: 19 }],
  ],
];

test.each(cases)('%s', (_who, headers, limits) => {
  const { head } = readCall(openai, { headers, answer: {} });
  expect(head?.rateLimits).toEqual(limits);
});

test.each([{}, { 'x-ratelimit-remaining-requests': 'many' }, { 'x-ratelimit-limit-requests': '50' }])('%j tells nothing', (headers) => {
  expect(rateLimitsOf({ header: (name) => (headers as Record<string, string>)[name] })).toBeUndefined();
});

test.each<[string | undefined, number | undefined]>([
  ['1s', 1],
  ['7.66s', 7.66],
  ['2h3m4s', 7_384],
  ['1d', 86_400],
  ['59.9', 59.9],
  [String(epoch + 1_500), 1.5],
  [String(epoch / 1000 + 2), 2],
  ['1994-11-06T08:49:40.5Z', 10.5],
  ['1994-11-06T08:49:00Z', 0],
  ['2094-11-06T08:49:40Z', undefined],
  ['', undefined],
  ['soon', undefined],
  ['-3', undefined],
  ['9'.repeat(70), undefined],
  [undefined, undefined],
])('%s is %s seconds away', (text, seconds) => expect(secondsUntil(text, () => epoch)).toBe(seconds));

test('a date counts only by the clock of the server', () => expect(secondsUntil('1994-11-06T08:49:40Z', () => undefined)).toBeUndefined());

const google = 'type.googleapis.com/google.rpc.';
const quota = {
  quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_input_token_count',
  quotaId: 'GenerateContentInputTokensPerModelPerMinute-FreeTier',
  quotaDimensions: { location: 'global', model: 'gemini-2.5-pro' },
  quotaValue: '125000',
};
const daily = { quotaMetric: 'x/generate_requests', quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '50' };
const exhausted = {
  code: 429,
  message: 'You exceeded your current quota.',
  status: 'RESOURCE_EXHAUSTED',
  details: [
    { '@type': `${google}QuotaFailure`, violations: [quota, daily, { quotaId: 'Unheard' }] },
    { '@type': `${google}Help`, links: [] },
    { '@type': `${google}RetryInfo`, retryDelay: '34.074824224s' },
  ],
};
const told = {
  errorType: 'RESOURCE_EXHAUSTED',
  attributes: expect.objectContaining({ 'swarmscope.retry.after': 34.074824224 }) as never,
  rateLimits: [
    { kind: 'input_tokens', window: 'minute', limit: 125_000, remaining: 0, resetSeconds: 34.074824224 },
    { kind: 'requests', window: 'day', limit: 50, remaining: 0 },
  ],
};

test('Gemini tells the quota and the time to wait in the body of the refusal', () => {
  expect(readCall(gemini, { status: 429, answer: { error: exhausted } }).answer).toMatchObject(told);
});

test('so it does by its OpenAI-compatible endpoint, in a list', () => {
  expect(readCall(openai, { status: 429, answer: [{ error: exhausted }] }).answer).toMatchObject(told);
});

test('OpenRouter hands on the headers of a refusal in its body', () => {
  const headers = { 'X-RateLimit-Limit': '20', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1741305600000' };
  const error = { message: 'Rate limit exceeded', code: 429, metadata: { headers, retry_after_seconds: 3 } };
  expect(readCall(openai, { status: 429, answer: { error } }).answer).toMatchObject({
    rateLimits: [{ kind: 'requests', limit: 20, remaining: 0 }],
    attributes: expect.objectContaining({ 'swarmscope.retry.after': 3 }) as never,
  });
});

test('the header comes before the body', () => {
  const { answer } = readCall(gemini, { status: 429, headers: { 'retry-after': '7' }, answer: { error: exhausted } });
  expect(answer?.attributes?.['swarmscope.retry.after']).toBe(7);
});

test.each([
  { retry_after: -1 },
  { retry_after: 1e12 },
  { details: 'none' },
  { details: [{ '@type': 7 }, null, { '@type': `${google}RetryInfo`, retryDelay: 'now' }] },
  { details: [{ '@type': `${google}QuotaFailure`, violations: 'none' }] },
  { metadata: { headers: { 'x-ratelimit-remaining': {} } } },
])('%j is no time to wait and no limit', (error) => {
  const { answer } = readCall(openai, { status: 429, answer: { error: { code: 'rate_limit_exceeded', ...error } } });
  expect(answer?.rateLimits).toBeUndefined();
  expect(answer?.attributes?.['swarmscope.retry.after']).toBeUndefined();
});

test.each<[Record<string, string>, number | undefined]>([
  [{ 'x-stainless-retry-count': '0' }, 0],
  [{ 'x-stainless-retry-count': '2' }, 2],
  [{ 'amz-sdk-request': 'attempt=1; max=3' }, 0],
  [{ 'amz-sdk-request': 'ttl=20301212T000000Z; attempt=3; max=3' }, 2],
  [{ 'amz-sdk-request': 'attempt=0' }, undefined],
  [{ 'amz-sdk-request': 'max=3' }, undefined],
  [{}, undefined],
])('the headers %j count %s attempts before', (headers, count) => {
  expect(resendCountOf({ header: (name) => headers[name] })).toBe(count);
});
