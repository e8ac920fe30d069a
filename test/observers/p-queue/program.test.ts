/** A whole program that uses the real p-queue under the built preload. */
import { expect, test } from '@jest/globals';
import { runProgram, startSink } from '../../harness/index.ts';
import { spansOf } from '../../harness/received.ts';

test('an unhandled rejection ends the program as it would without us, and its task is recorded as failed', async () => {
  const files = {
    'app.mjs': `import PQueue from 'p-queue'; const queue = new PQueue(); function launch() { queue.add(() => Promise.reject(new RangeError('mine'))); } launch(); setTimeout(() => console.log('never'), 5000);`,
  };
  const sink = await startSink();
  const [bare, seen] = await Promise.all([
    runProgram({ files, preload: 'none' }),
    runProgram({ files, env: { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, SWARMSCOPE_EXIT_TIMEOUT: '10000' } }),
  ]);
  await sink.close();
  expect({ code: seen.code, stdout: seen.stdout }).toEqual({ code: bare.code, stdout: bare.stdout });
  expect(seen.code).toBe(1);
  expect(seen.stderr).toContain('RangeError: mine');
  expect(spansOf(sink).map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([['run_task launch', 'RangeError']]);
});
