// Words of an agent (ids, types, names of runs) are data: they are no SQL, no path and no escape for a terminal.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { commandFile, dist, runProgram } from '../../harness/index.ts';
import { readRun } from '../../../src/viewer/store/index.ts';
import { command, place } from './place.ts';

const WORDS = [
  "x'); DROP TABLE spans; --",
  '"; DELETE FROM run; --',
  "' OR '1'='1",
  '../../../../etc/passwd',
  '/etc/passwd',
  '%2e%2e%2f%00',
  'a\u0000b',
  '\u001b]0;owned\u0007\u001b[2J\u001b[1;1H',
  '\u009b31m\u202Egnp.exe',
  '${PATH} $(touch owned) `touch owned`',
  '__proto__',
  'constructor',
];
const door = JSON.stringify(join(dist, 'index.cjs'));
const agent = `
const { withTask, withAgent } = require(${door});
(async () => {
  for (const word of ${JSON.stringify(WORDS)}) await withTask({ type: word, id: word }, () => withAgent({ name: word }, async () => {}));
})();
`;

describe('words that are SQL, paths or escapes', () => {
  const here = place();

  test('are stored as they are told, and the report shows no escape', async () => {
    const result = await runProgram({
      files: { 'agent.cjs': agent },
      preload: 'none',
      command: process.execPath,
      args: [commandFile, 'run', '--name', "run'; DROP TABLE spans; --\u001b[2J", '--', process.execPath, 'agent.cjs'],
      env: here.env,
    });
    expect(result.code).toBe(0);
    const { spans, run } = readRun(here.data, 'latest');
    expect(run.name).toContain('DROP TABLE');
    const ids = spans.filter(({ name }) => name.startsWith('run_task')).map(({ attributes }) => String(attributes['swarmscope.task.id']));
    expect(ids.sort()).toEqual([...WORDS].sort());
    for (const text of [result.stderr, (await command(here.env, 'report')).stdout, (await command(here.env, 'runs')).stdout])
      // eslint-disable-next-line no-control-regex -- what a terminal would obey
      expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(readdirSync(join(here.data, 'runs'))).toHaveLength(1);
  });

  test.each(['../../etc/passwd', '/etc/passwd', "' OR '1'='1", '*', '%', '..', '.', '_'])(
    'report of a run called "%s" finds none, and reads nothing else',
    async (id) => {
      const { code, stdout, stderr } = await command(here.env, 'report', id);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^swarmscope: .*run/);
    },
  );
});
