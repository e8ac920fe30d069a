/** Which nvidia-smi is started. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { NvidiaSource } from '../../../src/machine/gpu/nvidia.ts';
import { freshFolder } from '../../harness/index.ts';

/** The first count of a reader that looks for `nvidia-smi` by `path`, in a working folder that has one. */
function firstCount(path: (folder: string) => string): Promise<string> {
  const folder = freshFolder('work');
  writeFileSync(join(folder, 'nvidia-smi'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
  // The working folder and the PATH of this process would be those of the whole test run.
  const inFolder = { cwd: folder, env: { PATH: path(folder) } };
  return new Promise((resolve) => {
    const reader: NvidiaSource = new NvidiaSource({
      command: 'nvidia-smi',
      intervalMs: 1_000,
      spawn: (command, args, options) => spawn(command, args, { ...inFolder, ...options }),
      now: () => Date.now(),
      count: (name) => {
        resolve(name);
        setImmediate(() => reader.stop());
      },
    });
  });
}

test.each(['.', '', './', '..'])('a relative folder %p in PATH does not lead to one in the working folder', async (relative) => {
  expect(await firstCount(() => `${relative}:/nowhere`)).toBe('gpu.no-nvidia-smi');
});

test('an absolute folder in PATH does', async () => {
  expect(await firstCount((folder) => `/nowhere:${folder}`)).toBe('gpu.reader-ended');
});
