// Gauges under `run --ui` come every second, of the program as of the machine, where the user chose no other time.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readRun } from '../../../src/viewer/index.ts';
import { commandFile, ensureBuilt, runProgram } from '../../harness/index.ts';
import { api } from '../programs.ts';
import { dataHome } from './served.ts';

const LIFE_MS = 5_000;
const program = `
const { trackPool } = require(${api});
trackPool({ name: 'workers', limit: () => 4, active: () => 1 });
setTimeout(() => undefined, ${LIFE_MS});
`;

/** Readings of a gauge before the end, when all is told once more. */
async function readings(args: readonly string[], env: Record<string, string>): Promise<number> {
  const home = dataHome();
  const result = await runProgram({
    file: commandFile,
    preload: 'none',
    files: { 'app.js': program },
    args: ['run', ...args, '--quiet', '--', process.execPath, 'app.js'],
    env: { XDG_DATA_HOME: home, ...env },
  });
  expect(result.code).toBe(0);
  const { series } = readRun(join(home, 'swarmscope'), 'latest');
  const of = series.filter(({ name, points }) => name === 'swarmscope.worker.limit' && points.some(({ value }) => value === 4));
  return Math.max(0, ...of.map(({ points }) => points.length));
}

test('they come every second', async () => {
  ensureBuilt();
  expect(await readings(['--ui'], {})).toBeGreaterThanOrEqual(3);
});

test('as often as the user chose', async () => {
  ensureBuilt();
  expect(await readings(['--ui'], { OTEL_METRIC_EXPORT_INTERVAL: '60000' })).toBeLessThanOrEqual(2);
});
