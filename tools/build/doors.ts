// The typed doors: one declaration file that needs no other file and no package, as ES module and as CommonJS.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { rollUp } from './roll-up.ts';
import { writeWhole } from './write-whole.ts';

const strict: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  allowImportingTsExtensions: true,
};

/** `using` needs these names, which no program's own settings need to have. */
const DISPOSABLE = '/// <reference lib="esnext.disposable" />\n\n';

/** The preload exports nothing; a program may still write `import 'swarmscope/register'`. */
const preloadDoor = 'dist/register.d.cts';
const preloadText = '/** Loading this file is all it takes. */\nexport {};\n';

/** Writes dist/register.d.cts, dist/index.d.mts and dist/index.d.cts. Throws with the compiler's words when the declarations do not stand alone. */
export async function writeDoors(root: string): Promise<{ output: string; bytes: number }[]> {
  const folder = await mkdtemp(join(tmpdir(), 'swarmscope-types-'));
  try {
    const options = {
      ...strict,
      declaration: true,
      emitDeclarationOnly: true,
      outDir: folder,
      rootDir: join(root, 'src'),
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
    };
    const program = ts.createProgram([join(root, 'src/index.ts'), join(root, 'src/globals.d.ts')], { ...options, skipLibCheck: true });
    const { diagnostics } = program.emit();
    refuse(root, [...program.getSyntacticDiagnostics(), ...program.getGlobalDiagnostics(), ...diagnostics]);
    const text = DISPOSABLE + rollUp(join(folder, 'index.d.ts'));
    const outputs = ['dist/index.d.mts', 'dist/index.d.cts'];
    for (const output of outputs) await writeWhole(join(root, output), text);
    await writeWhole(join(root, preloadDoor), preloadText);
    const doors = ts.createProgram(
      outputs.map((output) => join(root, output)),
      { ...strict, noEmit: true, types: [] },
    );
    refuse(root, ts.getPreEmitDiagnostics(doors));
    return [
      ...outputs.map((output) => ({ output, bytes: Buffer.byteLength(text) })),
      { output: preloadDoor, bytes: Buffer.byteLength(preloadText) },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuse(root: string, diagnostics: readonly ts.Diagnostic[]): void {
  if (diagnostics.length === 0) return;
  const said = ts.formatDiagnostics(diagnostics, {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  });
  throw new Error(`the typed doors do not compile:\n${said}`);
}
