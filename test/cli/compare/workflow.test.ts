/** The workflow of docs/ci.md: its own steps, run one after the other in a folder, as a runner does. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { commandFile, dist, ensureBuilt, freshFolder, repository, runProgram } from '../../harness/index.ts';

beforeAll(() => ensureBuilt());

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

function steps(): readonly Step[] {
  const page = readFileSync(join(repository, 'docs/ci.md'), 'utf8');
  const [, yaml = ''] = /<!-- workflow:begin[^>]*-->\s*```yaml\n([^]*?)```/.exec(page) ?? [];
  return (parse(yaml) as { jobs: { swarm: { steps: Step[] } } }).jobs.swarm.steps;
}

/** Three tasks; one fails where the folder says so. */
const swarm = `import { existsSync } from 'node:fs';
const { withTask } = await import(${JSON.stringify(join(dist, 'index.mjs'))});
for (let at = 0; at < 3; at++) {
  await withTask({ type: 'build', id: 'part-' + at }, async () => {
    if (at === 1 && existsSync('broken')) throw new Error('broken');
  }).catch(() => undefined);
}`;

test('the first run keeps its report, an equal one passes, and one with a failed task ends with 3', async () => {
  const folder = freshFolder('workflow');
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(join(folder, 'swarm.mjs'), swarm);
  // What npx finds in a project that has swarmscope installed.
  writeFileSync(join(programs, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${commandFile}" "$@"\n`);
  chmodSync(join(programs, 'npx'), 0o755);
  const home = freshFolder('home');
  const step = async (name: string) => {
    const run = steps().find((each) => each.name === name)?.run;
    if (run === undefined) throw new Error(`docs/ci.md has no step "${name}"`);
    // The wall time of three empty tasks is that of starting Node, which a busy machine doubles.
    const script = run.replace(/wall>50%,|,finding:new/g, '');
    const env = { PATH: `${programs}:${join(process.execPath, '..')}:${process.env['PATH'] ?? ''}`, HOME: home, XDG_DATA_HOME: home };
    return await runProgram({ command: 'sh', args: ['-e', '-c', script], cwd: folder, preload: 'none', env });
  };

  expect(await step('Run the swarm')).toMatchObject({ code: 0 });
  expect(await step('Compare it with main')).toMatchObject({ code: 0, stdout: '' });
  expect(await step('Keep the report')).toMatchObject({ code: 0 });
  expect(existsSync(join(folder, 'baseline.json'))).toBe(true);

  expect(await step('Run the swarm')).toMatchObject({ code: 0 });
  const equal = await step('Compare it with main');
  expect(equal.stdout).toMatch(/3 are in both runs/);
  expect(equal.code).toBe(0);

  writeFileSync(join(folder, 'broken'), '');
  expect(await step('Run the swarm')).toMatchObject({ code: 0 });
  const worse = await step('Compare it with main');
  expect(worse.stderr).toMatch(/--fail-on failed>0 is met: failed was 0 and is 1/);
  expect(worse.code).toBe(3);
});

test('what is cached is what is compared and kept', () => {
  const paths = steps().flatMap(({ uses = '', with: given }) => (uses.startsWith('actions/cache') ? [given?.['path']] : []));
  expect(paths).toEqual(['baseline.json', 'baseline.json']);
});
