/** Which git has Trace2 events, by the output of `git version`. */
import { expect, test } from '@jest/globals';
import { canTrace } from '../../../src/observers/child-process/git-version.ts';

test.each([
  ['git version 2.22.0', true],
  ['git version 2.21.4', false],
  ['git version 3.0.1', true],
  ['git version 1.99', false],
  ['git version 2.39.5 (Apple Git-154)', true],
  ['nonsense', true],
])('"%s" can trace: %s', (version, can) => {
  expect(canTrace(version)).toBe(can);
});
