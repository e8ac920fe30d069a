/** The name of the function that handed a nameless task over, from real and bundled stacks. */
import { expect, test } from '@jest/globals';
import { nameFrom } from '../../src/scheduling/caller-name.ts';

test.each<[string, string[], string | undefined]>([
  [
    'a function',
    [
      '    at QueueWatch.accept (/c/observers.cjs:1:2)',
      '    at PQueue.add (/a/node_modules/p-queue/dist/index.js:1:1)',
      '    at plan (/app/x.js:3:4)',
    ],
    'plan',
  ],
  ['an async method', ['    at async Scheduler.runAll (/app/x.js:3:4)'], 'runAll'],
  ['a private method', ['    at #launch (/app/x.js:3:4)'], '#launch'],
  [
    'anonymous frames are passed over',
    ['    at /app/x.js:3:4', '    at Array.map (<anonymous>)', '    at dispatch (/app/x.js:9:1)'],
    'dispatch',
  ],
  ['a bundle', ['    at a (/app/dist/bundle.js:1:200)'], 'a'],
  ['ES modules', ['    at start (file:///app/x.mjs:3:4)'], 'start'],
  ['Node itself is none', ['    at Module._compile (node:internal/modules/cjs/loader:1:1)', '    at node:internal/main:1:1'], undefined],
  [
    'nothing but our own frames',
    ['    at accept (/c/swarmscope/preload/1/arming.cjs:1:2)', '    at wrap (/c/observers.cjs:1:2)'],
    undefined,
  ],
  ['no frames', [], undefined],
])('%s', (_title, frames, expected) => {
  expect(nameFrom(frames, 'p-queue')).toBe(expected);
});
