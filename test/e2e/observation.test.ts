/** What the report says of processes that were seen, and of those that were not. */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { JsonReport } from '../../src/cli/report/json.ts';
import { commandFile, ensureBuilt, freshFolder, runProgram } from '../harness/index.ts';
import { installQueue } from './p-queue-versions.ts';
import { api } from './programs.ts';

// The harness builds for a preload; here the command is needed.
ensureBuilt();

/** The report of a shell line, as text and as JSON. */
async function reportOf(line: string, files: Record<string, string>): Promise<{ text: string; report: JsonReport }> {
  const json = join(freshFolder('report'), 'report.json');
  const { stderr } = await runProgram({
    files,
    preload: 'none',
    command: process.execPath,
    args: [commandFile, 'run', '--json', json, '--', 'sh', '-c', line],
  });
  return { text: stderr, report: JSON.parse(readFileSync(json, 'utf8')) as JsonReport };
}

test('a Node program below a script is seen from its start to its end, and what else the script does is unobserved', async () => {
  const files = { 'app.cjs': `require('node:child_process').execFileSync(process.execPath, ['-e', '0']);` };
  const { text, report } = await reportOf('node -e 0 --no-warnings; node app.cjs; true', files);
  expect(text).toContain('No task, agent or LLM call was seen.');
  const path = report.wallPath.byCategory.map(({ category }) => category);
  expect(path).toEqual(expect.arrayContaining(['startup', 'tool', 'shutdown', 'unobserved']));
  expect(path).not.toContain('wait:orchestrator');
  expect(report.parallelism.occupants).toEqual([{ kind: 'process', count: 1 }]);
});

test('a run of which nothing was seen says so first, and no wait is made of it', async () => {
  const folder = freshFolder('moments');
  const moments = `cd ${folder}; cut -d" " -f22 /proc/$$/stat > began; cut -d" " -f1 /proc/uptime > up; date +%s.%N > now; cd - > cd`;
  const { text, report } = await reportOf(`${moments}; node silent.cjs; true`, { 'silent.cjs': '' });
  expect(report.observation).toMatchObject({ isNothingSeen: true, unobservedMs: report.run.wallMs });
  expect(report.wallPath.byCategory.map(({ category }) => category)).toEqual(['unobserved']);
  expect(text).toMatch(/^\n?swarmscope .*\n\nNot seen\n {2}Nothing was seen of this run/m);
  expect(text).toContain('swarmscope doctor');
  expect(text).not.toContain('orchestrator 1');
  // It begins with its command: the start of our own parts, which takes longer, is none of it.
  const [ticks = NaN, up = NaN, now = NaN] = ['began', 'up', 'now'].map((name) => Number(readFileSync(join(folder, name), 'utf8')));
  const busy = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
  expect(Math.abs((now - up + ticks / 100) * 1_000 - report.run.startMs)).toBeLessThan(100 * busy);
});

test('the declared limit of a pool is told, however short its program lived', async () => {
  const files = {
    'app.mjs': `import PQueue from ${JSON.stringify(installQueue('9.3.5'))};
      const queue = new PQueue({ concurrency: 5 });
      await Promise.all([1, 2, 3].map(() => queue.add(async function work() {
        await new Promise((resolve) => setTimeout(resolve, 50));
      })));`,
  };
  const { report, text } = await reportOf('node app.mjs; node app.mjs', files);
  expect(report.parallelism).toMatchObject({ peak: 3, limit: 5 });
  expect(text).toContain('limit 5');
});

test('what a program gives to the profiler by hand is in the report, also of tasks that nobody else tells of', async () => {
  const files = {
    'app.cjs': `const { profiler } = require(${api});
      profiler.recordToolUsage('cart', 'w-1', ['read', 'write'], { read: 3 });
      profiler.recordContextUtilization('cart', 'w-1', 1000, 400, 100);
      profiler.recordParallelismSnapshot(4);`,
  };
  const { report } = await reportOf('node app.cjs', files);
  expect(report.profile).toMatchObject({
    ...{ tasksWithToolTracking: 1, tasksWithContextTracking: 1, peakParallelism: 4 },
    ...{ toolUtilization: 0.5, unusedTools: ['write'], peakContextUtilization: 0.5 },
  });
});
