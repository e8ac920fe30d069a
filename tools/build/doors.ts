// The typed doors: one declaration file that needs no other file and no package, as ES module and as CommonJS.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rollUp } from './roll-up.ts';
import { writeWhole } from './write-whole.ts';

const run = promisify(execFile);

/** Writes dist/index.d.mts and dist/index.d.cts. Throws with the compiler's words when the declarations do not stand alone. */
export async function writeDoors(root: string): Promise<{ output: string; bytes: number }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmscope-types-'));
  try {
    await compile(root, [
      '--declaration',
      '--emitDeclarationOnly',
      '--noEmit',
      'false',
      '--outDir',
      folder,
      '--rootDir',
      join(root, 'src'),
      join(root, 'src/index.ts'),
    ]);
    const text = await rollUp(join(folder, 'index.d.ts'), (path) => readFile(path, 'utf8'));
    const outputs = ['dist/index.d.mts', 'dist/index.d.cts'];
    for (const output of outputs) await writeWhole(join(root, output), text);
    await compile(root, ['--noEmit', '--types', '', '--skipLibCheck', 'false', ...outputs.map((output) => join(root, output))]);
    return outputs.map((output) => ({ output, bytes: Buffer.byteLength(text) }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The settings of tsconfig.json that matter for declarations; a file on the command line makes tsc ignore the project file. */
const settings = [
  '--ignoreConfig',
  '--strict',
  '--target',
  'es2023',
  '--module',
  'nodenext',
  '--exactOptionalPropertyTypes',
  '--allowImportingTsExtensions',
  '--removeComments',
  'false',
];

async function compile(root: string, args: readonly string[]): Promise<void> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const isEmitting = args.includes('--emitDeclarationOnly');
  try {
    await run(process.execPath, [tsc, ...settings, ...(isEmitting ? ['--types', 'node', '--skipLibCheck'] : []), ...args], { cwd: root });
  } catch (error) {
    const said = (error as { stdout?: string }).stdout ?? String(error);
    throw new Error(`the typed doors do not compile:\n${said}`, { cause: error });
  }
}
