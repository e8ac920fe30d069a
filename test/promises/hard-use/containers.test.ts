/** Runs in containers that share the temporary folder: nobody takes another's root for dead, and members cross. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { dataFolder } from '../../../src/config/folders.ts';
import { readSettings } from '../../../src/config/settings/index.ts';
import type { RunData } from '../../../src/analysis/model.ts';
import { readRun } from '../../../src/viewer/index.ts';
import { commandFile, freshFolder, startProgram, testWith, type RunningProgram } from '../../harness/index.ts';
import { api } from '../../e2e/programs.ts';
import { LIMIT_MS, PATIENT_MS, tell } from '../endings/program.ts';

const CONTAINER = ['unshare', '--pid', '--fork', '--mount-proc'];

/** Records a task, says so, waits to be told, and records one more in a child, after whose end it looks once more. */
const waiting = `
const { withTask } = require(${api});
const { existsSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
withTask({ type: 'own' }, () => 1);
console.log('ready');
const timer = setInterval(() => {
  if (!existsSync('go')) return;
  clearInterval(timer);
  spawnSync(process.execPath, ['child.cjs']);
}, 5);
`;
const files = { 'app.cjs': waiting, 'child.cjs': `require(${api}).withTask({ type: 'child' }, () => 1);` };

function startRun(before: readonly string[], command: readonly string[], temporary: string): RunningProgram {
  const [first = process.execPath, ...rest] = [...before, process.execPath, commandFile, 'run', '--quiet', '--', ...command];
  return startProgram({ files, command: first, args: rest, preload: 'none', env: { TMPDIR: temporary }, timeoutMs: LIMIT_MS });
}

function storedRun({ home }: RunningProgram): RunData {
  return readRun(dataFolder(readSettings({ HOME: home, XDG_DATA_HOME: join(home, '.local/share') })), 'latest');
}

const APP = [process.execPath, 'app.cjs'];
const QUICK = [process.execPath, 'child.cjs'];

/** Tasks by type, those that the metrics count, and what is said to be lost. */
function seenIn({ spans, series, losses }: RunData): object {
  const tasks = spans.filter(({ name }) => name.startsWith('run_task')).map(({ name }) => name);
  const measured = series.filter(({ name }) => name === 'swarmscope.task.duration');
  const counted = measured.reduce((sum, { points }) => sum + (points.at(-1)?.value ?? 0), 0);
  return { tasks: tasks.sort(), counted, losses };
}

const WHOLE = { tasks: ['run_task child', 'run_task own'], counted: 2, losses: {} };

for (const { title, outer, inner } of [
  { title: 'a run in a container outlives one beside it on the host', outer: CONTAINER, inner: [] },
  { title: 'a run on the host outlives one in a container', outer: [], inner: CONTAINER },
  { title: 'two containers leave each other alone', outer: CONTAINER, inner: CONTAINER },
])
  testWith(
    'unshare as root',
    title,
    async () => {
      const temporary = freshFolder('shared');
      const first = startRun(outer, APP, temporary);
      await first.printed(/ready/);
      const second = startRun(inner, QUICK, temporary);
      expect((await second.finished).code).toBe(0);
      tell(first);
      expect((await first.finished).code).toBe(0);
      expect(seenIn(storedRun(first))).toEqual(WHOLE);
      expect(readdirSync(join(temporary, `swarmscope-${process.getuid?.()}`))).toEqual([]);
    },
    PATIENT_MS,
  );

testWith(
  'unshare as root',
  'a process in a container of its own belongs to the run that started it: one root, and its metrics once',
  async () => {
    const temporary = freshFolder('shared');
    const run = startRun([], [...CONTAINER, ...APP], temporary);
    await run.printed(/ready/);
    expect(readdirSync(join(temporary, `swarmscope-${process.getuid?.()}`))).toHaveLength(1);
    tell(run);
    expect((await run.finished).code).toBe(0);
    expect(seenIn(storedRun(run))).toEqual(WHOLE);
  },
  PATIENT_MS,
);
