/** The private copy of the preload that children are pointed at: a path that no `npm ci` and no other folder can take away. */
import process from 'node:process';
import { chmodSync, copyFileSync, existsSync, lstatSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makePrivateFolder } from '../../config/private-folder.ts';

/** The files of the preload; `register.cjs` finds the others beside itself. */
const FILES = ['register.cjs', 'arming.cjs', 'observers.cjs', 'recorder.cjs', 'assembly.cjs', 'machine.cjs', 'prices.cjs'];

/**
 * Makes sure that a copy of the preload in `from` exists under `cache` and returns its `register.cjs`.
 * The folder is named by content, 0700, and appears at once, whole. Throws when it cannot be made or is not ours alone.
 */
export function preloadCopy(from: string, cache: string, version: string): string {
  const base = join(cache, 'preload');
  if (dirname(from) === base) return join(from, 'register.cjs');
  const present = FILES.filter((file) => existsSync(join(from, file)));
  // Loaded late: 5 ms, for processes that start children only.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  for (const file of present) hash.update(readFileSync(join(from, file)));
  const target = join(base, `${version}-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(join(target, 'register.cjs'))) {
    makePrivateFolder(base);
    const fresh = mkdtempSync(join(base, '.new-'));
    for (const file of present) copyFileSync(join(from, file), join(fresh, file));
    chmodSync(fresh, 0o700);
    try {
      renameSync(fresh, target);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      // Another process was faster: its copy has the same content by its name.
      if (!existsSync(join(target, 'register.cjs'))) throw error;
    }
  }
  assertPrivate(target);
  return join(target, 'register.cjs');
}

function assertPrivate(folder: string): void {
  const status = lstatSync(folder);
  const isOurs = process.getuid === undefined || status.uid === process.getuid();
  const isClosed = process.platform === 'win32' || (status.mode & 0o022) === 0;
  if (!status.isDirectory() || !isOurs || !isClosed) throw new Error('the private copy of the preload can be changed by others');
}
