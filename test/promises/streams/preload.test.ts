// What OTEL_LOG_LEVEL=debug makes the preload say goes to standard error, and a standard error that nobody reads ends no program.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { freshFolder } from '../../harness/index.ts';
import { repository } from '../../harness/paths.ts';

test('a preload that cannot be loaded says so, or nothing, and the program goes on', async () => {
  const folder = freshFolder('preload');
  // The rest of the package is missing.
  copyFileSync(join(repository, 'dist/register.cjs'), join(folder, 'register.cjs'));
  const main = join(folder, 'main.cjs');
  writeFileSync(main, `setTimeout(() => { console.log('done'); process.exit(3); }, 200);`);
  const said: string[] = [];
  for (const isRead of [true, false]) {
    const child = spawn(process.execPath, ['--require', join(folder, 'register.cjs'), main], {
      env: { PATH: process.env['PATH'], OTEL_LOG_LEVEL: 'debug' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (!isRead) child.stderr.destroy();
    const [out, err, [code]] = await Promise.all([text(child.stdout), isRead ? text(child.stderr) : '', once(child, 'exit')]);
    expect([out, code]).toEqual(['done\n', 3]);
    said.push(err);
  }
  expect(said).toEqual([expect.stringContaining('swarmscope: not loaded: '), '']);
});
