/** How long a queue was at most between two looks at it. */
import { expect, test } from '@jest/globals';
import { Load } from '../../src/scheduling/load.ts';

function loadOf(limit: number | undefined, jobs: number): Load {
  const load = new Load(() => limit);
  for (let job = 0; job < jobs; job++) load.submitted();
  return load;
}

test('a burst that is over when somebody looks still shows, once', () => {
  const load = loadOf(2, 7);
  for (let job = 0; job < 7; job++) load.left();
  expect([load.peakWaiting(), load.peakWaiting()]).toEqual([5, 0]);
});

test('what still waits counts for the next time, too', () => {
  const load = loadOf(2, 7);
  load.left();
  expect([load.peakWaiting(), load.peakWaiting()]).toEqual([5, 4]);
});

test.each([
  { title: 'as many as may run', limit: 3, jobs: 3, peak: 0 },
  { title: 'one more than may run', limit: 3, jobs: 4, peak: 1 },
  { title: 'any number without a limit', limit: undefined, jobs: 100, peak: 0 },
])('$title: $peak waited', ({ limit, jobs, peak }) => {
  expect(loadOf(limit, jobs).peakWaiting()).toBe(peak);
});
