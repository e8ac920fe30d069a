/**
 * 2,000 processes in one run, and 300 of them alive at once: every one seen, totals exact, the supervisor and the disk
 * as before.
 */
import { describe, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyse, type RunData } from '../../src/analysis/index.ts';
import { dataFolder } from '../../src/config/folders.ts';
import { readSettings } from '../../src/config/settings/index.ts';
import { METRIC_SWARMSCOPE_TASK_DURATION } from '../../src/semconv/index.ts';
import { readRun } from '../../src/viewer/index.ts';
import { commandFile, dist, ensureBuilt, freshFolder, startProgram } from '../harness/index.ts';

const child = `
const { withTask } = require(${JSON.stringify(join(dist, 'index.cjs'))});
withTask('unit', () => 1);
if (process.argv[2] === 'stay') {
  process.stdin.resume();
  process.stdout.write('up');
}
`;

/** Starts the children and prints what the supervisor (its parent) and the run's folder held meanwhile. */
const driver = `
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { readdirSync } = require('node:fs');
const [total, atOnce] = process.argv.slice(2, 4).map(Number);
const isTogether = process.argv[4] === 'together';
const seen = { descriptors: [], files: [] };
const look = () => {
  seen.descriptors.push(readdirSync('/proc/' + process.ppid + '/fd').length);
  seen.files.push(readdirSync(process.env.SWARMSCOPE_RUN_DIR, { recursive: true }).length);
};
async function one() {
  const started = spawn(process.execPath, ['child.cjs'], { stdio: 'ignore' });
  const [code] = await once(started, 'exit');
  if (code !== 0) throw new Error('a child ended with ' + code);
}
async function together() {
  const children = Array.from({ length: total }, () => spawn(process.execPath, ['child.cjs', 'stay'], { stdio: ['pipe', 'pipe', 'inherit'] }));
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  look();
  const ends = Promise.all(children.map((each) => once(each, 'exit')));
  for (const each of children) each.stdin.end();
  for (const [code] of await ends) if (code !== 0) throw new Error('a child ended with ' + code);
}
(async () => {
  look();
  if (isTogether) await together();
  else {
    let left = total;
    const lane = async () => {
      while (left-- > 0) {
        await one();
        if (left % 100 === 0) look();
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
  }
  // Connections of the last children may still be closing; what is never closed stays until the limit.
  const isSettled = () => readdirSync('/proc/' + process.ppid + '/fd').length < seen.descriptors[0] + 16;
  for (let tries = 0; tries < 600 && !isSettled(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
  look();
  console.log(JSON.stringify(seen));
})();
`;

interface Seen {
  readonly descriptors: readonly number[];
  readonly files: readonly number[];
}

async function runMany(total: number, how: readonly string[]): Promise<{ seen: Seen; data: RunData; temporary: readonly string[] }> {
  ensureBuilt();
  const temporary = freshFolder('many');
  const started = startProgram({
    files: { 'driver.cjs': driver, 'child.cjs': child },
    command: process.execPath,
    args: [commandFile, 'run', '--quiet', '--', process.execPath, 'driver.cjs', String(total), ...how],
    preload: 'none',
    env: { TMPDIR: temporary, SWARMSCOPE_EXIT_TIMEOUT: '20000' },
    timeoutMs: 1_700_000,
  });
  const result = await started.finished;
  expect(result).toMatchObject({ code: 0, isTimedOut: false });
  const folder = dataFolder(readSettings({ HOME: started.home, XDG_DATA_HOME: join(started.home, '.local/share') }));
  return {
    seen: JSON.parse(result.stdout.split('\n')[0] ?? '') as Seen,
    data: readRun(folder, 'latest'),
    temporary: readdirSync(temporary, { recursive: true, encoding: 'utf8' }),
  };
}

function expectAll(total: number, { seen, data, temporary }: Awaited<ReturnType<typeof runMany>>): void {
  const count = (name: string): number => data.spans.filter((span) => span.name === name && span.endMs !== undefined).length;
  expect([count('run_task unit'), count('node')]).toEqual([total, total]);
  expect(new Set(data.spans.map(({ traceId }) => traceId)).size).toBe(1);
  const series = data.series.filter(({ name }) => name === METRIC_SWARMSCOPE_TASK_DURATION.name);
  expect(series.map(({ points }) => points.at(-1)?.value)).toEqual([total]);
  expect(data.losses).toEqual({});
  const report = analyse(data);
  expect(report.taskTypes.map(({ count }) => count)).toEqual([total]);
  expect(report.children.count).toBe(total);
  expect(seen.descriptors.at(-1)).toBeLessThan((seen.descriptors[0] ?? 0) + 16);
  // The user's own private folder stays, with no run in it.
  expect(temporary.filter((name) => !/^swarmscope-\d+$/.test(name))).toEqual([]);
}

describe('many processes in one run', () => {
  test('2,000 short processes, a few at a time, are each recorded once and leave nothing behind', async () => {
    const many = await runMany(2_000, ['4']);
    expectAll(2_000, many);
    // What ended waits at most for the next export; never for the end of the run.
    expect(Math.max(...many.seen.files)).toBeLessThan(2_000);
  }, 1_800_000);

  test('300 processes alive at once are each recorded once and leave nothing behind', async () => {
    expectAll(300, await runMany(300, ['300', 'together']));
  }, 1_800_000);
});
