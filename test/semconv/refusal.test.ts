// What a refusal is, by status and by the words of providers and SDKs.
import { expect, test } from '@jest/globals';
import { refusalOf } from '../../src/semconv/refusal.ts';

test.each([
  [{ statusCode: 429 }, 'rate_limit'],
  [{ statusCode: 503 }, 'overload'],
  [{ statusCode: 529 }, 'overload'],
  [{ statusCode: 498 }, 'overload'],
  [{ statusCode: 500 }, undefined],
  [{ statusCode: 502 }, undefined],
  [{ statusCode: 504 }, undefined],
  [{ statusCode: 413, errorType: 'rate_limit_exceeded' }, 'rate_limit'],
  [{ statusCode: 200, errorType: 'overloaded_error' }, 'overload'],
  [{ statusCode: 200, errorType: '429' }, 'rate_limit'],
  [{ errorType: '503' }, 'overload'],
  ...['RateLimitError', 'rate_limited', 'TooManyRequests', 'ThrottlingException', 'Throttling.RateQuota', 'RESOURCE_EXHAUSTED'].map(
    (errorType) => [{ errorType }, 'rate_limit'] as const,
  ),
  ...['OverloadedError', 'engine_overloaded_error', 'ServiceUnavailableError', 'UNAVAILABLE', 'insufficient_system_resource'].map(
    (errorType) => [{ errorType }, 'overload'] as const,
  ),
  ...['500', 'APITimeoutError', 'server_error', 'invalid_request_error', 'ECONNRESET', '_OTHER', '4290', ''].map(
    (errorType) => [{ errorType }, undefined] as const,
  ),
])('%j is %s', (told, refusal) => {
  expect(refusalOf(told)).toBe(refusal);
});
