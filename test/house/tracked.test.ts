// Plants paths and hosts of a machine in tracked files and expects the checker to name them.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freshFolder, repository } from '../harness/index.ts';

function check(text: string): { code: number | null; output: string } {
  const folder = freshFolder('tracked');
  writeFileSync(join(folder, 'file.txt'), text.replace('{here}', folder));
  writeFileSync(join(folder, 'untracked.txt'), folder);
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  execFileSync('git', ['add', 'file.txt'], { cwd: folder });
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, 'tools/check-tracked.ts'), '--root', folder], {
    encoding: 'utf8',
  });
  return { code: status, output: stdout + stderr };
}

describe('the check for what tells of a machine', () => {
  test('accepts made-up paths and relative ones', () => {
    const { code, output } = check('/home/me/project and ../elsewhere\n');
    expect(output).toContain('read 1 of 1, 0 tell of a machine');
    expect(code).toBe(0);
  });

  // The parts are joined here so that this file itself stays clean.
  test.each([
    ['the path of the checkout', 'x\ncd {here}/src\n', 'the path of this checkout'],
    ['a home folder', ['', 'home', 'margaret', 'code'].join('/'), 'a home folder'],
    ['a registry host', ['registry', 'npmjs', 'org'].join('.'), 'a registry host'],
    ['a resolved address in a lock file', `"${'resolved'}": "https://example.com/x.tgz"`, 'a registry host'],
  ])('names %s', (_, text, named) => {
    const { code, output } = check(text);
    expect(output).toMatch(new RegExp(`^ {2}file\\.txt:\\d: ${named}`, 'm'));
    expect(code).toBe(1);
  });

  test('a checker that reads no file fails', () => {
    const folder = freshFolder('tracked');
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    expect(spawnSync(process.execPath, [join(repository, 'tools/check-tracked.ts'), '--root', folder]).status).toBe(1);
  });
});
