/** Bundles a program of this folder and runs it as a process of its own. */
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
  const outfile = join(mkdtempSync(join(tmpdir(), 'swarmscope-sdk-')), `${name}.cjs`);
  await build({
    entryPoints: [join(__dirname, 'programs', `${name}.ts`)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    conditions: ['import', 'node'],
    mainFields: ['module', 'main'],
    logLevel: 'error',
  });
  return outfile;
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
