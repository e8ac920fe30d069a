// What starts first need not wait for what comes later: the app before the collector, the collector before its backends.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commandFile, freshFolder, runProgram, startProgram } from '../../harness/index.ts';
import { describeWith, START_LIMIT_MS, type Stack } from '../../harness/stack/index.ts';
import { makeLoad } from '../../harness/stack/load.ts';
import { sendLoad } from '../../harness/stack/send-load.ts';
import { expectTasks, expectTotal, swarm } from './program.ts';
import { BACKENDS, DRILL_MS, expectPoints, expectSpans, startDrill, untilRetried } from './support.ts';

describeWith(...BACKENDS)('the order of starting', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startDrill({ parts: [] });
  }, START_LIMIT_MS);
  afterAll(() => stack.stop(), DRILL_MS);

  test(
    'swarms that ended before there was a collector, and one that still runs, then the collector, then its backends: all of it arrives, once',
    async () => {
      const state = { XDG_STATE_HOME: freshFolder('state') };
      const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: stack.endpoint, ...state };
      const { files = {}, ...underRun } = swarm('under-run', 'return', { SWARMSCOPE_EXPORT: stack.endpoint, ...state });
      const running = startProgram(swarm('running', 'wait', endpoint));
      const ended = await Promise.all([
        runProgram(swarm('returned', 'return', endpoint)),
        runProgram(swarm('exited', 'exit', endpoint)),
        runProgram({
          ...underRun,
          files,
          preload: 'none',
          command: process.execPath,
          args: [commandFile, 'run', '--quiet', '--', process.execPath, 'swarm.cjs'],
        }),
      ]);
      for (const { code, stdout } of ended) expect({ code, stdout }).toEqual({ code: 0, stdout: 'worked\n' });
      await stack.start('collector');
      const load = makeLoad({ service: 'early', swarms: 2, tasks: 20 });
      expect((await sendLoad(load, { endpoint: stack.endpoint })).refused).toEqual([]);
      await untilRetried(stack, 'otlp_grpc/tempo', 2);
      await stack.start('tempo');
      await stack.start('prometheus');
      await expectSpans(stack, load);
      await expectPoints(stack, load, 4);
      // The one that still runs sends its own and what the others left.
      for (const service of ['running', 'returned', 'exited', 'under-run']) await expectTasks(stack, service);
      await expectTotal(stack, 'running');
      writeFileSync(join(running.folder, 'go'), '');
      expect((await running.finished).code).toBe(0);
    },
    DRILL_MS,
  );
});
