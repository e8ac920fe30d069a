/** A program that only starts children synchronously is ended by a signal at once, whenever the signal comes. */
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { dist, startProgram, startSink } from '../../harness/index.ts';

/** Of each hundred signals some twenty met the time between two children, and were lost. */
const SIGNALS = 12;

const program = `
const { execFileSync } = require('node:child_process');
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
withTask('before', () => undefined);
setTimeout(() => {
  execFileSync('true');
  console.log('begun');
  for (;;) execFileSync('true');
}, 300);
`;

test('a signal between two synchronous children is not lost', async () => {
  const sink = await startSink();
  const ends: unknown[] = [];
  for (let trial = 0; trial < SIGNALS; trial += 1) {
    const running = startProgram({ files: { 'app.cjs': program }, env: { SWARMSCOPE_ENDPOINT: sink.url }, timeoutMs: 15_000 });
    await running.printed(/begun/);
    // Spread over the time that a child takes.
    await new Promise((resolve) => setTimeout(resolve, 50 + trial * 7));
    running.child.kill('SIGTERM');
    const { code, signal, isTimedOut } = await running.finished;
    ends.push({ code, signal, isTimedOut });
  }
  await sink.close();
  expect(ends).toEqual(Array.from({ length: SIGNALS }, () => ({ code: null, signal: 'SIGTERM', isTimedOut: false })));
});
