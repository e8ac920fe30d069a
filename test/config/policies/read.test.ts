/** Policies as a file or a program gives them: one wrong field refuses the whole, and the message names it. */
import { describe, expect, test } from '@jest/globals';
import { readPolicies, readState, sentenceOf } from '../../../src/config/policies/read.ts';
import { policiesIn } from '../../../src/config/policies/in-config.ts';

const options = { mayCapture: true, observers: ['git', 'http-server'] };

test.each([
  { sampling: 0 },
  { sampling: 1 },
  { observersOff: [] },
  { observersOff: ['git'] },
  { gpuIntervalMs: 200 },
  { gpuIntervalMs: 3_600_000 },
  { budgetThresholds: [1, 1_000] },
  { content: 'SPAN_ONLY' },
  { sampling: 0.5, observersOff: ['git'], content: 'NO_CONTENT' },
])('%j is taken', (given) => expect(readPolicies(given, options)).toEqual({ policies: given }));

test.each([
  [{ sampling: -0.1 }, 'policies.sampling: expected a number from 0 to 1, received -0.1'],
  [{ sampling: 1.1 }, 'policies.sampling: expected a number from 0 to 1, received 1.1'],
  [{ sampling: NaN }, 'policies.sampling: expected a number from 0 to 1, received NaN'],
  [{ sampling: '0.5' }, 'policies.sampling: expected a number from 0 to 1, received "0.5"'],
  [
    { observersOff: ['gti'] },
    'policies.observersOff: expected a list of names of observers (swarmscope doctor lists them), received ["gti"]',
  ],
  [{ observersOff: 'git' }, 'policies.observersOff: expected a list of names of observers (swarmscope doctor lists them), received "git"'],
  [{ gpuIntervalMs: 199 }, 'policies.gpuIntervalMs: expected a whole number of milliseconds from 200 to 3600000, received 199'],
  [{ gpuIntervalMs: 3_600_001 }, 'policies.gpuIntervalMs: expected a whole number of milliseconds from 200 to 3600000, received 3600001'],
  [{ budgetThresholds: [] }, 'policies.budgetThresholds: expected 1 to 10 whole percentages from 1 to 1000, received []'],
  [{ budgetThresholds: [0] }, 'policies.budgetThresholds: expected 1 to 10 whole percentages from 1 to 1000, received [0]'],
  [{ budgetThresholds: [1_001] }, 'policies.budgetThresholds: expected 1 to 10 whole percentages from 1 to 1000, received [1001]'],
  [{ content: 'yes' }, 'policies.content: expected one of NO_CONTENT, SPAN_ONLY, EVENT_ONLY, SPAN_AND_EVENT, received "yes"'],
  [
    { endpoint: 'http://x' },
    'policies.endpoint: expected one of sampling, observersOff, gpuIntervalMs, budgetThresholds, content, received an unknown name',
  ],
  [{ sampling: 0.5, budgetThresholds: 5 }, 'policies.budgetThresholds: expected 1 to 10 whole percentages from 1 to 1000, received 5'],
  [[], 'policies: expected an object, received []'],
  [null, 'policies: expected an object, received null'],
])('%j is refused', (given, sentence) => {
  const { problem } = readPolicies(given, options);
  expect(problem && sentenceOf(problem)).toBe(sentence);
});

describe('a config file', () => {
  test('may not ask for content', () => {
    const { problem } = policiesIn({ policies: { content: 'SPAN_ONLY' } }, []);
    expect(problem?.field).toBe('policies.content');
  });

  test('with an unknown member is refused', () => {
    const { problem } = policiesIn({ polices: {} } as object, []);
    expect(problem?.field).toBe('swarmscope.config.json: polices');
  });
});

test('what another process wrote is read as carefully', () => {
  expect(readState({ version: 3, policies: { sampling: 0.5 }, runTraceId: 'a' })).toEqual({
    version: 3,
    policies: { sampling: 0.5 },
    runTraceId: 'a',
  });
  for (const bad of [{ version: -1, policies: {} }, { version: 1.5, policies: {} }, { version: 1, policies: { sampling: 7 } }, 'x', null])
    expect(readState(bad)).toBeUndefined();
});
