// Plants an unused file, export and dependency and expects the checker to name them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshFolder, repository } from '../harness/index.ts';

function check(files: Readonly<Record<string, string>>, dependencies: Record<string, string>): { code: number | null; output: string } {
  const folder = freshFolder('unused');
  mkdirSync(join(folder, 'src'));
  copyFileSync(join(repository, 'knip.json'), join(folder, 'knip.json'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'planted', type: 'module', dependencies }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, 'tools/check-unused.ts'), '--root', folder], {
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

const sound = {
  'src/register.ts': "import { used } from './used.ts';\nconsole.log(used);\n",
  'src/used.ts': 'export const used = 1;\n',
};

describe('the check for what nobody uses', () => {
  test('accepts a project where all is used, and says how much it read', () => {
    const { code, output } = check(sound, {});
    expect(output).toContain('knip read 2 files; src has 2');
    expect(code).toBe(0);
  });

  test('names an unused file, an unused export and an unused dependency', () => {
    const { code, output } = check(
      { ...sound, 'src/orphan.ts': 'export const orphan = 1;\n', 'src/used.ts': 'export const used = 1;\nexport const forgotten = 2;\n' },
      { 'left-over': '1.0.0' },
    );
    expect(output).toMatch(/Unused files \(1\)\nsrc\/orphan\.ts/);
    expect(output).toMatch(/Unused exports \(1\)\nforgotten/);
    expect(output).toMatch(/Unused dependencies \(1\)\nleft-over/);
    expect(code).toBe(1);
  });
});
