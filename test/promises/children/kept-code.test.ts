/** What V8 made of the preload lies beside its private copy: it is used where it is whole and ours, and is never a fault. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, jest, test } from '@jest/globals';
import { commandFile, ensureBuilt, freshFolder, runProgram } from '../../harness/index.ts';

ensureBuilt();
jest.setTimeout(300_000);
const node = process.execPath;
const cache = freshFolder('kept-code');
let folder = '';
let code = '';
let whole: Buffer;

const run = (): ReturnType<typeof runProgram> =>
  runProgram({
    command: node,
    args: [commandFile, 'run', '--quiet', '--report', join(cache, 'report.txt'), '--', node, '-e', ''],
    preload: 'none',
    env: { XDG_CACHE_HOME: cache },
    timeoutMs: 100_000,
  });

beforeAll(async () => {
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  const copies = join(cache, 'swarmscope', 'preload');
  folder = join(copies, readdirSync(copies)[0] ?? '');
  code = join(folder, `arming.${process.version}-${process.arch}.code`);
  whole = readFileSync(code);
});

/** Whether a program is watched that loads the copy, though its `arming.cjs` was made unusable: then the kept code runs. */
function isUsed(...flags: string[]): boolean {
  const bundle = join(folder, 'arming.cjs');
  const env = { PATH: process.env['PATH'] };
  const source = readFileSync(bundle);
  writeFileSync(bundle, 'throw new Error("compiled")');
  try {
    const program = "console.log(Symbol.for('swarmscope.runtime.1') in globalThis)";
    const said = spawnSync(node, [...flags, '--require', join(folder, 'register.cjs'), '-e', program], { encoding: 'utf8', env });
    expect(said).toMatchObject({ status: 0, stderr: '' });
    return said.stdout.trim() === 'true';
  } finally {
    writeFileSync(bundle, source);
  }
}

/** A whole file whose code is of this text. */
function fileOf(text: string, bytes: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(text), bytes]);
  const header = `swarmscope code 1 ${Buffer.byteLength(text)} ${bytes.length}`.padEnd(63);
  return Buffer.concat([Buffer.from(`${header}\n`), body, body]);
}

test('a run makes it for its Node, for this user alone, and a start from the copy compiles nothing', () => {
  expect(statSync(code).mode & 0o777).toBe(0o600);
  expect(isUsed()).toBe(true);
});

test('with flags of V8 for which it was not made, its text is compiled', () => {
  expect(isUsed('--no-opt')).toBe(true);
});

const harms: Readonly<Record<string, () => void>> = {
  lost: () => rmSync(code),
  empty: () => writeFileSync(code, ''),
  cut: () => writeFileSync(code, whole.subarray(0, whole.length - 1)),
  grown: () => writeFileSync(code, Buffer.concat([whole, Buffer.of(0)])),
  'overwritten in its whole length': () => writeFileSync(code, 'x'.repeat(whole.length)),
  'flipped in one bit of its code': () => {
    const bytes = Buffer.from(whole);
    const at = bytes.length - 1_000;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    writeFileSync(code, bytes);
  },
  'made with another list of parameters': () => writeFileSync(code, fileOf('(function(exports){throw 1\n})', Buffer.alloc(8))),
  'readable by others': () => chmodSync(code, 0o644),
  'a link': () => {
    renameSync(code, `${code}.elsewhere`);
    symlinkSync(`${code}.elsewhere`, code);
  },
  'a second name of another file': () => linkSync(code, `${code}.second`),
  'a folder': () => {
    rmSync(code);
    mkdirSync(code);
  },
  'a FIFO': () => {
    rmSync(code);
    execFileSync('mkfifo', [code]);
  },
};

function restore(): void {
  for (const name of readdirSync(folder)) if (name.startsWith(basename(code))) rmSync(join(folder, name), { recursive: true });
  writeFileSync(code, whole, { mode: 0o600 });
}

test.each(Object.keys(harms))('%s, it is not used, and no program notices', (harm) => {
  harms[harm]?.();
  expect(isUsed()).toBe(false);
  // With the copy as it should be, the same start is watched, and silent.
  const program = "console.log(Symbol.for('swarmscope.runtime.1') in globalThis)";
  const env = { PATH: process.env['PATH'], OTEL_LOG_LEVEL: 'debug' };
  expect(spawnSync(node, ['--require', join(folder, 'register.cjs'), '-e', program], { encoding: 'utf8', env })).toMatchObject({
    status: 0,
    stdout: 'true\n',
    stderr: '',
  });
  restore();
  expect(isUsed()).toBe(true);
});

test('the next run makes anew what is damaged, and goes on where it cannot', async () => {
  writeFileSync(code, whole.subarray(1));
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  expect(isUsed()).toBe(true);
  rmSync(code);
  // A folder that is not empty cannot be replaced by a file, not by root either.
  mkdirSync(join(code, 'inner'), { recursive: true });
  expect(await run()).toMatchObject({ code: 0, stderr: '' });
  expect(isUsed()).toBe(false);
});
