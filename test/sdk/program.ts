/** Bundles a program of this folder, with the sender at exit beside it, and runs it as a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function bundle(name: string): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), 'swarmscope-sdk-'));
  await build({
    entryPoints: { [name]: join(__dirname, 'programs', `${name}.ts`), 'exit-sender': join(__dirname, '../../src/sdk/exit-program.ts') },
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    conditions: ['import', 'node'],
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return join(outdir, `${name}.cjs`);
}

/** `onReady` is called when the program prints its first line. */
export function runProgram(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onReady?: (child: ChildProcess) => void,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const home = mkdtempSync(join(tmpdir(), 'swarmscope-home-'));
    const child = spawn(process.execPath, [file, ...args], {
      env: { XDG_STATE_HOME: home, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part: Buffer) => {
      if (stdout === '') onReady?.(child);
      stdout += part.toString();
    });
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
