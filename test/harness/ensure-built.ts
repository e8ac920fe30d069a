// Builds dist/ when a source is newer than the last build, once for all jest workers.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist, repository } from './paths.ts';

const stamp = join(repository, '.cache', 'built');
const lock = join(repository, '.cache', 'building');
/** A build takes two seconds; a lock this old was left by a process that was killed. */
const staleLockMs = 60_000;
const sources = ['src', 'tools/build', 'tools/build.ts', 'package.json'];

/**
 * Makes dist/ as new as the sources. A bundle that does not build is reported and missing; tests that need it then say
 * so.
 */
export function ensureBuilt(): void {
  if (isFresh()) return;
  mkdirSync(join(repository, '.cache'), { recursive: true });
  while (!takeLock()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  try {
    if (isFresh()) return;
    const startedMs = Date.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(repository, 'tools/build.ts')], {
      cwd: repository,
      encoding: 'utf8',
    });
    if (status !== 0) process.stderr.write(`\nthe build failed in part:\n${stdout}${stderr}\n`);
    writeFileSync(stamp, '');
    utimesSync(stamp, startedMs / 1000, startedMs / 1000);
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Throws with what to do when a built file is missing. */
export function requireBuilt(file: string): string {
  if (!existsSync(file)) throw new Error(`${file} is not built; run \`npm run build\` and read what it says`);
  return file;
}

function isFresh(): boolean {
  const builtMs = modifiedMs(stamp);
  return existsSync(dist) && builtMs > 0 && sources.every((source) => newestMs(join(repository, source)) < builtMs);
}

function takeLock(): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    // EEXIST: another worker builds.
    if (Date.now() - modifiedMs(lock) > staleLockMs) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function newestMs(path: string): number {
  if (!statSync(path).isDirectory()) return modifiedMs(path);
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), modifiedMs(path));
}

function modifiedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
