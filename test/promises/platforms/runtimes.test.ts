/**
 * Other runtimes than Node are not changed by the preload: same output, same exit code, nothing loaded beyond
 * register.cjs.
 */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ensureBuilt, freshFolder, preloadFile, runProgram, type ProgramResult } from '../../harness/index.ts';
import { FETCH_MINUTES, tidy } from './seen.ts';
import { installTools } from './tools/install.ts';

ensureBuilt();
let tools = '';
beforeAll(() => {
  tools = installTools();
}, FETCH_MINUTES);

const program = `import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
const { status, stdout } = spawnSync('sh', ['-c', 'echo from a child; exit 4']);
console.log(String(stdout).trim(), status, typeof createRequire, typeof fetch);
console.error('to stderr');
process.exitCode = 3;
`;
const bun = `@oven/bun-${process.platform}-${process.arch === 'arm64' ? 'aarch64' : process.arch}/bin/bun`;
const deno = `@deno/${process.platform}-${process.arch}${process.platform === 'linux' ? '-glibc' : ''}/deno`;

interface Door {
  /** Flags before the program. */
  readonly flags?: (preload: string) => readonly string[];
  readonly env?: (preload: string) => Readonly<Record<string, string>>;
  /** Whether this runtime runs the preload at all by this door. */
  readonly isRun: boolean;
}

const byNodeOptions = (preload: string): Readonly<Record<string, string>> => ({ NODE_OPTIONS: `--require "${preload}"` });

/**
 * Writes to the file named by PROBE that it ran, then loads register.cjs beside an arming.cjs that says that it was
 * loaded.
 */
function tellingPreload(): string {
  const folder = freshFolder('telling');
  copyFileSync(preloadFile, join(folder, 'register.cjs'));
  writeFileSync(join(folder, 'arming.cjs'), "require('node:fs').writeSync(2, 'ARMED\\n');");
  writeFileSync(join(folder, 'door.cjs'), "require('node:fs').writeFileSync(process.env.PROBE, 'ran');\nrequire('./register.cjs');\n");
  return join(folder, 'door.cjs');
}

async function expectInert(command: string, words: readonly string[], door: Door): Promise<void> {
  const preload = tellingPreload();
  const probe = join(freshFolder('probe'), 'ran');
  const run = (flags: readonly string[], env: Readonly<Record<string, string>>): Promise<ProgramResult> =>
    runProgram({
      command,
      args: [...words, ...flags, 'app.mjs'],
      files: { 'app.mjs': program },
      preload: 'none',
      env: { PROBE: probe, NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', ...env },
    });
  const plain = await run([], {});
  const loaded = await run(door.flags?.(preload) ?? [], door.env?.(preload) ?? {});
  const seen = ({ stdout, stderr, code, signal }: ProgramResult): unknown => ({ stdout: tidy(stdout), stderr: tidy(stderr), code, signal });
  expect(plain).toMatchObject({ code: 3, stdout: 'from a child 4 function function\n', stderr: 'to stderr\n' });
  expect(seen(loaded)).toEqual(seen(plain));
  expect(existsSync(probe)).toBe(door.isRun);
}

const bunDoors: [string, Door][] = [
  ['NODE_OPTIONS', { env: byNodeOptions, isRun: false }],
  ['--require', { flags: (preload) => ['--require', preload], isRun: true }],
  ['--preload', { flags: (preload) => ['--preload', preload], isRun: true }],
];
const denoDoors: [string, Door][] = [
  ['NODE_OPTIONS', { env: byNodeOptions, isRun: true }],
  ['--require', { flags: (preload) => ['--require', preload], isRun: true }],
  ['--preload', { flags: (preload) => ['--preload', preload], isRun: true }],
];

describe('Bun', () => {
  test.each(bunDoors)('by %s', (_title, door) => expectInert(join(tools, bun), ['run'], door));
});

describe('Deno', () => {
  test.each(denoDoors)('by %s', (_title, door) => expectInert(join(tools, deno), ['run', '--quiet', '--allow-all'], door));
});
